"""The most frequent values of a column among the rows of a view, with how many rows have each.

A column is counted under all filters but those that say which of its own values are wanted: so others can be added to
them. Exactly within a second; beyond that from a sample, which is called one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.reading.facets import Counted, count_relation_values, count_values, estimate_values
from uploads.database.reading.sessions import COUNT_SECONDS, ReadingTooSlow, deadline_in
from uploads.database.reading.terms import Condition, Field, Filter, Operator
from uploads.database.statements import TableBusy, qualified
from uploads.models import Dataset
from uploads.services.datasets.reflection import RowFigure, RowsKnown, reflect
from uploads.services.reading.indexes import with_indexes
from uploads.services.reading.profile import profiled_values
from uploads.services.reading.view import View

MOST_VALUES = 20
"""Values of a column that are shown."""
_CHOOSING = frozenset({Operator.EXACT, Operator.IN, Operator.ISNULL})


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetValue:
    """A value, ``None`` for blanks, and how many rows have it."""

    value: Any
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """The values of one column that most rows have, the most frequent first."""

    field: Field
    values: tuple[FacetValue, ...]
    known: RowsKnown
    """``ABOUT``: from a sample; ``UNKNOWN``: it would have taken too long, and no value is given."""
    has_more: bool
    """There are other values, or may be: in a sample rare ones are missed."""

    @property
    def column(self) -> str:
        return self.field.name


def facets_of(*, dataset: Dataset, view: View, whole: RowFigure) -> tuple[Facet, ...]:
    """Those that the view asks for; all of them together take a second, and as long again for samples."""
    if dataset.is_draft:  # no row of it is active
        return tuple(Facet(field=each, values=(), known=RowsKnown.EXACT, has_more=False) for each in view.facets)
    if dataset.is_read_only:
        return tuple(_of_relation(dataset, field, view) for field in view.facets)
    view = with_indexes(dataset=dataset, view=view)
    until = deadline_in(COUNT_SECONDS), deadline_in(2 * COUNT_SECONDS)
    return tuple(_of_dataset(dataset, field, view, rows=whole.rows or 0, until=until) for field in view.facets)


def _of_dataset(dataset: Dataset, field: Field, view: View, *, rows: int, until: tuple[float, float]) -> Facet:
    table, filters = qualified(dataset.slug), others(view.filters, field)
    exact, about = until
    if not filters and (kept := profiled_values(dataset=dataset, field=field)) is not None:
        return _facet(field, kept, RowsKnown.EXACT)
    counted = count_values(table=table, field=field, filters=filters, most=MOST_VALUES + 1, until=exact)
    if counted is not None:
        return _facet(field, counted, RowsKnown.EXACT)
    sampled = estimate_values(table=table, field=field, filters=filters, most=MOST_VALUES, rows=rows, until=about)
    return _facet(field, sampled or [], RowsKnown.UNKNOWN if sampled is None else RowsKnown.ABOUT)


def _of_relation(dataset: Dataset, field: Field, view: View) -> Facet:
    relation = reflect(dataset).relation
    if relation is not None:
        filters, seconds = others(view.filters, field), COUNT_SECONDS / len(view.facets)
        try:
            counted = count_relation_values(
                relation, field=field, filters=filters, most=MOST_VALUES + 1, seconds=seconds
            )
            return _facet(field, counted, RowsKnown.EXACT)
        except (RelationUnreadable, ReadingTooSlow, TableBusy):
            pass  # that it cannot be read, its rows say; that it takes too long, this facet
    return _facet(field, [], RowsKnown.UNKNOWN)


def _facet(field: Field, counted: Counted, known: RowsKnown) -> Facet:
    values = tuple(FacetValue(value=value, rows=rows) for value, rows in counted[:MOST_VALUES])
    return Facet(
        field=field, values=values, known=known, has_more=len(counted) > MOST_VALUES or known != RowsKnown.EXACT
    )


def others(filters: Sequence[Condition], field: Field) -> tuple[Condition, ...]:
    """Those that say nothing of which values of the column are wanted."""
    chosen = choices(filters, field)
    return tuple(each for each in filters if each not in chosen)


def choices(filters: Sequence[Condition], field: Field) -> list[Filter]:
    """Those that say which values of the column are wanted: one, several, or blanks."""
    return [each for each in filters if isinstance(each, Filter) and _chooses(each, field)]


def _chooses(each: Filter, field: Field) -> bool:
    if each.field.name != field.name or each.operator not in _CHOOSING:
        return False
    return each.operator is not Operator.ISNULL or each.values == (True,)
