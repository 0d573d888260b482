"""A slow aggregate that is obviously right: a dictionary of lists, filled and counted in Python."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median
from typing import Any

from hypothesis import strategies as st

from tests.integration.reading.model import NAMES, Record, key_of
from uploads.database.aggregating.terms import (
    ByBins,
    ByPeriod,
    ByValue,
    Function,
    Group,
    Grouping,
    GroupKind,
    Groups,
    Key,
    Measure,
    Period,
)
from uploads.services.aggregating.parameters import functions_of, ways_of
from uploads.services.reading.view import Fields
from uploads.tabular.table import ColumnType

DIGITS = 400
"""Enough for sums of what the columns hold, in exact numbers."""


def first_day(value: date, period: Period) -> date:
    if isinstance(value, datetime):
        value = (value.astimezone(UTC) if value.tzinfo else value).date()
    match period:
        case Period.DAY:
            return value
        case Period.WEEK:
            return value - timedelta(days=value.weekday())
        case Period.MONTH:
            return value.replace(day=1)
        case Period.QUARTER:
            return value.replace(day=1, month=value.month - (value.month - 1) % 3)
        case Period.YEAR:
            return value.replace(day=1, month=1)


def plain(value: Any) -> Any:
    """Equal where PostgreSQL takes two values for equal, and apart where it doesn't."""
    if isinstance(value, float | Decimal) and math.isnan(value):
        return "NaN"
    return value


def tops(every: Sequence[Record], grouping: ByValue) -> list[Any]:
    """The most frequent values; of equally frequent ones the lesser."""
    name = grouping.field.name
    counts = Counter(plain(record[name]) for record in every if record[name] is not None)
    whole = {plain(record[name]): record[name] for record in every}
    found = sorted(counts, key=lambda value: (-counts[value], key_of(whole[value])))[: grouping.top]
    return found if grouping.field.type is ColumnType.TEXT else sorted(found, key=lambda value: key_of(whole[value]))


def bin_of(value: Any, keys: Sequence[Key]) -> Key:
    """The range that holds a number, by what it says of itself."""
    exact = None if math.isinf(value) else Fraction(value)
    for key in keys:
        below = key.end is None or (value < 0 if exact is None else exact < stored(key.end, value))
        above = key.start is None or (value > 0 if exact is None else exact >= stored(key.start, value))
        if key.kind is GroupKind.BIN and below and above:
            return key
    raise AssertionError(f"no range holds {value}")


def stored(edge: Decimal, beside: Any) -> Fraction:
    """An edge as the column has it: 0.1 of a double is not quite that."""
    return Fraction(float(edge)) if isinstance(beside, float) else Fraction(edge)


def key_in_model(value: Any, grouping: Grouping, top: Sequence[Any], bins: Sequence[Key]) -> tuple[Any, ...]:
    """Something equal for all rows of a group."""
    if value is None:
        return ("blank",)
    match grouping:
        case ByPeriod(period=period):
            return ("period", first_day(value, period))
        case ByBins():
            if plain(value) == "NaN":
                return ("nan",)
            key = bin_of(value, bins)
            return ("bin", key.start, key.end)
        case ByValue():
            return ("value", plain(value)) if plain(value) in top else ("rest",)


def key_found(key: Key) -> tuple[Any, ...]:
    match key.kind:
        case GroupKind.VALUE | GroupKind.PERIOD:
            return (key.kind.value, plain(key.value))
        case GroupKind.BIN:
            return ("bin", key.start, key.end)
    return (key.kind.value,)


def figure(found: list[Record], measure: Measure) -> Any:
    if measure.field is None:
        return len(found)
    values = [record[measure.field.name] for record in found if record[measure.field.name] is not None]
    if measure.function is Function.COUNT:
        return len(values)
    if measure.function is Function.DISTINCT:
        return len({plain(value) for value in values})
    if not values:
        return None
    if measure.type is ColumnType.NUMERIC:
        values = [Decimal(value) for value in values]
    with localcontext(prec=DIGITS):
        return FIGURES[measure.function](sorted(values, key=key_of))


def middle(ordered: list[Any]) -> Any:
    """NaN is greater than all else, and half of a sum with it is none."""
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return median([lower, upper]) if plain(upper) != "NaN" else upper


FIGURES: dict[Function, Callable[[list[Any]], Any]] = {
    Function.SUM: sum,
    Function.MEAN: lambda ordered: sum(ordered) / len(ordered),
    Function.MEDIAN: middle,
    Function.MIN: lambda ordered: ordered[0],
    Function.MAX: lambda ordered: ordered[-1],
}


