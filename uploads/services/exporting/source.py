"""Where the rows of a view lie, and that they are all of one state while they are exported.

A file's rows lie in a table of its own, and nothing changes them but a mend or a change of columns. So of files that
don't merge those that were active at the begin are read table by table: who switches files meanwhile changes nothing
of the export. Rows of files that merge move with every switch: they are copied first, and once more when something
changed in between. A row that changed in spite of it ends the export with an error: it never mixes two states.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from psycopg import sql

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.spool import spool_relation, spool_spans, spool_values
from uploads.database.exporting.windows import RowsChanged, Span, one_moment, rows_changed
from uploads.database.merging.by_key import SHARED_PREFIX
from uploads.database.partitions import FILE, LOAD
from uploads.database.reading.conditions import all_of
from uploads.database.rows import last_place
from uploads.database.statements import fetch_rows, qualified
from uploads.models import ADOPTED_FORMAT, Dataset, DatasetColumn, Load
from uploads.services.datasets.reflection import readable_relation
from uploads.services.reading.pages import Page
from uploads.services.reading.profiles import stretches_of
from uploads.services.reading.view import View
from uploads.states import FileState, Mode

TRIES = 3
"""How often a dataset that changes while it is copied is copied once more."""

type Stamp = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The rows of a view: what they are read from, in order."""

    spans: Sequence[Span]
    columns: Sequence[ExportColumn]
    check_end: Callable[[], None] = lambda: None
    """Raises ``RowsChanged`` where what was read is not of one state after all; asked when all of it is."""


def open_source(*, dataset: Dataset, view: View, columns: Sequence[ExportColumn]) -> Iterator[Source]:
    """One item; what it needs is let go of when the iterator ends. Raises ``RowsChanged``, and of a dataset that is
    read-only what ``looking`` raises."""
    if dataset.is_read_only:
        read = [replace(column, is_as_text=False) for column in columns]
        relation = readable_relation(dataset)
        for span in spool_relation(relation, columns=columns, filters=view.filters, sort=view.sort):
            yield Source(spans=[span], columns=read)
        return
    if dataset.mode == Mode.MERGE:
        yield from _copied(dataset, view, columns)
        return
    with one_moment():
        spans = [_own_span(load, view) for load in loads_shown(dataset)]
        names = [column.name for column in columns]
        before = _column_stamp(dataset, names)

    def check_columns() -> None:
        if _column_stamp(dataset, names) != before:
            raise rows_changed()

    if not view.sort or not spans:
        yield Source(spans=spans, columns=columns, check_end=check_columns)
        return
    for span in spool_spans(spans, columns=columns, sort=view.sort):
        check_columns()
        yield Source(spans=[span], columns=columns)


def page_source(*, dataset: Dataset, page: Page, columns: Sequence[ExportColumn]) -> Iterator[Source]:
    """The rows of a page that was read already."""
    read = [replace(column, is_as_text=False) for column in columns]
    if not page.rows:
        yield Source(spans=[], columns=read)
        return
    table = readable_relation(dataset) if dataset.is_read_only else qualified(dataset.slug)
    places = {column.name: place for place, column in enumerate(page.columns)}
    rows = [
        [
            row.values[places[column.name]]
            if column.name in places
            else row.file_id
            if column.name == FILE
            else row.row
            for column in columns
        ]
        for row in page.rows
    ]
    for span in spool_values(table, columns=columns, rows=rows):
        yield Source(spans=[span], columns=read)


def _copied(dataset: Dataset, view: View, columns: Sequence[ExportColumn]) -> Iterator[Source]:
    for left in reversed(range(TRIES)):
        with one_moment():
            stamp = whole_stamp(dataset)
            spans = [_shared_span(dataset, load, view) for load in loads_shown(dataset)]
        if not spans:
            yield Source(spans=[], columns=columns)
            return
        is_given = False
        try:
            for span in spool_spans(spans, columns=columns, sort=view.sort):
                if whole_stamp(dataset) != stamp:
                    raise rows_changed()
                is_given = True
                yield Source(spans=[span], columns=columns)
        except RowsChanged:
            if is_given or not left:
                raise
        else:
            return


def loads_shown(dataset: Dataset) -> QuerySet[Load]:
    loads = Load.objects.filter(dataset=dataset, file__state=FileState.ACTIVE, rows_loaded__gt=0).exclude(part="")
    return loads.select_related("profile").defer("columns", "notes", "profile__columns").order_by("file_id", "pk")


def _own_span(load: Load, view: View) -> Span:
    """A load's rows in its file's own table."""
    stamp = _load_stamp(load.pk)
    expected = stamp()

    def check() -> None:
        if stamp() != expected:
            raise rows_changed()

    span = _span(load, view, table=load.part, others=[], check=check)
    return span if view.filters or span.by_place else replace(span, stretches=stretches_of(load))


def load_span(load: Load, *, table: sql.Composable) -> Span:
    """All rows of a load, of a table that is put together from others."""
    own = _own_span(load, View())
    return replace(own, table=table, is_locked=False, stretches=())


def _shared_span(dataset: Dataset, load: Load, view: View) -> Span:
    """What readers see of a load, in the dataset's table."""
    return _span(load, view, table=dataset.slug, others=[f"{SHARED_PREFIX}{dataset.pk}"], check=lambda: None)


def _span(load: Load, view: View, *, table: str, others: Sequence[str], check: Callable[[], None]) -> Span:
    by_place = load.format == ADOPTED_FORMAT
    return Span(
        table=qualified(table),
        condition=sql.SQL("t.{} = {} AND t.{} = {} AND {}").format(
            sql.Identifier(FILE),
            sql.Literal(load.file_id),
            sql.Identifier(LOAD),
            sql.Literal(load.pk),
            all_of(view.filters),
        ),
        by_place=by_place,
        last=last_place(tables=[load.part, *others]) if by_place else load.last_row,
        check=check,
    )


def _load_stamp(load_id: int) -> Callable[[], Stamp]:
    """Tells what changes with the rows of a load: its table, how many there are, which of them were mended.

    The question is put together once: that takes Django longer than the answer takes PostgreSQL, and windows are many.
    """
    mended = Q(rejects__mended_at__isnull=False)
    found = Load.objects.filter(pk=load_id).annotate(
        mended=Count("rejects", filter=mended), mended_last=Max("rejects__mended_at", filter=mended)
    )
    rows = found.order_by().values_list("dataset_id", "part", "fence", "rows_loaded", "mended", "mended_last")
    statement, params = rows.query.sql_with_params()
    return lambda: tuple(fetch_rows(sql.SQL(statement), params))


def _column_stamp(dataset: Dataset, names: Sequence[str]) -> Stamp:
    """Two columns may exchange their names."""
    columns = DatasetColumn.objects.filter(dataset=dataset, name__in=names).order_by("position")
    return tuple(columns.values_list("pk", "name", "type"))


def whole_stamp(dataset: Dataset) -> Stamp:
    """What changes with the rows that readers see, also of files that merge."""
    loads = loads_shown(dataset).values_list(
        "pk", "part", "rows_loaded", "rows_hidden", "file__state_changed_at", "file__ranked_at", "file__full"
    )
    mended = Load.objects.filter(dataset=dataset, rejects__mended_at__isnull=False).aggregate(
        number=Count("rejects"), last=Max("rejects__mended_at")
    )
    now = Dataset.objects.filter(pk=dataset.pk).values_list("mode", "key", "merge_choices")
    columns = DatasetColumn.objects.filter(dataset=dataset).order_by("position").values_list("pk", "name", "type")
    return (*loads, *mended.values(), *map(str, now), *columns)
