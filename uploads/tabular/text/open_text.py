"""Detects how a text is written and where its table stands, and opens it as a ``CsvTable``."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Literal

from uploads.tabular.dialect.choice import DialectChoice
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.line_count import LineCount
from uploads.tabular.encoding.transcoding import decode_samples, printable
from uploads.tabular.errors import EmptyFile, LimitExceeded, no_data_rows
from uploads.tabular.files.streams import ByteSource
from uploads.tabular.layout.rows.places_met import spans_of
from uploads.tabular.layout.rows.sections import find_sections
from uploads.tabular.layout.rows.titled_blocks import titled_blocks
from uploads.tabular.layout.said_rows import (
    SaidRows,
    check_table_above,
    find_text_layout,
    of_further_tables,
    tables_said,
)
from uploads.tabular.layout.text_choice import TextChoice
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.questions.text_questions import Head, text_questions
from uploads.tabular.table import Dialect, FileFormat, Limits, ReadOptions
from uploads.tabular.text.careful_parser import Record
from uploads.tabular.text.decoded_text import DecodedText, decode_text, errors_of
from uploads.tabular.text.head_records import (
    HEAD_RECORDS,
    common_end,
    head_records,
    is_filled,
    is_one_column,
    is_other_table,
    sample_rows,
    width_of_table,
)
from uploads.tabular.text.lines.line_forms import Lines
from uploads.tabular.text.lines.named_columns import named_by_form, without_header
from uploads.tabular.text.lines.uneven_rows import with_all_columns
from uploads.tabular.text.notes.head_notes import dialect_notes, header_and_above, is_announced, letter_notes, line_of
from uploads.tabular.text.tables.begun_by_form import begun_by_form
from uploads.tabular.text.tables.narrower_tables import planned_tables
from uploads.tabular.text.text_body import Body
from uploads.tabular.text.text_dialect import find_lines
from uploads.tabular.text.text_table import CsvTable


def open_texts(byte_source: ByteSource, *, options: ReadOptions, limits: Limits) -> Iterator[CsvTable]:
    """The table in a text, and then, once that has been read, any others that turned out to stand in it."""
    table = open_csv(byte_source, options=options, limits=limits)
    yield table
    yield from further_tables(table, options=options, limits=limits)


def further_tables(table: CsvTable, *, options: ReadOptions, limits: Limits) -> Iterator[CsvTable]:
    """Tables that were found in the same text while ``table`` was read, and while they were: all are lines of its text,
    not one of the other, for of thousands below each other every one would be read through all those above it."""
    as_it_is = replace(of_further_tables(options), delimiter=table.dialect.delimiter)
    waiting = list(reversed(table.others))
    while waiting:
        other = waiting.pop()
        further = open_csv(
            table.lines_of(other),
            options=as_it_is,
            limits=limits,
            first_line=other.first_line,
            decoded=table.encoding,
            parted=other.is_as_wide,
            forms=table.forms,
        )
        yield further
        waiting += reversed(further.others)


def open_csv(
    byte_source: ByteSource,
    *,
    options: ReadOptions,
    limits: Limits,
    first_line: int = 1,
    decoded: Encoding | None = None,
    parted: bool = False,
    forms: tuple[LineForm, ...] | None = None,
) -> CsvTable:
    """Detect encoding, dialect and layout of a text, reading all of it once; raises ``EmptyFile`` and ``NoDataRows``.

    ``first_line``: its place in a file of which it is a part; ``decoded``: what that was decoded from to UTF-8;
    ``parted``: tables of one width are told apart in it (slow for a thousand); ``forms``: of its lines, in the file.
    """
    name, is_part = byte_source.name, decoded is not None
    last_line = first_line - 1 + (text := decode_text(byte_source, options, decoded, limits=limits)).counted.lines
    lines, choice = find_lines(_lines_of(text), forms, options, has_marks=text.counted.marks > 0, name=name)
    others = _others_known(text, lines, options, first_line=first_line, last_line=last_line, is_part=is_part)
    found = _records(lines, choice.dialect, given=options.last_row_said, whole=text.whole, name=name)
    records, elsewhere, whole = _of_table(*found, text, others=others, first_line=first_line)
    chosen, said = _layout(
        records,
        elsewhere,
        announced=is_announced(lines),
        options=without_header(options, lines.columns, one_table=_is_one_table(records, is_part=is_part)),
        is_formed=bool(lines.forms),
        first_line=first_line,
        last_line=others[0] - 1 if others else last_line,
        parted=parted,
        asks=not options.is_laid_out and not lines.columns,
        is_part=is_part,
    )
    chosen = named_by_form(chosen, lines.columns, options)
    _check_layout(layout := chosen.layout, records, limits=limits, given=options.header_row, whole=whole, name=name)
    dialect = _dialect_of(choice, text, lines, records, decoded or text.encoding)
    told = (*letter_notes(text, layout, records), *dialect_notes(lines, choice, options, layout, records), *text.on_end)
    return CsvTable(
        text.source,
        dialect=_with_header(replace(dialect, notes=told), layout, records, first_line=first_line),
        grammar=choice.dialect,
        encoding=text.encoding,
        layout=layout,
        body=_body(text, lines, records[: layout.first], layout, first_line=first_line, is_part=is_part),
        planned=planned_tables(records, chosen.borders, first_line=first_line, lines=text.counted.lines, said=others),
        options=options,
        limits=limits,
        parted=parted,
        said=said,
    )


def _others_known(
    text: DecodedText, lines: Lines, options: ReadOptions, *, first_line: int, last_line: int, is_part: bool
) -> Sequence[int]:
    """The lines in which other tables begin, as a person says or the form of the lines shows."""
    said = tables_said(options, first=first_line, last=last_line, is_part=is_part)
    return said or begun_by_form(text.head, lines.forms, options, first_line=first_line)


def _is_one_table(records: Sequence[Record], *, is_part: bool) -> bool:
    """Whether no further tables are looked for in the first records: a part of a file has been told apart already, but
    for the blocks that stand below its head, dozens at once. Each by itself, all below it would be read each time."""
    return is_part and not titled_blocks([record.cells for record in records])


def _of_table(
    records: list[Record],
    elsewhere: list[tuple[str, ...]],
    text: DecodedText,
    *,
    others: Sequence[int],
    first_line: int,
) -> tuple[list[Record], list[tuple[str, ...]], bool]:
    """Of what was looked at that which lies above the first line in which a person says that another table begins; and
    whether it is all of the table: where the last record looked at is none of it, no more are to come."""
    if not others:
        return records, elsewhere, text.whole
    begins = accumulate((record.lines for record in records), initial=first_line)
    above = [record for record, begin in zip(records, begins, strict=False) if begin < others[0]]
    check_table_above(any(map(is_filled, above)), others[0])
    return above, [], text.whole or len(above) < len(records)


def _lines_of(text: DecodedText) -> Lines:
    samples = decode_samples(text.facts, text.encoding)
    return Lines(head=text.head, samples=samples, errors=errors_of(text.encoding))


def _with_header(dialect: Dialect, layout: TextLayout, records: Sequence[Record], *, first_line: int) -> Dialect:
    """With the place of the header, what it says of the columns, and the notes on both."""
    line = line_of(records, layout.first if layout.header is None else layout.header, first_line)
    return replace(
        dialect,
        header_row=None if layout.header is None else line,
        descriptions=_descriptions(layout),
        notes=(
            *dialect.notes,
            *header_and_above(layout, records, header=line, first_line=first_line, dialect=dialect),
        ),
    )


def _placed(records: Sequence[Record], first_line: int) -> Iterator[tuple[int, Record]]:
    """Records and the lines in which they begin."""
    return zip(accumulate((record.lines for record in records), initial=first_line), records, strict=False)


def _line_end(counted: LineCount, head: str, records: Sequence[Record]) -> str | None:
    """How most lines end; those inside cells end no line."""
    common = common_end(head, records) if counted.ends.kind == "mixed" else None
    return common or counted.ends.kind or None


def _body(
    text: DecodedText, lines: Lines, above: Sequence[Record], layout: TextLayout, *, first_line: int, is_part: bool
) -> Body:
    """Where the rows begin: below the records ``above``, of which all from the header on are its.

    ``is_part``: the text is some lines of a file.
    """
    end = above[-1].end if above else 0
    blank = [(line, record) for line, record in _placed(above[: layout.header], first_line) if not is_filled(record)]
    return Body(
        offset=len(lines.head[:end].encode("utf-8", lines.errors)),
        first_line=first_line,
        line=line_of(above, len(above), first_line),
        records=len(above),
        lines=text.counted.lines,
        sound=text.encoding.is_utf8 and text.facts.invalid == 0,
        ends=text.counted.ends,
        ended=text.ended,
        blank_above=tuple(spans_of([line for line, _ in blank])),
        spaced_above=tuple(spans_of([line for line, record in blank if any(record.cells)])),
        forms=lines.forms,
        index=None if is_part else text.counted.index,
    )


def _dialect_of(
    choice: DialectChoice, text: DecodedText, lines: Lines, records: Sequence[Record], encoding: Encoding
) -> Dialect:
    grammar = choice.dialect
    return Dialect(
        encoding=encoding.shown,
        delimiter=_delimiter(grammar, lines.head, whole=text.whole),
        line_end=_line_end(text.counted, lines.head, records),
        format=FileFormat.CSV,
        quotechar=grammar.quote,
        escape=grammar.escape,
        spaced=grammar.spaced,
        doubled=choice.doubled,
    )


def _records(
    lines: Lines,
    grammar: CsvDialect,
    *,
    given: int | Literal["none"] | None,
    whole: bool,
    name: str,
) -> tuple[list[Record], list[tuple[str, ...]]]:
    """The records at the top, down to where the table is seen, and some rows from further down."""
    records = head_records(lines.head, grammar, given=given, whole=whole, name=name)
    if not any(map(is_filled, records)):
        raise EmptyFile(f"{name} holds no values, only separators.", hint="Check that the export worked.")
    elsewhere = sample_rows(lines.head, lines.samples, grammar, known=len(records))
    if len(records) == HEAD_RECORDS:
        rows = [record.cells for record in records]
        has_blocks = bool(titled_blocks(rows) or find_sections(rows).borders)
        is_above = is_other_table(records, elsewhere)
        if is_above and not has_blocks and (width := width_of_table(records)):
            return records, [row for row in elsewhere if len(row) == width]  # the others are of a table below this one
        if is_above or has_blocks:
            # At the top stand hundreds of lines of notes, or one of dozens of tables. Look at all there is of the head.
            records = head_records(lines.head, grammar, given=given, whole=whole, name=name, most=len(lines.head))
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
        raise no_data_rows(name, given=given, above=layout.preamble)


def _is_header_alone(records: Sequence[Record], layout: TextLayout) -> bool:
    """Whether nothing but the header stands below it, once more or several times: then all of it are rows."""
    if layout.header is None:
        return False
    below = [record.cells for record in records[layout.first :] if is_filled(record)]
    return bool(below) and all(cells == records[layout.header].cells for cells in below)


def _layout(
    records: list[Record],
    elsewhere: Sequence[Sequence[str]],
    *,
    announced: bool,
    options: ReadOptions,
    is_formed: bool,
    first_line: int,
    last_line: int,
    parted: bool,
    asks: bool,
    is_part: bool,
) -> tuple[TextChoice, SaidRows]:
    rows = [record.cells for record in records]
    lines = list(accumulate((record.lines for record in records), initial=first_line))[: len(rows)]
    if announced:
        if not any(map(is_filled, records[1:])):
            raise EmptyFile("The file holds nothing but the line that names its delimiter.", hint="Check the export.")
        # Excel's own line "sep=;" stands above the header and belongs to no table.
        rows[0] = ()
    chosen, said = find_text_layout(
        rows, lines, options=options, elsewhere=elsewhere, by_rules=parted, is_formed=is_formed
    )
    if is_part and options.header_row is None and _is_header_alone(records, chosen.layout):
        options = replace(options, header_row="none")
        chosen, said = find_text_layout(
            rows, lines, options=options, elsewhere=elsewhere, by_rules=parted, is_formed=is_formed
        )
    layout = chosen.layout
    asked: tuple[Note, ...] = ()
    if asks and (chosen.score is not None or layout.preamble):
        head = Head(rows=rows, lines=lines, elsewhere=elsewhere, chosen=chosen, last_line=last_line)
        asked = text_questions(head, options=options)
    if chosen.borders:
        rows, elsewhere = rows[: chosen.borders[0]], ()
    below = zip(lines[layout.first :], rows[layout.first :], strict=False)
    kept = [row for line, row in below if not said.below.has(line, row)]
    others = [row for row in elsewhere if not said.below.by_name.has(0, row)]
    layout = with_all_columns(layout, [*rows[: layout.first], *kept], others, fills=options.fits_rows)
    if announced:
        notes = (Note.of(NoteKind.DELIMITER_NAMED), *layout.notes)
        layout = replace(layout, preamble=layout.preamble + 1, notes=notes)
    layout = replace(layout, notes=(*layout.notes, *asked))
    return replace(chosen, layout=_printable_labels(layout)), said


def _printable_labels(layout: TextLayout) -> TextLayout:
    """A NUL or a byte that cannot be decoded is shown in a label, never stored."""
    return replace(layout, labels=tuple(map(printable, layout.labels)))


def _descriptions(layout: TextLayout) -> tuple[str, ...]:
    return () if layout.survey is None else tuple(map(printable, layout.survey.descriptions_for(layout.labels)))


def _delimiter(grammar: CsvDialect, head: str, *, whole: bool) -> str | None:
    """The delimiter by which any reader gets the same cells: for a single column a comma, where it parts no cell."""
    if not grammar.single_column:
        return grammar.delimiter
    return "," if whole and is_one_column(head, replace(grammar, delimiter=",")) else None
