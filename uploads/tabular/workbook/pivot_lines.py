"""What the rows of a pivot table are, whatever the format that says so."""

from collections.abc import Sequence

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.workbook.survey import Pivot

MOST_LINES = 100_000
DATA, BLANK, GRAND, SUBTOTAL = "data", "blank", "grand", "default"
_PLAIN = frozenset({"", DATA, BLANK})
"""Kinds of rows that sum nothing up."""


def pivot_of_lines(name: str, area: Range, *, first: int, lines: Sequence[tuple[str, int]]) -> Pivot:
    """``lines``: what each row from ``first`` on is, with the depth of its group: ``grand``, blank, a plain row, or
    any other word for a subtotal."""
    bottom = area[2]
    deepest = max((depth for kind, depth in lines if kind in _PLAIN), default=0)
    sums = [
        first + at
        for at, (kind, depth) in enumerate(lines)
        if kind not in {*_PLAIN, GRAND} or (kind not in {GRAND, BLANK} and depth < deepest)
    ]
    grand = [first + at for at, (kind, _) in enumerate(lines) if kind == GRAND]
    return Pivot(
        name=name,
        area=area,
        sums=frozenset(row for row in sums if row <= bottom),
        grand=grand[-1] if grand and grand[-1] == bottom else None,
    )
