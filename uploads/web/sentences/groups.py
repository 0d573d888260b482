"""Groups of rows and what is told of them, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite

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
from uploads.web.sentences.phrases import counted, listed

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
LONGEST_LABEL = 100
_NAMED = 5
MEAN_DIGITS = 6


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


def measure_words(measure: Measure, labels: Mapping[str, str]) -> str:
    """``Rows``, ``Sum of Price``; ``labels``: of the columns, by name."""
    if measure.field is None:
        return "Rows"
    return f"{_OF_FUNCTIONS[measure.function]} {labels.get(measure.field.name) or measure.field.name}"


def grouping_words(grouping: Grouping, labels: Mapping[str, str]) -> str:
    """``Area``, ``month (Sold)``, ``range of Price``: what comes behind *by*."""
    label = labels.get(grouping.field.name) or grouping.field.name
    match grouping:
        case ByPeriod(period=period):
            return f"{period} ({label})"
        case ByBins():
            return f"range of {label}"
    return label


def figure_words(value: object, measure: Measure) -> str:
    """A figure as people read it: a mean by its first digits, all others as they are."""
    if value is None:
        return "–"
    if not isinstance(value, int | Decimal | float) or isinstance(value, bool):
        return _value_words(value)
    if not isfinite(value):
        return str(value)
    if measure.function is Function.MEAN:
        return _rounded(Decimal(value))
    return (
        f"{value:,.15g}" if isinstance(value, float) else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    )


def _rounded(value: Decimal) -> str:
    """``5.16667``, ``1,234,568``: six digits, and all those before the point."""
    if not -MEAN_DIGITS <= value.adjusted() <= 2 * MEAN_DIGITS:
        return f"{value:.{MEAN_DIGITS}g}"
    text = f"{value:,.{max(0, MEAN_DIGITS - 1 - value.adjusted())}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def off_map_words(names: Sequence[str]) -> str:
    """Of groups that a map has no place for; empty: it has all of them."""
    if not names:
        return ""
    what = f"{counted(len(names), 'group is', 'groups are')} not on the map"
    return f"{what}: {listed([f'“{name}”' for name in names], most=_NAMED)}. The table has all of them."


def no_map_words(grouping: Grouping, labels: Mapping[str, str], *, countries: int) -> str:
    """Why no map is drawn of what rows are grouped by."""
    name = grouping_words(grouping, labels)
    few = counted(countries, "of its values does", "of its values do") if countries else "none of its values does"
    return (
        "There is no map: it needs a latitude and a longitude, or one column that names countries, and of"
        f" “{name}” {few}."
    )
