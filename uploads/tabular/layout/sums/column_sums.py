"""Whether the numbers of a row are the sums of columns: exactly, in whatever way they are written.

A column of 50,000 numbers takes 20 ms to add up. A row of data is nearly always told from a sum by the first few rows,
whose own sum is more than it.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

Row = Sequence[str]

MOST_ROWS = 100_000
"""Rows that are added up."""
LEAST_ROWS = 5
"""Rows above one that is told by arithmetic alone: the last of fewer can be their sum by chance."""
_LEAST_COLUMNS = 2
_FIRST = 50
_NEARLY = 1e-6
"""Relative: sums of floating-point numbers are but near the exact one."""
_DASHES = frozenset({"-", "--", "—", "–", ".", "..", "…"})
"""What stands in a cell of which there is no sum."""
_PLAIN = re.compile(r"[-+]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})")
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3}){1,9}(\.\d{1,30})?")
_COMMA = re.compile(r"[-+]?\d{1,30},\d{1,30}")
_POINTS = re.compile(r"[-+]?\d{1,3}(\.\d{3}){1,9}(,\d{1,30})?")


def says_something(cell: str) -> bool:
    """Whether a cell is neither blank nor a dash."""
    text = cell.strip()
    return bool(text) and text not in _DASHES


def number_of(cell: str) -> Decimal | None:
    """The number that a cell holds, if it is clear which: ``1,234.5`` and ``1.234,5`` are."""
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return Decimal(text.replace(".", "").replace(",", ".")) if _POINTS.fullmatch(text) else None


def is_sum_by_arithmetic(row: Row, columns: Sequence[pa.Array]) -> bool:
    """Whether a row holds nothing but the sums of ``columns``, in two of them at least; it is not among their rows."""
    if not holds_only_numbers(row) or not columns or not LEAST_ROWS <= len(columns[0]) <= MOST_ROWS:
        return False
    return all(is_sum(cell, columns[position]) for position, cell in enumerate(row) if says_something(cell))


def holds_only_numbers(row: Row) -> bool:
    """Whether a row has two numbers that are not 0, and nothing else: only then can it be told by arithmetic alone."""
    numbers = [number_of(cell) for cell in row if says_something(cell)]
    return None not in numbers and sum(1 for number in numbers if number) >= _LEAST_COLUMNS


def is_total_above(row: Row, columns: Sequence[pa.Array]) -> bool:
    """Whether a row that says it is a total is one of the rows below it, ``columns``: most of its numbers are sums.

    The others are means and rates, which nobody adds up.
    """
    sums = summed_columns(row, columns, times=(1, 2))
    return len(sums) * 2 > sum(1 for cell in row if number_of(cell) is not None)


def summed_columns(row: Row, columns: Sequence[pa.Array], *, times: Sequence[int] = (1,)) -> list[int]:
    """The columns whose sum, and not nothing, stands in the row; or one of so many ``times`` of it.

    With ``(1, 2)`` a total over rows of which some are subtotals counts too: they add up to twice as much.
    """
    if not columns or len(columns[0]) > MOST_ROWS:
        return []
    numbers = [position for position, cell in enumerate(row) if number_of(cell)]
    return [at for at in numbers if any(is_sum(row[at], columns[at], times=n) for n in times)]


def is_sum(cell: str, column: pa.Array, *, times: int = 1) -> bool:
    """Whether a cell is the sum of a column that holds numbers alone, two of them not 0 unless it is 0 itself."""
    total = number_of(cell)
    if total is None:
        return False
    wanted = total * times
    first = [number_of(other) for other in column[:_FIRST].to_pylist() if says_something(other)]
    known = [number for number in first if number is not None]
    if len(known) < len(first):
        return False
    if len(column) > _FIRST and min(known, default=Decimal()) >= 0 and sum(known) > wanted:
        return False  # below stand more of them, or negative ones: then it is none of the plain sums
    return _adds_up(wanted, column)


def _adds_up(wanted: Decimal, column: pa.Array) -> bool:
    cells = pc.utf8_trim_whitespace(column)
    cells = cells.filter(pc.invert(pc.is_in(cells, value_set=pa.array(["", *sorted(_DASHES)], pa.string()))))
    if not len(cells):
        return False
    try:
        values = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        pass  # grouped, or with a decimal comma
    else:
        size = float(pc.sum(pc.abs(values)).as_py())
        if not abs(float(pc.sum(values).as_py()) - float(wanted)) <= _NEARLY * max(size, 1.0):
            return False
    numbers = list(map(number_of, cells.to_pylist()))
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or sum(known) != wanted:
        return False
    return not wanted or sum(1 for number in known if number) > 1
