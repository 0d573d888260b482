"""Pages of a dataset's rows by a view: every page costs what the first one costs, and nothing is counted."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, ge, le
from typing import Any, NamedTuple

from django.db.models import QuerySet

from uploads.database.merging.by_key import SHARED_PREFIX
from uploads.database.partitions import FILE
from uploads.database.prepared import Prepared
from uploads.database.reading.dataset_rows import StoredRow, Ties, Window, read_sorted, read_window
from uploads.database.reading.keyset import page_ends
from uploads.database.reading.relation_view import RelationView, read_relation
from uploads.database.reading.sessions import READ_SECONDS, deadline_in
from uploads.database.reading.terms import Condition, Filter, Operator, Place
from uploads.database.rows import OFFSET_BITS, Position, last_place
from uploads.models import ADOPTED_FORMAT, Dataset, Load
from uploads.services.datasets.reflection import columns_of, readable_relation
from uploads.services.reading.indexes import with_indexes
from uploads.services.reading.uses import note_page
from uploads.services.reading.view import DEFAULT_PAGE, MAX_PAGE, Cursor, View
from uploads.services.visibility import ANYBODY, ColumnFacts, Viewer, column_facts, columns_seen, find_dataset
from uploads.states import FileState

FIRST_WINDOW = 4
"""Width of the first range of ``_row`` that is looked at, in pages: rejected and blank rows leave gaps."""
FIRST_FILTERED = 10_000
"""The same in rows where filters choose some of them: to look at these takes as long as to ask once more."""
WIDER = 4
"""How much wider the next range is."""
FIRST_BLOCKS = 8
"""Width of the first range where rows have no number, in blocks of the table, of some 50 to 200 rows each."""
MOST_TOGETHER = 100
"""Small loads that are read by one statement: each is a table to plan for and to lock."""
_WHOLE = 2**62


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: where it comes from and its values in the order of the page's columns."""

    file_id: int
    file_name: str
    source: str
    row: int
    values: tuple[Any, ...]
    load_id: int = 0
    """The table of the file; 0: of a dataset that is read-only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some active rows in order, with the columns that are shown."""

    columns: tuple[ColumnFacts, ...]
    rows: tuple[Row, ...]
    next: Cursor | None = None
    """Where the following page begins; ``None`` on the last one."""
    previous: Cursor | None = None
    """Where the page before it ends; ``None`` on the first one."""


def page_rows(*, slug: str, after: Cursor | None = None, limit: int = DEFAULT_PAGE, viewer: Viewer = ANYBODY) -> Page:
    """All columns of active rows, by file, table of the file, and row."""
    return read_page(slug=slug, view=View(cursor=after, limit=max(1, min(limit, MAX_PAGE))), viewer=viewer)


def preview_rows(*, dataset_id: int, limit: int = 20, viewer: Viewer = ANYBODY) -> Page:
    """The first rows of a dataset, for the admin."""
    slug = Dataset.objects.values_list("slug", flat=True).get(pk=dataset_id)
    return page_rows(slug=slug, limit=limit, viewer=viewer)


def read_page(
    *,
    slug: str,
    view: View,
    viewer: Viewer = ANYBODY,
    dataset: Dataset | None = None,
    columns: tuple[ColumnFacts, ...] = (),
) -> Page:
    """A page of a dataset; ``dataset`` and its ``columns`` are what was found for this person a moment ago.

    Raises ``DatasetNotFound``, ``ReadingTooSlow``, ``BadOption`` for a place that is none, and of a dataset that is
    read-only what ``read_relation`` raises; its rows are of no file.
    """
    dataset = dataset or find_dataset(slug=slug, viewer=viewer)
    if dataset.is_read_only:
        return _page_of_relation(dataset, view, viewer)
    columns = _chosen(columns or columns_seen(dataset=dataset, viewer=viewer), view)
    read = _read_by_keyset if view.sort else _read_in_order
    began = time.monotonic()
    try:
        return read(dataset, with_indexes(dataset=dataset, view=view), columns)
    finally:
        note_page(dataset=dataset, view=view, seconds=time.monotonic() - began)


