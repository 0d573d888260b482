"""How many values of a column of text do not fit what all the others are, as far as that is cheap to know."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidate import Candidate

_MOST = 200_000
"""Values that are looked at: 20 ms a column at most, of which a load of a million rows takes seconds."""
_MOST_READINGS = 4
_ALWAYS = 10_000
_FEW = 0.1
"""Share of misfits up to which it is worth to look at more values than those, or than the chunk of the first one."""


class MisfitCount:
    """Begins with the chunk in which the last of a column's readings fell. ``candidates``: those that fell by the same
    value, narrowest first. Whole numbers are decimal numbers too: those are counted beside them."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = list(candidates[:_MOST_READINGS])
        self._counts = [0] * len(self._candidates)
        self._looked_at = 0
        self._is_whole = True

    @property
    def count(self) -> int | None:
        """``None`` where not every value was looked at."""
        return min(self._counts) if self._is_whole else None

    @property
    def reading(self) -> Candidate:
        """That which fewest of the values that were looked at do not fit."""
        return self._candidates[self._counts.index(min(self._counts))]

    @property
    def is_open(self) -> bool:
        """Whether it takes in more."""
        return self._is_whole

    def observe(self, cells: pa.StringArray) -> None:
        """Take in the next cells; blank ones count for nothing."""
        if not self._is_whole:
            return
        trimmed = pc.utf8_trim_whitespace(cells)
        values = trimmed.filter(pc.not_equal(trimmed, ""))
        if not len(values):
            return
        is_long = self._looked_at > 0 and self._looked_at + len(values) > _MOST
        if is_long or (self._looked_at > _ALWAYS and min(self._counts) > _FEW * self._looked_at):
            self._is_whole = False
            return
        misfits = _misfits(self._candidates[0], values)
        are_whole = self._candidates[0].type is ColumnType.BIGINT
        others = [_misfits(other, misfits if are_whole else values) for other in self._candidates[1:]]
        self._counts = [was + len(more) for was, more in zip(self._counts, [misfits, *others], strict=True)]
        if not are_whole:
            fewest = self._counts.index(min(self._counts))
            self._candidates, self._counts = [self._candidates[fewest]], [self._counts[fewest]]
        self._looked_at += len(values)


def _misfits(candidate: Candidate, values: pa.StringArray) -> pa.StringArray:
    return values.filter(pc.invert(pc.fill_null(candidate.mask(values), fill_value=False)))
