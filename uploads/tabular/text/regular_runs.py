"""Finds the records of a block that the careful parser must look at, without parsing those between them."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.text.fast_parser import at_border, line_ends

_QUOTES = 64
"""Quotes that are looked at at once behind a fault; twice as many each time that they are sound."""
_ENDS = 64
"""Line ends that are looked at at once for the beginning of a record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A record that the fast path cannot vouch for."""

    start: int
    is_open: bool
    """A quote opens in it that nothing closes in this block: more data may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Regular records that stand together in a block."""

    begin: int
    end: int
    """Offsets in the block."""
    line: int
    """Number of its first line in the text."""
    lines: int


def file_lines(lines: np.ndarray, stretches: Sequence[Stretch]) -> np.ndarray:
    """Line numbers in the text, of lines that are counted from 0 in the stretches put together."""
    if len(stretches) == 1:
        return lines.astype(np.int64) + stretches[0].line
    ends = np.cumsum([stretch.lines for stretch in stretches])
    begins = np.array([stretch.line for stretch in stretches]) - ends + [stretch.lines for stretch in stretches]
    moved: np.ndarray = lines + begins[np.searchsorted(ends, lines, side="right")]
    return moved


class StretchFinder:
    """Where regular records stand in ``data``, which begins with a record; for a dialect without escapes.

    All quotes and line ends are found once. What comes behind a fault is judged anew from the record that begins there,
    for a stray quote turns inside and outside round for all that follows it.
    """

    def __init__(self, data: bytes, dialect: CsvDialect, *, sound: bool, final: bool) -> None:
        self._size = len(data)
        self._final = final
        self._dialect = dialect
        self._array = np.frombuffer(data, dtype=np.uint8)
        ends = line_ends(self._array, data)
        # A CR at the very end is no line end yet: its LF may follow.
        self._ends = ends[:-1] if not final and data.endswith(b"\r") else ends
        quote = ord(dialect.quote) if dialect.quote is not None else None
        self._quotes = np.flatnonzero(self._array == quote) if quote is not None else np.zeros(0, dtype=np.int64)
        # Each with the one before and behind it; there is none next to the first and the last.
        self._around = np.concatenate(([-9], self._quotes, [-9]))
        self._unreadable = _unreadable(data, sound=sound)

    def trouble(self, at: int) -> Trouble | None:
        """The first irregular record at or behind ``at``, where a record begins."""
        first = int(np.searchsorted(self._quotes, at))
        quote = self._bad_quote(first)
        found = int(np.searchsorted(self._unreadable, at))
        byte = int(self._unreadable[found]) if found < len(self._unreadable) else None
        if byte is not None and (quote is None or byte < quote[0]):
            return Trouble(start=self._record_start(at, first, byte), is_open=False)
        if quote is not None:
            return Trouble(start=self._record_start(at, first, quote[0]), is_open=quote[1])
        return None

    def end(self, at: int) -> int:
        """Offset behind the last record that ends in the data, if there is no trouble from ``at`` on."""
        return self._size if self._final else self._record_start(at, int(np.searchsorted(self._quotes, at)), self._size)

    def lines(self, begin: int, end: int) -> int:
        """Lines of a stretch of whole records."""
        count = int(np.searchsorted(self._ends, end) - np.searchsorted(self._ends, begin))
        return count + (end == self._size and end > begin and not self._ends_with_line())

    def _ends_with_line(self) -> bool:
        return bool(len(self._ends)) and int(self._ends[-1]) == self._size - 1

    def _bad_quote(self, first: int) -> tuple[int, bool] | None:
        """The first quote that neither opens nor closes a cell nor is doubled, and whether it only is never closed."""
        begin, count = first, _QUOTES
        while begin < len(self._quotes):
            some = self._quotes[begin : begin + count]
            opening, closing = some[::2], some[1::2]
            reopens = opening - 1 == self._around[begin : begin + len(some) : 2]
            recloses = closing + 1 == self._around[begin + 3 : begin + 3 + 2 * len(closing) : 2]
            bad_opening = opening[~(at_border(self._array, opening, -1, self._dialect) | reopens)]
            bad_closing = closing[~(at_border(self._array, closing, 1, self._dialect) | recloses)]
            if len(bad_opening) or len(bad_closing):
                return int(min(*bad_opening[:1], *bad_closing[:1], self._size)), False
            begin, count = begin + len(some), 2 * count
        if (len(self._quotes) - first) % 2:
            return int(self._quotes[-1]), True
        return None

    def _record_start(self, at: int, first: int, place: int) -> int:
        """Where the record begins that ``place`` stands in: behind the last line end that is outside quotes."""
        low, high = int(np.searchsorted(self._ends, at)), int(np.searchsorted(self._ends, place))
        while high > low:
            some = self._ends[max(low, high - _ENDS) : high]
            outside = np.flatnonzero((np.searchsorted(self._quotes, some) - first) % 2 == 0)
            if len(outside):
                return int(some[outside[-1]]) + 1
            high -= len(some)
        return at


def _unreadable(data: bytes, *, sound: bool) -> np.ndarray:
    """Offsets of the NULs and of the bytes that are no UTF-8."""
    places = [match.start() for match in re.finditer(b"\x00", data)]
    rest, begin = memoryview(data), 0
    while not sound and not data.isascii():
        try:
            codecs.utf_8_decode(rest[begin:], "strict", True)
        except UnicodeDecodeError as error:
            places.append(begin + error.start)
            begin += error.end
        else:
            break
    return np.array(sorted(places), dtype=np.int64)
