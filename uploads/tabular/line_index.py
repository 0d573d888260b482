"""Where the lines of a text stand among its bytes: a mark every few megabytes, so that any line is found at once."""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_MARKS = 8_192
"""Blocks of 2 MiB: up to 16 GiB each has its mark, beyond that every other one goes. 128 KiB as kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineIndex:
    """``lines[i]``: the line, from 1, in which the byte at ``offsets[i]`` stands; both begin with the first byte.

    Between two marks lies what one look counts through. ``size``: bytes that were looked at from the start; behind
    them nothing is known.
    """

    offsets: Sequence[int] = (0,)
    lines: Sequence[int] = (1,)
    size: int = 0

    def before(self, line: int) -> tuple[int, int]:
        """The last mark above the begin of ``line`` (offset, line); of line 1 the first byte, where it begins."""
        at = max(bisect_left(self.lines, line) - 1, 0)
        return self.offsets[at], self.lines[at]

    def last_within(self, line: int, *, behind: int) -> int:
        """The furthest byte known to stand in ``line``, which has begun at or before ``behind``; at least that."""
        at = bisect_right(self.lines, line) - 1
        return max(self.offsets[at], behind) if self.lines[at] == line else behind

    def to_bytes(self) -> bytes:
        """The size, then offsets and lines by turns, eight bytes each with the lowest first."""
        numbers = array(
            "Q", [self.size, *(number for mark in zip(self.offsets, self.lines, strict=True) for number in mark)]
        )
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LineIndex":
        """The inverse of ``to_bytes``."""
        numbers = array("Q", data)
        if sys.byteorder == "big":
            numbers.byteswap()
        return cls(size=numbers[0], offsets=numbers[1::2], lines=numbers[2::2])


class LineMarks:
    """Gathers the marks of a text in whatever pass counts its line ends; a mark costs two numbers."""

    def __init__(self, known: LineIndex | None = None, *, most: int = _MOST_MARKS) -> None:
        known = known or LineIndex()
        self._offsets = list(known.offsets)
        self._lines = list(known.lines)
        self._most = most
        self._stride = 1
        self._passed = 0

    def pass_by(self, offset: int, ends: int) -> None:
        """The byte at ``offset``, which parts no CR LF, stands behind ``ends`` line ends."""
        if offset <= self._offsets[-1]:
            return
        self._passed += 1
        if self._passed % self._stride:
            return
        self._offsets.append(offset)
        self._lines.append(ends + 1)
        if len(self._offsets) > self._most:
            self._offsets, self._lines = self._offsets[::2], self._lines[::2]
            self._stride *= 2

    def index(self, size: int) -> LineIndex:
        """All that is known, where ``size`` bytes have passed by."""
        return LineIndex(offsets=tuple(self._offsets), lines=tuple(self._lines), size=size)
