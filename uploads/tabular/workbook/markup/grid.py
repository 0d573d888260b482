"""Cells of a table of markup on their way to a sheet: each in its row and column, spans and all."""

from dataclasses import dataclass, field

from uploads.tabular.errors import LimitExceeded
from uploads.tabular.layout.sheet_layout import Range
from uploads.tabular.notes import Note
from uploads.tabular.table import Limits
from uploads.tabular.workbook.sheet.cells import Cell
from uploads.tabular.workbook.survey import WIDEST

TALLEST = 1_048_576
"""Rows that a spreadsheet program can have; a span, or a row's stated number, goes no further."""


@dataclass(kw_only=True, slots=True)
class Grid:
    """The cells of one sheet, added from the top."""

    limits: Limits
    name: str = ""
    is_hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    width: int = 0
    _covered: dict[int, int] = field(default_factory=dict)
    """Columns into which cells further up reach, and down to which row."""

    def begin_row(self, at: int | None = None) -> None:
        """Begin the next row, or the one of this index."""
        at = len(self.rows) if at is None or at < len(self.rows) else at
        if at >= TALLEST or (at + 1) * self.width > self.limits.sheet_cells:
            raise self._too_large(at + 1, max(self.width, 1))
        self.rows.extend([] for _ in range(at + 1 - len(self.rows)))
        row = len(self.rows) - 1
        self._covered = {column: last for column, last in self._covered.items() if last >= row}

    def put(self, cell: Cell, *, at: int | None = None, across: int = 1, down: int = 1) -> None:
        """Put a cell into the first free column of the last row, or into the column of this index."""
        if not self.rows:
            self.begin_row()
        row, cells = len(self.rows) - 1, self.rows[-1]
        column = len(cells) if at is None or at < len(cells) else at
        while at is None and column in self._covered:
            column += 1
        right, bottom = column + across - 1, min(row + down - 1, TALLEST - 1)
        if right >= WIDEST or len(self.rows) * max(self.width, right + 1) > self.limits.sheet_cells:
            raise self._too_large(len(self.rows), max(self.width, right + 1))
        cells.extend([""] * (column - len(cells)))
        cells.append(cell)
        cells.extend([""] * (across - 1))
        self.width = max(self.width, len(cells))
        if across > 1 or down > 1:
            self.merged.append((row, column, bottom, right))
            self._covered.update(dict.fromkeys(range(column, right + 1), bottom) if down > 1 else {})

    def trim(self) -> None:
        """Leave out the blank rows at the end, and blank cells at the end of all rows."""
        for row in self.rows:
            while row and (row[-1] is None or row[-1] == ""):
                row.pop()
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        self.width = max(map(len, self.rows), default=0)
        height = len(self.rows)
        self.merged = [
            (top, left, min(bottom, height - 1), min(right, self.width - 1))
            for top, left, bottom, right in self.merged
            if top < height and left < self.width
        ]

    def _too_large(self, rows: int, columns: int) -> LimitExceeded:
        return LimitExceeded(
            f'Sheet "{self.name or "1"}" spans {rows:,} rows × {columns:,} columns; {self.limits.sheet_cells:,} cells'
            f" and {WIDEST:,} columns are allowed.",
            hint="Delete the empty rows and columns around the table, or save it as CSV.",
        )
