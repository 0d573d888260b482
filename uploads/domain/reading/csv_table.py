"""A delimited text as a table: detected once, read in chunks as often as needed."""

from collections.abc import Iterator

from uploads.domain.detection_dialect import CsvDialect, delimiter_option, detect_dialect
from uploads.domain.detection_encoding import Encoding, TextFacts, decide_encoding, gather_facts
from uploads.domain.detection_layout import TextLayout, find_layout
from uploads.domain.errors import EmptyFile, LimitExceeded, NoDataRows
from uploads.domain.reading.accounting import ChunkBuilder
from uploads.domain.reading.records import Record, Unfinished, parse_records
from uploads.domain.reading.row_reader import RowReader
from uploads.domain.reading.streams import ByteSource, Readable
from uploads.domain.reading.transcoding import Utf8Stream, decode_head
from uploads.domain.table import Dialect, FileFormat, Limits, ReadOptions, TextChunk

READ_BYTES = 2 * 2**20
_HEAD_RECORDS = 500


class CsvTable:
    """``SourceTable`` over a delimited text; ``open_csv`` makes one."""

    def __init__(
        self,
        byte_source: ByteSource,
        *,
        dialect: Dialect,
        grammar: CsvDialect,
        encoding: Encoding,
        layout: TextLayout,
        body: tuple[int, int],
        options: ReadOptions,
        limits: Limits,
    ) -> None:
        self._byte_source = byte_source
        self._dialect = dialect
        self._grammar = grammar
        self._encoding = encoding
        self._layout = layout
        self._body_offset, self._body_line = body
        self._options = options
        self._limits = limits
        self._footer = 0

    @property
    def source(self) -> str | None:
        return self._byte_source.source

    @property
    def dialect(self) -> Dialect:
        return self._dialect

    @property
    def labels(self) -> tuple[str, ...]:
        return self._layout.labels

    @property
    def preamble(self) -> int:
        return self._layout.preamble

    @property
    def footer(self) -> int:
        return self._footer

    def chunks(self) -> Iterator[TextChunk]:
        """Read the rows below the header; every pass opens the text anew."""
        raw = self._byte_source.open()
        try:
            stream = Utf8Stream(raw, self._encoding)
            stream.skip(self._body_offset)
            builder = ChunkBuilder(
                labels=self._layout.labels, width=self._layout.width, chunk_rows=self._options.chunk_rows
            )
            reader = RowReader(
                stream,
                builder,
                grammar=self._grammar,
                utf8=self._encoding.is_utf8,
                first_line=self._body_line,
                limits=self._limits,
            )
            yield from reader.chunks()
            self._footer = builder.footer
        finally:
            raw.close()


def open_csv(byte_source: ByteSource, *, options: ReadOptions, limits: Limits) -> CsvTable:
    """Detect encoding, dialect and layout of a text, reading all of it once.

    Raises ``EmptyFile`` for nothing but white space and ``NoDataRows`` for a header with nothing below it.
    """
    facts = _facts_of(byte_source)
    name = byte_source.name
    encoding = decide_encoding(facts, told=options.encoding)
    head, whole = decode_head(facts, encoding)
    if facts.blank or not head.strip("\ufeff\x00 \t\r\n"):
        raise EmptyFile(f"{name} is empty.", hint="Check that the export worked and upload the file again.")
    told = delimiter_option(options.delimiter) if options.delimiter is not None else None
    grammar = detect_dialect(head, first=options.first_delimiter, told=told)
    records = _head_records(head, grammar, whole=whole)
    layout = find_layout([record.cells for record in records], told=options.header_row)
    if len(layout.labels) > limits.columns or layout.width > 4 * limits.columns:
        raise LimitExceeded(
            f"{name} has {layout.width:,} columns; a table can have {limits.columns:,}.",
            hint="Check the delimiter, or split the table.",
        )
    if layout.header is not None and whole and not any(_filled(record) for record in records[layout.first :]):
        raise NoDataRows(f"{name} has a header but no rows below it.", hint="Add the rows and upload the file again.")
    lines_above = sum(record.lines for record in records[: layout.first])
    header_line = 1 + sum(record.lines for record in records[: layout.header]) if layout.header is not None else None
    end = records[layout.first - 1].end if layout.first else 0
    dialect = Dialect(
        format=FileFormat.CSV,
        encoding=encoding.codec,
        delimiter=None if grammar.single_column else grammar.delimiter,
        quotechar=grammar.quote,
        header_row=header_line,
        notes=(*byte_source.notes, *encoding.notes, *_dialect_notes(grammar), *layout.notes),
    )
    return CsvTable(
        byte_source,
        dialect=dialect,
        grammar=grammar,
        encoding=encoding,
        layout=layout,
        body=(len(head[:end].encode("utf-8", _errors(encoding))), lines_above + 1),
        options=options,
        limits=limits,
    )


def _errors(encoding: Encoding) -> str:
    return "surrogateescape" if encoding.is_utf8 else "surrogatepass"


def _facts_of(byte_source: ByteSource) -> TextFacts:
    stream = byte_source.open()
    try:
        return gather_facts(_blocks(stream))
    finally:
        stream.close()


def _blocks(stream: Readable) -> Iterator[bytes]:
    while data := stream.read(READ_BYTES):
        yield data


def _head_records(head: str, grammar: CsvDialect, *, whole: bool) -> list[Record]:
    """The first records, down to where the head breaks off."""
    records: list[Record] = []
    parsed = parse_records(head, grammar, width=None, final=whole)
    try:
        for record in parsed:
            if record.end == len(head) and not whole and records:
                break
            records.append(record)
            if len(records) == _HEAD_RECORDS:
                break
    except Unfinished:
        if not records:
            records.extend(_one(parse_records(head, grammar, width=None, final=True)))
    return _with_width(records, head, grammar)


def _with_width(records: list[Record], head: str, grammar: CsvDialect) -> list[Record]:
    """Read the head once more with its width known, where a fault could be mended by it."""
    if not any(record.fault for record in records):
        return records
    sound = [len(record.cells) for record in records if not record.fault and _filled(record)]
    if not sound:
        return records
    width = max(set(sound), key=lambda cells: (sound.count(cells), cells))
    end = records[-1].end
    return list(parse_records(head[:end], grammar, width=width, final=True))


def _one(records: Iterator[Record]) -> Iterator[Record]:
    yield next(records)


def _filled(record: Record) -> bool:
    return any(cell.strip() for cell in record.cells)


def _dialect_notes(grammar: CsvDialect) -> tuple[str, ...]:
    notes = []
    if grammar.single_column:
        notes.append("No delimiter found: each line is one cell.")
    if grammar.spaced:
        notes.append("A space follows each delimiter; it belongs to the delimiter, not to the cells.")
    if grammar.escape:
        notes.append("Quotes inside cells are written with a backslash.")
    return tuple(notes)
