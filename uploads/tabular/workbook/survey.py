"""What a workbook says of itself before its reader opens it: errors, formulas without values, merged cells, dangers.

Calamine reads error cells as blank without a word, and aborts the whole interpreter where a file states sizes that it
doesn't have. So each sheet gets a quick look beforehand, by the bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from uploads.tabular.errors import LimitExceeded
from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections, has_several_units

SPAN_CELL_BYTES = 32
"""Memory for each cell of the rectangle that a sheet spans, blank or not (calamine 0.9: XFD1048576 asks for 550 GB)."""

FILLED_CELL_BYTES = 40
"""Memory for each cell that is there, while a sheet is read; kept in a list whose size doubles as it grows."""

WIDEST = 16_384
"""Columns that any spreadsheet program can have; damaged files state millions."""

TEXT_CELL_BYTES = 16
"""Memory for each cell's text, about, once the sheet is turned into columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """What a sheet hides; rows and columns are counted from 0 in it."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    is_filtered: bool = False
    """Whether a filter is on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pivot:
    """A pivot table of a sheet; rows and columns are counted from 0 in it."""

    name: str
    area: Range
    sums: frozenset[int] = frozenset()
    """Rows that sum up others, where they hold a number; without the grand total."""
    grand: int | None = None
    """The row of the grand total."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unheaded:
    """A table that the workbook defines and whose header row is switched off."""

    area: Range
    """Of its rows; counted from 0."""
    names: tuple[str, ...] = ()
    """What its columns are called; nothing where nobody gave them names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summing:
    """What a sheet itself says of rows that sum others up; they are counted from 0 in it."""

    pivots: tuple[Pivot, ...] = ()
    levels: Mapping[int, int] = field(default_factory=dict)
    """Of grouped rows, from 1."""
    is_below: bool = True
    """Whether the row that sums a group up stands below it, and not above."""

    @property
    def grand_totals(self) -> tuple[int, ...]:
        """Rows of the totals of pivot tables."""
        return tuple(pivot.grand for pivot in self.pivots if pivot.grand is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """What a look at a sheet found."""

    errors: int = 0
    """Cells that hold an error: ``#N/A``, ``#DIV/0!``."""
    first_error: str = ""
    """``#N/A in B7``; blank where the format doesn't tell the place."""
    formulas: int = 0
    """Cells that hold one, and its value."""
    first_formula: str = ""
    """``B7``; blank where the format doesn't tell the place."""
    unsolved: int = 0
    """Formulas that were stored without their value."""
    first_unsolved: str = ""
    """``B7``."""
    rows: int = 0
    columns: int = 0
    """The rectangle that the cells span, as far as it was looked at."""
    corner: str = ""
    """The cell furthest out: ``XFD1``."""
    cells: int = 0
    """Cells that are there, about."""
    merged: tuple[Range, ...] | None = None
    """Merged cells (first row, first column, last row, last column, from 0 in the sheet), where calamine reads none."""
    tables: tuple[Range, ...] = ()
    """Tables that the workbook itself defines, header and all; counted from 0 in the sheet."""
    unheaded: tuple[Unheaded, ...] = ()
    total_rows: tuple[int, ...] = ()
    """Rows that the workbook itself says sum a table up, from 0 in the sheet."""
    note_rows: tuple[int, ...] = ()
    """Rows that it says are notes below a table."""
    summing: Summing = field(default_factory=Summing)
    """What it says of other rows that sum some up."""
    doubt: str = ""
    """Why the first reader would misread the sheet."""
    hidden: Hidden = field(default_factory=Hidden)
    corrections: Corrections = field(default_factory=Corrections)
    """Cells that a reader gives otherwise than the sheet shows them."""

    def notes(self) -> list[Note]:
        """For the receipt: what is read as blank and wasn't blank."""
        notes = []
        if self.errors:
            notes.append(Note.of(NoteKind.ERROR_CELLS, count=self.errors, first=self.first_error))
        if self.formulas:
            notes.append(Note.of(NoteKind.FORMULAS, count=self.formulas, first=self.first_formula))
        if self.unsolved:
            notes.append(Note.of(NoteKind.UNSAVED_FORMULAS, count=self.unsolved, first=self.first_unsolved))
        notes.extend(self._notes_on_odd_cells())
        return notes

    def _notes_on_odd_cells(self) -> Iterator[Note]:
        for odd, (count, places) in self.corrections.odd.items():
            held = self.corrections.first_held.get(odd, {})
            yield Note.of(NoteKind(odd), count=count, first=places[0], places=places, **held)
        if masked := self.corrections.masked:
            _, number, shown = next(iter(masked.values()))
            count = sum(numbers for numbers, *_ in masked.values())
            columns = sorted(masked, key=_as_in_sheet)
            yield Note.of(NoteKind.MASKED_NUMBERS, count=count, columns=columns, number=number, shown=shown)
        if percentages := self.corrections.percentages:
            columns = sorted(percentages, key=_as_in_sheet)
            yield Note.of(NoteKind.PERCENTAGES, columns=columns, number=percentages[columns[0]])
        if worded := self.corrections.worded:
            columns = sorted(worded, key=_as_in_sheet)
            cells = [list(map(list, worded[column].items())) for column in columns]
            yield Note.of(NoteKind.SHOWN_AS_WORDS, columns=columns, cells=cells)
        for part, found in self.corrections.shorter.items():
            columns = sorted(found, key=_as_in_sheet)
            cells = [found[column] for column in columns]
            is_all = self.corrections.is_all
            yield Note.of(NoteKind.SHOWN_SHORTER, hidden=part, columns=columns, cells=cells, is_all=is_all)
        for column, counts in self.corrections.currencies.items():
            if len(counts) > 1:
                yield Note.of(NoteKind.CURRENCIES, column=column, cells=counts)
        for column, counts in self.corrections.units.items():
            if has_several_units(counts):
                yield Note.of(NoteKind.UNITS, column=column, cells=counts)

    def check(self, sheet: str, limits: Limits) -> None:
        """Refuse what would not fit into memory, before the reader tries."""
        if self._spans_too_much(limits):
            where = f" (a cell stands in {self.corner})" if self.corner else ""
            raise LimitExceeded(
                f'Sheet "{sheet}" spans {self.rows:,} rows × {self.columns:,} columns{where}; {limits.sheet_cells:,}'
                f" cells and {WIDEST:,} columns are allowed.",
                hint="Delete the empty rows and columns around the table, or save it as CSV.",
            )
        needed = self.memory()
        if needed > limits.memory_bytes:
            raise LimitExceeded(
                f'Sheet "{sheet}" has {self.cells:,} cells; to read them takes about {needed // 2**20:,} MB of memory,'
                f" and {limits.memory_bytes // 2**20:,} MB are allowed.",
                hint="Save the sheet as CSV, which can be of any length, or split it.",
            )

    def fits(self, limits: Limits) -> bool:
        """Whether ``check`` refuses nothing."""
        return not self._spans_too_much(limits) and self.memory() <= limits.memory_bytes

    def _spans_too_much(self, limits: Limits) -> bool:
        return self.rows * self.columns > limits.sheet_cells or self.columns > WIDEST

    def memory(self) -> int:
        """Bytes that reading the sheet takes at its peak, about."""
        room = 1 << max(self.cells - 1, 0).bit_length()
        return room * FILLED_CELL_BYTES + self.rows * self.columns * SPAN_CELL_BYTES + self.cells * TEXT_CELL_BYTES


def _as_in_sheet(letters: str) -> tuple[int, str]:
    """How letters of columns are sorted: ``Z`` before ``AA``."""
    return len(letters), letters


ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}
"""Error codes of the binary formats."""


class NoSurvey:
    """Of what is read by readers that leave nothing out."""

    doubt = ""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Nothing has to be looked at."""

    def sheet(self, _name: str, _position: int) -> Survey:
        return Survey()
