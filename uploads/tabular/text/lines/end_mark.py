"""What programs put behind the last row: Ctrl-Z, the end of a file in CP/M and DOS; ``\\.``, the end of data in what
PostgreSQL's COPY writes; NULs, with which a file is filled up that was never finished."""

import re
from dataclasses import dataclass, replace

from uploads.tabular.encoding.text_facts import TextFacts
from uploads.tabular.files.streams import ByteSource, Readable
from uploads.tabular.notes import Note, NoteKind

_MARK = re.compile(rb"(?:(?P<own>(?:\A|(?<=[\r\n]))(?:\x1a+|\\\.|\x00{2,})[\r\n]*)|(?:\x1a+|\x00{2,}))\Z")
_NAMES = {b"\x1a": "Ctrl-Z", b"\\": "\\.", b"\x00": "NUL characters"}


class _CutStream:
    """The first ``size`` bytes of a stream."""

    def __init__(self, stream: Readable, size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class EndMark:
    """A text before its end mark."""

    source: ByteSource
    lines: int
    """Lines that the mark takes by itself."""
    note: Note


def without_end_mark(source: ByteSource, facts: TextFacts) -> EndMark | None:
    """The text before its end mark; ``None``: there is none.

    Not for a text in UTF-16 or UTF-32.
    """
    end = facts.tail or facts.head
    found = _MARK.search(end[-4096:])
    if found is None:
        return None
    size = facts.size - len(found[0])
    if size <= 0 or (not found.start() and facts.size > len(found[0])):
        return None  # nothing else, or it goes on further up: it is a hole, not an end
    lines = _count_lines(found["own"]) if found["own"] is not None else 0
    name = _NAMES[found[0].lstrip()[:1]]
    cut = replace(source, open=lambda: _CutStream(source.open(), size))
    return EndMark(source=cut, lines=lines, note=Note.of(NoteKind.END_MARK, mark=name))


def _count_lines(mark: bytes) -> int:
    ends = mark.count(b"\n") + mark.count(b"\r") - mark.count(b"\r\n")
    return ends + (not mark.endswith((b"\r", b"\n")))
