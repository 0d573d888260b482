"""The reading that fits most of some values, where none fits all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import candidates_for
from uploads.tabular.types.notations.signed_numbers import SignedNumber, is_money_or_share
from uploads.tabular.types.notations.zoned_times import ZonedCandidate
from uploads.tabular.types.offers.opt_in import opt_in_readings

LOOKED_AT = 20
"""Different values of which every reading is tried that could have written one of them."""

type Finder = Callable[[Sequence[str]], Iterable[Candidate]]


@dataclass(frozen=True, kw_only=True)
class MostFitting:
    """Readings of one type that fit the same number of values, more than any other; narrowest first."""

    candidates: tuple[Candidate, ...]
    fitting: int
    values: int
    stranger: str
    """The first value that does not fit; empty where all do."""


def plain_readings(values: Sequence[str]) -> list[Candidate]:
    """Every plain reading that could have written one of the values, but those that need all of them to be told."""
    step = max(1, len(values) // LOOKED_AT)
    found = {candidate: None for value in values[::step][:LOOKED_AT] for candidate in candidates_for(value)}
    return [candidate for candidate in found if not isinstance(candidate, ZonedCandidate)]


def most_fitting(
    values: pa.StringArray, *, type_: ColumnType | None = None, finder: Finder = plain_readings
) -> MostFitting | None:
    """Those that fit most of the values (no blanks, no outer spaces); ``None`` where none fits any."""
    candidates = [found for found in finder(pc.unique(values).to_pylist()) if type_ in (None, found.type)]
    if not candidates:
        return None
    masks = [(candidate, pc.fill_null(candidate.mask(values), fill_value=False)) for candidate in candidates]
    scored = [(candidate, mask, int(pc.sum(pc.cast(mask, pa.int64())).as_py() or 0)) for candidate, mask in masks]
    most = max(score for _, _, score in scored)
    if not most:
        return None
    best = [(candidate, mask) for candidate, mask, score in scored if score == most]
    chosen = best[0][0].type
    at = pc.index(best[0][1], False).as_py()
    return MostFitting(
        candidates=tuple(candidate for candidate, _ in best if candidate.type is chosen),
        fitting=most,
        values=len(values),
        stranger=values[at].as_py() if at >= 0 else "",
    )


def _without_words(values: Sequence[str]) -> list[Candidate]:
    return [
        found for found in opt_in_readings(values) if not isinstance(found, SignedNumber) or is_money_or_share(found)
    ]


def most_fitting_of_all(values: pa.StringArray, *, type_: ColumnType | None = None) -> MostFitting | None:
    """The same among plain readings and those that are only for the asking; a plain one where it fits as many."""
    plain = most_fitting(values, type_=type_)
    if plain is not None and plain.fitting == plain.values:
        return plain
    asked = most_fitting(values, type_=type_, finder=lambda texts: list(opt_in_readings(texts)))
    if asked is not None and asked.fitting < asked.values:  # words around numbers count where every value has them
        asked = most_fitting(values, type_=type_, finder=_without_words)
    return asked if asked is not None and (plain is None or asked.fitting > plain.fitting) else plain
