"""Records that stand together and have as many cells as each other, but not as the rows of their table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from uploads.tabular.layout.row_numbers import Span
from uploads.tabular.table import Reject

_LEAST = 5
"""Fewer may be faults of the same kind in rows that follow each other."""
_MOST = 20
"""Where they are so many, nothing is said: faults stand in runs too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WidthRun:
    """The lines of one run."""

    first: int
    last: int
    cells: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class WidthRuns:
    """Notes such records as they come, in the order of their lines."""

    def __init__(self) -> None:
        self._open: WidthRun | None = None
        self._runs: list[WidthRun] = []

    def add(self, item: Reject) -> None:
        """A record that was rejected for the number of its cells, or for a value behind the last of them."""
        cells = item.reason.figures.get("cells", 0)
        run = self._open
        if run is not None and run.cells == cells and item.row == run.last + 1:
            self._open = replace(run, last=item.row)
            return
        self._close()
        self._open = WidthRun(first=item.row, last=item.row, cells=cells)

    def ended(self, elsewhere: Sequence[Span]) -> tuple[WidthRun, ...]:
        """All runs but those in lines that are ``elsewhere``; none where they are too many."""
        self._close()
        runs = [run for run in self._runs if not any(begin <= run.first <= end for begin, end in elsewhere)]
        return tuple(runs) if len(runs) <= _MOST else ()

    def _close(self) -> None:
        run, self._open = self._open, None
        if run is not None and run.count >= _LEAST and run.cells > 1 and len(self._runs) <= _MOST:
            self._runs.append(run)
