"""The reading that fits most of some values, where none fits all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidates import Candidate, candidates_for
from uploads.tabular.types.notations.zoned_times import ZonedCandidate

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
    found = {candidate: None for value in values for candidate in candidates_for(value)}
    return [candidate for candidate in found if not isinstance(candidate, ZonedCandidate)]


def most_fitting(
    values: pa.StringArray, *, type_: ColumnType | None = None, finder: Finder = plain_readings
) -> MostFitting | None:
    """Those that fit most of the values (no blanks, no outer spaces); ``None`` where none fits any."""
    first = _spread(pc.unique(values))
    candidates = [candidate for candidate in finder(first) if type_ in (None, candidate.type)]
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


def _spread(values: pa.StringArray) -> list[str]:
    step = max(1, len(values) // LOOKED_AT)
    return [str(value) for value in values.take(pa.array(range(0, len(values), step)))[:LOOKED_AT].to_pylist()]