def _chosen(columns: tuple[ColumnFacts, ...], view: View) -> tuple[ColumnFacts, ...]:
    if not view.columns:
        return columns
    by_name = {column.name: column for column in columns}
    return tuple(by_name[name] for name in view.columns)


def _page_of_relation(dataset: Dataset, view: View, viewer: Viewer) -> Page:
    relation = readable_relation(dataset)
    by_name = {column.name: column for column in relation.columns}
    names = view.columns or tuple(by_name)
    found = read_relation(
        relation,
        RelationView(
            columns=[by_name[name] for name in names],
            filters=view.filters,
            sort=view.sort,
            sort_words=view.sort_words,
            cursor=view.cursor,
            is_backward=view.is_backward,
            limit=view.limit or DEFAULT_PAGE,
        ),
    )
    rows = tuple(Row(file_id=0, file_name="", source="", row=0, values=values) for values in found.values)
    columns = tuple(column_facts(column, viewer) for column in columns_of(relation))
    return Page(columns=_chosen(columns, view), rows=rows, next=found.next, previous=found.previous)


class _Load(NamedTuple):
    """A table of an active file, with what is asked of it in its order."""

    pk: int
    file_id: int
    file_name: str
    source: str
    format: str
    last_row: int
    part: str
    dataset_id: int


_ASKED = ("pk", "file_id", "file__name", "source", "format", "last_row", "part", "dataset_id")


def _loads(dataset: int) -> QuerySet[Load]:
    return Load.objects.filter(dataset=dataset, file__state=FileState.ACTIVE, rows_loaded__gt=0)


FORMATS = Prepared(lambda dataset: _loads(dataset).order_by().values_list("format").distinct())
LOADS = Prepared(lambda dataset: _loads(dataset).order_by().values_list(*_ASKED))


def _read_by_keyset(dataset: Dataset, view: View, columns: tuple[ColumnFacts, ...]) -> Page:
    formats, limit = {format_ for (format_,) in FORMATS.rows(dataset=dataset.pk)}, view.limit or DEFAULT_PAGE
    if not formats:
        return Page(columns=columns, rows=())
    found = read_sorted(
        table=dataset.slug,
        names=[column.name for column in columns],
        filters=view.filters,
        sort=view.sort,
        sort_words=view.sort_words,
        ties=Ties(with_places=ADOPTED_FORMAT in formats),
        behind=view.cursor if isinstance(view.cursor, Place) else None,
        is_backward=view.is_backward,
        limit=limit + 1,
        until=deadline_in(READ_SECONDS),
    )
    rows, first, last = page_ends(found, limit=limit, is_backward=view.is_backward, is_first=view.cursor is None)
    origins = {load.pk: load for load in map(_Load._make, LOADS.rows(dataset=dataset.pk))} if rows else {}
    return Page(
        columns=columns,
        rows=tuple(_shown(row, origins[row.load_id]) for row in rows if row.load_id in origins),
        next=None if last is None else last.place,
        previous=None if first is None else first.place,
    )


def _shown(row: StoredRow, load: _Load) -> Row:
    return Row(
        file_id=load.file_id,
        file_name=load.file_name,
        source=load.source,
        row=0 if load.format == ADOPTED_FORMAT else row.row,
        values=row.values,
        load_id=load.pk,
    )


type _Found = tuple[Position, Row]


def _read_in_order(dataset: Dataset, view: View, columns: tuple[ColumnFacts, ...]) -> Page:
    """By file, table and row, in windows of row numbers that grow while too few rows are in them."""
    limit, until = view.limit or DEFAULT_PAGE, deadline_in(READ_SECONDS)
    names = [column.name for column in columns]
    loads = _loads_to_read(dataset, view)
    by_id = {load.pk: load for load in loads}
    found: list[_Found] = []
    for window in _windows(loads, view, _first_width(view, limit)):
        rows = read_window(
            table=dataset.slug,
            names=names,
            filters=view.filters,
            window=window,
            limit=limit + 1 - len(found),
            until=until,
        )
        found += [_located(by_id[load_id], values) for load_id, *values in rows]
        if len(found) > limit:
            break
    rows_of_page, first, last = page_ends(
        found, limit=limit, is_backward=view.is_backward, is_first=view.cursor is None
    )
    return Page(
        columns=columns,
        rows=tuple(row for _, row in rows_of_page),
        next=None if last is None else last[0],
        previous=None if first is None else first[0],
    )


