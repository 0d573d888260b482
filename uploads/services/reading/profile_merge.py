"""The figures of a column over several loads, from those of each: exact where that is so, and called otherwise else."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from uploads.database.reading.profiles import HUNDREDTHS, LETTERS, MEASURED
from uploads.database.reading.terms import Field, Value
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.values import read_value
from uploads.tabular.table import ColumnType

SHOWN_HUNDREDTHS = (5, 25, 50, 75, 95)
type Kept = Mapping[str, Any]
"""What is kept of one column of one load, as ``kept_figures`` writes it."""
type ValueRows = tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """Values are texts, as PostgreSQL prints them; ``None`` where no row has one, or the type has no such figure."""

    rows: int
    blanks: int
    least: str | None
    greatest: str | None
    mean: str | None
    shortest: int | None
    longest: int | None
    distinct: int
    distinct_known: RowsKnown
    values: ValueRows
    """The most frequent ones with their rows; of texts the first ``LETTERS`` letters."""
    values_known: RowsKnown
    """``ABOUT``: not every load has kept all of its values, and so there may be more rows, or other values."""
    points: tuple[str, ...]
    """The values below which 0, 1, … 100 hundredths of all values are."""
    points_known: RowsKnown

    @property
    def quantiles(self) -> tuple[tuple[int, str], ...]:
        return tuple((step, self.points[step]) for step in SHOWN_HUNDREDTHS) if self.points else ()


def merged(columns: Sequence[Kept], *, type_: ColumnType) -> Merged:
    """Of one or more loads; a load that lacks the column has only blanks, and ``rows`` of them."""
    filled = [kept for kept in columns if kept["rows"] > kept["blanks"]]
    distinct, distinct_known = _distinct(filled, type_)
    values, values_known = _values(filled, type_)
    points, points_known = _points(filled, type_)
    shortest = [kept["shortest"] for kept in filled if kept["shortest"] is not None]
    longest = [kept["longest"] for kept in filled if kept["longest"] is not None]
    return Merged(
        rows=sum(kept["rows"] for kept in columns),
        blanks=sum(kept["blanks"] for kept in columns),
        least=min((kept["least"] for kept in filled), key=lambda text: key_of(text, type_), default=None),
        greatest=max((kept["greatest"] for kept in filled), key=lambda text: key_of(text, type_), default=None),
        mean=_mean(filled, type_),
        shortest=min(shortest, default=None),
        longest=max(longest, default=None),
        distinct=distinct,
        distinct_known=distinct_known,
        values=values,
        values_known=values_known,
        points=points,
        points_known=points_known,
    )


def lacking(rows: int) -> Kept:
    """What is kept of a column that a load does not have."""
    return {"rows": rows, "blanks": rows}


def key_of(text: str, type_: ColumnType) -> tuple[int, Any]:
    """What values are compared by, as PostgreSQL does: NaN is the greatest number, texts go by their letters."""
    value: Value | None = read_value(text, Field(name="", type=type_)) if type_ is not ColumnType.TEXT else text
    if value is None:  # an infinite date, a number of too many digits: beyond all others
        return (-1, text) if text.startswith("-") else (2, text)
    if isinstance(value, float | Decimal) and math.isnan(value):
        return (1, 0)
    return (0, value)


def _distinct(filled: Sequence[Kept], type_: ColumnType) -> tuple[int, RowsKnown]:
    if len(filled) <= 1:
        return (filled[0]["distinct"], _exactly(filled[0]["is_exact"])) if filled else (0, RowsKnown.EXACT)
    if all(map(_is_complete, filled)):
        return len({key_of(value, type_) for kept in filled for value, _ in kept["values"]}), RowsKnown.EXACT
    return max(kept["distinct"] for kept in filled), RowsKnown.AT_LEAST


def _is_complete(kept: Kept) -> bool:
    """Whether all of its values are kept, and each whole."""
    return len(kept["values"]) == kept["distinct"] and all(len(value) <= LETTERS for value, _ in kept["values"])


def _exactly(is_exact: bool) -> RowsKnown:
    return RowsKnown.EXACT if is_exact else RowsKnown.ABOUT


def _values(filled: Sequence[Kept], type_: ColumnType) -> tuple[ValueRows, RowsKnown]:
    if len(filled) == 1:
        [kept] = filled
        return tuple((value, rows) for value, rows in kept["values"]), _exactly(kept["is_exact"])
    counts: Counter[tuple[int, Any]] = Counter()
    texts: dict[tuple[int, Any], str] = {}
    for kept in filled:
        for value, rows in kept["values"]:
            key = key_of(value, type_)
            counts[key] += rows
            texts.setdefault(key, value)
    order = sorted(counts, key=lambda key: (-counts[key], key))
    return tuple((texts[key], counts[key]) for key in order), _exactly(all(map(_is_complete, filled)))


def _mean(filled: Sequence[Kept], type_: ColumnType) -> str | None:
    count = sum(kept["rows"] - kept["blanks"] for kept in filled)
    if type_ not in MEASURED or not count:
        return None
    if type_ is ColumnType.DOUBLE:
        mean = math.fsum(float(kept["total"]) / count for kept in filled) if _are_finite(filled) else math.nan
        return repr(mean) if math.isfinite(mean) else None
    total = sum((Decimal(kept["total"]) for kept in filled), Decimal())
    return None if not total.is_finite() else f"{total / count:f}"


def _are_finite(filled: Sequence[Kept]) -> bool:
    return all(math.isfinite(float(kept["total"])) for kept in filled)


def _points(filled: Sequence[Kept], type_: ColumnType) -> tuple[tuple[str, ...], RowsKnown]:
    """Of several loads those of all their hundredths together, each as heavy as its load has values."""
    known = [kept for kept in filled if kept["points"]]
    if len(known) == 1:
        return tuple(known[0]["points"]), _exactly(not known[0]["is_sampled"])
    weighted = sorted(
        ((key_of(text, type_), text, (kept["rows"] - kept["blanks"])) for kept in known for text in kept["points"]),
        key=lambda each: each[0],
    )
    if not weighted:
        return (), RowsKnown.EXACT
    total = sum(weight for _, _, weight in weighted)
    points, behind, at = [], 0, 0
    for step in range(HUNDREDTHS + 1):
        while at < len(weighted) - 1 and (behind + weighted[at][2]) * HUNDREDTHS < step * total:
            behind += weighted[at][2]
            at += 1
        points.append(weighted[at][1])
    points[-1] = weighted[-1][1]
    return tuple(points), RowsKnown.ABOUT
