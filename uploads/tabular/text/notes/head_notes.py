"""What is said of a text before its rows are read: how it is written, and what stands above them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from uploads.tabular.dialect.choice import DialectChoice
from uploads.tabular.dialect.line_form import filled_lines
from uploads.tabular.dialect.single_column import length_of_all
from uploads.tabular.encoding.double_encoding import written_twice
from uploads.tabular.encoding.transcoding import encodable, printable
from uploads.tabular.layout.header_evidence import header_notes, written_names_notes
from uploads.tabular.layout.row_numbers import first_spans
from uploads.tabular.layout.rows.titles import comments_in, headings_in, titles_in
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Dialect, ReadOptions
from uploads.tabular.text.careful_parser import Record
from uploads.tabular.text.decoded_text import DecodedText
from uploads.tabular.text.head_records import is_filled
from uploads.tabular.text.lines.line_forms import Lines, form_notes
from uploads.tabular.text.lines.uneven_rows import uneven_note
from uploads.tabular.text.text_dialect import SEP_LINE

_NAMES = 5
"""Names that a note lists."""


def letter_notes(text: DecodedText, layout: TextLayout, records: Sequence[Record]) -> Iterator[Note]:
    """Notes on how its letters were read, and on those that are not as they were: lost before the file came, or not
    decoded in a header, which is no row that could be rejected for it."""
    yield from text.encoding.notes
    if text.facts.lost and not text.encoding.is_wide:
        yield Note.of(NoteKind.LETTERS_LOST, count=text.facts.lost)
    if twice := written_twice(_pieces(text)):
        yield Note.of(NoteKind.LETTERS_TWICE, word=printable(twice[0]), meant=printable(twice[1]))
    header = () if layout.header is None else records[layout.header].cells
    names = [printable(cell) for cell in header if not encodable(cell)]
    if names:
        yield Note.of(NoteKind.NAMES_UNDECODED, names=names[:_NAMES], count=len(names))


def _pieces(text: DecodedText) -> Iterator[str]:
    """The text's head, and pieces from all over the rest where it is UTF-8."""
    yield text.head
    if text.encoding.is_utf8 and not text.whole:
        for piece in (*text.facts.samples, text.facts.tail):
            yield piece.decode("utf-8", "ignore")


def dialect_notes(
    lines: Lines, choice: DialectChoice, options: ReadOptions, layout: TextLayout, records: Sequence[Record]
) -> tuple[Note, ...]:
    """Notes on delimiter and quotes, and on what stands around the rows."""
    given = options.delimiter is not None or is_announced(lines) or lines.has_said_delimiter
    uneven = uneven_note(lines.head) if choice.dialect.single_column and options.delimiter is None else None
    written = _grammar_notes(lines.head, choice, options, given=given)
    if uneven is not None:
        written = (*(note for note in written if note.kind is not NoteKind.NO_DELIMITER), uneven)
    notes = (*form_notes(lines, choice), *written)
    if any(form.note.kind is NoteKind.SPACES_AROUND for form in lines.forms):
        notes = tuple(note for note in notes if note.kind is not NoteKind.SPACED)
    is_told = surplus_of(layout.notes) is not None
    header = 0
    if layout.header is not None and not layout.preamble:
        header = sum(map(is_filled, records[layout.header : layout.first]))
    notes = tuple(
        replace(note, figures={**note.figures, "header": header})
        if note.kind is NoteKind.DELIMITER and header
        else note
        for note in notes
    )
    return tuple(
        replace(note, figures={**note.figures, "is_told": True})
        if note.kind is NoteKind.DELIMITER and (is_told or note.figures["width"] != layout.width)
        else note  # of the width of what stands around the table nobody needs to know
        for note in notes
    )


def surplus_of(notes: Sequence[Note]) -> Note | None:
    """The note on rows with more cells than the header has names, which tells of their number of cells too."""
    return next((note for note in notes if note.kind is NoteKind.SURPLUS_CELLS), None)


def _grammar_notes(head: str, choice: DialectChoice, options: ReadOptions, *, given: bool) -> tuple[Note, ...]:
    grammar = choice.dialect
    notes = []
    if grammar.single_column:
        notes.append(Note.of(NoteKind.NO_DELIMITER, length=length_of_all(filled_lines(head))))
    elif not given:
        notes.append(choice.evidence)
    if grammar.aligned:
        notes.append(Note.of(NoteKind.ALIGNED))
    elif grammar.spaced:
        notes.append(Note.of(NoteKind.SPACED))
    if grammar.quote == "'":
        notes.append(Note.of(NoteKind.APOSTROPHES))
    elif grammar.quote not in ('"', None):
        notes.append(Note.of(NoteKind.OTHER_QUOTE, quote=grammar.quote))
    if grammar.quote is None and options.quote is None:
        notes.append(Note.of(NoteKind.QUOTES_ARE_TEXT))
    if grammar.escape:
        notes.append(Note.of(NoteKind.BACKSLASHES))
    return tuple(notes)


