"""Judges whether two groups of columns in a sheet are two tables or one with an empty column inside.

A report may have empty columns in one table, so that an empty column alone says nothing. What does: a header beside
rows of the other or below its last, a first name that comes again, rows that end while those of the other go on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.sheet_header import Layout, filled, find_header
from uploads.tabular.layout.totals import looks_like_total
from uploads.tabular.notes import Why, WhyKind
from uploads.tabular.workbook.sheet.blocks import Mask
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.stacked import further_tables

_NUMBERED = re.compile(r"(table|tab\.|tabelle|tableau|tabla|tabela|tabella|tabel|таблица|表)\s*\d+", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,18}")
_DECIMAL = re.compile(r"[-+]?\d+[.,]\d+")
_GO_ON = 2
"""Rows that one table has more than the other. One is enough where each has a title, or a third table stands there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelTable:
    """Columns that are a table by themselves. Its rows are counted as those of the other one."""

    region: Region
    layout: Layout
    sheet_row: int
    """The sheet's row that is counted as 0."""
    top: int
    fills: npt.NDArray[np.int64]
    """How many cells of each row are filled."""
    end: int
    """The row below the last that follows the header without a blank one between."""
    body: list[list[str]]
    """The first of the rows between."""

    @property
    def header(self) -> int:
        """First row of the header."""
        return self.top + (self.layout.header or 0)

    @property
    def first(self) -> int:
        """First row below the header."""
        return self.top + self.layout.first

    @property
    def named(self) -> list[int]:
        """Columns with a name."""
        return [column for column, label in enumerate(self.layout.labels) if label]

    @property
    def titles(self) -> list[str]:
        """What stands above the header, a cell each."""
        return ["".join(row).strip() for index in self.layout.preamble for row in self.region.rows(index, 1)]

    @property
    def is_defined(self) -> bool:
        """Whether the workbook itself says that a table begins with its header and spans its columns, no more."""
        header, width = self.layout.first - 1, self.region.width
        return any(top == header and first == 0 and last < width for top, first, _, last in self.region.defined)

    def holds_rows(self, start: int, stop: int | None = None) -> Mask:
        """Which rows fill half of the columns with a name, two at least."""
        return self.fills[start:stop] >= max(2, len(self.named) / 2)

    def row(self, row: int) -> list[str]:
        """Cells of a row."""
        return self.region.rows(row - self.top, 1)[0]

    def column(self, column: int) -> list[str]:
        """Cells of the first rows."""
        return [row[column].strip() for row in self.body]


def level_table(region: Region, cells: Mask, sheet_row: int) -> LevelTable | None:
    """The table that a region is: two different names at least over two rows or more, titles above; else nothing.

    ``cells``: those filled in the same columns, in all rows from ``sheet_row`` on.
    """
    rows = region.rows()
    layout = find_header(rows, merged=region.merged)
    names = [label.casefold() for label in layout.labels if label]
    titles = all(filled(rows[index]) == 1 for index in layout.preamble)
    if layout.header is None or not titles or len(names) < 2 or len(set(names)) < len(names):
        return None
    fills = cells.sum(axis=1)
    top = region.first_row - sheet_row
    blank = np.flatnonzero(fills[top + layout.first :] == 0)
    size = int(blank[0]) if len(blank) else len(fills) - top - layout.first
    table = LevelTable(
        region=region,
        layout=layout,
        sheet_row=sheet_row,
        top=top,
        fills=fills,
        end=top + layout.first + size,
        body=region.rows(layout.first, min(size, len(rows))),
    )
    in_doubt = layout.why is not None and not all(cell for column in table.named for cell in table.column(column))
    return None if size < 2 or in_doubt else table


def why_apart(left: LevelTable, right: LevelTable, *, among_others: bool = False) -> Why | None:
    """Why they are two tables, said of the right one; nothing where they may be one.

    ``among_others``: other tables are known to stand side by side there.
    """
    for one, other in ((left, right), (right, left)):
        row = _header_beside_rows(one, other)
        if row is not None:
            return Why.of(WhyKind.HEADER_BESIDE_ROWS, is_its=one is right, row=one.sheet_row + row)
    if _begins_below(right, left):
        return Why.of(WhyKind.BEGINS_BELOW)
    if _begins_below(left, right):
        return Why.of(WhyKind.ENDS_ABOVE)
    if max(left.header, right.header) >= min(left.first, right.first):
        return None
    said = _said_to_be_two(left, right)
    return said or _first_name_again(left, right) or _ends_before(left, right, among_others=among_others)


