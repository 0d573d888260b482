"""A first aggregate for somebody who has asked for none: how many rows there are over time, or of each kind."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from uploads.database.aggregating.terms import DATES, NUMBERS, ByBins, ByPeriod, ByValue, Grouping, Period
from uploads.database.reading.terms import Condition, Field
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import bounds_of
from uploads.services.aggregating.parameters import USUAL_BINS, Aggregation
from uploads.services.reading.pages import read_page
from uploads.services.reading.profile import describe_profile
from uploads.services.reading.view import Fields, View
from uploads.services.visibility import Viewer
from uploads.tabular.table import ColumnType

SHOWN_VALUES = 20
"""Bars that are read at a glance."""
SAMPLE_ROWS = 300
SAMPLE_COLUMNS = 50
_SPANS = ((45, Period.DAY), (200, Period.WEEK), (5 * 366, Period.MONTH), (15 * 366, Period.QUARTER))
"""Up to so many days; some sixty points fit a line that is read on a phone."""


def suggest(*, dataset: Dataset, fields: Fields, filters: Sequence[Condition], viewer: Viewer) -> Aggregation:
    """Of the first column of dates that has some, else of a text or a boolean with few values, else of any other.

    Raises as ``read_page`` and ``read_bounds`` do.
    """
    chosen = next(_candidates(dataset, fields, filters, viewer), None)
    return Aggregation(groupings=() if chosen is None else (chosen,))


def _candidates(dataset: Dataset, fields: Fields, filters: Sequence[Condition], viewer: Viewer) -> Iterator[Grouping]:
    shown = list(fields.shown.values())[:SAMPLE_COLUMNS]
    if not shown or dataset.is_draft:
        return
    names = tuple(field.name for field in shown)
    page = read_page(
        slug=dataset.slug,
        view=View(columns=names, filters=tuple(filters), limit=SAMPLE_ROWS),
        viewer=viewer,
        dataset=dataset,
    )
    sample = {
        field.name: [row.values[at] for row in page.rows if row.values[at] is not None]
        for at, field in enumerate(shown)
    }
    for field in shown:
        if field.type in DATES and sample[field.name]:
            bounds = bounds_of(dataset=dataset, filters=filters, field=field)
            if bounds is not None:
                yield ByPeriod(field=field, period=period_for(*bounds))
    kinds = (ColumnType.TEXT, ColumnType.BOOLEAN)
    known = _different(dataset, viewer)
    for field in shown:
        if field.type in kinds and 1 < known.get(field.name, len(set(sample[field.name]))) <= SHOWN_VALUES:
            yield ByValue(field=field, top=SHOWN_VALUES)
    yield from map(_any, shown)


def _different(dataset: Dataset, viewer: Viewer) -> dict[str, int]:
    """How many values the columns have, as the profiles know it: the first rows of a file that is sorted have few."""
    if dataset.is_read_only:
        return {}
    profile = describe_profile(dataset=dataset, viewer=viewer)
    return {column.column.name: column.figures.distinct for column in profile.columns}


def _any(field: Field) -> Grouping:
    if field.type in NUMBERS:
        return ByBins(field=field, bins=USUAL_BINS)
    return ByPeriod(field=field, period=Period.YEAR) if field.type in DATES else ByValue(field=field, top=SHOWN_VALUES)


def period_for(first: Any, last: Any) -> Period:
    """By which dates from one to another make some ten to sixty groups; those that Python has none for, by year."""
    if not (isinstance(first, date) and isinstance(last, date)):
        return Period.YEAR
    days = (_day(last) - _day(first)).days
    return next((period for longest, period in _SPANS if days <= longest), Period.YEAR)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
