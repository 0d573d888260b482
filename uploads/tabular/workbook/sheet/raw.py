"""A sheet as its reader gives it, before anything is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.notes import Note
from uploads.tabular.table import ReadOptions
from uploads.tabular.workbook.sheet.text import SheetText
from uploads.tabular.workbook.survey import Summing, Survey, Unheaded

HEAD_ROWS = 100
"""Rows among which a header is looked for."""


@dataclass(frozen=True, kw_only=True)
class RawSheet:
    """A sheet as a reader hands it over. ``text`` begins with ``first_row``, counted from 1."""

    name: str
    text: SheetText
    height: int
    """Rows, as the reader itself counts them."""
    first_row: int = 1
    first_column: int = 0
    """The column of the sheet where ``text`` begins, from 0."""
    merged: tuple[Range, ...] = ()
    """Merged ranges: first row, first column, last row, last column; counted from 0 in ``text``."""
    tables: tuple[Range, ...] = ()
    """Tables that the workbook itself defines; counted as those."""
    unheaded: Unheaded | None = None
    """The only such table of a sheet without others, whose area is counted as those."""
    total_rows: frozenset[int] = frozenset()
    """Rows that the workbook itself says sum a table up, from 0."""
    note_rows: frozenset[int] = frozenset()
    """Rows that it says are notes below a table."""
    left_out: frozenset[int] = frozenset()
    """Rows of the sheet, counted from 1, that are hidden and blank in ``text``, for that was asked."""
    zeros: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """By column of the sheet: its rows, from 1, in which a 0 is shown as a date; they are blank in ``text``."""
    summing: Summing = field(default_factory=Summing)
    """What the workbook itself says of other rows that sum some up."""
    notes: tuple[Note, ...] = ()
    encoding: str | None = None
    """Of texts that aren't Unicode: Python's name of the codec."""

    def as_surveyed(self, survey: Survey) -> "RawSheet":
        """With what the workbook itself says of its rows, where ``text`` begins in the first cell of the sheet."""
        return replace(
            self,
            merged=self.merged or survey.merged or (),
            tables=survey.tables,
            unheaded=only_unheaded(survey, left=0),
            total_rows=frozenset(survey.total_rows),
            note_rows=frozenset(survey.note_rows),
            summing=survey.summing,
            zeros=survey.corrections.zeros,
        )


def only_unheaded(survey: Survey, *, left: int) -> Unheaded | None:
    """The table without a header row of a sheet that defines no other, where ``left`` is the sheet's first column."""
    if survey.tables or len(survey.unheaded) != 1:
        return None
    top, first, bottom, last = survey.unheaded[0].area
    return replace(survey.unheaded[0], area=(top, first - left, bottom, last - left))


def empty_text(options: ReadOptions) -> SheetText:
    """Where a sheet's rows are to go: those among which the header is stay cells."""
    given = options.last_row_said if isinstance(options.last_row_said, int) else 0
    return SheetText(head_rows=max(HEAD_ROWS, given), chunk_rows=options.chunk_rows)
