"""Rows of names among rows of figures of one width, with nothing between: another table begins there.

``code,rent`` right below ``17,980.00``: a word for a value may stand so too, but the columns go on as they were then.
"""

from collections.abc import Sequence

from uploads.tabular.layout.cell_kinds import IN_BODY, Kind, kind_in
from uploads.tabular.layout.header_evidence import WITHHELD, kind_of

Row = Sequence[str]

_LEAST_ROWS = 2
"""Rows on each side."""
_SHOWN = 50
"""Rows on each side that are compared."""
_FIGURES = {IN_BODY[Kind.NUMBER], IN_BODY[Kind.DATE]}


def borders_by_names(rows: Sequence[Row]) -> tuple[int, ...]:
    """Where further tables begin among rows of one width below one of names.

    One column of figures is followed alone, since all rows of every file are asked.
    """
    rows = _without_blank_end(rows)
    if len(rows) < _LEAST_ROWS or set(map(len, rows)) != {len(rows[0])} or not _are_names(rows[0]):
        return ()
    borders: list[int] = []
    places = [0, *_words_among(rows), len(rows)]
    for before, at, after in zip(places, places[1:], places[2:], strict=False):
        above, below = rows[max(before + 1, at - _SHOWN) : at], rows[at + 1 : min(after, at + 1 + _SHOWN)]
        known = rows[borders[-1] if borders else 0]
        if min(len(above), len(below)) >= _LEAST_ROWS and _begins_table(known, above, rows[at], below):
            borders.append(at)
    return tuple(borders)


def _without_blank_end(rows: Sequence[Row]) -> Sequence[Row]:
    end = len(rows)
    while end and not any(rows[end - 1]):
        end -= 1
    return rows[:end]


def _words_among(rows: Sequence[Row]) -> list[int]:
    """Rows of nothing but different names, one of them where the rows at the top have a figure."""
    shown = rows[1 : 1 + _LEAST_ROWS]
    at = next((i for i in range(len(rows[0])) if all(kind_of(row[i]) != "text" for row in shown)), None)
    if at is None:
        return []
    if not any(map(str.isalpha, {row[at][:1] for row in rows[1:]})):
        return []
    # What begins with a letter there is most often a word for no value.
    return [number for number, row in enumerate(rows) if row[at][:1].isalpha() and number and _are_names(row)]


def _are_names(row: Row) -> bool:
    names = [cell.strip().casefold() for cell in row]
    if not all(names) or len(set(names)) < len(names) or any(name in WITHHELD for name in names):
        return False
    return all(kind_of(name) == "text" for name in names)


def _begins_table(known: Row, above: Sequence[Row], names: Row, below: Sequence[Row]) -> bool:
    """Whether names head the rows below them, which are of other kinds than those above, or have a name in common."""
    columns = range(len(names))
    if tuple(names) == tuple(known) or any(row[i] == names[i] for row in (*above, *below) for i in columns):
        return False
    over, under = ([_kinds([row[i] for row in rows]) for i in columns] for rows in (above, below))
    is_named = any(kinds and kinds <= _FIGURES for kinds in under)
    among = [i for i in columns if over[i] and over[i] <= _FIGURES]
    turned = [i for i in columns if over[i] and under[i] and not over[i] & under[i]]
    if not is_named or not among:
        return False
    same = {name.strip().casefold() for name in known} & {name.strip().casefold() for name in names}
    return bool(turned) or bool(same)


def _kinds(cells: Sequence[str]) -> set[int]:
    return {IN_BODY[kind_in(cell[:200].strip())] for cell in cells} - {IN_BODY[Kind.BLANK], IN_BODY[Kind.MARK]}
