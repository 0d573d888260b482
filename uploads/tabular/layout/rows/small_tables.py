"""Tables of a header and a row or two between larger ones: too small to be told by cost, and yet no notes.

Where several tables stand below each other, lists such as ``Hospitality`` below each of them have a header of their own
that repeats names of the table above, or names above a date or a number. A row of values is never a note.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.layout_choice import FoundTable
from uploads.tabular.layout.sheet_header import filled

Row = Sequence[str]

_LEAST_NAMES = 2
_LEAST_COLUMNS = 3
"""Without a name in common. Two cells in two lines are pairs of a name and a value."""
_NAMES = (Kind.WORD, Kind.PHRASE)
_FIGURES = (Kind.NUMBER, Kind.YEAR, Kind.DATE)


def tops_of(rows: Sequence[Row], tables: Sequence[FoundTable]) -> tuple[int, ...]:
    """Where further tables begin, titles included: those that were found, and small ones among their notes and rows."""
    tops: list[int] = []
    for above, table in pairwise(tables):
        tops += _among(rows, range(above.begin, above.end), above, in_notes=False)
        end = table.begin if table.heading is None else table.heading.first
        small = list(_among(rows, range(above.end, end), above, in_notes=True))
        top = _below_last_rows(rows, table.top, end)
        tops += [*small, _filled_from(rows, _end(rows, small[-1], end)) if small else top]
    last = tables[-1]
    tops += _among(rows, range(last.begin, last.end), last, in_notes=False)
    tops += _among(rows, range(last.end, len(rows)), last, in_notes=True)
    return tuple(tops)


def _below_last_rows(rows: Sequence[Row], top: int, end: int) -> int:
    """Where the titles of a table begin whose header ends with ``end``: rows of several cells right below the table
    above and in front of a blank row are that one's last, though they leave some of its columns out."""
    blank = next((i for i in range(top, end) if not filled(rows[i])), end)
    is_right_below = top > 0 and filled(rows[top - 1]) > 0
    are_rows = is_right_below and blank < end and any(filled(rows[i]) > 1 for i in range(top, blank))
    return _filled_from(rows, blank) if are_rows else top


def _among(rows: Sequence[Row], stretch: range, above: FoundTable, *, in_notes: bool) -> Iterator[int]:
    names = [rows[row] for row in above.heading.rows] if above.heading else []
    for row in stretch[:-1]:
        if not _names_row_below(rows, row):
            continue
        top = _top(rows, row, stretch.start)
        if top < row and (_share(rows[row], names) or (in_notes and _is_above_figures(rows, row))):
            yield top


def _names_row_below(rows: Sequence[Row], at: int) -> bool:
    """Whether a row holds nothing but different words, and stands right above one with cells in its columns alone."""
    header, row = ([cell.strip() for cell in rows[i]] for i in (at, at + 1))
    words = [cell for cell in header if cell]
    if len(words) < _LEAST_NAMES or len({*words}) < len(words) or filled(row) < _LEAST_NAMES:
        return False
    if any(kind_in(word[:200]) not in _NAMES or word.endswith(":") or word.startswith("#") for word in words):
        return False
    named = {i for i, cell in enumerate(header) if cell}
    return all(i in named for i, cell in enumerate(row) if cell)


def _top(rows: Sequence[Row], header: int, start: int) -> int:
    """The first title above a header, below the blank row that sets it apart; the header where there is no title."""
    top = header
    while top > start and filled(rows[top - 1]) <= 1:
        top -= 1
    is_apart = top == start and start > 0 and not filled(rows[start - 1])
    blank = top if is_apart else next((i for i in range(top, header) if not filled(rows[i])), header)
    return next((i for i in range(blank, header) if filled(rows[i])), header)


def _share(header: Row, names: Iterable[Row]) -> bool:
    """Whether two names or more, and half of all, are those of the table above, each in its own place."""
    for known in names:
        same = sum(
            bool(cell.strip()) and cell.strip().casefold() == name.strip().casefold()
            for cell, name in zip(header, known, strict=False)
        )
        if same >= _LEAST_NAMES and 2 * same >= filled(header) and list(header) != list(known):
            return True
    return False


def _is_above_figures(rows: Sequence[Row], at: int) -> bool:
    """Whether three names or more stand above a row with a date or a number in it."""
    return filled(rows[at]) >= _LEAST_COLUMNS and any(kind_in(cell.strip()[:200]) in _FIGURES for cell in rows[at + 1])


def _end(rows: Sequence[Row], top: int, end: int) -> int:
    """The row behind the last of several cells of a small table, down to the next blank row."""
    row = next((i for i in range(top, end) if filled(rows[i]) > 1), end)
    while row < end and filled(rows[row]) > 1:
        row += 1
    return row


def _filled_from(rows: Sequence[Row], row: int) -> int:
    return next((i for i in range(row, len(rows)) if filled(rows[i])), row)
