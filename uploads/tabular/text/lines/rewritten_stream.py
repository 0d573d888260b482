"""A text whose lines are rewritten as they are read, so that the parsers see cells and no layer around them."""

import re
from collections.abc import Sequence
from typing import Protocol

from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.text.lines.drawn_lines import DrawnLines

_LONGEST_LINE = 64 * 2**20
"""Bytes of a line that are held to be rewritten; a longer one passes in pieces."""
MARK_INSIDE = LineForm(
    note=Note.of(NoteKind.MARKS_INSIDE),
    steps=((re.compile(rb"(?<![^\r\n\"';,|\t])(?:\xef\xbb\xbf|\xc3\xaf\xc2\xbb\xc2\xbf)+"), b""),),
)
"""A byte order mark before a line, as ``copy a.csv+b.csv`` leaves it, or before a cell, as values that were copied from
such a file have it; also as a text in a legacy encoding shows it."""
MARK_IN_LETTERS = "\u00ef\u00bb\u00bf"
"""The same as letters at the beginning of a text: its mark was read as Windows-1252 and written as UTF-8."""


class TextStream(Protocol):
    """UTF-8, some bytes at a time."""

    def read(self, size: int) -> bytes: ...


class RewrittenStream:
    """Whole lines of a stream in their usual form."""

    def __init__(self, stream: TextStream, forms: Sequence[LineForm], *, drawn: DrawnLines | None = None) -> None:
        """``drawn`` takes the lines as they were."""
        self._stream = stream
        self._drawn = drawn
        self._rewriters = [form.start() for form in forms]
        self._held = b""
        self._ended = False
        self._drop = 0

    def skip(self, count: int) -> None:
        """Leave out the first ``count`` bytes of the lines as rewritten."""
        self._drop = count

    def read(self, size: int) -> bytes:
        """Some whole lines; none at the end."""
        while not self._ended:
            lines = self._lines(size)
            if self._drawn is not None:
                self._drawn.take(lines)
            data = self._rewritten(lines)
            cut = min(self._drop, len(data))
            data, self._drop = data[cut:], self._drop - cut
            if data:
                return data
        return b""

    def _lines(self, size: int) -> bytes:
        """The next lines. A CR at the very end is no line end yet: its LF may follow."""
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            held = self._held + data
            end = max(held.rfind(b"\n"), held.rfind(b"\r", 0, len(held) - 1)) + 1 if data else len(held)
            if not end and len(held) > _LONGEST_LINE:
                end = len(held)
            self._held = held[end:]
            if end:
                return held[:end]
        return b""

    def _rewritten(self, lines: bytes) -> bytes:
        for rewriter in self._rewriters:
            lines = rewriter(lines, final=self._ended)
        return lines
