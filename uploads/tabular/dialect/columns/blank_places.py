"""The places at which all lines have a space: what may part columns, and which of single spaces do."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from uploads.tabular.dialect.columns.lines_apart import VALUE

_CODE = re.compile(r"(?=[^ ]*\d)[^ ]{4,}")
"""A word with a digit."""
_WORD = re.compile(r"[^ ]+")


def parts_figures(gap: range, blank: Sequence[range], rows: Sequence[str]) -> bool:
    """Whether a single space stands between two columns of figures of which the right one is set to the right, as in
    ``-61.7833   10.1`` above ``69.2120 3366.0``; behind the thousands of ``1 234`` no more spaces ever follow. The left
    one may hold codes of one length too: ``ACW00011604  17.1167``."""
    at = blank.index(gap)
    begin = blank[at - 1].stop if at else 0
    end = blank[at + 1].start if at + 1 < len(blank) else None
    sides = [(row[begin : gap.start].strip(), row[gap.stop : end]) for row in rows]
    are_codes = len({len(left) for left, _ in sides}) == 1 and all(_CODE.fullmatch(left) for left, _ in sides)
    if not all((are_codes or VALUE.fullmatch(left)) and VALUE.fullmatch(right.strip()) for left, right in sides):
        return False
    return 5 * sum(right.startswith(" ") for _, right in sides) >= len(sides)


def blank_places(rows: Sequence[str], conforming: float) -> list[range]:
    """Runs of places at which (nearly) all rows have a space, between the first and the last that are filled."""
    steps = [0] * (max(map(len, rows)) + 1)
    for row in rows:
        for word in _WORD.finditer(row):
            steps[word.start()] += 1
            steps[word.end()] -= 1
    taken = [at for at, count in enumerate(accumulate(steps)) if count > (1 - conforming) * len(rows)]
    return [range(one + 1, other) for one, other in pairwise(taken) if other > one + 1]