def is_announced(lines: Lines) -> bool:
    """Whether the text itself says its delimiter."""
    return SEP_LINE.match(lines.head) is not None


def header_and_above(
    layout: TextLayout, records: Sequence[Record], *, header: int, first_line: int, dialect: Dialect
) -> Iterator[Note]:
    """Notes on the header, whose line is ``header`` (or the first row's, where there is none), and on what stands
    above it. Of lines that may have to be cut it is open what is header and what is not.

    ``dialect``: how the text is written, with the notes on it.
    """
    if any(note.kind is NoteKind.UNEVEN_LINES for note in dialect.notes):
        layout = replace(layout, why=None if layout.header is not None else layout.why)
    notes = _with_titles(_layout_notes(layout, header), layout, records, first_line, dialect.delimiter or "")
    notes = _with_header_placed(notes, layout, records, first_line)
    yield from _with_surplus_placed(notes, layout, records, first_line)
    if layout.header is not None:
        yield from written_names_notes([record.cells for record in records[layout.header : layout.first]])
    yield from _survey_note(layout, records, first_line)


def _layout_notes(layout: TextLayout, line: int) -> tuple[Note, ...]:
    """``line`` is that of the header, or of the first row where there is none."""
    is_header = layout.header is not None
    doubts = header_notes(layout.why, unit="line", place=line, columns=len(layout.labels), is_header=is_header)
    return (*layout.notes, *doubts)


def _with_titles(
    notes: Sequence[Note], layout: TextLayout, records: Sequence[Record], first_line: int, delimiter: str
) -> Iterator[Note]:
    """The notes; what is not loaded above the table with its first lines, so that nobody has to look them up."""
    for note in notes:
        if note.kind is not NoteKind.PREAMBLE:
            yield note
            continue
        above = records[: layout.first if layout.header is None else layout.header]
        lines = accumulate((record.lines for record in above), initial=first_line)
        rows = [
            (line, [printable(cell) for cell in record.cells])
            for line, record in zip(lines, above, strict=False)
            if is_filled(record)
        ]
        spans = first_spans(line for line, _ in rows)
        quoted = {
            "spans": spans,
            "titles": titles_in(rows, delimiter=delimiter.strip()),
            "headings": headings_in(rows),
            "comments": comments_in(rows),
        }
        yield replace(note, figures={**note.figures, **quoted})


def _with_surplus_placed(
    notes: Iterable[Note], layout: TextLayout, records: Sequence[Record], first_line: int
) -> Iterator[Note]:
    """The notes; with the line of the first row that has more cells than the header has names."""
    for note in notes:
        if note.kind is not NoteKind.SURPLUS_CELLS:
            yield note
            continue
        columns = note.figures["columns"]
        found = (at for at in range(layout.first, len(records)) if len(records[at].cells) == columns)
        at = next(found, None)
        line = None if at is None else line_of(records, at, first_line)
        yield replace(note, figures={**note.figures, "line": line})


def _with_header_placed(
    notes: Iterable[Note], layout: TextLayout, records: Sequence[Record], first_line: int
) -> Iterator[Note]:
    """The notes; a header of several rows with the lines in which these begin."""
    for note in notes:
        if note.kind is not NoteKind.HEADER_DEPTH or layout.header is None:
            yield note
            continue
        filled = (at for at in range(layout.header, layout.first) if is_filled(records[at]))
        lines = [line_of(records, at, first_line) for at in filled]
        yield replace(note, figures={**note.figures, "header_spans": first_spans(lines)})


def _survey_note(layout: TextLayout, records: Sequence[Record], first_line: int) -> tuple[Note, ...]:
    if layout.survey is None or layout.header is None:
        return ()
    places = [line_of(records, index, first_line) for index in range(layout.header, layout.first)]
    return (layout.survey.note(unit="line", places=places),)


def line_of(records: Sequence[Record], index: int, first_line: int) -> int:
    """The line in which a record begins."""
    return first_line + sum(record.lines for record in records[:index])
