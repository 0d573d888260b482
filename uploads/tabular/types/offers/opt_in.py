"""Readings that a column gets only where a person asks for them."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from uploads.tabular.table import Column, ColumnType
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import candidate_of, candidates_for
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.facts import Facts
from uploads.tabular.types.notations.exponents import ExponentReading, exponent_readings
from uploads.tabular.types.notations.mixed_numbers import MixedNumber, mixed_numbers
from uploads.tabular.types.notations.moments import EndOfDayReading, EpochReading, ends_of_days, numbered_moments
from uploads.tabular.types.notations.named_dates import NamedDateReading, named_dates
from uploads.tabular.types.notations.signed_numbers import SignedNumber, signed_numbers
from uploads.tabular.types.notations.zoned_times import ANY_ZONE, ZonedCandidate

_LOOKED_AT = 10
_OPT_IN = (SignedNumber, MixedNumber, ExponentReading, EpochReading, EndOfDayReading, NamedDateReading)


def opt_in_readings(values: Sequence[str]) -> Iterator[Candidate]:
    """Every reading of some different values that nobody gets unasked."""
    yield from signed_numbers(values)
    yield from exponent_readings(values)
    yield from numbered_moments(values)
    yield from ends_of_days(values, _plain_dates)
    yield from named_dates(values)
    yield from _offsets(values)
    yield from mixed_numbers(values)


def _offsets(values: Sequence[str]) -> Iterator[ZonedCandidate]:
    """Times with offsets from UTC that change: in the zone that explains those of most values, and in none."""
    found = {candidate: None for value in values[:_LOOKED_AT] for candidate in candidates_for(value)}
    open_ones = [candidate for candidate in found if isinstance(candidate, ZonedCandidate)]
    if not open_ones:
        return
    texts = pa.array(values, pa.string())
    for candidate in open_ones:
        kept = texts.filter(candidate.mask(texts))
        if len(kept) and candidate.fits(Facts(kept)) and (zoned := candidate.in_its_zone()):
            yield zoned
    yield from (candidate.in_zone(ANY_ZONE) for candidate in open_ones)


def _plain_dates(values: Sequence[str]) -> list[DateCandidate]:
    found = {candidate: None for value in values[:_LOOKED_AT] for candidate in candidates_for(value)}
    return [candidate for candidate in found if type(candidate) is DateCandidate]


def is_opt_in(column: Column) -> bool:
    """Whether a person asked for the way in which the column is read."""
    if column.type in (ColumnType.TEXT, ColumnType.BOOLEAN):
        return False
    candidate = candidate_of(column.type, column.format)
    return isinstance(candidate, _OPT_IN) or is_loose(candidate)


def is_loose(candidate: Candidate) -> bool:
    """Whether it reads values that it cannot print back as they stood: their texts are kept beside them."""
    return candidate.format.is_mixed
