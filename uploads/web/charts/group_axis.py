"""The groups along one side of a chart or table: in order, each once, with the periods and ranges that have no rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import takewhile
from math import isnan
from typing import Any

from uploads.database.aggregating.terms import ByBins, ByPeriod, Group, Grouping, GroupKind, Key, Period
from uploads.tabular.table import ColumnType

MOST_FILLED = 1_000
"""Where more would stand there, none are filled in: one date far from all others is a slip of the pen."""
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_PLACES = {GroupKind.NAN: 0, GroupKind.REST: 2, GroupKind.BLANK: 3}


def axis_of(grouping: Grouping, groups: Sequence[Group], at: int) -> tuple[Key, ...]:
    """Of the grouping at a place among those of the groups: the most frequent texts first, all else by value, then
    everything else, then what is blank."""
    rows: Counter[Key] = Counter()
    for group in groups:
        rows[group.keys[at]] += group.rows
    is_text = grouping.field.type is ColumnType.TEXT
    keys = sorted(rows, key=lambda key: _place(key, rows[key] if is_text else 0))
    match grouping:
        case ByPeriod(period=period):
            return _filled(keys, GroupKind.PERIOD, _periods(keys, period))
        case ByBins():
            return _filled(keys, GroupKind.BIN, _bins(keys))
    return tuple(keys)


def _place(key: Key, rows: int) -> tuple[Any, ...]:
    """Values of one kind can be compared; dates that Python has none for come first."""
    match key.kind, key.value:
        case GroupKind.BIN, _:
            return 1, key.start is not None, key.start or 0
        case ((GroupKind.VALUE | GroupKind.PERIOD), str() as text):
            return 1, 0, -rows, text
        case ((GroupKind.VALUE | GroupKind.PERIOD), value):
            is_nan = not isinstance(value, date) and isnan(value)
            return 1, 2 if is_nan else 1, -rows, 0 if is_nan else value
    return (_PLACES[key.kind],)


def _filled(keys: Sequence[Key], kind: GroupKind, every: Iterator[Key]) -> tuple[Key, ...]:
    """With all of ``every`` in the place of those of the kind that it goes through."""
    filled = [key for _, key in zip(range(MOST_FILLED + 1), every, strict=False)]
    if not filled or len(filled) > MOST_FILLED:
        return tuple(keys)
    there = set(filled)
    before = list(takewhile(lambda key: key not in there, keys))
    behind = [key for key in keys[len(before) :] if key not in there]
    return (*before, *filled, *behind)


def _periods(keys: Sequence[Key], period: Period) -> Iterator[Key]:
    dates = [key.value for key in keys if isinstance(key.value, date)]
    if not dates:
        return
    now: date | None = dates[0]
    while now is not None and now <= dates[-1]:
        yield Key(kind=GroupKind.PERIOD, value=now)
        now = next_period(now, period)


def next_period(first: date, period: Period) -> date | None:
    """The first day of the period that follows; ``None`` beyond what Python has dates for."""
    try:
        if period not in _MONTHS:
            return first + timedelta(days=7 if period is Period.WEEK else 1)
        months = first.year * 12 + first.month - 1 + _MONTHS[period]
        return date(months // 12, months % 12 + 1, 1)
    except (OverflowError, ValueError):
        return None


def _bins(keys: Sequence[Key]) -> Iterator[Key]:
    closed = [(key.start, key.end) for key in keys if key.start is not None and key.end is not None]
    if not closed:
        return
    width = min(end - start for start, end in closed)
    start, last = closed[0][0], closed[-1][0]
    while start <= last and start + width > start:
        yield Key(kind=GroupKind.BIN, start=start, end=start + width)
        start += width
