"""Texts whose records end with the record separator of ASCII (0x1E), their cells with its unit separator (0x1F), and
that have no line end but behind the last record: ``echo`` and editors put one there.

One inside a record is left alone, and with it the text: it may be a letter of a cell, or what parts the records.
"""

import re
from dataclasses import dataclass, replace

from uploads.tabular.encoding.text_facts import TextFacts
from uploads.tabular.files.streams import RECORDS_AS_LINES, ByteSource, Readable

_UNIT, _RECORD = b"\x1f", b"\x1e"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_END_BYTES = 4096


@dataclass(frozen=True, slots=True)
class _LinedStream:
    """A stream in which each record separator is a line end."""

    stream: Readable

    def read(self, size: int, /) -> bytes:
        return self.stream.read(size).translate(RECORDS_AS_LINES)

    def close(self) -> None:
        self.stream.close()


def with_line_ends(source: ByteSource, facts: TextFacts) -> ByteSource | None:
    """The text with its records in lines; ``None``: they are already.

    Not for a text in UTF-16 or UTF-32.
    """
    if _RECORD not in facts.head or _UNIT not in facts.head:
        return None
    if facts.feeds + facts.returns + facts.pairs > _ends_behind_records(facts):
        return None
    return replace(source, open=lambda: _LinedStream(source.open()))


def _ends_behind_records(facts: TextFacts) -> int:
    """How many line ends stand behind the last record separator, with nothing else there."""
    end = (facts.head[-_END_BYTES:] + facts.tail)[-_END_BYTES:]
    records = end.rstrip(b"\r\n")
    return len(_LINE_END.findall(end, len(records))) if records.endswith(_RECORD) else 0
