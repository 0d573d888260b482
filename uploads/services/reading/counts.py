"""How many rows a view has, and how well that is known."""

from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.reading.counts import count_matching, count_relation, estimate_matching, estimate_relation
from uploads.database.statements import TableBusy, qualified
from uploads.models import Dataset
from uploads.services.datasets.reflection import RowFigure, RowsKnown, reflect
from uploads.services.reading.indexes import with_indexes
from uploads.services.reading.pages import Page
from uploads.services.reading.view import DEFAULT_PAGE, View

_UNKNOWN = RowFigure(rows=None, known=RowsKnown.UNKNOWN)


def count_view(*, dataset: Dataset, view: View, whole: RowFigure, page: Page | None = None) -> RowFigure:
    """Of all rows the stored figure (``whole``); of some an exact count within a second, else PostgreSQL's estimate.

    ``page``: what was read by the view, whose rows are counted where it has all of them.
    """
    if view.is_whole or dataset.is_draft:  # a draft has no row that is active, and may have no table
        return whole
    if page is not None and view.cursor is None and len(page.rows) < (view.limit or DEFAULT_PAGE):
        return RowFigure(rows=len(page.rows), known=RowsKnown.EXACT)
    if dataset.is_read_only:
        return _count_relation(dataset, view)
    table, view = qualified(dataset.slug), with_indexes(dataset=dataset, view=view)
    count = count_matching(table=table, filters=view.filters)
    if count is None:
        return RowFigure(rows=estimate_matching(table=table, filters=view.filters), known=RowsKnown.ABOUT)
    return RowFigure(rows=count, known=RowsKnown.EXACT)


def _count_relation(dataset: Dataset, view: View) -> RowFigure:
    relation = reflect(dataset).relation
    if relation is None:
        return _UNKNOWN
    count = count_relation(relation, filters=view.filters)
    if count is not None:
        return RowFigure(rows=count, known=RowsKnown.EXACT)
    try:
        return RowFigure(rows=estimate_relation(relation, filters=view.filters), known=RowsKnown.ABOUT)
    except (RelationUnreadable, TableBusy):
        return _UNKNOWN
