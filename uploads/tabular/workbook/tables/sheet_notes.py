"""What a receipt says of a sheet's rows and columns that are not loaded; nothing where there are none."""

from collections.abc import Sequence

from uploads.tabular.layout.sheet_layout import Layout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.workbook.sheet.cell_names import column_letters

_ROWS_NAMED = 5


def layout_note(layout: Layout) -> tuple[Note, ...]:
    """For titles above the header, and a header of several rows: what is not plain about where it was found."""
    titles = len(layout.preamble)
    if layout.header is None or (not titles and layout.depth == 1):
        return ()
    return (Note.of(NoteKind.SHEET_HEADER, titles=titles, depth=layout.depth),)


def repeated_note(rows: Sequence[int]) -> tuple[Note, ...]:
    """For rows of the sheet where the header stands once more."""
    if not rows:
        return ()
    return (Note.of(NoteKind.HEADER_REPEATED, unit="row", places=list(rows[:_ROWS_NAMED]), count=len(rows)),)


def subtotals_note(rows: Sequence[int], *, twice: bool) -> tuple[Note, ...]:
    """For rows that sum others up and are loaded; ``twice``: the total below is half of what all rows add up to."""
    if not rows and not twice:
        return ()
    return (Note.of(NoteKind.SUBTOTALS, places=list(rows[:_ROWS_NAMED]), count=len(rows)),)


def footer_note(rows: int) -> tuple[Note, ...]:
    """For so many rows of notes below the table."""
    return (Note.of(NoteKind.NOTES_BELOW, unit="row", count=rows),) if rows else ()


def columns_note(positions: Sequence[int]) -> tuple[Note, ...]:
    """For columns inside the table that hold nothing, from 0 in the sheet."""
    return (Note.of(NoteKind.EMPTY_COLUMNS, columns=list(map(column_letters, positions))),) if positions else ()
