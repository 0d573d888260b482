"""Detects how a text is written and where its table stands, and opens it as a ``CsvTable``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Literal

from uploads.tabular.dialect.choice import DialectChoice, choose_dialect
from uploads.tabular.dialect.dialect import CsvDialect, delimiter_option
from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.line_count import count_wide_lines
from uploads.tabular.encoding.text_facts import TextFacts, gather_facts
from uploads.tabular.encoding.transcoding import decode_head, decode_samples, printable
from uploads.tabular.errors import BadOption, EmptyFile, LimitExceeded
from uploads.tabular.files.kind import refuse_binary
from uploads.tabular.files.streams import ByteSource, Readable
from uploads.tabular.layout.header_evidence import header_notes
from uploads.tabular.layout.said_rows import SaidRows, find_text_layout
from uploads.tabular.layout.text_layout import TextLayout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Dialect, FileFormat, Limits, ReadOptions
from uploads.tabular.text.careful_parser import Record
from uploads.tabular.text.head_records import (
    HEAD_RECORDS,
    head_records,
    is_filled,
    is_one_column,
    is_other_table,
    sample_rows,
)
from uploads.tabular.text.text_table import Body, CsvTable, no_data_rows

_DELIMITERS = ";,\t|"
READ_BYTES = 2 * 2**20
_SEP_LINE = re.compile('"?sep=([^\r\n"])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def open_texts(byte_source: ByteSource, *, options: ReadOptions, limits: Limits) -> Iterator[CsvTable]:
    """The table in a text, and then, once that has been read, any others that turned out to stand in it."""
    table = open_csv(byte_source, options=options, limits=limits)
    yield table
    yield from further_tables(table, options=options, limits=limits)


def further_tables(table: CsvTable, *, options: ReadOptions, limits: Limits) -> Iterator[CsvTable]:
    """Tables that were found in the same text while ``table`` was read."""
    for other in table.others:
        as_it_is = replace(options, delimiter=table.dialect.delimiter)
        further = open_csv(
            table.lines_of(other),
            options=as_it_is,
            limits=limits,
            first_line=other.first_line,
            decoded=table.encoding,
            parted=other.is_as_wide,
        )
        yield further
        yield from further_tables(further, options=options, limits=limits)


def open_csv(
    byte_source: ByteSource,
    *,
    options: ReadOptions,
    limits: Limits,
    first_line: int = 1,
    decoded: Encoding | None = None,
    parted: bool = False,
) -> CsvTable:
    """Detect encoding, dialect and layout of a text, reading all of it once.

    ``first_line``: its place in a file of which it is a part; ``decoded``: what that was decoded from to UTF-8;
    ``parted``: tables of one width have been told apart in it, which a thousand of them would take too long for again.
    Raises ``EmptyFile`` for nothing but white space and ``NoDataRows`` for a header with nothing below it.
    """
    facts = _facts_of(byte_source)
    name = byte_source.name
    encoding = Encoding(codec="utf-8") if decoded is not None else _encoding_of(facts, options)
    head, whole = decode_head(facts, encoding)
    refuse_binary(facts.head, wide=encoding.is_wide, name=name)
    if facts.blank or not head.strip("\ufeff\x00 \t\r\n;,|"):
        raise EmptyFile(f"{name} is empty.", hint="Check that the export worked and upload the file again.")
    announced = _SEP_LINE.match(head)
    samples = decode_samples(facts, encoding)
    choice = _choose_dialect(head, samples, announced, options, name=name)
    grammar = choice.dialect
    records, elsewhere = _records(head, samples, grammar, given=options.last_row_said, whole=whole, name=name)
    layout, said = _layout(records, elsewhere, announced=announced is not None, options=options, first_line=first_line)
    _check_layout(layout, records, limits=limits, given=options.header_row, whole=whole, name=name)
    begins = layout.first if layout.header is None else layout.header
    header_line = first_line + sum(record.lines for record in records[:begins])
    on_dialect = _dialect_notes(choice, facts, given=options.delimiter is not None or announced is not None)
    return CsvTable(
        byte_source,
        dialect=replace(
            _dialect_of(choice),
            encoding=(decoded or encoding).codec,
            delimiter=_delimiter(grammar, head, whole=whole),
            line_end=facts.line_end or None,
            header_row=None if layout.header is None else header_line,
            notes=(*encoding.notes, *on_dialect, *_layout_notes(layout, header_line)),
        ),
        grammar=grammar,
        encoding=encoding,
        layout=layout,
        body=_body(head, records[: layout.first], encoding, facts, byte_source, first_line=first_line),
        options=options,
        limits=limits,
        parted=parted,
        said=said,
    )


def _encoding_of(facts: TextFacts, options: ReadOptions) -> Encoding:
    return decide_encoding(facts, given=options.encoding, likely=options.likely_encoding)


def _body(
    head: str,
    above: Sequence[Record],
    encoding: Encoding,
    facts: TextFacts,
    byte_source: ByteSource,
    *,
    first_line: int,
) -> Body:
    """Where the rows begin: below the records ``above``, the header among them."""
    end = above[-1].end if above else 0
    return Body(
        offset=len(head[:end].encode("utf-8", _errors(encoding))),
        first_line=first_line,
        line=first_line + sum(record.lines for record in above),
        records=len(above),
        lines=_count_wide(byte_source, encoding) if encoding.is_wide else facts.lines,
        sound=encoding.is_utf8 and facts.invalid == 0,
    )


def _dialect_of(choice: DialectChoice) -> Dialect:
    grammar = choice.dialect
    return Dialect(
        format=FileFormat.CSV,
        quotechar=grammar.quote,
        escape=grammar.escape,
        spaced=grammar.spaced,
        doubled=choice.doubled,
    )


def _records(
    head: str,
    samples: Sequence[str],
    grammar: CsvDialect,
    *,
    given: int | Literal["none"] | None,
    whole: bool,
    name: str,
) -> tuple[list[Record], list[tuple[str, ...]]]:
    """The records at the top, down to where the table is seen, and some rows from further down."""
    records = head_records(head, grammar, given=given, whole=whole, name=name)
    if not any(map(is_filled, records)):
        raise EmptyFile(f"{name} holds no values, only separators.", hint="Check that the export worked.")
    elsewhere = sample_rows(head, samples, grammar, known=len(records))
    if len(records) == HEAD_RECORDS and is_other_table(records, elsewhere):
        # What stands at the top is not the table: hundreds of lines of notes. Look at all there is of the head.
        records = head_records(head, grammar, given=given, whole=whole, name=name, most=len(head))
    return records, elsewhere


def _check_layout(
    layout: TextLayout,
    records: Sequence[Record],
    *,
    limits: Limits,
    given: int | Literal["none"] | None,
    whole: bool,
    name: str,
) -> None:
    """Refuse more columns than a table can have, and a header with nothing below it."""
    if len(layout.labels) > limits.columns or layout.width > 4 * limits.columns:
        raise LimitExceeded(
            f"{name} has {layout.width:,} columns; a table can have {limits.columns:,}.",
            hint="Check the delimiter, or split the table.",
        )
    if layout.header is not None and whole and not any(is_filled(record) for record in records[layout.first :]):
        raise no_data_rows(name, given=given)


def _choose_dialect(
    head: str, samples: Sequence[str], announced: re.Match[str] | None, options: ReadOptions, *, name: str
) -> DialectChoice:
    """The dialect with the delimiter that a person gave, or else that the text announces, or else that fits best."""
    given = delimiter_option(options.delimiter) if options.delimiter is not None else None
    if given is None and announced is not None:
        given = announced[1]
    below = head[announced.end() :] if announced else head
    choice = choose_dialect(below, samples=samples, first=options.first_delimiter, given=given)
    if choice.dialect.single_column and options.uneven_rows is not None:
        # no delimiter makes rows of one width here, and a person knows that: it is the one of the first line
        names = below.lstrip().splitlines()[0]
        given = max(_DELIMITERS, key=names.count)
        choice = choose_dialect(below, samples=samples, first=given, given=given) if given in names else choice
    if options.delimiter is not None:
        _check_delimiter(choice.dialect.delimiter, head, samples, first=options.first_delimiter, name=name)
    return choice


def _check_delimiter(given: str, head: str, samples: Sequence[str], *, first: str, name: str) -> None:
    """Raise ``BadOption`` for a delimiter that is not in the file while another one makes columns of it."""
    if given in head or any(given in piece for piece in samples):
        return
    found = choose_dialect(head, samples=samples, first=first).dialect
    if not found.single_column:
        raise BadOption(
            f"The delimiter “{given}” was chosen, but {name} has none; “{found.delimiter}” separates its cells.",
            hint="Choose the right delimiter, or leave it blank to detect it automatically.",
        )


def _errors(encoding: Encoding) -> str:
    return "surrogateescape" if encoding.is_utf8 else "surrogatepass"


def _facts_of(byte_source: ByteSource) -> TextFacts:
    stream = byte_source.open()
    try:
        return gather_facts(_blocks(stream))
    finally:
        stream.close()


def _count_wide(byte_source: ByteSource, encoding: Encoding) -> int:
    stream = byte_source.open()
    try:
        return count_wide_lines(stream, encoding)
    finally:
        stream.close()


def _blocks(stream: Readable) -> Iterator[bytes]:
    while data := stream.read(READ_BYTES):
        yield data


def _layout(
    records: list[Record], elsewhere: Sequence[Sequence[str]], *, announced: bool, options: ReadOptions, first_line: int
) -> tuple[TextLayout, SaidRows]:
    rows = [record.cells for record in records]
    lines = list(accumulate((record.lines for record in records), initial=first_line))[: len(rows)]
    if not announced:
        layout, said = find_text_layout(rows, lines, options=options, elsewhere=elsewhere)
        return _printable_labels(layout), said
    if not any(map(is_filled, records[1:])):
        raise EmptyFile("The file holds nothing but the line that names its delimiter.", hint="Check the export.")
    # Excel's own line "sep=;" stands above the header and belongs to no table.
    rows[0] = ()
    layout, said = find_text_layout(rows, lines, options=options, elsewhere=elsewhere)
    notes = (Note.of(NoteKind.DELIMITER_NAMED), *layout.notes)
    return _printable_labels(replace(layout, preamble=layout.preamble + 1, notes=notes)), said


def _printable_labels(layout: TextLayout) -> TextLayout:
    """A NUL or a byte that cannot be decoded is shown in a label, never stored."""
    return replace(layout, labels=tuple(map(printable, layout.labels)))


def _layout_notes(layout: TextLayout, line: int) -> tuple[Note, ...]:
    """``line`` is that of the header, or of the first row where there is none."""
    is_header = layout.header is not None
    doubts = header_notes(layout.why, unit="line", place=line, columns=len(layout.labels), is_header=is_header)
    return (*layout.notes, *doubts)


def _delimiter(grammar: CsvDialect, head: str, *, whole: bool) -> str | None:
    """The delimiter by which any reader gets the same cells: for a single column a comma, where it parts no cell."""
    if not grammar.single_column:
        return grammar.delimiter
    return "," if whole and is_one_column(head, replace(grammar, delimiter=",")) else None


def _dialect_notes(choice: DialectChoice, facts: TextFacts, *, given: bool) -> tuple[Note, ...]:
    grammar = choice.dialect
    notes = []
    if grammar.single_column:
        notes.append(Note.of(NoteKind.NO_DELIMITER))
    elif not given:
        notes.append(choice.evidence)
    if grammar.aligned:
        notes.append(Note.of(NoteKind.ALIGNED))
    elif grammar.spaced:
        notes.append(Note.of(NoteKind.SPACED))
    if grammar.quote == "'":
        notes.append(Note.of(NoteKind.APOSTROPHES))
    if grammar.escape:
        notes.append(Note.of(NoteKind.BACKSLASHES))
    if facts.line_end == "mixed":
        counts = {"pairs": facts.pairs, "feeds": facts.feeds, "returns": facts.returns}
        notes.append(Note.of(NoteKind.LINE_ENDS, **counts))
    return tuple(notes)
