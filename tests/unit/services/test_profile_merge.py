"""Figures of several loads put together: what they would be of all values at once, or called an estimate."""

import math
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.database.reading.profiles import HUNDREDTHS, MOST_KEPT
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.histogram import BARS, bars_of
from uploads.services.reading.profile_merge import key_of, lacking, merged
from uploads.tabular.table import ColumnType


def kept(values: list[int | None], *, most: int = MOST_KEPT) -> dict[str, Any]:
    """What is kept of whole numbers."""
    filled = sorted(value for value in values if value is not None)
    counts = Counter(filled)
    order = sorted(counts, key=lambda value: (-counts[value], value))[:most]
    points = [filled[max(0, math.ceil(step * len(filled) / HUNDREDTHS) - 1)] for step in range(101)] if filled else []
    return {
        "rows": len(values),
        "blanks": len(values) - len(filled),
        "least": str(filled[0]) if filled else None,
        "greatest": str(filled[-1]) if filled else None,
        "total": str(sum(filled)) if filled else None,
        "shortest": None,
        "longest": None,
        "distinct": len(counts),
        "is_exact": True,
        "values": [[str(value), counts[value]] for value in order],
        "points": [str(point) for point in points],
        "is_sampled": False,
    }


LOADS = st.lists(st.lists(st.none() | st.integers(-9, 30), max_size=30), min_size=1, max_size=4)


@given(LOADS, st.integers(1, 40))
def test_loads_together_are_all_their_values_at_once(loads: list[list[int | None]], most: int) -> None:
    together = merged([kept(values, most=most) for values in loads], type_=ColumnType.BIGINT)
    whole = kept([value for values in loads for value in values])
    assert (together.rows, together.blanks) == (whole["rows"], whole["blanks"])
    assert (together.least, together.greatest) == (whole["least"], whole["greatest"])
    filled = whole["rows"] - whole["blanks"]
    assert together.mean == (f"{Decimal(whole['total']) / filled:f}" if filled else None)
    match together.distinct_known:
        case RowsKnown.EXACT:
            assert together.distinct == whole["distinct"]
        case known:
            assert known is RowsKnown.AT_LEAST
            assert 0 < together.distinct <= whole["distinct"]
    counts = dict(whole["values"])
    if together.values_known is RowsKnown.EXACT:
        assert list(together.values) == [(value, rows) for value, rows in whole["values"]][: len(together.values)]
    else:
        assert all(rows <= counts[value] for value, rows in together.values)
    if together.points:
        assert (together.points[0], together.points[-1]) == (whole["least"], whole["greatest"])
        assert list(together.points) == sorted(together.points, key=int)


@given(st.lists(st.integers(-1000, 1000), min_size=100, max_size=300), st.integers(1, 99))
def test_hundredths_of_two_loads_are_about_those_of_all(values: list[int], at: int) -> None:
    cut = len(values) * at // 100
    loads = [load for load in (values[:cut], values[cut:]) if load]
    together = merged([kept(list(load)) for load in loads], type_=ColumnType.BIGINT)
    order = sorted(values)
    for step, point in enumerate(together.points):
        below = sum(value < int(point) for value in order) / len(order)
        upto = sum(value <= int(point) for value in order) / len(order)
        assert below - 0.03 <= step / HUNDREDTHS <= upto + 0.03


def test_a_column_that_some_loads_lack_is_blank_in_them() -> None:
    together = merged([kept([1, 1, None]), lacking(5)], type_=ColumnType.BIGINT)
    assert (together.rows, together.blanks, together.values) == (8, 6, (("1", 2),))
    assert together.values_known is together.points_known is RowsKnown.EXACT
    nothing = merged([lacking(5)], type_=ColumnType.BIGINT)
    assert (nothing.distinct, nothing.least, nothing.mean, nothing.points, nothing.values) == (0, None, None, (), ())


def test_values_that_are_equal_are_one_however_they_are_written() -> None:
    loads = [{**kept([1]), "values": [[text, 1]]} for text in ("1.0", "1.00", "1")]
    together = merged(loads, type_=ColumnType.NUMERIC)
    assert (together.distinct, together.values) == (1, (("1.0", 3),))


def test_a_text_of_which_the_beginning_is_kept_is_told_apart_from_no_other() -> None:
    long = {**kept([1]), "values": [["x" * 201, 1]], "points": [], "total": None}
    together = merged([long, long], type_=ColumnType.TEXT)
    assert together.values_known is RowsKnown.ABOUT
    assert together.distinct_known is RowsKnown.AT_LEAST


@pytest.mark.parametrize(
    ("texts", "type_"),
    [
        (["-Infinity", "-5", "0", "1e300", "Infinity", "NaN"], ColumnType.DOUBLE),
        (["-infinity", "1900-01-01", "2024-02-29", "infinity"], ColumnType.DATE),
        (["2024-02-29 10:30:00+00", "2024-02-29 10:30:00.5+00"], ColumnType.TIMESTAMPTZ),
        (["", "A", "a", "é", "日"], ColumnType.TEXT),
        (["false", "true"], ColumnType.BOOLEAN),
    ],
)
def test_values_are_ordered_as_the_database_orders_them(texts: list[str], type_: ColumnType) -> None:
    backward = list(reversed(texts))
    assert sorted(backward, key=lambda text: key_of(text, type_)) == texts


def test_bars_are_shares_of_ranges_of_equal_width() -> None:
    even = bars_of([str(number) for number in range(101)], type_=ColumnType.BIGINT)
    assert len(even) == BARS
    assert all(math.isclose(bar, 1 / BARS) for bar in even)
    steps = bars_of(["0"] * 51 + ["100"] * 50, type_=ColumnType.NUMERIC)
    assert math.isclose(steps[0], 0.5, abs_tol=0.02)
    assert math.isclose(steps[-1], 0.5, abs_tol=0.02)
    assert bars_of(["2024-01-01"] * 50 + ["2024-01-02"] * 51, type_=ColumnType.DATE)[0] > 0.4
    for nothing in ([], ["7"] * 101, ["1", "NaN"], ["1", "Infinity"]):
        assert bars_of(nothing, type_=ColumnType.DOUBLE) == ()
    assert sum(bars_of(["-1.7e308", "0", "1.7e308"], type_=ColumnType.DOUBLE)) == pytest.approx(1)
