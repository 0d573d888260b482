"""Notes on what one pass over the rows of a text met: line breaks, totals, notes below, headers that repeat."""

from collections.abc import Sequence

from uploads.tabular.layout.rows.notes_below import note_on_rows_below
from uploads.tabular.layout.sums.worded_sums import with_labels
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.layout.totals import total_notes
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.text.chunk_builder import ChunkBuilder
from uploads.tabular.text.lines.uneven_rows import Fitting
from uploads.tabular.text.notes.head_notes import surplus_of
from uploads.tabular.text.row_reader import RowReader


def found_on_the_way(
    reader: RowReader,
    builder: ChunkBuilder,
    fits: Fitting | None,
    layout: TextLayout,
    *,
    below: Sequence[tuple[int, Sequence[str]]],
) -> tuple[Note, ...]:
    """What the reader and the builder of its rows met, apart from other tables; notes of the ``layout`` may have told
    of line breaks. ``below``: line and cells of each of the notes at the foot."""
    met = reader.met
    notes = []
    surplus = surplus_of(layout.notes)
    if met.broken and (surplus is None or surplus.figures["breaks"] != met.breaks):
        notes.append(Note.of(NoteKind.BREAKS_IN_CELLS, rows=met.broken, breaks=met.breaks))
    if met.fitted:
        notes.append(Note.of(NoteKind.ROWS_FITTED, count=met.fitted, rest=fits == "collect"))
    if met.stray_count:
        notes.append(Note.of(NoteKind.STRAY_QUOTES, count=met.stray_count, lines=list(met.stray_lines)))
    if builder.repeats:
        places = list(builder.repeated)
        notes.append(Note.of(NoteKind.HEADER_REPEATED, unit="line", places=places, count=builder.repeats))
    columns = range(builder.width)
    notes += total_notes("line", builder.totals_above, columns=columns)
    notes += total_notes("line", builder.totals, columns=columns)
    notes += with_labels(builder.notes_on_sums, layout.labels)
    notes += note_on_rows_below("line", below, width=None if fits else builder.width, columns=columns)
    return tuple(notes)
