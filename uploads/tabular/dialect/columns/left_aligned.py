"""Columns of words that all begin below their names, two spaces apart: what docker, kubectl and helm print.

No column need hold figures, and cells may be blank: that every cell begins where its name does says enough.
"""

import re
from collections.abc import Sequence

from uploads.tabular.dialect.columns.lines_apart import VALUE

_APART = re.compile(r"[^ ]+(?: [^ ]+)*")
_LEAST_COLUMNS = 3
_LEAST_ROWS = 2
_FILLED = 0.6
"""Share of the cells that hold anything."""
_GAP = 2


def gaps_below_names(lines: Sequence[str]) -> tuple[range, ...] | None:
    """The two spaces in front of each column but the first, where the first line holds the names of all others."""
    header, rows = lines[0], lines[1:]
    names = list(_APART.finditer(header))
    words = [name[0] for name in names]
    is_header = len(names) >= _LEAST_COLUMNS and header[:1].strip() and len(set(words)) == len(words)
    if len(rows) < _LEAST_ROWS or not is_header or any(map(VALUE.fullmatch, words)):
        return None
    begins = [name.start() for name in names]
    cells = [_cells(row, begins) for row in rows]
    filled = [cell for row in cells for cell in row if cell.strip()]
    if len(filled) < _FILLED * len(cells) * len(begins) or not all(
        any(map(str.strip, c)) for c in zip(*cells, strict=True)
    ):
        return None
    is_parted = all(not row[begin - _GAP : begin].strip() for row in rows for begin in begins[1:])
    if not is_parted or any(cell.startswith(" ") for cell in filled):
        return None
    return tuple(range(begin - _GAP, begin) for begin in begins[1:])


def _cells(row: str, begins: Sequence[int]) -> list[str]:
    ends = [*begins[1:], max(len(row), begins[-1])]
    return [row[begin:end] for begin, end in zip(begins, ends, strict=True)]
