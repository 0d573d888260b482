"""What is asked about a sheet: another place of its header, rows above and below that may be a table themselves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from uploads.tabular.layout.layout_score import LayoutScore
from uploads.tabular.layout.sheet_header import Layout, filled
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.questions.alike_rows import LEAST, rows_alike
from uploads.tabular.questions.runner_up import Placed, Places, Said, on_runners_up
from uploads.tabular.questions.text_questions import also_tables_in
from uploads.tabular.table import ReadOptions
from uploads.tabular.workbook.tables.finding import FoundTable
from uploads.tabular.workbook.tables.header_choice import is_merged, is_plain

_ROWS_BELOW = 100
"""Rows below a table that are looked at: its notes are sought among so many."""


def header_questions(found: FoundTable, layout_with: Callable[[Said], Layout | None]) -> Iterator[Note]:
    """For the receipt; nothing for a header on top of its rows, or one whose merged cells show how deep it is.

    ``layout_with``: how the sheet is laid out where a person says so.
    """
    layout, rows = found.layout, found.region.rows()
    if (
        is_plain(layout)
        or is_merged(layout, found.region.merged)
        or sum(1 for row in rows if filled(row)) < LEAST
        or layout.first >= len(rows)
    ):
        return

    def read_with(said: Said) -> Placed | None:
        laid_out = layout_with(said)
        return Placed.of(rows, laid_out) if laid_out is not None else None

    begin = found.region.first_row
    places = Places(unit="row", number_of=begin.__add__, header_number=begin.__add__, read_with=read_with)
    yield from on_runners_up(rows, LayoutScore(rows), Placed.of(rows, layout), places)


def sheet_questions(
    found: FoundTable, *, size: int, footer: int, last_row: int, options: ReadOptions
) -> Iterator[Note]:
    """For the receipt; nothing where a person has said which rows are the table's, or where tables stand side by side,
    of which no row number tells one.

    ``size``: rows of the table; ``footer``: rows below it that are none of its own; ``last_row``: of the sheet.
    """
    if options.is_laid_out or options.skip_rows or options.skip_words or found.column:
        return
    layout, region = found.layout, found.region
    if len(layout.preamble) >= LEAST:
        end = layout.first if layout.header is None else layout.header
        for rows in rows_alike(region.rows(0, end)):
            below = {"skip_rows": f"{region.first_row + rows.last + 1}-{last_row}"}
            note = _note(rows.header, rows.first, rows.last, begin=region.first_row, is_below=False, more=below)
            next_rows = enumerate(region.rows(rows.last + 1), region.first_row + rows.last + 1)
            yield _or_both(note, next(place for place, row in next_rows if filled(row)), options)
    if footer >= LEAST:
        begin = layout.first + size
        for rows in rows_alike(region.rows(begin, _ROWS_BELOW)):
            last = region.first_row + begin + rows.last
            below = {"skip_rows": f"{last + 1}-{last_row}"} if last < last_row else {}
            note = _note(rows.header, rows.first, rows.last, begin=region.first_row + begin, is_below=True, more=below)
            yield _or_both(note, int(note.figures["first"]), options)


def _or_both(note: Note, begins: int, options: ReadOptions) -> Note:
    """Or another table begins in a row, and both are loaded."""
    ways = [*note.figures["ways"], *also_tables_in([begins], options)]
    return replace(note, figures={**note.figures, "ways": ways})


def _note(header: int | None, first: int, last: int, *, begin: int, is_below: bool, more: dict[str, Any]) -> Note:
    """``begin``: the sheet's row that the others are counted from."""
    top = begin + (first if header is None else header)
    said = {"header_row": "none", "data_row": top} if header is None else {"header_row": top}
    return Note.of(
        NoteKind.ROWS_AMONG_NOTES,
        unit="row",
        first=top,
        last=begin + last,
        is_below=is_below,
        ways=[{"options": {**said, **more}}],
    )
