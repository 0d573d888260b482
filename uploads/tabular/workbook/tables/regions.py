"""A rectangle of a sheet: its cells as text, and where in the sheet it lies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.workbook.sheet.blocks import cut, rows_of
from uploads.tabular.workbook.sheet.raw import HEAD_ROWS
from uploads.tabular.workbook.survey import Summing


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """Rows and columns that belong together; both are counted from 0 within it."""

    blocks: Sequence[pa.RecordBatch]
    lines: int
    """Rows of it, counted apart from the blocks."""
    first_row: int = 1
    """The sheet's row where it begins, from 1."""
    first_column: int = 0
    """The sheet's column where it begins, from 0."""
    merged: tuple[Range, ...] = ()
    """Merged ranges whose text stands within it."""
    defined: tuple[Range, ...] = ()
    """Tables that the workbook itself defines, and that begin within it."""

    total_rows: frozenset[int] = frozenset()
    """Rows that the workbook itself says sum a table up."""
    note_rows: frozenset[int] = frozenset()
    """Rows that it says are notes below a table."""
    summing: Summing = field(default_factory=Summing)
    """What it says of other rows that sum some up; these are counted from 0 in the sheet."""

    @property
    def width(self) -> int:
        """Columns of it."""
        return self.blocks[0].num_columns if self.blocks else 0

    def rows(self, start: int = 0, count: int = HEAD_ROWS) -> list[list[str]]:
        """Some rows as lists."""
        return rows_of(self.blocks, start, count)

    def rows_below(self, start: int) -> list[pa.RecordBatch]:
        """All rows from ``start`` on."""
        return cut(self.blocks, start, self.lines)

    def part(self, *, top: int = 0, bottom: int | None = None, left: int = 0, right: int | None = None) -> "Region":
        """The rows from ``top`` to before ``bottom``, the columns from ``left`` to before ``right``."""
        bottom = self.lines if bottom is None else bottom
        right = self.width if right is None else right
        blocks = cut(self.blocks, top, bottom)
        if right - left < self.width:
            blocks = [block.select(range(left, right)) for block in blocks]

        def moved(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
            return tuple(
                (begin - top, first - left, end - top, last - left)
                for begin, first, end, last in ranges
                if begin < bottom and end >= top and left <= first < right
            )

        return Region(
            blocks=blocks,
            lines=bottom - top,
            first_row=self.first_row + top,
            first_column=self.first_column + left,
            merged=moved(self.merged),
            defined=moved(self.defined),
            total_rows=frozenset(row - top for row in self.total_rows if top <= row < bottom),
            note_rows=frozenset(row - top for row in self.note_rows if top <= row < bottom),
            summing=self.summing,
        )
