"""What is asked of records that were met among the rows of a text and below them, and are none of its table's."""

from collections.abc import Iterator, Sequence

from uploads.tabular.layout.row_numbers import Span
from uploads.tabular.notes import Note
from uploads.tabular.questions.alike_rows import LEAST
from uploads.tabular.questions.text_questions import (
    lines_of_one_cell_note,
    rows_below_note,
    rows_of_other_width_note,
)
from uploads.tabular.table import ReadOptions
from uploads.tabular.text.chunk_builder import ChunkBuilder


def questions_on_rows(
    builder: ChunkBuilder,
    below: Sequence[tuple[int, Sequence[str]]],
    lines: Span,
    *,
    is_counted: bool,
    options: ReadOptions,
) -> Iterator[Note]:
    """Whether lines among the rows name groups or are other tables, and the notes ``below`` are one.

    ``lines``: below the first of them another table can begin, down to the last one. ``is_counted``: their numbers are
    those of records, as headers are counted; a line break inside a cell makes records fewer than lines.
    """
    if builder.are_headings:
        yield from lines_of_one_cell_note(builder.lone_lines, options=options)
    runs = builder.width_runs.ended([(other.first_line, other.last_line) for other in builder.others])
    yield from rows_of_other_width_note([(run.first, run.last) for run in runs], lines=lines, options=options)
    if len(below) >= LEAST:
        yield from rows_below_note(below, is_counted=is_counted, options=options)
