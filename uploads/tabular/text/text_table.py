"""A delimited text as a table, read in chunks as often as needed."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from uploads.tabular.chunks import TextChunk, counted
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.transcoding import Utf8Stream, printable
from uploads.tabular.errors import DamagedFile, no_data_rows
from uploads.tabular.files.streams import ByteSource, Readable
from uploads.tabular.layout.left_out import LeftOut, note_on_left_out
from uploads.tabular.layout.rows.places_met import blank_note
from uploads.tabular.layout.said_rows import SaidRows
from uploads.tabular.layout.sums.running_sums import may_be_total, total_on_top
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.line_index import LineIndex
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.questions.alike_rows import LEAST
from uploads.tabular.questions.text_questions import without_border_missed
from uploads.tabular.table import Dialect, Limits, LineAccount, ReadOptions, RowCounts
from uploads.tabular.text.careful_parser import parse_records
from uploads.tabular.text.chunk_builder import ChunkBuilder
from uploads.tabular.text.line_range import LineRange
from uploads.tabular.text.lines.drawn_lines import DrawnLines, drawn_lines
from uploads.tabular.text.lines.rewritten_stream import RewrittenStream, TextStream
from uploads.tabular.text.lines.uneven_rows import fitting
from uploads.tabular.text.notes.pass_notes import found_on_the_way
from uploads.tabular.text.notes.row_questions import questions_on_rows
from uploads.tabular.text.row_reader import RowReader
from uploads.tabular.text.tables.narrower_tables import OtherTable, TableSeeker
from uploads.tabular.text.tables.table_borders import BorderSeeker
from uploads.tabular.text.text_body import Body

CHUNK_CELLS = 1_000_000
"""Wide rows come in smaller chunks: they bound memory, and the stages of a load overlap by whole chunks."""


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
        body: Body,
        options: ReadOptions,
        limits: Limits,
        parted: bool = False,
        said: SaidRows | None = None,
        planned: tuple[OtherTable, ...] = (),
    ) -> None:
        self._byte_source = byte_source
        self._dialect = dialect
        self._grammar = grammar
        self._encoding = encoding
        self._layout = layout
        self._body = body
        self._options = options
        self._limits = limits
        self._parted = parted
        self._said = said or SaidRows()
        self._gone = self._on_pages = np.array([], dtype=np.int64)
        self._planned = planned
        """Tables below this one whose lines are known; they are not read with it."""
        self._footer = 0
        self._totals_above = 0
        self._knows_top = False
        self._total_on_top: int | None = None
        """The line of a total above more rows than are held at once."""
        self._breaks = 0
        self._repeats = 0
        self._drawn: DrawnLines | None = None
        self._others: tuple[OtherTable, ...] = ()
        self._found: tuple[Note, ...] = ()

    @property
    def place(self) -> TablePlace:
        return self._byte_source.place

    @property
    def source(self) -> str | None:
        return self.place.source

    @property
    def dialect(self) -> Dialect:
        """As detected; after a full pass its notes also tell what was met on the way."""
        line_end = self._dialect.line_end
        ends = self._body.ends
        if ends.kind != "mixed" or (line_end != "mixed" and ends.besides(line_end or "") <= self._all_breaks):
            return replace(self._dialect, notes=(*self._dialect.notes, *self._found)) if self._found else self._dialect
        counts = {"pairs": ends.pairs, "feeds": ends.feeds, "returns": ends.returns}
        notes = (*self._dialect.notes, Note.of(NoteKind.LINE_ENDS, **counts), *self._found)
        return replace(self._dialect, line_end="mixed", notes=notes)

    @property
    def forms(self) -> tuple[LineForm, ...]:
        """What is taken off the lines before they are parsed."""
        return self._body.forms

    @property
    def line_index(self) -> LineIndex | None:
        """Where the lines of the whole source stand; told with its first table."""
        return self._body.index

    @property
    def labels(self) -> tuple[str, ...]:
        return self._layout.labels

    @property
    def encoding(self) -> Encoding:
        """The encoding that the text was read in."""
        return self._encoding

    @property
    def preamble(self) -> int:
        return self._layout.preamble

    @property
    def footer(self) -> int:
        return self._footer

    @property
    def account(self) -> LineAccount:
        layout = self._layout
        header = 0 if layout.header is None else layout.first - layout.header
        above = len(self._said.above)
        gone, on_pages = self._from_here(self._gone), self._from_here(self._on_pages)
        elsewhere = len(self._gone) + len(self._on_pages) - len(gone) - len(on_pages)
        return LineAccount(
            lines=self._body.lines + self._body.ended - sum(other.lines for other in self.others),
            preamble=layout.preamble + self._totals_above,
            header=header + self._repeats + len(on_pages),
            blank_above=layout.first - layout.preamble - header - above,
            footer=self._footer,
            line_breaks=self._all_breaks - sum(other.line_breaks for other in self._found_others) + elsewhere,
            left_out=above + len(gone),
        )

    @property
    def _all_breaks(self) -> int:
        """Line breaks inside cells, as far as the text has been read."""
        return self._body.line - self._body.first_line - self._body.records + self._breaks

    @property
    def others(self) -> tuple[OtherTable, ...]:
        """Tables in the same text that are to be loaded by themselves; known once ``chunks`` has been read."""
        return (*self._found_others, *self._planned) if self._options.other_tables else ()

    @property
    def _found_others(self) -> tuple[OtherTable, ...]:
        return self._others if self._options.other_tables else ()

    def lines_of(self, other: OtherTable) -> ByteSource:
        """The lines of another table, as UTF-8."""

        def open_lines() -> Readable:
            raw = self._byte_source.open()
            shift = self._body.first_line - 1
            stream = Utf8Stream(raw, self._encoding)
            return LineRange(raw, stream, first=other.first_line - shift, last=other.last_line - shift)

        place = TablePlace(lines=(other.first_line, other.last_line))
        return ByteSource(name=f"{self._byte_source.name}, {place.within}", open=open_lines, place=place)

    def chunks(self) -> Iterator[TextChunk]:
        """Read the rows below the header; every pass opens the text anew.

        Raises ``NoDataRows`` at the end if nothing but blank lines stood there.
        """
        chunks = self._pass()
        if not self._knows_top:
            self._knows_top = True
            first = next(chunks, None)
            if first is not None and may_be_total(first) and not self._options.one_table:
                self._total_on_top = total_on_top(first, chunks)
                chunks.close()
                chunks = self._pass()
            elif first is not None:
                yield first
        yield from chunks

    def _pass(self) -> Generator[TextChunk]:
        raw = self._byte_source.open()
        try:
            stream = self._own_lines(raw)
            builder = ChunkBuilder(
                labels=self._layout.labels,
                width=self._layout.width,
                chunk_rows=min(self._options.chunk_rows, max(1, CHUNK_CELLS // self._layout.width)),
                headed=self._layout.header is not None,
                delimiter=self._dialect.delimiter or "\t",
                seeker=self._seeker(),
                borders=self._borders(),
                one_table=self._options.one_table,
                left_out=(left_out := self._rows_to_leave_out()),
                total_on_top=self._total_on_top,
            )
            fits = fitting(self._options.uneven_rows)
            reader = RowReader(
                stream,
                builder,
                grammar=self._grammar,
                utf8=self._encoding.is_utf8,
                sound=self._body.sound,
                first_line=self._body.line,
                limits=self._limits,
                fits=fits,
            )
            counts = RowCounts()
            for chunk in reader.chunks():
                counts = counted(counts, chunk)
                yield chunk
        finally:
            raw.close()
        self._breaks = reader.met.breaks
        self._gone, self._on_pages = (one.numbers() for one in left_out)
        self._account_for(builder)
        below = [(line, list(map(printable, self._cells_of(raw)))) for line, raw in builder.notes_below]
        on_rows = (*self._other_notes(), *self._questions(builder, below), *self._note_on_left_out())
        on_blank = self._note_on_blank_lines(builder, counts)
        self._found = (*on_blank, *found_on_the_way(reader, builder, fits, self._layout, below=below), *on_rows)
        self._check_lines(reader.next_line - self._body.first_line, counts)

    def _account_for(self, builder: ChunkBuilder) -> None:
        """Keep what a pass has found around and between the rows."""
        if not builder.records:
            raise no_data_rows(self._byte_source.name, above=self.preamble)
        self._others = tuple(builder.others)
        if self._others:  # the tables that were in doubt are told apart after all
            self._dialect = replace(self._dialect, notes=without_border_missed(self._dialect.notes))
        self._totals_above = len(builder.totals_above)
        self._footer = builder.footer + self._body.ended
        if not self._options.other_tables:
            self._footer += sum(other.records for other in (*self._others, *self._planned))
        self._repeats = builder.repeats

    def _lines(self, raw: Readable) -> Utf8Stream | RewrittenStream:
        """The text as the parsers are to see it."""
        stream = Utf8Stream(raw, self._encoding)
        if not self._body.forms:
            return stream
        self._drawn = drawn_lines(self._body.forms, self._body.first_line)
        return RewrittenStream(stream, self._body.forms, drawn=self._drawn)

    def _own_lines(self, raw: Readable) -> TextStream:
        """The lines below the header, without those of tables that are known to stand further down."""
        stream = self._lines(raw)
        stream.skip(self._body.offset)
        if not self._planned:
            return stream
        return LineRange(raw, stream, first=1, last=self._planned[0].first_line - self._body.line)

    def _seeker(self) -> TableSeeker | None:
        """Where somebody said that there is one table, or which row is its header, no other is looked for."""
        said = self._options
        if said.is_laid_out or said.uneven_rows or self._grammar.single_column:
            return None
        return TableSeeker(grammar=self._grammar, labels=self.labels)

    def _borders(self) -> BorderSeeker | None:
        said = self._options
        if self._parted or said.is_laid_out or said.uneven_rows or len(self.labels) < 2:
            return None
        return BorderSeeker(self.labels)

    def _rows_to_leave_out(self) -> tuple[LeftOut, LeftOut]:
        """Those that a person said, and those that stand once more on each page."""
        return LeftOut(self._said.below, cells_of=self._cells_of), LeftOut(self._said.pages, cells_of=self._cells_of)

    def _cells_of(self, raw: str) -> Sequence[str]:
        record = next(parse_records(raw, self._grammar, width=None, final=True), None)
        return record.cells if record else ()

    def _from_here(self, gone: np.ndarray) -> np.ndarray:
        """Lines that are left out; those among the lines of another table are told of there."""
        elsewhere = np.zeros(len(gone), dtype=bool)
        for other in self.others:
            elsewhere |= (gone >= other.first_line) & (gone <= other.last_line)
        return gone[~elsewhere]

    def _note_on_blank_lines(self, builder: ChunkBuilder, counts: RowCounts) -> list[Note]:
        others = [(other.first_line, other.last_line) for other in (*self._others, *self._planned)]
        spans = [*self._body.blank_above, *builder.blank_lines.outside(others)]
        drawn = self._drawn.among(spans) if self._drawn else ()
        spaced = [*self._body.spaced_above, *builder.spaced_lines.outside([*others, *drawn])]
        count = self.account.blank_above + counts.blank
        return blank_note("line", spans, count, told=self._dialect.notes, drawn=drawn, spaced=spaced)

    def _note_on_left_out(self) -> list[Note]:
        gone = [*self._said.above, *self._from_here(self._gone).tolist()]
        on_pages = note_on_left_out("line", self._from_here(self._on_pages).tolist(), kind=NoteKind.PAGE_LINES)
        return [*note_on_left_out("line", gone), *on_pages]

    def _other_notes(self) -> Iterator[Note]:
        kind = NoteKind.OTHER_LINES if self._options.other_tables else NoteKind.OTHER_LINES_LEFT_OUT
        for other in (*self._others, *self._planned):
            yield Note.of(kind, first=other.first_line, last=other.last_line, lines=other.lines)

    def _questions(self, builder: ChunkBuilder, below: Sequence[tuple[int, Sequence[str]]]) -> Iterable[Note]:
        """Nothing where a person said which rows are the table's."""
        if self._options.is_laid_out:
            return ()
        body, layout = self._body, self._layout
        is_counted = body.first_line == 1 and not self._all_breaks
        above = body.first_line if layout.header is None and layout.preamble >= LEAST else body.line
        lines = (above, body.first_line + body.lines - 1)
        return questions_on_rows(builder, below, lines, is_counted=is_counted, options=self._options)

    def _check_lines(self, read: int, counts: RowCounts) -> None:
        """Every line of the text was read and is told of, by a count that knows nothing of records."""
        read += sum(other.lines for other in self._planned)
        if read != self._body.lines:
            raise DamagedFile(
                f"{self._byte_source.name} changed while it was read: "
                f"{read:,} lines were read of {self._body.lines:,} counted before.",
                hint="Upload the file again.",
            )
        self.account.check(counts, name=self._byte_source.name)
