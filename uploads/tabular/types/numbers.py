"""Readings of text as whole numbers, decimals and floats: which values fit, what they are, how to print them back.

A value fits when printing the stored number in the column's format gives the same text. So leading zeros, plus
signs, ``-0``, ``.5`` and ``5.`` fit no number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.facts import FLOAT, Facts, float_texts

MAX_DIGITS = 1_000
"""Characters of a numeric; longer ones stay text."""

_SAFE_INTEGER = 10**15
"""Whole numbers below it print the same from a float as from an integer."""

FLOAT_PATTERNS = ("", *"rgRG")
SPACES = (" ", "\u00a0", "\u202f")
APOSTROPHES = ("'", "\u2019")
DECIMAL_MARKS = (".", ",")


@dataclass(frozen=True)
class WholeReading(Candidate):
    """Whole numbers that fit 64 bits: ``12345``, with a thousands mark ``12,345``."""

    type: ColumnType = ColumnType.BIGINT

    @property
    def is_plain(self) -> bool:
        return not self.format.thousands

    def fits(self, facts: Facts) -> bool:
        if facts.integers is not None:
            return not self.format.thousands or facts.largest < 1_000
        return bool(self.format.thousands) and bool(pc.all(self.mask(facts.values)).as_py())

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        matches = pc.match_substring_regex(values, _whole_regex(self.format.thousands))
        # 19 digits may pass 64 bits; compare as text, for the cast would raise.
        digits = _bare(values, self.format)
        long = pc.greater(pc.binary_length(digits), 18)
        if not pc.any(long).as_py():
            return matches
        positive = pc.replace_substring(digits, "-", "")
        length = pc.binary_length(positive)
        limit = pc.if_else(pc.starts_with(digits, "-"), str(2**63), str(2**63 - 1))
        small = pc.or_(pc.less(length, 19), pc.and_(pc.equal(length, 19), pc.less_equal(positive, limit)))
        return pc.and_(matches, small)

    def parse(self, values: pa.StringArray) -> pa.Array:
        return pc.cast(_bare(values, self.format), pa.int64())

    def render(self, values: pa.Array) -> pa.StringArray:
        return _group(pc.cast(values, pa.string()), self.format)


@dataclass(frozen=True)
class DecimalReading(Candidate):
    """Decimal numbers of any size, each with its own scale: ``12.50``, ``1.234,5``."""

    type: ColumnType = ColumnType.NUMERIC

    @property
    def is_plain(self) -> bool:
        return not self.format.thousands and self.format.decimal == "."

    def fits(self, facts: Facts) -> bool:
        if facts.integers is not None:
            return not self.format.thousands or facts.largest < 1_000
        if facts.longest > MAX_DIGITS:
            return False
        if self.format.thousands and facts.all_match(_short_regex(self.format.decimal)):
            return True
        return facts.all_match(_decimal_regex(self.format.decimal, self.format.thousands))

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        matches = pc.match_substring_regex(values, _decimal_regex(self.format.decimal, self.format.thousands))
        return pc.and_(matches, pc.less_equal(pc.binary_length(values), MAX_DIGITS))

    def parse(self, values: pa.StringArray) -> pa.Array:
        bare = _bare(values, self.format)
        return pc.replace_substring(bare, ",", ".") if self.format.decimal == "," else bare

    def render(self, values: pa.Array) -> pa.StringArray:
        if self.format.decimal == ",":
            values = pc.replace_substring(values, ".", ",")
        return _group(values, self.format)


@dataclass(frozen=True)
class FloatReading(Candidate):
    """Floating point as programs print it, with exponents: ``1e-05``, ``-0.0``.

    The pattern is ``r`` for Python's repr, ``g`` for the same without ``.0``, upper-case where the exponent's
    letter is.
    """

    type: ColumnType = ColumnType.DOUBLE

    @property
    def is_plain(self) -> bool:
        return True

    def fits(self, facts: Facts) -> bool:
        if facts.integers is not None:
            return self.format.pattern in "gG" and facts.largest < _SAFE_INTEGER
        return facts.float_texts is not None and self._styled(facts.float_texts).equals(facts.values)

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        floats = pc.cast(pc.if_else(pc.match_substring_regex(values, FLOAT), values, None), pa.float64())
        fits = pc.and_kleene(pc.is_valid(floats), pc.equal(self.render(floats), values))
        return pc.if_else(pc.is_valid(values), fits, None)

    def parse(self, values: pa.StringArray) -> pa.Array:
        return pc.cast(values, pa.float64())

    def render(self, values: pa.Array) -> pa.StringArray:
        return self._styled(float_texts(values))

    def _styled(self, texts: pa.StringArray) -> pa.StringArray:
        if self.format.pattern in "rR":
            texts = pc.replace_substring_regex(texts, "^(-?[0-9]+)$", r"\1.0")
        return pc.replace_substring(texts, "e", "E") if self.format.pattern.isupper() else texts


NumberCandidate = WholeReading | DecimalReading | FloatReading


def number_candidates(value: str) -> Iterator[NumberCandidate]:
    """Every reading that could have written the value, the plain ones first."""
    for reading, regex in _known_candidates():
        if regex.match(value):
            yield reading


@cache
def _known_candidates() -> tuple[tuple[NumberCandidate, re.Pattern[str]], ...]:
    return tuple((reading, re.compile(_regex_of(reading))) for reading in _every_reading())


def _regex_of(reading: NumberCandidate) -> str:
    match reading:
        case WholeReading():
            return _whole_regex(reading.format.thousands)
        case DecimalReading():
            return _decimal_regex(reading.format.decimal, reading.format.thousands)
        case FloatReading():
            return FLOAT


def _every_reading() -> Iterator[NumberCandidate]:
    yield WholeReading(Format())
    for decimal in DECIMAL_MARKS:
        yield DecimalReading(Format(decimal=decimal))
    for thousands in (",", ".", *SPACES, *APOSTROPHES):
        yield WholeReading(Format(decimal="," if thousands == "." else ".", thousands=thousands))
        for decimal in DECIMAL_MARKS:
            if decimal != thousands:
                yield DecimalReading(Format(decimal=decimal, thousands=thousands))
    for pattern in FLOAT_PATTERNS[1:]:
        yield FloatReading(Format(pattern=pattern))


def _whole_regex(thousands: str) -> str:
    return f"^(?:0|-?{_digits(thousands)})$"


def _decimal_regex(decimal: str, thousands: str) -> str:
    point = re.escape(decimal)
    digits = _digits(thousands)
    # The last branch keeps -0 and -0.00 out: PostgreSQL's numeric has no negative zero.
    return rf"^(?:(?:0|-?{digits})(?:{point}[0-9]+)?|-0{point}[0-9]*[1-9][0-9]*)$"


def _short_regex(decimal: str) -> str:
    """Numbers too small for a thousands mark: every mark fits them."""
    point = re.escape(decimal)
    return rf"^(?:(?:0|-?[1-9][0-9]{{0,2}})(?:{point}[0-9]+)?|-0{point}[0-9]*[1-9][0-9]*)$"


def _digits(thousands: str) -> str:
    if not thousands:
        return "[1-9][0-9]*"
    return rf"[1-9][0-9]{{0,2}}(?:{re.escape(thousands)}[0-9]{{3}})*"


def _bare(values: pa.StringArray, how: Format) -> pa.StringArray:
    return pc.replace_substring(values, how.thousands, "") if how.thousands else values


def _group(values: pa.StringArray, how: Format) -> pa.StringArray:
    """Put the thousands marks in."""
    if not how.thousands:
        return values
    longest = pc.max(pc.binary_length(values)).as_py() or 0
    for _ in range(longest // 3):
        # Each pass marks the last free group; the integer part ends at a mark, at the decimal mark or at the end.
        values = pc.replace_substring_regex(
            values, r"^(-?[0-9]+)([0-9]{3})($|[^0-9])", rf"\1{how.thousands}\2\3", max_replacements=1
        )
    return values
