"""Some lines of a text as a text of their own."""

import numpy as np

from uploads.tabular.files.streams import Readable
from uploads.tabular.text.fast_parser import line_ends
from uploads.tabular.text.lines.rewritten_stream import TextStream


class LineRange:
    """The lines ``first`` to ``last`` (from 1, both included) of a stream, as UTF-8."""

    def __init__(self, raw: Readable, stream: TextStream, *, first: int, last: int) -> None:
        self._raw = raw
        self._stream = stream
        self._first = first
        self._last = last
        self._line = 1
        """Number of the line in which the next byte stands."""

    def read(self, size: int, /) -> bytes:
        while self._line <= self._last:
            data = self._block(size)
            if not data:
                return b""
            ends = line_ends(np.frombuffer(data, dtype=np.uint8), data)
            begin, end = self._offset(ends, self._first, data), self._offset(ends, self._last + 1, data)
            self._line += len(ends)
            if begin < end:
                return data[begin:end]
        return b""

    def close(self) -> None:
        self._raw.close()

    def _block(self, size: int) -> bytes:
        """Some bytes, never with the two halves of a CR LF apart."""
        data = self._stream.read(size)
        while data.endswith(b"\r") and (more := self._stream.read(size)):
            data += more
        return data

    def _offset(self, ends: np.ndarray, line: int, data: bytes) -> int:
        """Where a line begins in a block, or the border of the block that it stands beyond."""
        before = line - self._line
        if before <= 0:
            return 0
        return int(ends[before - 1]) + 1 if before <= len(ends) else len(data)
