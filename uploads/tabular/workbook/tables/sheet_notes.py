"""What a receipt says of a sheet's rows and columns that are not loaded; nothing where there are none."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from uploads.tabular.layout.header_evidence import written_names_notes
from uploads.tabular.layout.row_numbers import first_spans
from uploads.tabular.layout.rows.titles import headings_in, titles_in
from uploads.tabular.layout.sheet_header import Layout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat
from uploads.tabular.workbook.sheet.cell_names import cell_name, column_letters
from uploads.tabular.workbook.survey import Hidden
from uploads.tabular.workbook.tables.regions import Region

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$")
"""A cell that is a date or time, as text."""
_ROWS_NAMED = 5
_SPANS_NAMED = 5
_ON_COLUMNS = frozenset(
    {
        NoteKind.HIDDEN_CELLS,
        NoteKind.MASKED_NUMBERS,
        NoteKind.PERCENTAGES,
        NoteKind.DAYS_AMONG_TIMES,
        NoteKind.SHOWN_SHORTER,
        NoteKind.SHOWN_AS_WORDS,
    }
)


def layout_note(layout: Layout, first_row: int, rows: Sequence[Sequence[str]]) -> tuple[Note, ...]:
    """For titles above the header, and a header of several rows: what is not plain about where it was found.

    ``first_row`` is the sheet's row where the layout begins; ``rows``: the first ones from there, with all titles.
    """
    titles = len(layout.preamble)
    if layout.header is None:
        return ()
    trimmed = written_names_notes(rows[layout.header :])
    if not titles and layout.depth == 1:
        return trimmed
    places = [first_row + row for row in layout.preamble[:_ROWS_NAMED]]
    above = [(first_row + row, rows[row]) for row in layout.preamble]
    spans = first_spans(row for row, _ in above)
    said = {
        "spans": spans,
        "texts": titles_in(above),
        "headings": headings_in(above),
        **({} if layout.survey else layout.names),
    }
    return (Note.of(NoteKind.SHEET_HEADER, titles=titles, depth=layout.depth, places=places, **said), *trimmed)


def survey_note(layout: Layout, first_row: int) -> tuple[Note, ...]:
    """For a header that a survey's tool wrote; ``first_row`` is the sheet's row where the layout begins."""
    if layout.survey is None or layout.header is None:
        return ()
    places = range(first_row + layout.header, first_row + layout.first)
    return (layout.survey.note(unit="row", places=places),)


def dates_note(labels: Sequence[str], kind: FileFormat) -> tuple[Note, ...]:
    """For dates among the names of columns. A sheet shows them as ``Jan-24``; a page has them as they are shown."""
    found = [] if kind is FileFormat.HTML else [label for label in labels if _DATE.match(label)]
    return (Note.of(NoteKind.HEADER_DATES, count=len(found), first=found[0]),) if found else ()


def repeated_note(rows: Sequence[int]) -> tuple[Note, ...]:
    """For rows of the sheet where the header stands once more."""
    if not rows:
        return ()
    return (Note.of(NoteKind.HEADER_REPEATED, unit="row", places=list(rows[:_ROWS_NAMED]), count=len(rows)),)


def hidden_note(hidden: Hidden, *, sheet: str, left_out: bool) -> tuple[Note, ...]:
    """For rows and columns that the sheet hides; of the rows the first spans are named, first and last."""
    if not hidden.rows and not hidden.columns:
        return ()
    spans = list(_spans(row + 1 for row in sorted(hidden.rows)))
    return (
        Note.of(
            NoteKind.HIDDEN_CELLS,
            sheet=sheet,
            rows=len(hidden.rows),
            spans=spans[:_SPANS_NAMED],
            columns=list(map(column_letters, sorted(hidden.columns))),
            is_filtered=hidden.is_filtered,
            left_out=left_out,
        ),
    )


def days_note(columns: Sequence[str], names: Mapping[str, str]) -> list[Note]:
    """For a table that has some of the ``columns``, by their letters, in which days stand among times."""
    own = [column for column in columns if column in names]
    return with_columns_named([Note.of(NoteKind.DAYS_AMONG_TIMES, columns=own)], names) if own else []


def with_columns_named(notes: Sequence[Note], names: Mapping[str, str]) -> list[Note]:
    """The notes; those on columns with what a header calls these, by their letters, and blank where none does."""
    return [
        replace(note, figures={**note.figures, "names": [names.get(column, "") for column in note.figures["columns"]]})
        if note.kind in _ON_COLUMNS
        else note
        for note in notes
    ]


def _spans(numbers: Iterable[int]) -> Iterator[list[int]]:
    """First and last of each run of numbers that follow one another."""
    first = last = None
    for number in numbers:
        if first is not None and last is not None and number != last + 1:
            yield [first, last]
            first = None
        first, last = number if first is None else first, number
    if first is not None and last is not None:
        yield [first, last]


def merged_note(region: Region, first: int, columns: Collection[int], *, filled: bool) -> tuple[Note, ...]:
    """For cells of rows from ``first`` on that are merged with one above, as far as they stand in the columns."""
    below = [
        (row, column)
        for top, left, bottom, right in region.merged
        if top >= first
        for row in range(top + 1, min(bottom + 1, region.lines))
        for column in range(left, right + 1)
        if column in columns
    ]
    if not below:
        return ()
    row, column = min(below)
    place = cell_name(region.first_row - 1 + row, region.first_column + column)
    return (Note.of(NoteKind.MERGED_CELLS, count=len(below), first=place, filled=filled),)


def columns_note(positions: Sequence[int]) -> tuple[Note, ...]:
    """For columns inside the table that hold nothing, from 0 in the sheet."""
    return (Note.of(NoteKind.EMPTY_COLUMNS, columns=list(map(column_letters, positions))),) if positions else ()