def _first_width(view: View, limit: int) -> int:
    if any(map(_is_found_by_index, view.filters)):
        return _WHOLE
    return max(limit * FIRST_WINDOW, FIRST_FILTERED if view.filters else 0)


def _is_found_by_index(each: Condition) -> bool:
    """Whether an index has the rows that meet the condition, in their order: there is no need of windows."""
    return isinstance(each, Filter) and each.field.is_indexed and each.operator is Operator.EXACT


def _loads_to_read(dataset: Dataset, view: View) -> list[_Load]:
    """Those that the page may be in, in the order in which they are read."""
    loads = list(map(_Load._make, LOADS.rows(dataset=dataset.pk)))
    for each in view.filters:
        if isinstance(each, Filter) and each.field.name == FILE and each.operator in (Operator.EXACT, Operator.IN):
            loads = [load for load in loads if load.file_id in each.values]
    if isinstance(view.cursor, Position):
        at, is_behind = (view.cursor.file, view.cursor.load), le if view.is_backward else ge
        loads = [load for load in loads if is_behind((load.file_id, load.pk), at)]
    return sorted(loads, key=attrgetter("file_id", "pk"), reverse=view.is_backward)


def _windows(loads: Sequence[_Load], view: View, width: int) -> Iterator[Window]:
    """Ranges of rows from the cursor on, each four times as wide as the one before: of small loads several together, of
    a large one a part."""
    began = 0
    while began < len(loads):
        together = _together(loads, began, view, width)
        if together:
            yield Window(
                file_ids=tuple(load.file_id for load in together),
                load_ids=tuple(load.pk for load in together),
                after=0,
                upto=max(load.last_row for load in together),
                is_backward=view.is_backward,
            )
            began += len(together)
            width *= WIDER
            continue
        for window in _windows_of(loads[began], view, width):
            yield window
            if not window.by_place:  # where few rows meet the filters, the next load has few as well
                width = max(width, (window.upto - window.after) * WIDER)
        began += 1


def _together(loads: Sequence[_Load], began: int, view: View, width: int) -> Sequence[_Load]:
    """The next loads that are read whole and lie within ``width`` rows."""
    ended, rows = began, 0
    for load in loads[began : began + MOST_TOGETHER]:
        rows += load.last_row
        is_begun = isinstance(view.cursor, Position) and load.pk == view.cursor.load
        if load.format == ADOPTED_FORMAT or is_begun or rows > width:
            break
        ended += 1
    return loads[began:ended]


def _windows_of(load: _Load, view: View, width: int) -> Iterator[Window]:
    """Ranges of one load's rows from the cursor on, each wider than the one before."""
    by_place, last = load.format == ADOPTED_FORMAT, load.last_row
    if by_place:  # its rows stood in no file, and have no number there
        width = FIRST_BLOCKS << OFFSET_BITS
        last = last_place(tables=[load.part, f"{SHARED_PREFIX}{load.dataset_id}"])
    window = Window(
        file_ids=(load.file_id,),
        load_ids=(load.pk,),
        after=0,
        upto=last,
        by_place=by_place,
        is_backward=view.is_backward,
    )
    if isinstance(view.cursor, Position) and load.pk == view.cursor.load:
        if view.is_backward:
            window = replace(window, upto=min(last, view.cursor.row - 1))
        else:
            window = replace(window, after=view.cursor.row)
    low, high = window.after, window.upto
    while low < high:
        if view.is_backward:
            yield replace(window, after=max(low, high - width), upto=high)
            high -= width
        else:
            yield replace(window, after=low, upto=min(low + width, high))
            low += width
        width *= WIDER


def _located(load: _Load, values: Sequence[Any]) -> _Found:
    row = Row(
        file_id=load.file_id,
        file_name=load.file_name,
        source=load.source,
        row=0 if load.format == ADOPTED_FORMAT else values[0],
        values=tuple(values[1:]),
        load_id=load.pk,
    )
    return Position(file=load.file_id, load=load.pk, row=values[0]), row
