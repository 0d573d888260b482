"""Readings of text as dates and times by one pattern a column: which values fit, what they are, how to print them.

Patterns are written in strptime's letters. ``%-d`` is a day without leading zero (also ``%-m``, ``%-H``, ``%-I``),
``%P`` a small ``am`` or ``pm``, ``%^b`` a month in capitals, ``%3f`` a fraction of three digits, ``%-f`` a point and
fraction without trailing zeros, or nothing. A zone is one fixed offset at the end: ``Z``, ``+02:00``, ``GMT+2``.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.dates.centuries import SHORT_YEAR, first_year_of, year_regex
from uploads.tabular.types.dates.printing import MONTHS, print_part
from uploads.tabular.types.facts import Facts

_ISO_DATE = "%Y-%m-%d"
_DAY_MICROSECONDS = 86_400_000_000
_FIRST_DAY = -719_162
"""The 1st of January of the year 1, in days from 1970. Arrow also reads ``0000-01-01``; PostgreSQL has no such day."""
_PLAIN_MOMENT = re.compile(r"%Y-%m-%d[ T]%H:%M(:%S(\.%[1-6]f|%-f)?)?")
_TOKEN = re.compile(r"%([-^]?|[1-6])([YymdbBHIpPMSf])")
_ZONE = re.compile(
    r"(?:Z| ?(?:UTC|GMT)| ?(?:UTC|GMT|(?=[-+]\d\d))(?P<sign>[-+])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?)$"
)
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT)[-+]")
"""As Google Forms writes it: ``GMT+1`` is ahead of UTC. PostgreSQL takes the sign the other way round."""

_GROUPS = {
    "%Y": r"(?P<Y>[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])",
    "%m": r"(?P<m>0[1-9]|1[0-2])",
    "%-m": r"(?P<m>[1-9]|1[0-2])",
    "%d": r"(?P<d>0[1-9]|[12][0-9]|3[01])",
    "%-d": r"(?P<d>[1-9]|[12][0-9]|3[01])",
    "%b": "(?P<b>{})".format("|".join(month[:3] for month in MONTHS)),
    "%^b": "(?P<b>{})".format("|".join(month[:3].upper() for month in MONTHS)),
    "%B": "(?P<b>{})".format("|".join(MONTHS)),
    "%H": r"(?P<H>[01][0-9]|2[0-3])",
    "%-H": r"(?P<H>[0-9]|1[0-9]|2[0-3])",
    "%I": r"(?P<I>0[1-9]|1[0-2])",
    "%-I": r"(?P<I>[1-9]|1[0-2])",
    "%p": "(?P<p>AM|PM)",
    "%P": "(?P<p>am|pm)",
    "%M": "(?P<M>[0-5][0-9])",
    "%S": "(?P<S>[0-5][0-9])",
    "%-f": r"(?P<f>(?:\.[0-9]{0,5}[1-9])?)",
    **{f"%{digits}f": f"(?P<f>[0-9]{{{digits}}})" for digits in range(1, 7)},
}

_Integers = npt.NDArray[np.int64]
_Moments = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class DateCandidate(Candidate):
    """Dates, or dates with times, written in one pattern."""

    @cached_property
    def order(self) -> str:
        """Order of year, month and day: ``ymd``; readings that differ in it differ in what a value means."""
        letters = (letter.lower() for _, letter in _TOKEN.findall(self.format.pattern) if letter in "YymdbB")
        return "".join(letters).replace("b", "m")

    @cached_property
    def is_plain(self) -> bool:
        moment = _ZONE.sub("", self.format.pattern) if self.type is ColumnType.TIMESTAMPTZ else self.format.pattern
        if _NAMED_OFFSET.search(self.format.pattern):
            return False
        return self.format.pattern == _ISO_DATE or _PLAIN_MOMENT.fullmatch(moment) is not None

    def fits(self, facts: Facts) -> bool:
        if self._plain_moment:
            return facts.all_match(self.regex) and facts.moments is not None
        try:
            parsed = self.parse(facts.values)
        except pa.ArrowInvalid:
            return False
        if self.type is ColumnType.TIMESTAMPTZ:
            facts.moments_of[self.format.pattern] = parsed
        return True

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        parts = pc.extract_regex(values, self.regex)
        fits = pc.is_valid(parts)
        if pc.any(fits).as_py():
            day, last = self._day_of_month(parts)
            fits = pc.and_(fits, pa.array(day <= last))
        return fits if values.null_count == 0 else pc.if_else(pc.is_valid(values), fits, None)

    def parse(self, values: pa.StringArray) -> pa.Array:
        """The values in the column's Arrow type; raises ``pa.ArrowInvalid`` if one doesn't fit."""
        if self.format.pattern == _ISO_DATE and self.type is ColumnType.DATE:
            # Arrow's own parser takes this one form only: 10 ns a value instead of 200.
            days = pc.cast(values, pa.date32())
            first = pc.min(pc.cast(days, pa.int32())).as_py()
            if first is not None and first < _FIRST_DAY:
                raise pa.ArrowInvalid("there is no year 0")
            return days
        if self._plain_moment and pc.all(pc.match_substring_regex(values, self.regex)).as_py():
            # Likewise 60 ns for check and parse.
            return pc.cast(values, pa.timestamp("us"))
        if self.type is ColumnType.DATE:
            # Dates repeat: looking each value up in a dictionary takes 40 ns, reading it by its parts 300.
            encoded = values.dictionary_encode()
            return self._parse_parts(encoded.dictionary).take(encoded.indices)
        return self._parse_parts(values)

    def _parse_parts(self, values: pa.StringArray) -> pa.Array:
        parts = pc.extract_regex(values, self.regex)
        day, last = self._day_of_month(parts)
        if parts.null_count != values.null_count or (day > last).any():
            raise pa.ArrowInvalid(f"not all values are written as {self.format.pattern}")
        days = self._month(parts).astype("datetime64[D]").astype(np.int64) + day - 1
        blank = None if not values.null_count else pc.is_null(values).to_numpy(zero_copy_only=False)
        if self.type is ColumnType.DATE:
            return pa.array(days.astype(np.int32), mask=blank).cast(pa.date32())
        microseconds = days * _DAY_MICROSECONDS + self._time(parts) - self._offset
        zone = "UTC" if self.type is ColumnType.TIMESTAMPTZ else None
        return pa.array(microseconds, mask=blank).cast(pa.timestamp("us", tz=zone))

    def render(self, values: pa.Array) -> pa.StringArray:
        unit = "datetime64[D]" if self.type is ColumnType.DATE else "datetime64[us]"
        number = pa.int32() if self.type is ColumnType.DATE else pa.int64()
        stored = pc.fill_null(pc.cast(values, number), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        moments = (stored + (0 if self.type is ColumnType.DATE else self._offset)).astype(unit)
        pieces: list[pa.Scalar | pa.StringArray] = []
        position = 0
        for token in _TOKEN.finditer(self.format.pattern):
            pieces.append(pa.scalar(self.format.pattern[position : token.start()]))
            pieces.append(print_part(token[0], moments))
            position = token.end()
        texts = pc.binary_join_element_wise(*pieces, pa.scalar(self.format.pattern[position:]), "")
        return pc.if_else(pc.is_valid(values), texts, pa.scalar(None, pa.string()))

    @cached_property
    def _plain_moment(self) -> bool:
        """Whether Arrow's own parser reads the pattern: ISO 8601 without a zone."""
        return _PLAIN_MOMENT.fullmatch(self.format.pattern) is not None

    @cached_property
    def regex(self) -> str:
        """Matches what the pattern could have written; the day may be past its month's end."""
        pieces = []
        position = 0
        for token in _TOKEN.finditer(self.format.pattern):
            pieces.append(re.escape(self.format.pattern[position : token.start()]))
            pieces.append(f"(?P<y>{year_regex(self.format)})" if token[0] == SHORT_YEAR else _GROUPS[token[0]])
            position = token.end()
        pieces.append(re.escape(self.format.pattern[position:]))
        return f"^{''.join(pieces)}$"

    @cached_property
    def _offset(self) -> int:
        """Microseconds that the pattern's zone is ahead of UTC."""
        zone = _ZONE.search(self.format.pattern)
        if self.type is not ColumnType.TIMESTAMPTZ or zone is None or zone["sign"] is None:
            return 0
        minutes = int(zone["hours"]) * 60 + int(zone["minutes"] or 0)
        return minutes * (-60_000_000 if zone["sign"] == "-" else 60_000_000)

    def _month(self, parts: pa.StructArray) -> _Moments:
        names = {field.name for field in parts.type}
        if "Y" in names:
            year = _integers(parts, "Y")
        else:
            short = _integers(parts, "y")
            first = first_year_of(self.format)
            year = first + (short - first) % 100
        if "b" in names:
            keys = pa.array([month[:3].lower() for month in MONTHS])
            found = pc.index_in(pc.utf8_lower(pc.utf8_slice_codeunits(parts.field("b"), 0, 3)), keys)
            month = pc.fill_null(found, 0).to_numpy(zero_copy_only=False).astype(np.int64) + 1
        else:
            month = _integers(parts, "m")
        months: _Integers = (year - 1970) * 12 + month - 1
        return months.astype("datetime64[M]")

    def _day_of_month(self, parts: pa.StructArray) -> tuple[_Integers, _Integers]:
        """The day that each value names, and the last day of its month."""
        month = self._month(parts)
        length = (month + np.timedelta64(1, "M")).astype("datetime64[D]") - month.astype("datetime64[D]")
        return _integers(parts, "d"), length.astype(np.int64)

    def _time(self, parts: pa.StructArray) -> _Integers:
        """Microseconds since midnight."""
        names = {field.name for field in parts.type}
        if "M" not in names:  # dates in a column that was made one of dates with times
            return np.zeros(len(parts), dtype=np.int64)
        if "H" in names:
            hour = _integers(parts, "H")
        else:
            afternoon = pc.fill_null(pc.equal(pc.utf8_upper(parts.field("p")), "PM"), fill_value=False)
            hour = _integers(parts, "I") % 12 + 12 * afternoon.to_numpy(zero_copy_only=False)
        total = (hour * 60 + _integers(parts, "M")) * 60_000_000
        if "S" in names:
            total = total + _integers(parts, "S") * 1_000_000
        if "f" in names:
            digits = pc.ascii_rpad(pc.replace_substring(parts.field("f"), ".", ""), 6, "0")
            total = total + pc.fill_null(pc.cast(digits, pa.int64()), 0).to_numpy(zero_copy_only=False)
        return np.asarray(total, dtype=np.int64)


def _integers(parts: pa.StructArray, name: str) -> _Integers:
    """One part of every value as integers; 1 where the value doesn't fit the pattern."""
    field = pc.if_else(pc.is_valid(parts), parts.field(name), "1")
    return np.asarray(pc.cast(field, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)
