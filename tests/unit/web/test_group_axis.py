"""What stands along a side of a chart, and the words and the rounding of groups."""

from datetime import date
from decimal import Decimal

import pytest

from uploads.database.aggregating.edges import round_edges
from uploads.database.aggregating.terms import ByBins, ByPeriod, Function, Group, GroupKind, Key, Measure, Period
from uploads.database.reading.terms import Field
from uploads.services.aggregating.suggestion import period_for
from uploads.tabular.table import ColumnType
from uploads.web.charts.group_axis import MOST_FILLED, axis_of, next_period
from uploads.web.sentences.groups import figure_words, key_words

DAY = Field(name="day", type=ColumnType.DATE)
PRICE = Field(name="price", type=ColumnType.NUMERIC)
BLANK = Key(kind=GroupKind.BLANK)


def period(value: date | str) -> Key:
    return Key(kind=GroupKind.PERIOD, value=value)


def groups(*keys: Key) -> list[Group]:
    return [Group(keys=(key,), rows=1, value=1) for key in keys]


def test_months_without_rows_stand_between_those_that_have_some() -> None:
    by_month = ByPeriod(field=DAY, period=Period.MONTH)
    keys = groups(period("infinity"), period(date(2023, 11, 1)), period(date(2024, 2, 1)), BLANK)
    assert [key_words(key, by_month) for key in axis_of(by_month, keys, 0)] == [
        *("infinity", "Nov 2023", "Dec 2023", "Jan 2024", "Feb 2024", "(blank)"),
    ]


def test_one_date_far_from_the_others_fills_nothing() -> None:
    by_day = ByPeriod(field=DAY, period=Period.DAY)
    keys = groups(period(date(1, 1, 1)), period(date(9999, 12, 31)))
    assert len(axis_of(by_day, keys, 0)) == 2
    near = groups(period(date(2020, 1, 1)), period(date(2020, 1, 1).fromordinal(date(2020, 1, 1).toordinal() + 999)))
    assert len(axis_of(by_day, near, 0)) == MOST_FILLED


def test_ranges_without_rows_stand_between_those_that_have_some() -> None:
    def bin_(start: int | None, end: int | None) -> Key:
        return Key(
            kind=GroupKind.BIN,
            start=None if start is None else Decimal(start),
            end=None if end is None else Decimal(end),
        )

    by_range = ByBins(field=PRICE, bins=5)
    keys = groups(bin_(None, 0), bin_(0, 5), bin_(15, 20), bin_(25, None), BLANK)
    assert [key_words(key, by_range) for key in axis_of(by_range, keys, 0)] == [
        *("under 0", "0 to under 5", "5 to under 10", "10 to under 15", "15 to under 20", "25 and more", "(blank)"),
    ]


@pytest.mark.parametrize(
    ("first", "which", "following"),
    [
        (date(2024, 2, 29), Period.DAY, date(2024, 3, 1)),
        (date(2024, 12, 30), Period.WEEK, date(2025, 1, 6)),
        (date(2024, 12, 1), Period.MONTH, date(2025, 1, 1)),
        (date(2024, 10, 1), Period.QUARTER, date(2025, 1, 1)),
        (date(9999, 1, 1), Period.YEAR, None),
        (date(9999, 12, 31), Period.DAY, None),
    ],
)
def test_period_that_follows(first: date, which: Period, following: date | None) -> None:
    assert next_period(first, which) == following


def test_period_suits_the_span() -> None:
    first = date(2020, 1, 1)
    spans = [0, 60, 400, 3_000, 9_000]
    assert [period_for(first, date.fromordinal(first.toordinal() + days)) for days in spans] == list(Period)
    assert period_for("4713-01-01 BC", first) is Period.YEAR


@pytest.mark.parametrize(
    ("least", "greatest", "bins", "edges"),
    [
        ("0", "9.99", 2, "0 5 10"),
        ("0.2", "10.1", 4, "0 5 10 15"),
        ("-1", "1", 2, "-2 0 2"),
        ("7", "7", 20, "7 8"),
        ("0.003", "0.0049", 4, "0.003 0.0035 0.004 0.0045 0.005"),
        ("1E+40", "2E+40", 2, f"1{'0' * 40} 2{'0' * 40} 3{'0' * 40}"),
    ],
)
def test_edges_are_round(least: str, greatest: str, bins: int, edges: str) -> None:
    found = round_edges(Decimal(least), Decimal(greatest), bins=bins)
    assert " ".join(f"{edge:f}" for edge in found) == edges


def test_edges_of_whole_numbers_are_whole() -> None:
    assert round_edges(Decimal(0), Decimal(4), bins=3, whole=True) == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("value", "function", "words"),
    [
        (1234567, Function.COUNT, "1,234,567"),
        (Decimal("1234567.80"), Function.SUM, "1,234,567.80"),
        (Decimal("5.1666666666666667"), Function.MEAN, "5.16667"),
        (Decimal("1234567.8"), Function.MEAN, "1,234,568"),
        (Decimal(100), Function.MEAN, "100"),
        (Decimal("0.000001234567"), Function.MEAN, "0.00000123457"),
        (0.1 + 0.2, Function.SUM, "0.3"),
        (float("nan"), Function.MEAN, "nan"),
        (date(2024, 2, 29), Function.MAX, "2024-02-29"),
        (None, Function.SUM, "–"),
    ],
)
def test_figures_in_words(value: object, function: Function, words: str) -> None:
    assert figure_words(value, Measure(function=function, field=PRICE)) == words
