"""A first aggregate for somebody who has asked for none: how many rows there are over time, or of each kind."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from uploads.database.aggregating.terms import (
    DATES,
    NUMBERS,
    ByBins,
    ByPeriod,
    ByValue,
    Function,
    Grouping,
    Measure,
    Period,
)
from uploads.database.reading.terms import Condition, Field
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import bounds_of
from uploads.services.aggregating.parameters import USUAL_BINS, Aggregation
from uploads.services.aggregating.sketches import Sketch, of_profile, of_sample
from uploads.services.reading.pages import read_page
from uploads.services.reading.profile import describe_profile
from uploads.services.reading.view import Fields, View
from uploads.services.visibility import Viewer
from uploads.tabular.table import ColumnType

SHOWN_VALUES = 20
"""Bars that are read at a glance."""
MANY_VALUES = 100
"""Of which the most frequent are shown, and everything else as one bar."""
SAMPLE_ROWS = 300
SAMPLE_COLUMNS = 50
_SPANS = ((45, Period.DAY), (200, Period.WEEK), (5 * 366, Period.MONTH), (15 * 366, Period.QUARTER))
"""Up to so many days; some sixty points fit a line that is read on a phone."""


def suggest(*, dataset: Dataset, fields: Fields, filters: Sequence[Condition], viewer: Viewer) -> Aggregation:
    """Of the first column of dates that has some, else of a text or a boolean whose few values share the rows, else of
    a text with more of them, else of any other. Where each value has as many rows, the mean of a number says more.

    Raises as ``read_page`` and ``read_bounds`` do.
    """
    shown = list(fields.shown.values())[:SAMPLE_COLUMNS]
    if not shown or dataset.is_draft:
        return Aggregation()
    known = _known(dataset, shown, filters, viewer)
    chosen = next(_candidates(dataset, shown, filters, known))
    if isinstance(chosen, ByValue) and known[chosen.field.name].is_designed:
        number = _number(shown, known)
        if number is not None:
            return Aggregation(groupings=(chosen,), measure=Measure(function=Function.MEAN, field=number))
    return Aggregation(groupings=(chosen,))


def _candidates(
    dataset: Dataset, shown: Sequence[Field], filters: Sequence[Condition], known: Mapping[str, Sketch]
) -> Iterator[Grouping]:
    for field in shown:
        if field.type in DATES and known[field.name].different:
            bounds = bounds_of(dataset=dataset, filters=filters, field=field)
            if bounds is not None:
                yield ByPeriod(field=field, period=period_for(*bounds))
    kinds = (ColumnType.TEXT, ColumnType.BOOLEAN)
    several = [field for field in shown if field.type in kinds and known[field.name].different > 1]
    few = [field for field in several if known[field.name].different <= SHOWN_VALUES]
    many = [field for field in several if field not in few and known[field.name].different <= MANY_VALUES]
    chosen = [
        *(field for field in few if known[field.name].is_even),
        *(field for field in many if known[field.name].is_even and known[field.name].repeats),
        *few,
    ]
    yield from (ByValue(field=field, top=SHOWN_VALUES) for field in chosen)
    yield from map(_any, shown)


def _known(dataset: Dataset, shown: Sequence[Field], filters: Sequence[Condition], viewer: Viewer) -> dict[str, Sketch]:
    """By the profiles, of all rows, for the first rows of a file that is sorted have few values; else by those."""
    names = tuple(field.name for field in shown)
    page = read_page(
        slug=dataset.slug,
        view=View(columns=names, filters=tuple(filters), limit=SAMPLE_ROWS),
        viewer=viewer,
        dataset=dataset,
    )
    known = {name: of_sample([row.values[at] for row in page.rows]) for at, name in enumerate(names)}
    if dataset.is_read_only:
        return known
    profile = describe_profile(dataset=dataset, viewer=viewer)
    profiled = {column.column.name: of_profile(column.figures) for column in profile.columns}
    return known | {name: profiled[name] for name in names if name in profiled}


def _number(shown: Sequence[Field], known: Mapping[str, Sketch]) -> Field | None:
    """That which takes the most values, for it measures something; a whole number of one row each is a name."""
    measured = [
        field
        for field in shown
        if field.type in NUMBERS
        and known[field.name].different > SHOWN_VALUES
        and not (field.type is ColumnType.BIGINT and known[field.name].is_name)
    ]
    return max(measured, key=lambda field: known[field.name].different, default=None)


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
