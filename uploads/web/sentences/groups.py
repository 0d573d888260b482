"""Groups of rows and what is told of them, in words."""

from datetime import date
from decimal import Decimal

from uploads.database.aggregating.terms import (
    ByBins,
    ByPeriod,
    Function,
    Grouping,
    GroupKind,
    Key,
    Measure,
    Period,
)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OF_KINDS = {
    GroupKind.REST: "everything else",
    GroupKind.BLANK: "(blank)",
    GroupKind.NAN: "not a number",
}
_OF_FUNCTIONS = {
    Function.COUNT: "Rows with",
    Function.DISTINCT: "Different values of",
    Function.SUM: "Sum of",
    Function.MEAN: "Mean of",
    Function.MEDIAN: "Median of",
    Function.MIN: "Least",
    Function.MAX: "Greatest",
}
PERIOD_WORDS = {
    Period.DAY: "by day",
    Period.WEEK: "by week",
    Period.MONTH: "by month",
    Period.QUARTER: "by quarter",
    Period.YEAR: "by year",
}
LONGEST_LABEL = 100


def key_words(key: Key, grouping: Grouping) -> str:
    """What a group is called: ``North``, ``Mar 2024``, ``0 to under 5``, ``everything else``."""
    match key.kind, grouping:
        case GroupKind.PERIOD, ByPeriod(period=period):
            return period_words(key.value, period)
        case GroupKind.BIN, _:
            return _bin_words(key.start, key.end)
        case GroupKind.VALUE, _:
            return _value_words(key.value)
    return _OF_KINDS[key.kind]


def period_words(first: date | str, period: Period) -> str:
    """A date that Python has none for comes as PostgreSQL prints it, and stays so."""
    if isinstance(first, str):
        return first
    day = f"{first.day} {_MONTHS[first.month - 1]} {first.year}"
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return f"week of {day}"
        case Period.MONTH:
            return f"{_MONTHS[first.month - 1]} {first.year}"
        case Period.QUARTER:
            return f"Q{(first.month + 2) // 3} {first.year}"
        case Period.YEAR:
            return str(first.year)


def _bin_words(start: Decimal | None, end: Decimal | None) -> str:
    if start is not None and end is not None:
        return f"{_number(start)} to under {_number(end)}"
    if end is not None:
        return f"under {_number(end)}"
    return "infinite" if start is None else f"{_number(start)} and more"


def _number(number: Decimal) -> str:
    return f"{number:,f}" if abs(number.adjusted()) < 20 else f"{number:.6g}"


def _value_words(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case "":
            return "(empty text)"
        case Decimal():
            return f"{value:f}"
    text = str(value)
    return text[:LONGEST_LABEL] + "…" * (len(text) > LONGEST_LABEL)


def measure_words(measure: Measure, labels: dict[str, str]) -> str:
    """``Rows``, ``Sum of Price``; ``labels``: of the columns, by name."""
    if measure.field is None:
        return "Rows"
    return f"{_OF_FUNCTIONS[measure.function]} {labels.get(measure.field.name) or measure.field.name}"


def grouping_words(grouping: Grouping, labels: dict[str, str]) -> str:
    """``Sold, by month``"""
    label = labels.get(grouping.field.name) or grouping.field.name
    match grouping:
        case ByPeriod(period=period):
            return f"{label}, {PERIOD_WORDS[period]}"
        case ByBins():
            return f"{label}, in ranges"
    return label
