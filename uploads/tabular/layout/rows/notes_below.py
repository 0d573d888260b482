"""The rows below a table that are taken for notes: what they say, and whether they could be rows of it at all."""

from collections.abc import Sequence

from uploads.tabular.layout.row_numbers import first_spans
from uploads.tabular.layout.rows.titles import titles_in
from uploads.tabular.layout.rows.words_among import words_in
from uploads.tabular.notes import Note, NoteKind

_NAMED = 5


def note_on_rows_below(
    unit: str, rows: Sequence[tuple[int, Sequence[str]]], *, width: int | None, columns: Sequence[int]
) -> tuple[Note, ...]:
    """For ``rows``, by their places in order and their cells; nothing where there are none.

    ``width``: the cells that a row must have not to be rejected; ``None`` where each row is fitted. ``columns``: which
    of the cells are the table's columns. As figures: ``texts`` of the first, how many are ``unfit`` to be rows, and in
    which columns (from 0) the others have ``words``, which makes those columns text.
    """
    if not rows:
        return ()
    fit = [cells for _, cells in rows if width is None or len(cells) == width]
    return (
        Note.of(
            NoteKind.NOTES_BELOW,
            unit=unit,
            count=len(rows),
            places=[place for place, _ in rows[:_NAMED]],
            spans=first_spans(place for place, _ in rows),
            texts=titles_in(rows),
            unfit=len(rows) - len(fit),
            width=width,
            words=words_in(fit, columns),
        ),
    )
