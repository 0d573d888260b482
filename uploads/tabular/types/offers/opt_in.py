"""Readings that a column gets only where a person asks for them."""

from collections.abc import Iterator, Sequence

from uploads.tabular.table import Column, ColumnType
from uploads.tabular.types.candidates import Candidate, candidate_of, candidates_for
from uploads.tabular.types.dates import DateCandidate
from uploads.tabular.types.notations.exponents import ExponentReading, exponent_readings
from uploads.tabular.types.notations.moments import EndOfDayReading, EpochReading, ends_of_days, numbered_moments
from uploads.tabular.types.notations.named_dates import NamedDateReading, named_dates
from uploads.tabular.types.notations.signed_numbers import SignedNumber, signed_numbers

_LOOKED_AT = 10
_OPT_IN = (SignedNumber, ExponentReading, EpochReading, EndOfDayReading, NamedDateReading)


def opt_in_readings(values: Sequence[str]) -> Iterator[Candidate]:
    """Every reading of some different values that nobody gets unasked."""
    yield from signed_numbers(values)
    yield from exponent_readings(values)
    yield from numbered_moments(values)
    yield from ends_of_days(values, _plain_dates)
    yield from named_dates(values)


def _plain_dates(values: Sequence[str]) -> list[DateCandidate]:
    found = {candidate: None for value in values[:_LOOKED_AT] for candidate in candidates_for(value)}
    return [candidate for candidate in found if type(candidate) is DateCandidate]


def is_opt_in(column: Column) -> bool:
    """Whether a person asked for the way in which the column is read."""
    if column.type in (ColumnType.TEXT, ColumnType.BOOLEAN):
        return False
    return isinstance(candidate_of(column.type, column.format), _OPT_IN)


def keeps_writing(column: Column) -> bool:
    """Whether every value can be printed back as it stood."""
    candidate = candidate_of(column.type, column.format)
    return not (isinstance(candidate, ExponentReading) and candidate.is_loose)