def _header_beside_rows(one: LevelTable, other: LevelTable) -> int | None:
    """Where a header of the one, or of another table below it, stands beside a row of the other."""
    headers = [one.top + row + (layout.header or 0) for row, layout in further_tables(one.region, one.layout)]
    if one.layout.why is None or (one.header > other.first and not one.fills[other.header : other.first].any()):
        # What is in doubt may be the first of the other's rows that have words here, below a name or none.
        headers.insert(0, one.header)
    return next((row for row in headers if other.first <= row < other.end and other.holds_rows(row)[0]), None)


def _begins_below(lower: LevelTable, upper: LevelTable) -> bool:
    return lower.top >= upper.end and not upper.holds_rows(lower.top).any()


def _said_to_be_two(left: LevelTable, right: LevelTable) -> Why | None:
    """By definition of the workbook, or by titles: ``Table 1`` and ``Table 2``."""
    if left.is_defined and right.is_defined:
        return Why.of(WhyKind.DEFINED)
    one, other = ({found[0] for title in side.titles if (found := _NUMBERED.match(title))} for side in (left, right))
    return Why.of(WhyKind.NUMBERED_TITLES) if one and other and one.isdisjoint(other) else None


def _first_name_again(left: LevelTable, right: LevelTable) -> Why | None:
    """Both begin with a column of the same name, and it tells the rows of each."""
    name = right.layout.labels[0]
    if not name or name.casefold() != left.layout.labels[0].casefold():
        return None
    tells = all(_tells_rows(side.column(0)) for side in (left, right))
    return Why.of(WhyKind.FIRST_NAME_AGAIN, name=name) if tells else None


def _tells_rows(cells: Sequence[str]) -> bool:
    """Words or dates throughout, or whole numbers of which each comes once."""
    whole = all(map(_WHOLE.fullmatch, cells)) and len(set(cells)) == len(cells)
    return whole or _kinds(cells) in ({"text"}, {"time"})


def _kinds(cells: Sequence[str]) -> set[str]:
    """What the cells are; ``0.25`` is no time here."""
    return {"" if not cell else "number" if _DECIMAL.fullmatch(cell) else kind_of(cell) for cell in cells}


def _ends_before(left: LevelTable, right: LevelTable, *, among_others: bool) -> Why | None:
    """The rows of one end, without a gap before, and the other goes on.

    Where more follow behind a gap, level with rows of the other, all are rows of one table: some fill its last columns.
    """
    short, long = (left, right) if left.end < right.end else (right, left)
    titled = bool(left.titles and right.titles)
    beyond = short.end + (1 if titled or among_others else _GO_ON)
    goes_on = long.end >= beyond and long.holds_rows(short.end, beyond).all()
    if not goes_on or short.fills[short.end : beyond].any() or short.holds_rows(short.end, long.end).any():
        return None
    if beyond == long.end and looks_like_total(long.row(short.end)):
        return None
    if not short.holds_rows(short.first, short.end).all() or not all(short.column(0)):
        return None
    if short is right and not _has_own_key(right, titled=titled):
        return None
    return Why.of(WhyKind.ENDS_BEFORE, is_its=short is right, row=short.sheet_row + short.end - 1)


def _has_own_key(table: LevelTable, *, titled: bool) -> bool:
    """Whether its first column tells its rows, so that they are more than the last cells of the rows beside.

    Figures don't, which may be known for the first rows only; nor do dates, unless each table has a title. Whole
    numbers do beside a column of words: ``Code, Meaning``.
    """
    first = table.column(0)
    if len(set(first)) < len(first) or not _tells_rows(first):
        return False
    kinds = _kinds(first)
    if kinds == {"text"} or (kinds == {"time"} and titled):
        return True
    return kinds == {"number"} and any(_kinds(table.column(column)) == {"text"} for column in table.named if column)
