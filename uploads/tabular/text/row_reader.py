"""Drives a text through the fast path block by block, and through the careful parser where that declines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.errors import LimitExceeded
from uploads.tabular.table import Limits, Reject
from uploads.tabular.text.careful_parser import parse_records
from uploads.tabular.text.careful_rows import CarefulReader, Oddities, text_end
from uploads.tabular.text.chunk_builder import ChunkBuilder
from uploads.tabular.text.fast_parser import ParsedBlock, parse_block, record_end
from uploads.tabular.text.lines.rewritten_stream import TextStream
from uploads.tabular.text.lines.uneven_rows import Fitting
from uploads.tabular.text.regular_runs import Stretch, StretchFinder, file_lines

_CR, _LF = b"\r\n"
_BLOCK_BYTES = 2 * 2**20
_LEAST, _MOST = 256, 32 * 2**10
"""Bytes that go through the careful parser before the fast path is tried again."""
_DENSE = 2048
"""Bytes between two troubles that the careful parser reads sooner than the fast path starts up (1 ms)."""
_NEAR = 256
"""Bytes between two troubles that the careful parser reads sooner than the next trouble is found (0.05 ms)."""
_WINDOW = 64 * 2**10
"""Bytes that the fast path is tried on after trouble; doubled as long as it goes well."""


class RowReader:
    """One pass over the rows of a text."""

    def __init__(
        self,
        stream: TextStream,
        builder: ChunkBuilder,
        *,
        grammar: CsvDialect,
        utf8: bool,
        sound: bool = False,
        first_line: int,
        limits: Limits,
        fits: Fitting | None = None,
    ) -> None:
        self._stream = stream
        self._builder = builder
        self._grammar = grammar
        self._sound = sound
        self._errors = "surrogateescape" if utf8 else "surrogatepass"
        self._limits = limits
        self._batch = _LEAST
        self._careful = CarefulReader(grammar=grammar, builder=builder, line=first_line, fits=fits)
        self._fits = fits

    @property
    def met(self) -> Oddities:
        """What was met on the way."""
        return self._careful.met

    @property
    def next_line(self) -> int:
        """Number of the line that would come next: all lines before it have been read."""
        return self._careful.line

    def chunks(self) -> Iterator[TextChunk]:
        pending = b""
        final = False
        while not final:
            data = self._stream.read(max(_BLOCK_BYTES, len(pending)))
            final = not data
            pending += data
            if pending:
                pending = pending[self._consume(pending, final=final) :]
            yield from self._builder.full_chunks()
        yield from self._builder.last_chunks(self.next_line)

    def _consume(self, data: bytes, *, final: bool) -> int:
        """Read the whole records in ``data``; return how many bytes they took."""
        if self._grammar.spaced or self._grammar.escape:
            return self._consume_in_turns(data, final=final)
        end = record_end(data, self._grammar, final=final)
        block = self._parsed(data[:end] if end < len(data) else data) if end else 0
        if isinstance(block, int):
            return self._consume_apart(data, final=final)
        self._add(block, [Stretch(begin=0, end=end, line=self.next_line, lines=block.line_count)])
        self._careful.line += block.line_count
        return end

    def _consume_apart(self, data: bytes, *, final: bool) -> int:
        """Read irregular records one by one, and then all that stands between them at once."""
        finder = StretchFinder(data, self._grammar, sound=self._sound, final=final)
        stretches: list[Stretch] = []
        at, last = 0, -_NEAR
        while at < len(data):
            trouble = finder.trouble(at)
            begin = finder.end(at) if trouble is None else trouble.start
            if begin > at:
                stretches.append(Stretch(begin=at, end=begin, line=self.next_line, lines=finder.lines(at, begin)))
                self._careful.line += stretches[-1].lines
                near, at = begin - last < _NEAR, begin
            else:
                near = True
            if trouble is None or (trouble.is_open and not self._is_last(data, at, final=final)):
                break
            self._batch = min(max(2 * self._batch, _LEAST), _MOST) if near else 1
            read = self._read_carefully(data, at, final=final)
            if not read:
                break
            at = last = at + read
        self._add(self._parsed_together(data, stretches), stretches)
        return at

    def _parsed_together(self, data: bytes, stretches: Sequence[Stretch]) -> ParsedBlock | None:
        """All stretches as one block; where Arrow sees other records in it, they are read one by one."""
        text = b"".join(data[stretch.begin : stretch.end] for stretch in stretches)
        if not text:
            return None
        # A CR and an LF that are two line ends would become one.
        meet = any(data[one.end - 1] == _CR and data[other.begin] == _LF for one, other in pairwise(stretches))
        block = 0 if meet else self._parsed(text)
        if isinstance(block, ParsedBlock):
            return block
        next_line = self.next_line
        for stretch in stretches:
            self._careful.line = stretch.line
            piece = data[stretch.begin : stretch.end].decode("utf-8", self._errors)
            self._careful.read(piece, final=True, enough=len(piece))
        self._careful.line = next_line
        return None

    def _consume_in_turns(self, data: bytes, *, final: bool) -> int:
        """The same by turns of the fast path and the careful parser, for dialects whose quotes depend on more."""
        at, last = 0, -_DENSE
        window = len(data)
        while at < len(data):
            piece = data[at : at + window] if at or window < len(data) else data
            end = record_end(piece, self._grammar, final=final and at + window >= len(data))
            taken = self._fast(piece[:end] if end < len(piece) else piece) if end else 0
            at += taken
            if end and taken == end:
                window *= 2
                continue
            # Dense trouble is read in larger batches: trying the fast path for each record would cost more.
            self._batch = min(self._batch * 2, _MOST) if at - last < _DENSE else _LEAST
            read = self._read_carefully(data, at, final=final)
            if not read:
                break
            self._add(None, [])
            at += read
            last = at
            window = _WINDOW
        return at

    def _fast(self, piece: bytes) -> int:
        """Read regular records; return how many bytes were read, up to the first record that is not regular."""
        block = self._parsed(piece)
        if isinstance(block, int):
            return self._fast(piece[:block]) if 0 < block < len(piece) else 0
        self._add(block, [Stretch(begin=0, end=len(piece), line=self.next_line, lines=block.line_count)])
        self._careful.line += block.line_count
        return len(piece)

    def _parsed(self, piece: bytes) -> ParsedBlock | int:
        block = parse_block(piece, self._grammar, width=self._builder.width, sound=self._sound)
        if isinstance(block, ParsedBlock) and len(piece) > self._limits.cell_bytes:
            self._check_cells(block.columns)
        return block

    def _add(self, block: ParsedBlock | None, stretches: Sequence[Stretch]) -> None:
        """Hand on a block, whose records are those of the stretches, and what was read one by one, in order."""
        others = self._others(block, stretches) if block is not None else []
        careful = self._careful.take()
        lines, columns = careful.arrays()
        self._check_cells(columns)
        faults, verbatim = careful.faults, None
        if block is not None:
            self.met.breaks += block.breaks
            self.met.broken += block.broken
            verbatim = block.verbatim
            faults = sorted((*faults, *others), key=lambda fault: fault[0]) if faults else others
            regular = file_lines(block.lines, stretches)
            if len(lines):
                verbatim = None
                order = pa.array(np.argsort(both := np.concatenate((regular, lines)), kind="stable"))
                lines = np.sort(both)
                pairs = zip(block.columns, columns, strict=True)
                columns = [pa.concat_arrays(pair).take(order) for pair in pairs]
            else:
                lines, columns = regular, block.columns
        elif stretches:  # read one by one, after the irregular records that stand among them
            order = pa.array(np.argsort(lines, kind="stable"))
            lines, columns = np.sort(lines), [column.take(order) for column in columns]
            faults = sorted(faults, key=lambda fault: fault[0])
        if len(lines) or faults:
            self._builder.add_columns(lines, columns or self._no_columns(), others=faults, verbatim=verbatim)

    def _no_columns(self) -> list[pa.Array]:
        return [pa.array([], type=pa.string())] * self._builder.width

    def _others(self, block: ParsedBlock, stretches: Sequence[Stretch]) -> list[tuple[int, Reject | None]]:
        """Records of a wrong width: line and reject, ``None`` for a blank one; what is fitted is read with the others
        that are read one by one."""
        if not block.wrong:
            return []
        rows = file_lines(np.array([wrong.record for wrong in block.wrong]), stretches).tolist()
        faults: list[tuple[int, Reject | None]] = []
        for row, wrong in zip(rows, block.wrong, strict=True):
            if (cells := self._blank_cells(wrong.text)) is not None:
                faults.append((row, None))
                self._builder.note_blank(row, cells)
            elif not self._fits or not self._fit(row, wrong.text):
                faults.append((row, self._builder.wrong_width(row, wrong.cells, wrong.text)))
        return faults

    def _fit(self, row: int, text: str) -> bool:
        """Make a record of another length a row, if that is asked of it."""
        record = next(parse_records(text, self._grammar, width=None, final=True))
        return self._careful.fit(row, record.cells)

    def _blank_cells(self, text: str) -> list[str] | None:
        """The cells of a record that has none with anything but white space in it (``;;``)."""
        if text.strip(f"{self._grammar.delimiter}{self._grammar.quote or ''} \t\r\n"):
            return None
        cells = [cell for record in parse_records(text, self._grammar, width=None, final=True) for cell in record.cells]
        return None if any(map(str.strip, cells)) else cells

    def _is_last(self, data: bytes, at: int, *, final: bool) -> bool:
        """Whether no more data can close a quote: one that runs past the longest cell allowed was never closed."""
        return final or len(data) - at > self._limits.cell_bytes

    def _read_carefully(self, data: bytes, at: int, *, final: bool) -> int:
        """Read some records one by one; 0 if more data is needed to finish the first."""
        size = max(self._batch, _LEAST)
        while True:
            end = text_end(data, at + size)
            complete = end == len(data)
            text = data[at:end].decode("utf-8", self._errors)
            ends = complete and self._is_last(data, at, final=final)
            taken = self._careful.read(text, final=ends, enough=self._batch)
            if taken or complete:
                return len(text[:taken].encode("utf-8", self._errors))
            size *= 4

    def _check_cells(self, columns: list[pa.Array]) -> None:
        for column in columns:
            longest = pc.max(pc.binary_length(column)).as_py()
            if longest is not None and longest > self._limits.cell_bytes:
                raise LimitExceeded(
                    f"A cell near line {self.next_line:,} is longer than {self._limits.cell_bytes:,} bytes.",
                    hint="Check for a quote that is never closed.",
                )
