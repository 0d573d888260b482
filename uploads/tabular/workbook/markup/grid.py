"""Cells of a table of markup on their way to a sheet: each in its row and column, spans and all."""

from dataclasses import dataclass, field

from uploads.tabular.errors import LimitExceeded
from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.notes import Note
from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.sheet.cells import Cell
from uploads.tabular.workbook.survey import WIDEST, Hidden, Pivot, Summing, Survey

TALLEST = 1_048_576
"""Rows that a spreadsheet program can have; a span, or a row's stated number, goes no further."""


@dataclass(kw_only=True, slots=True)
class Grid:
    """The cells of one sheet, added from the top."""

    limits: Limits
    name: str = ""
    is_hidden: bool = False
    encoding: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    total_rows: set[int] = field(default_factory=set)
    """Rows that the text itself says sum the table up."""
    note_rows: set[int] = field(default_factory=set)
    """Rows that it says are notes below the table."""
    pivots: list[Pivot] = field(default_factory=list)
    corrections: Corrections = field(default_factory=Corrections)
    """What belongs in cells as their formats show them."""
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

    def move_down(self, first: int, last: int) -> None:
        """Put the rows ``first`` to ``last`` below all others, with what is known of them."""
        count, below = last + 1 - first, len(self.rows) - 1 - last

        def moved(row: int) -> int:
            return row if row < first else row + below if row <= last else row - count

        self.rows[first:] = [*self.rows[last + 1 :], *self.rows[first : last + 1]]
        self.merged = [(moved(top), left, moved(bottom), right) for top, left, bottom, right in self.merged]
        self.hidden_rows = set(map(moved, self.hidden_rows))
        self.total_rows = set(map(moved, self.total_rows))
        self.note_rows = set(map(moved, self.note_rows))
        self.corrections.cells = {moved(row): cells for row, cells in self.corrections.cells.items()}

    def survey(self) -> Survey:
        """What was found besides the cells."""
        rows = frozenset(row for row in self.hidden_rows if row < len(self.rows) and any(map(_holds, self.rows[row])))
        columns = frozenset(column for column in self.hidden_columns if column < self.width)
        summing = Summing(pivots=tuple(self.pivots))
        return Survey(
            merged=tuple(self.merged),
            hidden=Hidden(rows=rows, columns=columns, is_filtered=self.is_filtered),
            total_rows=(*self.total_rows, *summing.grand_totals),
            note_rows=tuple(self.note_rows),
            summing=summing,
            corrections=self.corrections,
        )

    def trim(self) -> None:
        """Leave out the blank rows at the end, and blank cells at the end of all rows."""
        for row in self.rows:
            while row and not _holds(row[-1]):
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


def _holds(cell: Cell) -> bool:
    return cell is not None and cell != ""
