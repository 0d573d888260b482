"""Rows that are read one by one, and what is wrong with those that cannot be loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.encoding.transcoding import encodable, printable
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import Reject
from uploads.tabular.text.careful_parser import Record, UnfinishedError, parse_records
from uploads.tabular.text.chunk_builder import ChunkBuilder
from uploads.tabular.text.lines.uneven_rows import Fitting, fitted_row

_LISTED_LINES = 10


@dataclass(kw_only=True, slots=True)
class CarefulRows:
    """What has been read and waits to be handed on, in the order of the text."""

    lines: list[int] = field(default_factory=list)
    cells: list[tuple[str, ...]] = field(default_factory=list)
    """Of each row; as many as the table has."""
    faults: list[tuple[int, Reject | None]] = field(default_factory=list)
    """Line and reject of each record that is no row; ``None`` for a blank one."""

    def arrays(self) -> tuple[np.ndarray, list[pa.Array]]:
        """Line numbers and columns; no columns where there is no row."""
        columns = [pa.array(column, type=pa.string()) for column in zip(*self.cells, strict=True)]
        return np.array(self.lines, dtype=np.int64), columns


@dataclass(kw_only=True, slots=True)
class Oddities:
    """What was met in a text that is read all the same."""

    stray_lines: list[int] = field(default_factory=list)
    """The first lines with a quote where none belongs, read as written."""
    stray_count: int = 0
    breaks: int = 0
    """Line breaks inside cells."""
    broken: int = 0
    """Records that hold them."""
    fitted: int = 0
    """Rows of another length that were made to fit."""

    def note(self, record: Record, line: int) -> None:
        if record.stray:
            self.stray_count += 1
            if len(self.stray_lines) < _LISTED_LINES:
                self.stray_lines.append(line)
        self.breaks += record.lines - 1
        self.broken += record.lines > 1


class CarefulReader:
    """Reads records from pieces of a text, each of which begins with a record."""

    def __init__(self, *, grammar: CsvDialect, builder: ChunkBuilder, line: int, fits: Fitting | None = None) -> None:
        self._grammar = grammar
        self._fits = fits
        """How rows of another length are made to fit, if they are."""
        self._builder = builder
        self.line = line
        """Number of the line that comes next."""
        self.rows = CarefulRows()
        self.met = Oddities()

    def take(self) -> CarefulRows:
        """What was read since this was last asked."""
        rows, self.rows = self.rows, CarefulRows()
        return rows

    def read(self, text: str, *, final: bool, enough: int) -> int:
        """Read records until ``enough`` characters are taken; return how many."""
        taken = 0
        try:
            for record in parse_records(text, self._grammar, width=self._builder.width, final=final):
                self._add(record, text)
                taken = record.end
                if taken >= enough:
                    break
        except UnfinishedError:
            pass  # more text follows and is read with the next data
        return taken

    def _add(self, record: Record, text: str) -> None:
        reject = self._reject_for(record, text)
        if reject is not None:
            self.rows.faults.append((self.line, reject))
        elif len(record.cells) == self._builder.width:
            self.rows.lines.append(self.line)
            self.rows.cells.append(record.cells)
        elif not any(cell.strip() for cell in record.cells):
            self.rows.faults.append((self.line, None))
            self._builder.note_blank(self.line, record.cells)
        elif not self.fit(self.line, record.cells):
            reject = self._builder.wrong_width(self.line, len(record.cells), _raw(text, record))
            self.rows.faults.append((self.line, reject))
        self.met.note(record, self.line)
        self.line += record.lines

    def fit(self, line: int, cells: Sequence[str]) -> bool:
        """Take a row of another length, if that is asked of it."""
        fitted = self._fits and fitted_row(cells, self._builder.width, self._grammar.delimiter, how=self._fits)
        if not fitted:
            return False
        self.met.fitted += 1
        self.rows.lines.append(line)
        self.rows.cells.append(fitted)
        return True

    def _reject_for(self, record: Record, text: str) -> Reject | None:
        """A reject for what makes the record unreadable whatever its width."""
        row_text = text[record.start : record.end]
        if record.fault:
            return Reject(row=self.line, reason=Reason(RejectCode(record.fault)), raw=_raw(text, record))
        if "\x00" in row_text:
            return self._builder.bad_cell(
                self.line, record.cells, "\x00", code=RejectCode.NUL_BYTE, raw=_raw(text, record)
            )
        if not encodable(row_text):
            return self._builder.bad_cell(
                self.line, record.cells, None, code=RejectCode.UNDECODABLE, raw=_raw(text, record)
            )
        return None


def text_end(data: bytes, end: int) -> int:
    """A place at or behind ``end`` where the data can be cut: behind a line feed or a CR that has no LF."""
    if end >= len(data):
        return len(data)
    feed, back = data.find(b"\n", end), data.find(b"\r", end, len(data) - 1)
    if back >= 0 and (feed < 0 or back < feed):
        return back + 2 if data[back + 1 : back + 2] == b"\n" else back + 1
    return feed + 1 if feed >= 0 else len(data)


def _raw(text: str, record: Record) -> str:
    return printable(text[record.start : record.end].rstrip("\r\n"))
