"""Names on several levels above a row that names the index alone: so pandas writes a pivot or a table of groups.

``,cost,cost,sales,sales`` above ``year,1,2,1,2`` above ``region,,,,`` are three rows of names, whatever stands below.
"""

from collections.abc import Sequence
from itertools import groupby

Row = Sequence[str]

_MOST_LEVELS = 3
_LEAST_COLUMNS = 2
_LEAST_ROWS = 2
_LOOKED_AT = 100


def labels_on_levels(rows: Sequence[Row], start: int) -> tuple[int, tuple[str, ...]] | None:
    """How many rows of names begin with row ``start``, the last of which names the index alone; and the names.

    Each row above that fills all columns: people write the name of a group once, programs above each of its columns.
    """
    for depth in range(2, _MOST_LEVELS + 1):
        heading = [[cell.strip() for cell in row] for row in rows[start : start + depth + 1]]
        if len(heading) <= depth or len({len(row) for row in heading}) != 1:
            return None
        *levels, names = heading
        index = next((at for at, name in enumerate(names) if not name), len(names))
        if any(names[index:]) or not 0 < index <= len(names) - _LEAST_COLUMNS:
            continue
        columns = list(zip(*(level[index:] for level in levels), strict=True))
        is_told_apart = all(map(all, columns)) and len(set(columns)) == len(columns)
        if is_told_apart and _repeats_side_by_side(levels[0][index:]) and _are_rows(rows[start + depth + 1 :], index):
            joined = (" ".join(part for part, _ in groupby(column)) for column in columns)
            return depth + 1, (*names[:index], *joined)
    return None


def _repeats_side_by_side(groups: Row) -> bool:
    """Whether groups stand beside each other, some above several columns; figures that are alike are no groups."""
    found = [name for name, _ in groupby(groups)]
    are_words = all(any(map(str.isalpha, name)) for name in found)
    return are_words and len(found) < len(groups) and len(set(found)) == len(found)


def _are_rows(body: Sequence[Row], index: int) -> bool:
    """Whether all rows have a name in the index and hold something."""
    filled = [row for row in body[:_LOOKED_AT] if any(map(str.strip, row))]
    are_named = all(row[index - 1].strip() and any(map(str.strip, row[index:])) for row in filled if len(row) > index)
    return len(filled) >= _LEAST_ROWS and are_named
