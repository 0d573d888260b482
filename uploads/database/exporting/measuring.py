"""What the values of numbers and dates are like, where a format has a type for some of them only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from uploads.database.exporting.columns import ExportColumn, comma_separated
from uploads.database.exporting.windows import Span, measure_rows
from uploads.tabular.table import ColumnType

_OF_NUMBERS: LiteralString = (
    "min(scale({0})), max(scale({0})), length(trunc(greatest(abs(min({0})), abs(max({0}))))::text),"
    " coalesce(min({0}) = '-Infinity' OR max({0}) >= 'Infinity', false)"
)
_OF_DATES: LiteralString = "coalesce(min({0}) < '0001-01-01' OR max({0}) >= '10000-01-01', false)"
"""By the least and the greatest value alone: infinite ones are those, and ``NaN`` is greater than all numbers. To print
each value for its digits took three times as long."""
LONG_BYTES = 32_767
_OF_TEXTS: LiteralString = "max(length({0})) FILTER (WHERE octet_length({0}) > {1})"
_DATES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberFigures:
    """Of a column of decimal numbers: digits behind the point, and before it."""

    least_scale: int | None
    """``None``: it has no value that is a number."""
    most_scale: int | None
    most_digits: int
    has_no_numbers: bool
    """``NaN`` or infinite ones are among them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueFigures:
    """By column."""

    numbers: Mapping[str, NumberFigures]
    out_of_calendar: frozenset[str]
    """Columns with dates that most programs have none for: infinite ones, years before 1 or beyond 9999."""
    long_texts: Mapping[str, int]
    """Letters of the longest text of columns that have one of more than ``LONG_BYTES``, where that was asked."""


def measure_values(spans: Iterable[Span], columns: Sequence[ExportColumn], *, with_texts: bool = False) -> ValueFigures:
    """Reads all rows once, and only those columns of which something is to be known."""
    texts = [column for column in columns if with_texts and column.type is ColumnType.TEXT]
    numbers = [column for column in columns if column.type is ColumnType.NUMERIC]
    dates = [column for column in columns if column.type in _DATES]
    figures = [sql.SQL(_OF_NUMBERS).format(column.stored) for column in numbers]
    figures += [sql.SQL(_OF_DATES).format(column.stored) for column in dates]
    figures += [sql.SQL(_OF_TEXTS).format(column.stored, sql.Literal(LONG_BYTES)) for column in texts]
    found: list[tuple[Any, ...]] = []
    for span in spans if figures else ():
        found += measure_rows(span, comma_separated(figures))
    width, before_texts = 4 * len(numbers), 4 * len(numbers) + len(dates)
    return ValueFigures(
        numbers={
            column.name: _number_figures([row[4 * place : 4 * place + 4] for row in found])
            for place, column in enumerate(numbers)
        },
        out_of_calendar=frozenset(
            column.name for place, column in enumerate(dates) if any(row[width + place] for row in found)
        ),
        long_texts={
            column.name: most
            for place, column in enumerate(texts)
            if (most := max((row[before_texts + place] or 0 for row in found), default=0))
        },
    )


def _number_figures(found: Sequence[tuple[Any, ...]]) -> NumberFigures:
    known = [row for row in found if row[0] is not None]
    return NumberFigures(
        least_scale=min((row[0] for row in known), default=None),
        most_scale=max((row[1] for row in known), default=None),
        most_digits=max((row[2] for row in known), default=0),
        has_no_numbers=any(row[3] for row in found),
    )
