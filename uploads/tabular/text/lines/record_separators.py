"""Texts whose records end with the record separator of ASCII (0x1E), their cells with its unit separator (0x1F), and
that have no line end."""

from dataclasses import dataclass, replace

from uploads.tabular.encoding.text_facts import TextFacts
from uploads.tabular.files.streams import ByteSource, Readable

_UNIT, _RECORD = b"\x1f", b"\x1e"
_AS_LINE_END = bytes.maketrans(_RECORD, b"\n")


@dataclass(frozen=True, slots=True)
class _LinedStream:
    """A stream in which each record separator is a line end: a byte stays a byte."""

    stream: Readable

    def read(self, size: int, /) -> bytes:
        return self.stream.read(size).translate(_AS_LINE_END)

    def close(self) -> None:
        self.stream.close()


def with_line_ends(source: ByteSource, facts: TextFacts) -> ByteSource | None:
    """The text with its records in lines; ``None``: they are already.

    Not for a text in UTF-16 or UTF-32.
    """
    if facts.feeds or facts.returns or facts.pairs or _RECORD not in facts.head or _UNIT not in facts.head:
        return None
    return replace(source, open=lambda: _LinedStream(source.open()))
