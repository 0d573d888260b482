"""Whether rows were reckoned from those above them, whatever word stands there: the last one, or one below each group.

Such a row is loaded all the same, and said: who adds up a column counts a sum twice, and a mean spoils every other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.sums.column_sums import LEAST_ROWS, Row, is_sum, number_of, says_something
from uploads.tabular.layout.sums.group_sums import group_sums

MOST_ROWS = 20_000
"""Rows above that are looked at."""
_LEAST_ROWS = 3
_LEAST_BELOW_BLANK = 2
_LEAST_COLUMNS = 2
_LEAST_DIGITS = 4
"""Of a number that alone tells: shorter ones can be that by chance."""
_LEAST_DIGITS_OF_MEANS = 3
"""Of each mean."""
_LEAST_OF_GROUPS = 6
"""Rows of two groups with their sums."""
_MOST_OF_GROUPS = 2_000
_STUBS = 4
"""Columns at the left that may be blank where groups are summed up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoned:
    """What the last row holds of those above it, and in how many columns."""

    columns: int
    is_mean: bool


def reckoned(row: Row, rows_above: int, column: Callable[[int], pa.Array]) -> Reckoned | None:
    """What was reckoned, if a column that every other row fills is blank there, and most of its numbers are results.

    ``column`` gives the cells of a column above the row.
    """
    numbers = [at for at, cell in enumerate(row) if number_of(cell)]
    blank = [at for at, cell in enumerate(row) if not says_something(cell)]
    if not numbers or not _LEAST_ROWS <= rows_above <= MOST_ROWS or not any(_is_full(column(at)) for at in blank):
        return None
    for is_mean, is_result in ((False, is_sum), (True, is_mean_of)):
        found = [row[at] for at in numbers if is_result(row[at], column(at))]
        is_enough = len(found) >= _LEAST_COLUMNS or (not is_mean and sum(map(_digits, found)) >= _LEAST_DIGITS)
        if is_enough and 2 * len(found) > len(numbers):
            return Reckoned(columns=len(found), is_mean=is_mean)
    return None


def sums_of_all_below(row: Row, rows_below: int, column: Callable[[int], pa.Array]) -> int:
    """In how many columns the first row holds the sum of all rows below it, if that is most of its numbers; else 0.

    ``column`` gives the cells of a column below the row. So lists of places begin with the whole country, and reports
    of websites with a row that names no page: where a column is blank that all others fill, fewer rows are enough.
    """
    numbers = [at for at, cell in enumerate(row) if number_of(cell)]
    blank = (at for at, cell in enumerate(row) if not says_something(cell))
    least = LEAST_ROWS - 1 if not any(_is_full(column(at)) for at in blank) else _LEAST_BELOW_BLANK
    if not numbers or not least <= rows_below <= MOST_ROWS:
        return 0
    found = []
    for number, at in enumerate(numbers):
        if is_sum(row[at], column(at)):
            found.append(at)
        elif 2 * (number + 1 - len(found)) >= len(numbers):
            return 0  # most rows are told by their first numbers
    is_enough = len(found) >= _LEAST_COLUMNS or sum(_digits(row[at]) for at in found) >= _LEAST_DIGITS
    return len(found) if is_enough else 0


def is_mean_of(cell: str, column: pa.Array) -> bool:
    """Whether a number of several digits is the mean of a column of other numbers, as exactly as it is written."""
    mean = number_of(cell)
    values = [number_of(other) for other in column.to_pylist() if says_something(other)]
    known = [value for value in values if value is not None]
    if (
        mean is None
        or len(known) < len(values)
        or len(set(known)) < _LEAST_COLUMNS
        or _digits(cell) < _LEAST_DIGITS_OF_MEANS
    ):
        return False
    exponent = mean.as_tuple().exponent
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(sum(known, Decimal()) / len(known) - mean) * 2 <= unit


def _digits(cell: str) -> int:
    return sum(map(str.isdigit, cell))


def _is_full(column: pa.Array) -> bool:
    return bool(pc.all(pc.not_equal(pc.utf8_trim_whitespace(column), ""), min_count=0).as_py())


def may_hold_subtotals(rows: int) -> bool:
    """Whether a table of so many rows is looked through for sums of its groups."""
    return _LEAST_OF_GROUPS <= rows <= _MOST_OF_GROUPS


def subtotals(columns: Sequence[pa.Array]) -> list[int]:
    """The rows, from 0, that sum up the ones since the last such row, or those up to the next: a column at the left is
    blank in just these, or all rows belong to such groups.

    All of them have to, or none is said to; the last (or the first) may be the sum of all groups.
    """
    rows = len(columns[0]) if columns else 0
    if not may_hold_subtotals(rows):
        return []
    backwards = pa.array(range(rows - 1, -1, -1), pa.int64())
    above = (rows - 1 - at for at in _below_groups([column.take(backwards) for column in columns]))
    return _below_groups(columns) or sorted(above) or group_sums(columns)


def _below_groups(columns: Sequence[pa.Array]) -> list[int]:
    rows = len(columns[0])
    for position, stub in enumerate(columns[:_STUBS]):
        places = [at for at, cell in enumerate(stub.to_pylist()) if not cell.strip()]
        if 0 < 2 * len(places) <= rows and _sum_groups_up(places, [*columns[:position], *columns[position + 1 :]]):
            return places
    return []


def _sum_groups_up(places: Sequence[int], columns: Sequence[pa.Array]) -> bool:
    begin, groups, digits = 0, 0, 0
    for place in places:
        row = [column[place].as_py() for column in columns]
        own = list(range(begin, place))
        if not own and groups and place == places[-1]:
            own = sorted(set(range(place)) - set(places))
        found = _digits_of_sums(row, [column.take(pa.array(own, pa.int64())) for column in columns])
        if not found:
            return False
        digits += found
        groups += place > begin
        begin = place + 1
    return groups > 1 and digits >= _LEAST_DIGITS


def _digits_of_sums(row: Row, above: Sequence[pa.Array]) -> int:
    """How many digits are sums of the columns above, or what stands there alone, if most numbers of a row are; else 0.

    Few by themselves can be that by chance, those of all groups cannot.
    """
    numbers = [at for at, cell in enumerate(row) if number_of(cell)]
    found = [
        at for at in numbers if _adds_up(row[at], [cell for cell in above[at].to_pylist() if says_something(cell)])
    ]
    return sum(_digits(row[at]) for at in found) if 2 * len(found) > len(numbers) else 0


def _adds_up(cell: str, above: Sequence[str]) -> bool:
    numbers = [number for number in map(number_of, above) if number is not None]
    return 0 < len(numbers) == len(above) and sum(numbers, Decimal()) == number_of(cell)
