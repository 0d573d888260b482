"""Moments as one number, and days that end at 24:00.

``%s`` is seconds since 1970 (UTC), ``%Q`` milliseconds, as D3 writes them, ``%Of`` microseconds. ``%+H`` is an hour at
which midnight is 24:00 of the day before, as energy and weather data have it.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import MIXED, ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.dates.date_candidate import DateCandidate

EPOCHS = {"%s": (0, 10**11, 1_000_000), "%Q": (10**11, 10**14, 1_000), "%Of": (10**14, 10**17, 1)}
"""By pattern: the least number, the first too large, and microseconds in one. No number is two of them: seconds reach
to the year 5138, milliseconds begin in 1973."""
END_OF_DAY = "%+H"
_DAY = 86_400_000_000
_CHARACTERS = re.compile(r"[0-9]{4}(?P<year>[年년] ?)[0-9]{1,2}(?P<month>[月월] ?)[0-9]{1,2}(?P<day>[日일])")


@dataclass(frozen=True)
class EpochReading(Candidate):
    """Whole numbers that count from 1970."""

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        low, high, _ = EPOCHS[self.format.pattern]
        written = pc.match_substring_regex(values, r"^(?:0|[1-9][0-9]{0,16})$")
        numbers = pc.cast(pc.if_else(written, values, pa.scalar(None, pa.string())), pa.int64())
        inside = pc.and_(pc.greater_equal(numbers, low), pc.less(numbers, high))
        return pc.and_kleene(written, inside)

    def parse(self, values: pa.StringArray) -> pa.Array:
        _, _, size = EPOCHS[self.format.pattern]
        zone = "UTC" if self.type is ColumnType.TIMESTAMPTZ else None
        return pc.cast(pc.multiply(pc.cast(values, pa.int64()), size), pa.timestamp("us", tz=zone))

    def render(self, values: pa.Array) -> pa.StringArray:
        _, _, size = EPOCHS[self.format.pattern]
        return pc.cast(pc.divide(pc.cast(values, pa.int64()), size), pa.string())


@dataclass(frozen=True)
class EndOfDayReading(DateCandidate):
    """Times in one pattern in which midnight is written as 24:00 of the day that ends; with ``~`` before the pattern
    some may be 00:00 of the day that begins, as which all are printed."""

    @cached_property
    def is_plain(self) -> bool:
        return False

    @property
    def is_loose(self) -> bool:
        """Whether it reads what it cannot print back as it stood."""
        return self.format.is_mixed

    @cached_property
    def _inner(self) -> DateCandidate:
        pattern = self.format.pattern.removeprefix(MIXED).replace(END_OF_DAY, "%H")
        return DateCandidate(Format(pattern=pattern), self.type)

    @cached_property
    def _midnight(self) -> str:
        """The time of day in the pattern, at midnight, and how it is written here: ``00:00`` and ``24:00``."""
        time = self._inner.format.pattern.partition("%H")[2]
        return ":00" * time.count(":")

    fits = Candidate.fits

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        if self.is_loose:
            return self._inner.mask(self._as_begin(values))
        at_midnight = pc.match_substring_regex(values, rf"\b00{self._midnight}$")
        return pc.and_kleene(self._inner.mask(self._as_begin(values)), pc.invert(at_midnight))

    def parse(self, values: pa.StringArray) -> pa.Array:
        ends = pc.match_substring_regex(values, rf"\b24{self._midnight}$")
        begun = self._inner.parse(self._as_begin(values))
        moved = pc.add(pc.cast(begun, pa.int64()), pc.multiply(pc.cast(ends, pa.int64()), _DAY))
        return pc.cast(moved, begun.type)

    def render(self, values: pa.Array) -> pa.StringArray:
        if self.is_loose:
            return self._inner.render(values)
        micros = pc.cast(values, pa.int64())
        ends = pc.equal(pc.subtract(micros, pc.multiply(pc.divide(micros, _DAY), _DAY)), 0)
        begun = pc.cast(pc.subtract(micros, pc.multiply(pc.cast(ends, pa.int64()), _DAY)), values.type)
        return pc.if_else(
            ends,
            pc.replace_substring_regex(self._inner.render(begun), rf"\b00{self._midnight}$", f"24{self._midnight}"),
            self._inner.render(values),
        )

    def _as_begin(self, values: pa.StringArray) -> pa.StringArray:
        return pc.replace_substring_regex(values, rf"\b24{self._midnight}$", f"00{self._midnight}")


def numbered_moments(values: Sequence[str]) -> Iterator[EpochReading | DateCandidate]:
    """Readings of plain numbers as days and moments: ``20240131``, ``1717000001``."""
    yield from _with_characters(values)
    whole = [value for value in values if value.isascii() and value.isdigit()]
    if not whole:
        return
    lengths = {len(value) for value in whole}
    if 8 in lengths:
        yield DateCandidate(Format(pattern="%Y%m%d"), ColumnType.DATE)
    if 14 in lengths:
        yield DateCandidate(Format(pattern="%Y%m%d%H%M%S"), ColumnType.TIMESTAMP)
    for pattern, (low, high, _) in EPOCHS.items():
        if any(low <= int(value[:18]) < high for value in whole):
            for type_ in (ColumnType.TIMESTAMPTZ, ColumnType.TIMESTAMP):
                yield EpochReading(Format(pattern=pattern), type_)


def _with_characters(values: Sequence[str]) -> Iterator[DateCandidate]:
    """``2026年1月5日``, ``2026년 1월 5일``"""
    found = next(filter(None, map(_CHARACTERS.fullmatch, values)), None)
    if found is not None:
        for month, day in itertools.product(("%m", "%-m"), ("%d", "%-d")):
            pattern = f"%Y{found['year']}{month}{found['month']}{day}{found['day']}"
            yield DateCandidate(Format(pattern=pattern), ColumnType.DATE)


def ends_of_days(
    values: Sequence[str], plain: Callable[[Sequence[str]], Sequence[DateCandidate]]
) -> Iterator[EndOfDayReading]:
    """The ``plain`` readings of times with midnight at 24:00, where one of the values has it."""
    ending = [value for value in values if re.search(r"\b24:00(?::00)?$", value)]
    if not ending:
        return
    for candidate in plain([re.sub(r"\b24:", "00:", value) for value in (*ending[:5], *values)]):
        if candidate.type is ColumnType.TIMESTAMP and re.search(r"%H:%M(?::%S)?$", candidate.format.pattern):
            pattern = candidate.format.pattern.replace("%H", END_OF_DAY)
            yield EndOfDayReading(Format(pattern=pattern), candidate.type)
            yield EndOfDayReading(Format(pattern=f"{MIXED}{pattern}"), candidate.type)