def same(found: Any, wanted: Any, *, largest: float) -> bool:
    """Exact but for means, whose quotients PostgreSQL cuts, and for doubles, whose sums depend on the order."""
    if plain(found) == plain(wanted):
        return True
    if isinstance(found, float | Decimal) and isinstance(wanted, float | Decimal):
        return math.isclose(float(found), float(wanted), rel_tol=1e-9, abs_tol=1e-9 * largest)
    return False


def largest(found: list[Record], measure: Measure) -> float:
    """Of what is added up, and at least 1: what is lost in a sum is a part of that."""
    values = [] if measure.field is None else [record[measure.field.name] for record in found]
    numbers = [abs(float(value)) for value in values if isinstance(value, int | float | Decimal)]
    return max([1.0, *(number for number in numbers if math.isfinite(number))])


def check_groups(found: Groups, every: Sequence[Record], groupings: Sequence[Grouping], measure: Measure) -> None:
    """Against all rows that meet the filters: the groups, their order, rows and figures."""
    top = [tops(every, each) if isinstance(each, ByValue) else [] for each in groupings]
    bins = [[group.keys[at] for group in found.groups] for at in range(len(groupings))]
    wanted: dict[tuple[Any, ...], list[Record]] = {}
    for record in every:
        keys = tuple(
            key_in_model(record[each.field.name], each, top[at], bins[at]) for at, each in enumerate(groupings)
        )
        wanted.setdefault(keys, []).append(record)
    if not groupings:
        wanted.setdefault((), [])
    told = {tuple(map(key_found, group.keys)): group for group in found.groups}
    assert set(told) == set(wanted)
    assert found.total_groups == len(found.groups) == len(told)
    assert found.total_rows == len(every)
    for keys, group in told.items():
        assert group.rows == len(wanted[keys])
        expected = figure(wanted[keys], measure)
        assert same(group.value, expected, largest=largest(wanted[keys], measure)), (keys, group.value, expected)
        if measure.type is ColumnType.NUMERIC and measure.function is not Function.MEAN and expected is not None:
            assert plain(group.value) == plain(expected)
    check_order(found.groups, groupings, top)
    for at, each in enumerate(groupings):
        if isinstance(each, ByBins):
            check_bins({key for key in bins[at] if key.kind is GroupKind.BIN}, each)


def check_order(groups: Sequence[Group], groupings: Sequence[Grouping], top: Sequence[Sequence[Any]]) -> None:
    def place(key: Key, at: int) -> tuple[Any, ...]:
        match key.kind:
            case GroupKind.BLANK:
                return (3,)
            case GroupKind.REST:
                return (2,)
            case GroupKind.NAN:
                return (0,)
            case GroupKind.VALUE:
                return (1, top[at].index(plain(key.value)))
            case GroupKind.PERIOD:
                return (1, key.value)
        return (1, Decimal("-Infinity") if key.start is None else key.start)

    places = [tuple(place(key, at) for at, key in enumerate(group.keys)) for group in groups]
    assert places == sorted(places)


def check_bins(keys: set[Key], grouping: ByBins) -> None:
    """Of one width, at multiples of it, and not too many; those of infinite numbers apart."""
    closed = [(key.start, key.end) for key in keys if key.start is not None and key.end is not None]
    assert len(closed) <= grouping.bins
    widths = {end - start for start, end in closed}
    if grouping.field.type is not ColumnType.DOUBLE:  # of doubles edges that are one number are left out
        assert len(widths) <= 1
    for width in widths:
        assert all(Fraction(start) % Fraction(width) == 0 for start, _ in closed)


@st.composite
def aggregations(draw: st.DrawFn, fields: Fields) -> dict[str, list[str]]:
    """Query parameters: up to two groupings and a measure."""
    names = list(NAMES.values())
    words: list[str] = []
    for name in draw(st.lists(st.sampled_from(names), max_size=2)):
        way = draw(st.sampled_from(ways_of(fields.shown[name])))
        number = f":{draw(st.integers(2, 9))}" if way in ("bins", "top") else ""
        words.append(f"{name}:{way}{number}")
    measured = draw(st.sampled_from(names))
    function = draw(st.sampled_from(functions_of(fields.shown[measured])))
    sent = {"_measure": [draw(st.sampled_from(["count", f"{function}:{measured}"]))]}
    if words:
        sent["_group"] = [",".join(dict.fromkeys(words))]
    return sent
