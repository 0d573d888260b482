"""Counts the lines of a text in UTF-16 or UTF-32, whose bytes don't show line ends to a count of bytes."""

from dataclasses import dataclass

import numpy as np

from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.files.streams import Readable
from uploads.tabular.line_index import LineIndex, LineMarks

_READ_BYTES = 2 * 2**20
_LF, _CR, _MARK = 10, 13, 0xFEFF


@dataclass(frozen=True, kw_only=True, slots=True)
class LineEnds:
    """How the lines of a text end; those inside of quotes too."""

    pairs: int
    feeds: int
    returns: int
    """CR LF, LF alone, CR alone."""

    @property
    def kind(self) -> str:
        """``LF``, ``CRLF``, ``CR`` or ``mixed``; empty for a text of one line."""
        kinds = [name for name, count in self.by_name.items() if count]
        return "mixed" if len(kinds) > 1 else "".join(kinds)

    @property
    def by_name(self) -> dict[str, int]:
        return {"LF": self.feeds, "CRLF": self.pairs, "CR": self.returns}

    def besides(self, kind: str) -> int:
        """How many are of another kind."""
        return sum(self.by_name.values()) - self.by_name[kind]


@dataclass(frozen=True, kw_only=True, slots=True)
class LineCount:
    """What one look at all of a text tells of its lines."""

    lines: int
    """Line ends (LF, CR LF or CR), and one for a last line without."""
    ends: LineEnds
    marks: int
    """Byte order marks, but for the first."""
    index: LineIndex
    """Where the lines stand."""


def count_wide_lines(stream: Readable, encoding: Encoding) -> LineCount:
    """Count line ends by units of two or four bytes; knows nothing of decoding or records."""
    size = 4 if "32" in encoding.codec else 2
    unit = np.dtype(f"{'>' if encoding.codec.endswith('be') else '<'}u{size}")
    feeds_seen = returns_seen = pairs_seen = marks = 0
    places = LineMarks()
    passed = 0
    last = _LF
    held = b""
    skip = encoding.bom
    while data := stream.read(_READ_BYTES):
        cut = min(skip, len(data))
        skip -= cut
        passed += cut
        data = held + data[cut:]
        whole = len(data) // size * size
        data, held = data[:whole], data[whole:]
        units = np.frombuffer(data, dtype=unit)
        if len(units):
            feeds, returns = units == _LF, units == _CR
            is_parted = last == _CR and bool(feeds[0])
            if not is_parted:
                places.pass_by(passed, feeds_seen + returns_seen - pairs_seen)
            passed += whole
            pairs_seen += int(np.count_nonzero(returns[:-1] & feeds[1:])) + is_parted
            feeds_seen += int(np.count_nonzero(feeds))
            returns_seen += int(np.count_nonzero(returns))
            marks += int(np.count_nonzero(units == _MARK))
            last = int(units[-1])
    ends = LineEnds(pairs=pairs_seen, feeds=feeds_seen - pairs_seen, returns=returns_seen - pairs_seen)
    lines = sum(ends.by_name.values()) + (last not in (_LF, _CR) or bool(held))
    return LineCount(lines=lines, ends=ends, marks=marks, index=places.index(passed + len(held)))
