"""Words among figures that say of their row that it is none: a total, or the units below the header.

Read as empty they would leave a row of nothing behind, or a sum among what it sums up: such rows are left out instead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uploads.tabular.layout.totals import looks_like_total

_UNIT = re.compile(
    r"[(\[]?(%|‰|°|°?[cfk]|[kmcµn]?m[²³23]?|[kmcµ]?m/s|km/h|mph|kn|[kmµ]?g|t|[mc]?l|[mµn]?s|sec|min|h|hrs?|d|[kmg]?hz|[hkm]?pa"
    r"|m?bar|m?v|m?a|[kmg]?wh?|[kmg]?j|k?n|k?mol|pp[mb]|eur|usd|gbp|chf|[€$£¥]|ha|db|lux|g/l|mg/l|kg/m3|€/mwh)[)\]]?",
    re.IGNORECASE,
)
"""Symbols of the SI and those beside it that exports of instruments and statistics write below their names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowsInDoubt:
    """Rows that may be none of the table."""

    rows: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    """That stand in them."""
    is_sure: bool = False
    """They are none: nothing is gained by reading their words as empty."""


def rows_in_doubt(places: Mapping[str, Sequence[int]], *, first: int | None) -> RowsInDoubt:
    """``places``: the rows in which each word among a column's figures stands; ``first``: the row of its first value,
    where that is one of these words.
    """
    totals = {word: rows for word, rows in places.items() if looks_like_total([word])}
    if totals:
        sums = sorted({row for found in totals.values() for row in found})
        return RowsInDoubt(rows=tuple(sums), words=tuple(sorted(totals)), is_sure=True)
    if len(places) != 1:
        return RowsInDoubt()
    [(word, rows)] = places.items()
    if list(rows) != [first]:
        return RowsInDoubt()
    return RowsInDoubt(rows=tuple(rows), words=(word,), is_sure=_UNIT.fullmatch(word) is not None)
