"""How the values of a column lie between the least and the greatest, as a small histogram of their hundredths."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

from uploads.database.reading.terms import Field
from uploads.services.reading.values import read_value
from uploads.tabular.table import ColumnType

BARS = 20


def bars_of(points: Sequence[str], *, type_: ColumnType) -> tuple[float, ...]:
    """The shares of all values in ``BARS`` ranges of equal width from the least to the greatest; none where these are
    one, or no numbers that can be drawn. Between two points values are taken to be spread evenly."""
    numbers = list(_numbers(points, type_))
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)) or numbers[0] == numbers[-1]:
        return ()
    largest = max(abs(numbers[0]), abs(numbers[-1]))
    numbers = [number / largest for number in numbers]  # twice the largest double is none
    low, width = numbers[0], (numbers[-1] - numbers[0]) / BARS
    if not width:
        return ()
    bars = [0.0] * BARS
    for left, right in pairwise(numbers):
        begin, end = ((number - low) / width for number in (left, right))
        first, last = (min(BARS - 1, max(0, int(place))) for place in (begin, end))
        if first == last or end <= begin:
            bars[first] += 1
            continue
        for bar in range(first, last + 1):
            bars[bar] += max(0.0, min(end, bar + 1) - max(begin, bar)) / (end - begin)
    whole = sum(bars)
    return tuple(bar / whole for bar in bars)


def _numbers(points: Sequence[str], type_: ColumnType) -> Iterator[float]:
    for text in points:
        value = read_value(text, Field(name="", type=type_))
        match value:
            case datetime():
                yield (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
            case date():
                yield float(value.toordinal())
            case bool() | str() | None:
                yield math.nan
            case _:
                try:
                    yield float(value)
                except OverflowError:
                    yield math.nan
