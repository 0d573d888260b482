"""Columns that are aligned by spaces, as instruments and old programs print them."""

import re
from collections import Counter
from collections.abc import Sequence

from uploads.tabular.dialect.single_column import single_values

_TITLES = 5
"""Lines that can stand above the first row, besides comments; more above three times as many rows."""
_TOP = 40
"""Lines among which a blank one sets titles apart."""
_COMMENTS = ("#", "%", "!")
_LEAST_ROWS = 3
_ALIKE = 0.98
_VALUE = re.compile(r"[-+]?\d[\d.,:/-]*(?:[eEdD][-+]?\d+)?")


def is_aligned(lines: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines are rows of one width once runs of spaces part their cells: ``rows`` are what they are then.

    Most lines hold a run, nearly all have as many cells, and below the first a column holds nothing but numbers
    or dates. Words with spaces between them are no columns: they are hardly ever as many in each line, and
    names of more words than there are cells (``Mounted on``) leave no doubt of it.
    """
    rows = [row for row in rows if not row[0].startswith(_COMMENTS)]
    lines = [line for line in lines if not line.lstrip().startswith(_COMMENTS)]
    if not rows or single_values(lines) or sum("\t" in line for line in lines) * 2 > len(lines):
        return False
    width, _ = Counter(map(len, rows)).most_common(1)[0]
    start = next((at for at, row in enumerate(rows) if len(row) == width), 0)
    apart = _below_titles(lines, rows, width)
    start = max(start, apart)
    if start and start != apart and len(rows[start - 1]) > width:
        return False
    table = _without_heads(rows[start:], rows[: start + 1])
    alike = [row for row in table if len(row) == width]
    if (
        width < 2
        or start > max(_TITLES, len(table) // 3)
        or len(table) < _LEAST_ROWS
        or len(alike) < _ALIKE * len(table)
    ):
        return False
    if 2 * sum("  " in line.strip() for line in lines) <= len(table):
        return False
    return any(all(_VALUE.fullmatch(row[position]) for row in alike[1:]) for position in range(width))


def _without_heads(table: Sequence[Sequence[str]], heads: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows without those that stand at their top once more, as ``vmstat`` repeats its names: a name in each."""
    names = {tuple(row) for row in heads if not all(map(_VALUE.fullmatch, row))}
    return [row for at, row in enumerate(table) if not at or tuple(row) not in names]


def _below_titles(lines: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> int:
    """The row below the last blank line near the top, if one above it has another number of cells: titles can be of
    as many words by chance. 0 where there is none."""
    blank = next((at for at in range(min(_TOP, len(lines)) - 1, 0, -1) if not lines[at].strip()), 0)
    titles = sum(1 for line in lines[:blank] if line.strip())
    are_titles = titles < len(rows) and len(rows[titles]) == width and any(len(row) != width for row in rows[:titles])
    return titles if are_titles else 0
