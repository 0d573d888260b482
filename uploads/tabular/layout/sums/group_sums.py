"""Rows that hold the sums of the rows since the last such row, whatever word begins them: ``South together``."""

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from uploads.tabular.layout.sums.column_sums import number_of

_LEAST_COLUMNS = 2
_LEAST_ROWS = 2
"""Of a group."""
_LEAST_GROUPS = 2
_LEAST_DIGITS = 6
"""Of the sums of a group, together: fewer can be that by chance."""
_MOST_CELLS = 10_000
"""Looked at in 12 ms."""


def group_sums(columns: Sequence[pa.Array]) -> list[int]:
    """The rows, from 0, that sum their groups up in most columns of numbers; none where a row belongs to no group.

    The last may be the sum of all groups.
    """
    rows = len(columns[0]) if columns else 0
    if rows * len(columns) > _MOST_CELLS:
        return []
    numbers = [found for column in columns if (found := _numbers(column)) is not None]
    if len(numbers) < _LEAST_COLUMNS:
        return []
    places, begin = list[int](), 0
    sums, all_sums = [Decimal()] * len(numbers), [Decimal()] * len(numbers)
    for place, row in enumerate(zip(*numbers, strict=True)):
        if place - begin >= _LEAST_ROWS and _are(row, sums):
            all_sums = [total + value for total, value in zip(all_sums, sums, strict=True)]
            places, begin, sums = [*places, place], place + 1, [Decimal()] * len(numbers)
        else:
            sums = [total + value for total, value in zip(sums, row, strict=True)]
    if len(places) < _LEAST_GROUPS:
        return []
    is_whole = begin == rows or (begin == rows - 1 and _are([column[-1] for column in numbers], all_sums))
    return [*places, *range(begin, rows)] if is_whole else []


def _are(row: Sequence[Decimal], sums: Sequence[Decimal]) -> bool:
    found = [value for value, total in zip(row, sums, strict=True) if value and value == total]
    digits = sum(len(value.as_tuple().digits) for value in found)
    return len(found) >= _LEAST_COLUMNS and 2 * len(found) > len(row) and digits >= _LEAST_DIGITS


def _numbers(column: pa.Array) -> list[Decimal] | None:
    """The numbers of a column that holds nothing else, a blank for 0."""
    found: list[Decimal] = []
    for cell in column.to_pylist():
        number = number_of(cell) if cell.strip() else Decimal()
        if number is None:
            return None
        found.append(number)
    return found if any(found) else None
