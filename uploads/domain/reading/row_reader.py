"""Drives a text through the fast path block by block, and through the careful parser where that declines."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from uploads.domain.detection.csv_dialect import CsvDialect
from uploads.domain.errors import LimitExceeded
from uploads.domain.reading.accounting import ChunkBuilder
from uploads.domain.reading.blocks import WrongWidth, parse_block, record_end
from uploads.domain.reading.records import Record, UnfinishedError, parse_records
from uploads.domain.reading.transcoding import Utf8Stream, encodable, printable
from uploads.domain.table import Limits, Reject, TextChunk

_BLOCK_BYTES = 2 * 2**20
_LEAST, _MOST = 256, 32 * 2**10
"""Bytes that go through the careful parser before the fast path is tried again."""
_DENSE = 2048
"""Bytes between two troubles that the careful parser reads sooner than the fast path starts up (0.5 ms)."""
_WINDOW = 64 * 2**10
"""Bytes that the fast path is tried on after trouble; doubled as long as it goes well."""


class RowReader:
    """One pass over the rows of a text."""

    def __init__(
        self,
        stream: Utf8Stream,
        builder: ChunkBuilder,
        *,
        grammar: CsvDialect,
        utf8: bool,
        sound: bool = False,
        first_line: int,
        limits: Limits,
    ) -> None:
        self._stream = stream
        self._builder = builder
        self._grammar = grammar
        self._sound = sound
        self._errors = "surrogateescape" if utf8 else "surrogatepass"
        self._line = first_line
        self._limits = limits
        self._batch = _LEAST
        self.stray_lines: list[int] = []
        """The first lines with a quote where none belongs, read as written."""
        self.stray_count = 0
        self.breaks = 0
        """Line breaks inside cells."""
        self.broken = 0
        """Records that hold them."""

    @property
    def next_line(self) -> int:
        """Number of the line that would come next: all lines before it have been read."""
        return self._line

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
        yield from self._builder.last_chunks(self._line)

    def _consume(self, data: bytes, *, final: bool) -> int:
        """Read the whole records in ``data``; return how many bytes they took."""
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
            read = self._careful(data, at, final=final)
            if not read:
                break
            at += read
            last = at
            window = _WINDOW
        return at

    def _fast(self, piece: bytes) -> int:
        """Read regular records; return how many bytes were read, up to the first record that is not regular."""
        block = parse_block(piece, self._grammar, width=self._builder.width, sound=self._sound)
        if isinstance(block, int):
            return self._fast(piece[:block]) if 0 < block < len(piece) else 0
        if len(piece) > self._limits.cell_bytes:
            self._check_cells(block.columns)
        rows = block.lines.astype(np.int64) + self._line
        others = [self._other(wrong) for wrong in block.wrong]
        self._builder.add_columns(rows, block.columns, others=others, verbatim=block.verbatim)
        self._line += block.line_count
        self.breaks += block.breaks
        self.broken += block.broken
        return len(piece)

    def _other(self, wrong: WrongWidth) -> tuple[int, Reject | None]:
        row = wrong.record + self._line
        return row, None if self._is_blank(wrong.text) else self._builder.wrong_width(row, wrong.cells, wrong.text)

    def _is_blank(self, text: str) -> bool:
        """Whether a record has no cell with anything in it (``;;``)."""
        if text.strip(f"{self._grammar.delimiter}{self._grammar.quote or ''} \t\r\n"):
            return False
        records = parse_records(text, self._grammar, width=None, final=True)
        return not any(cell.strip() for record in records for cell in record.cells)

    def _careful(self, data: bytes, at: int, *, final: bool) -> int:
        """Read some records one by one; 0 if more data is needed to finish the first."""
        size = self._batch
        while True:
            end = _text_end(data, at, at + size)
            complete = end == len(data)
            text = data[at:end].decode("utf-8", self._errors)
            # A quote that runs past the longest cell allowed was never closed.
            ends = complete and (final or len(data) - at > self._limits.cell_bytes)
            taken = self._read_records(text, final=ends, enough=self._batch)
            if taken or complete:
                return len(text[:taken].encode("utf-8", self._errors))
            size *= 4

    def _read_records(self, text: str, *, final: bool, enough: int) -> int:
        """Read records until ``enough`` characters are taken; return how many."""
        rows: list[int] = []
        cells: list[tuple[str, ...]] = []
        taken = 0
        try:
            for record in parse_records(text, self._grammar, width=self._builder.width, final=final):
                reject = self._reject_for(record, text)
                if reject is None and len(record.cells) == self._builder.width:
                    rows.append(self._line)
                    cells.append(record.cells)
                else:
                    self._flush(rows, cells)
                    self._add_faulty(record, reject, text)
                if record.stray:
                    self.stray_count += 1
                    if len(self.stray_lines) < _LISTED_LINES:
                        self.stray_lines.append(self._line)
                self._line += record.lines
                self.breaks += record.lines - 1
                self.broken += record.lines > 1
                taken = record.end
                if taken >= enough:
                    break
        except UnfinishedError:
            pass  # more text follows and is read with the next data
        self._flush(rows, cells)
        return taken

    def _flush(self, rows: list[int], cells: list[tuple[str, ...]]) -> None:
        if rows:
            columns = [pa.array(column, type=pa.string()) for column in zip(*cells, strict=True)]
            self._check_cells(columns)
            self._builder.add_columns(np.array(rows, dtype=np.int64), columns)
            rows.clear()
            cells.clear()

    def _add_faulty(self, record: Record, reject: Reject | None, text: str) -> None:
        raw = _raw(text, record)
        if reject is not None:
            self._builder.add_reject(reject)
        elif not any(cell.strip() for cell in record.cells):
            self._builder.add_blank()
        else:
            self._builder.add_reject(self._builder.wrong_width(self._line, len(record.cells), raw))

    def _reject_for(self, record: Record, text: str) -> Reject | None:
        """A reject for what makes the record unreadable whatever its width."""
        row_text = text[record.start : record.end]
        if record.fault:
            return Reject(row=self._line, code=record.fault, reason=_FAULTS[record.fault], raw=_raw(text, record))
        if "\x00" in row_text:
            return self._builder.bad_cell(
                self._line,
                record.cells,
                "\x00",
                code="nul_byte",
                reason="the cell holds a NUL character",
                raw=_raw(text, record),
            )
        if not encodable(row_text):
            return self._builder.bad_cell(
                self._line,
                record.cells,
                None,
                code="undecodable",
                reason="the cell holds bytes that cannot be decoded",
                raw=_raw(text, record),
            )
        return None

    def _check_cells(self, columns: list[pa.Array]) -> None:
        for column in columns:
            longest = max((len(value.as_buffer()) for value in column if value.is_valid), default=0)
            if longest > self._limits.cell_bytes:
                raise LimitExceeded(
                    f"A cell near line {self._line:,} is longer than {self._limits.cell_bytes:,} bytes.",
                    hint="Check for a quote that is never closed.",
                )


_LISTED_LINES = 10
_FAULTS = {
    "unclosed_quote": "a quote opens a cell on this line and is never closed",
    "stray_quote": "a quote stands inside a cell, so it is not clear where the cell ends",
}


def _text_end(data: bytes, at: int, end: int) -> int:
    """A place at or behind ``end`` where the data can be cut: behind a line feed or a CR that has no LF."""
    if end >= len(data):
        return len(data)
    feed, back = data.find(b"\n", end), data.find(b"\r", end, len(data) - 1)
    if back >= 0 and (feed < 0 or back < feed):
        return back + 2 if data[back + 1 : back + 2] == b"\n" else back + 1
    return feed + 1 if feed >= 0 else len(data)


def _raw(text: str, record: Record) -> str:
    return printable(text[record.start : record.end].rstrip("\r\n"))
