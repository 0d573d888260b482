"""How many values of a column of text do not fit what all the others are, as far as that is cheap to know."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.types.candidate import Candidate

_MOST = 200_000
"""Values that are looked at: 20 ms a column at most, of which a load of a million rows takes seconds."""
_MOST_READINGS = 4
_ALWAYS = 10_000
_FEW = 0.1
"""Share of misfits up to which it is worth to look at more values than those, or than the chunk of the first one."""
_KEPT = 50


class MisfitCount:
    """Begins with the chunk in which the last of a column's readings fell. ``candidates``: those that fell by the same
    value; that which fewest values of the chunk do not fit is the one that is counted."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = list(candidates[:_MOST_READINGS])
        self._looked_at = 0
        self._count = 0
        self._is_whole = True
        self.strangers: list[str] = []
        """The first values that do not fit."""

    @property
    def count(self) -> int | None:
        """``None`` where not every value was looked at."""
        return self._count if self._is_whole else None

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
        if is_long or (self._looked_at > _ALWAYS and self._count > _FEW * self._looked_at):
            self._is_whole = False
            return
        misfits = [_misfits(candidate, values) for candidate in self._candidates]
        fewest = min(range(len(misfits)), key=lambda at: len(misfits[at]))
        self._candidates = [self._candidates[fewest]]
        self._looked_at += len(values)
        self._count += len(misfits[fewest])
        self.strangers += misfits[fewest][: _KEPT - len(self.strangers)].to_pylist()


def _misfits(candidate: Candidate, values: pa.StringArray) -> pa.StringArray:
    return values.filter(pc.invert(pc.fill_null(candidate.mask(values), fill_value=False)))
