"""Tells notes that somebody wrote beside a table from its values: a few sentences beyond an empty column."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.sheet_header import Layout, Range
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.workbook.sheet.blocks import is_blank, rows_of, size_of
from uploads.tabular.workbook.sheet.cell_names import cell_name

_MOST_NOTES = 3
_LEAST_ROWS = 5
"""Rows of the table for each note."""
_LONGEST = 200
"""Characters of a note: the receipt shows it whole, for it is not loaded."""

CellNote = tuple[int, int, str]
"""Row and column, from 0, and what stands there."""


def notes_beside(
    blocks: Sequence[pa.RecordBatch], layout: Layout, used: Sequence[int], defined: Sequence[Range] = ()
) -> list[CellNote]:
    """The notes beside a table: of a column without a name between empty ones, each in a row that holds more.

    ``blocks`` are the table's rows, ``used`` its columns with a name or a value, ``defined`` the tables that the
    workbook itself defines. Anything less sure is a value.
    """
    spans = [range(first, last + 1) for top, first, _, last in defined if top == layout.header]
    if len(spans) == layout.depth == 1 and (outside := _notes_outside(blocks, layout.labels, used, spans[0])):
        return outside
    labels = layout.labels
    columns = [column for column in used if column and not labels[column] and not {column - 1, column + 1} & set(used)]
    notes: list[CellNote] = []
    for column in columns:
        found = _cells(blocks, column)
        if all(_is_note(text) for _, _, text in found):
            notes.extend(found)
    if not notes or len(notes) > _MOST_NOTES or size_of(blocks) < _LEAST_ROWS * len(notes):
        return []
    beside = {column for _, column, _ in notes}
    for row, _, _ in notes:
        (cells,) = rows_of(blocks, row, 1)
        if not any(cell.strip() for column, cell in enumerate(cells) if column not in beside):
            return []
    return notes


def note_on_notes(notes: Sequence[CellNote], *, first_row: int, first_column: int) -> tuple[Note, ...]:
    """For the receipt. ``first_row`` (from 1) and ``first_column`` (from 0) are those of the first cell of all rows."""
    named = [[cell_name(row + first_row - 1, column + first_column), text] for row, column, text in notes]
    return (Note.of(NoteKind.NOTES_BESIDE, notes=named),) if named else ()


def _notes_outside(
    blocks: Sequence[pa.RecordBatch], labels: Sequence[str], used: Sequence[int], table: range
) -> list[CellNote]:
    """The notes beyond a table that the workbook itself defines in the columns ``table``: a few texts, one of them of
    several words, with an empty column between. One may stand beside the header; its row is -1."""
    outside = [column for column in used if column not in table]
    if not outside or {table.start - 1, table.stop} & set(outside):
        return []
    notes = [(-1, column, labels[column]) for column in outside if labels[column]]
    for column in outside:
        notes.extend(_cells(blocks, column))
    is_text = all(kind_of(text) == "text" and len(text) <= _LONGEST for _, _, text in notes)
    return notes if is_text and len(notes) <= _MOST_NOTES and any(_is_note(text) for _, _, text in notes) else []


def _cells(blocks: Sequence[pa.RecordBatch], column: int) -> list[CellNote]:
    """The filled cells of a column, or the first of them where they are too many to be notes."""
    cells: list[CellNote] = []
    begin = 0
    for block in blocks:
        texts = block.column(column)
        filled = np.flatnonzero(~is_blank(texts).to_numpy(zero_copy_only=False))[: _MOST_NOTES + 1]
        cells.extend((begin + row, column, " ".join(texts[row].as_py().split())) for row in filled.tolist())
        begin += block.num_rows
        if len(cells) > _MOST_NOTES:
            break
    return cells


def _is_note(text: str) -> bool:
    return kind_of(text) == "text" and len(text.split()) > 1 and len(text) <= _LONGEST
