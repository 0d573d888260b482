"""The figures of how faithfully files are read, each beside what it must be and what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass

SIMPLE_MUST, WEIGHTED_MUST = 9.92, 9.60
SIMPLE_GOAL, WEIGHTED_GOAL = 9.97, 9.80


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the table. ``value`` is ``None`` where the files to measure on were not given."""

    what: str
    value: float | None
    must: float
    goal: float | None = None
    of: int | None = None
    """A count out of so many; otherwise a score of 10."""
    details: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        return self.value is None or self.value >= self.must

    def cells(self) -> tuple[str, str, str, str]:
        verdict = "" if self.met else "  ← below its must"
        return self.what, self._shown(self.value) + verdict, self._bound(self.must), self._bound(self.goal)

    def _shown(self, value: float | None) -> str:
        if value is None:
            return "not given"
        return f"{value:.4f}" if self.of is None else f"{value:,.0f} of {self.of:,}"

    def _bound(self, value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:.2f}" if self.of is None else f"{value / max(self.of, 1):.0%}"


def as_table(figures: Sequence[Figure]) -> str:
    """All figures in columns, and under them what was found wrong."""
    rows = [("", "figure", "must", "goal"), *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(f"  {detail}" for figure in figures for detail in figure.details)]) + "\n"
