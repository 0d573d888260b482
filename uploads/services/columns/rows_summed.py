"""Rows of a loaded table that sum others up, by what its notes say: they are offered to be left out."""

from collections.abc import Iterable, Mapping
from typing import Any

from uploads.services.columns.rows_in_doubt import RowsOffered, skipping
from uploads.services.options.parsing import LONGEST_WORD, MOST_WORDS
from uploads.tabular.notes import Note, NoteKind

ON_SUMS = frozenset({NoteKind.SUBTOTALS, NoteKind.SUMS_WITHOUT_WORD})
"""What a note says of loaded rows that sum others up; its figures hold the rows and their words."""
OFFERED = ON_SUMS | {NoteKind.ROWS_STANDING_OUT}
"""What a note says of loaded rows that may be none of the table."""


def offer_summed_rows(notes: Iterable[Note], *, options: Mapping[str, Any], origin: str = "") -> RowsOffered | None:
    """What to leave out of a table with these notes; ``options``: what was said of its file so far.

    By the words that the rows begin with, for later files have such rows too; else by their numbers, where all are
    known. ``origin``: the sheet or member of which alone it is said, by the numbers.
    """
    found = [note for note in notes if note.kind in ON_SUMS and note.figures.get("rows")]
    rows = tuple(sorted({row for note in found for row in note.figures["rows"]}))
    if not rows:
        return None
    words = tuple(dict.fromkeys(word for note in found for word in note.figures.get("words", ())))
    if not origin and all(note.figures.get("is_begun_by") for note in found):
        said = list(dict.fromkeys([*(options.get("skip_words") or ()), *words]))
        if len(said) <= MOST_WORDS and not any("," in word or len(word) > LONGEST_WORD for word in said):
            return RowsOffered(rows=rows, words=words, options={"skip_words": said})
    if any(note.figures.get("count", 1) > len(note.figures["rows"]) for note in found):
        return None
    return RowsOffered(rows=rows, words=words, options=skipping(rows, options=options, origin=origin))


def offer_rows_standing_out(
    notes: Iterable[Note], *, options: Mapping[str, Any], origin: str = ""
) -> RowsOffered | None:
    """The same of rows that look like headings or notes: by their numbers, for each of them says something else."""
    found = [note.figures for note in notes if note.kind is NoteKind.ROWS_STANDING_OUT]
    rows = tuple(sorted({row for figures in found for row in figures["rows"]}))
    if not rows:
        return None
    words = tuple(text for figures in found for text in figures["texts"])
    return RowsOffered(rows=rows, words=words, options=skipping(rows, options=options, origin=origin))
