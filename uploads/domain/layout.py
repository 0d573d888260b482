"""Where a table begins: the header among a source's first rows, and the title and note lines above it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How the first rows of a source are laid out. Indexes count from 0 in the rows that were given."""

    header: int | None
    """First row of the header; ``None``: there is no header, and every label is blank."""
    depth: int = 1
    """Rows that the header takes; their cells are joined into one label a column."""
    first: int
    """First row below the header (or the first data row)."""
    preamble: tuple[int, ...] = ()
    """Non-blank rows above the header."""
    labels: tuple[str, ...] = ()
    """Header cells, outer spaces removed; blank where the header is blank. As many as the table has columns."""
    note: str = ""
    """One sentence for the receipt where the decision was not the plain one (first row is the header)."""


_NUMBER = re.compile(r"[-+]?[$€£¥]?\s?(\d[\d.,'\u00a0\u202f ]*|[.,]\d+)([eE][-+]?\d+)?\s?[%€]?$")
_TIME = re.compile(
    r"\d{1,4}[-/.:]\d{1,2}([-/.:]\d{1,4})?([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[-+]\d{2}:?\d{2})?)?$"
)
_YEAR = re.compile(r"(1[89]|20|21)\d\d$")


def find_header(rows: Sequence[Sequence[str]]) -> Layout:
    """Find the header in the first rows of a source (a hundred are plenty); blank rows are given too.

    The header is the first row that is as wide as the table and doesn't look like the data below it. Rows above
    that fill fewer cells are titles and notes. A row of values is never taken for a header.
    """
    width = _table_width(rows)
    if width == 0:
        return Layout(header=None, first=0)
    start = _first_full_row(rows, width)
    preamble = tuple(i for i in range(start) if filled(rows[i]))
    candidate = _padded(rows[start], width)
    body = [_padded(row, width) for row in rows[start + 1 :] if filled(row)]
    if is_header(candidate, body):
        note = f"{len(preamble)} lines of titles or notes stand above the header." if preamble else ""
        return Layout(header=start, first=start + 1, preamble=preamble, labels=candidate, note=note)
    return Layout(
        header=None,
        first=start,
        preamble=preamble,
        labels=("",) * width,
        note="The first row holds values like the rows below it, so the columns have no header.",
    )


def is_header(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell a header from a row of data by comparing it, column by column, with the rows below."""
    words = [cell for cell in candidate if cell]
    if not words:
        return False
    if all(_kind(cell) == "text" for cell in words):
        return not _repeats(candidate, body)
    if _are_years(candidate):
        return True
    votes = 0
    for position, cell in enumerate(candidate):
        kinds = Counter(_kind(row[position]) for row in body if row[position])
        if not cell or not kinds:
            continue
        kind, count = kinds.most_common(1)[0]
        if kind != "text" and count >= 0.8 * kinds.total():
            votes += 1 if _kind(cell) == "text" else -1
    return votes > 0


def filled(row: Sequence[str]) -> int:
    """How many cells of a row are not blank."""
    return sum(1 for cell in row if cell.strip())


def _table_width(rows: Sequence[Sequence[str]]) -> int:
    """The width that most rows have; the wider one on a tie, for titles are narrow."""
    widths = Counter(_extent(row) for row in rows)
    del widths[0]
    if not widths:
        return 0
    common = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    # The last columns may be empty in most rows and named in the header.
    named = [width for width in widths if width > common]
    return max([common, *named]) if named else common


def _extent(row: Sequence[str]) -> int:
    """Cells up to the last one that is not blank."""
    return next((i for i in range(len(row), 0, -1) if row[i - 1].strip()), 0)


def _first_full_row(rows: Sequence[Sequence[str]], width: int) -> int:
    """The first row that fills more than half of the columns, as titles don't; else the first that isn't blank."""
    for index, row in enumerate(rows):
        if filled(row) * 2 > width or (width == 2 and _extent(row) == 2):
            return index
    return next(index for index, row in enumerate(rows) if filled(row))


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row[:width]]
    return tuple(cells + [""] * (width - len(cells)))


def _repeats(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether most of the row's cells occur below it in their own columns, as values do and headers don't."""
    if len(body) < 2:
        return False
    named = [position for position, cell in enumerate(candidate) if cell]
    found = sum(1 for position in named if any(row[position] == candidate[position] for row in body))
    return found * 2 > len(named)


def _are_years(candidate: Sequence[str]) -> bool:
    """``Country, 2019, 2020, 2021``: years in steady order beside at least one word or a blank corner."""
    years = [int(cell) for cell in candidate if _YEAR.match(cell)]
    others = [cell for cell in candidate if not _YEAR.match(cell)]
    return (
        len(years) >= 2
        and len(others) >= 1
        and all(_kind(cell) == "text" for cell in others if cell)
        and (years == sorted(set(years)) or years == sorted(set(years), reverse=True))
    )


def _kind(cell: str) -> str:
    cell = cell.strip()
    if _TIME.match(cell):
        return "time"
    if _NUMBER.match(cell):
        return "number"
    return "text"
