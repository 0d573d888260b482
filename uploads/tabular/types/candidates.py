"""Every way to read a column's text as a type: one list, from which profiles choose and by which values convert."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.evidence import Ground
from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.date_patterns import date_candidates
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.facts import Facts
from uploads.tabular.types.notations.exponents import ExponentReading
from uploads.tabular.types.notations.mixed_numbers import MixedNumber
from uploads.tabular.types.notations.moments import END_OF_DAY, EPOCHS, EndOfDayReading, EpochReading
from uploads.tabular.types.notations.named_dates import NamedDateReading
from uploads.tabular.types.notations.signed_numbers import SignedNumber
from uploads.tabular.types.notations.zoned_times import ZonedCandidate
from uploads.tabular.types.numbers import FLOAT_PATTERNS, DecimalReading, FloatReading, WholeReading, number_candidates

TRUTH_WORDS = (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"))
"""Pairs of words for true and false, in lower case; they are also tried in capitals and with a capital letter."""

_PLAIN_TRUTH = [set(words) for words in (*TRUTH_WORDS, ("on", "off"), ("1", "0"))]
"""Those that PostgreSQL reads too."""
_CASES = (str.lower, str.upper, str.capitalize)


@dataclass(frozen=True)
class TruthReading(Candidate):
    """Two words for true and false, in one letter case."""

    type: ColumnType = ColumnType.BOOLEAN

    @property
    def is_plain(self) -> bool:
        return {self.format.true.lower(), self.format.false.lower()} in _PLAIN_TRUTH

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        return pc.or_(pc.equal(values, self.format.true), pc.equal(values, self.format.false))

    def parse(self, values: pa.StringArray) -> pa.Array:
        return pc.equal(values, self.format.true)

    def render(self, values: pa.Array) -> pa.StringArray:
        return pc.if_else(values, self.format.true, self.format.false)


@dataclass(frozen=True)
class TextReading(Candidate):
    """Text as it is."""

    type: ColumnType = ColumnType.TEXT

    @property
    def is_plain(self) -> bool:
        return True

    def fits(self, facts: Facts) -> bool:
        return True

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        return pc.or_kleene(pc.is_valid(values), True)

    def parse(self, values: pa.StringArray) -> pa.Array:
        return values

    def render(self, values: pa.Array) -> pa.StringArray:
        return values


_PLAIN: dict[ColumnType, Callable[[Format], Candidate]] = {
    ColumnType.BOOLEAN: TruthReading,
    ColumnType.BIGINT: WholeReading,
    ColumnType.NUMERIC: DecimalReading,
    ColumnType.DOUBLE: FloatReading,
    ColumnType.TEXT: TextReading,
}


def candidates_for(value: str) -> list[Candidate]:
    """The readings, narrowest first, that look as if they had written a column's first value; none: it is text."""
    return list(_readings(value))


def candidate_of(type_: ColumnType, how: Format) -> Candidate:
    """The reading that a column was decided for."""
    match type_:
        case ColumnType.DATE | ColumnType.TIMESTAMP | ColumnType.TIMESTAMPTZ:
            return _date_of(type_, how)
        case ColumnType.BIGINT | ColumnType.NUMERIC if how.is_mixed:
            return MixedNumber(how, type_)
        case ColumnType.BIGINT | ColumnType.NUMERIC if how.pattern:
            return SignedNumber(how, type_)
        case ColumnType.DOUBLE if how.pattern not in FLOAT_PATTERNS:
            return ExponentReading(how)
        case _:
            return _PLAIN[type_](how)


def _date_of(type_: ColumnType, how: Format) -> Candidate:
    if how.zone:
        return ZonedCandidate(how, type_)
    if how.months:
        return NamedDateReading(how, type_)
    if how.pattern in EPOCHS:
        return EpochReading(how, type_)
    return EndOfDayReading(how, type_) if END_OF_DAY in how.pattern else DateCandidate(how, type_)


def canonical_candidates(type_: ColumnType) -> list[Candidate]:
    """The plain forms of a type, tried before any other where a dataset has said the type."""
    match type_:
        case ColumnType.BOOLEAN:
            return [
                TruthReading(Format(true=case(true), false=case(false)))
                for true, false in TRUTH_WORDS
                for case in _CASES
            ]
        case ColumnType.BIGINT | ColumnType.NUMERIC | ColumnType.TEXT:
            return [candidate_of(type_, Format())]
        case ColumnType.DOUBLE:
            return [FloatReading(Format(pattern=pattern)) for pattern in "rg"]
        case ColumnType.DATE:
            return [DateCandidate(Format(pattern="%Y-%m-%d"), type_)]
        case ColumnType.TIMESTAMP | ColumnType.TIMESTAMPTZ:
            zones = ("",) if type_ is ColumnType.TIMESTAMP else ("Z", "+00:00", "+00")
            return [
                DateCandidate(Format(pattern=f"%Y-%m-%d{gap}%H:%M:%S{fraction}{zone}"), type_)
                for gap in "T "
                for fraction in ("", "%-f")
                for zone in zones
            ]


def _readings(value: str) -> Iterator[Candidate]:
    if value[0] in "-0123456789":
        yield from number_candidates(value)
    if value[0].isalnum():
        yield from date_candidates(value)
    for true, false in TRUTH_WORDS:
        if value.lower() in (true, false):
            for case in _CASES:
                if value in (case(true), case(false)):
                    yield TruthReading(Format(true=case(true), false=case(false)))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The reading chosen, or none for text, and what decided that where several fit."""

    candidate: Candidate | None
    because: Ground | None = None
