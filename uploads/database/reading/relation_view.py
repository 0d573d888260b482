"""Rows of a table or view that is none of ours, by a view of it.

They have no ``_row``. A page begins behind a place: the key of the last row where the table has one, which holds while
others write, and a view has that of the one table that it shows; else where the last row lies in the table; else how
many rows went before, as of views that join or group. Pages cost what the first one costs in the first two ways, and
end after some in the third.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from uploads.database.adopting.relation_rows import limit_to, looking, read_values
from uploads.database.adopting.relations import Relation, RelationColumn
from uploads.database.reading.conditions import all_of
from uploads.database.reading.keyset import Keyset, TieColumn, page_ends
from uploads.database.reading.terms import Condition, Place, SortKey
from uploads.database.rows import OFFSET_BITS, Position, no_such_page, number_of_place, place_of_number
from uploads.database.statements import fetch_rows
from uploads.tabular.errors import UploaderError

FIRST_BLOCKS = 8
"""Width of the first range of blocks that is looked at, of some 50 to 200 rows each."""
_LAST_BLOCK = 2**32 - 2
"""PostgreSQL's highest."""
_PLACE = sql.SQL("t.ctid")
MOST_SKIPPED = 100_000
"""Rows before a page where nothing tells rows apart: they are read, and sorted, again for each page."""

type Cursor = Position | Place


class RelationTooDeep(UploaderError):
    """A page so far back that all rows before it would be read for it, of what has no key to go by."""

    code = "relation_too_deep"


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationView:
    """What is to be read: some columns of the rows that meet all filters, in an order, from a place on."""

    columns: Sequence[RelationColumn]
    filters: Sequence[Condition] = ()
    sort: Sequence[SortKey] = ()
    sort_words: str = ""
    cursor: Cursor | None = None
    is_backward: bool = False
    limit: int = 100

    @property
    def where(self) -> sql.Composable:
        return all_of(self.filters)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationRows:
    """Values of some rows in order; ``previous`` and ``next``: where the pages before and after end and begin."""

    values: tuple[tuple[Any, ...], ...]
    previous: Cursor | None
    next: Cursor | None


def read_relation(relation: Relation, view: RelationView) -> RelationRows:
    """A page. Raises ``RelationUnreadable``, ``RelationTooSlow``, ``TableBusy``, and ``BadOption`` for a place that is
    none of this table's."""
    tie = _tie(relation)
    is_costly = bool(view.filters or view.sort)
    with looking(relation, is_costly=is_costly, by_cursor=bool(view.sort) and bool(tie)) as deadline:
        if tie and (view.sort or relation.key):
            return _by_keyset(relation, view, tie, deadline)
        if tie:
            return _by_place(relation, view, deadline)
        return _by_count(relation, view)


def _tie(relation: Relation) -> tuple[TieColumn, ...]:
    if relation.key:
        return tuple(
            TieColumn(expression=sql.SQL("t.{}").format(sql.Identifier(column.name)), type_sql=sql.SQL(column.type))
            for column in relation.key
        )
    if relation.kind in ("r", "m") and not relation.has_children:
        return (TieColumn(expression=_PLACE, type_sql=sql.SQL("tid")),)
    return ()


def _by_keyset(relation: Relation, view: RelationView, tie: tuple[TieColumn, ...], deadline: float) -> RelationRows:
    keyset = Keyset(sort=view.sort, tie=tie, is_backward=view.is_backward)
    found: list[tuple[Any, ...]] = []
    for segment in keyset.segments(_place(view, tie)):
        if len(found) > view.limit:
            break
        limit_to(deadline)
        query = sql.SQL("SELECT {} FROM {} AS t WHERE {} AND {} ORDER BY {} LIMIT {}").format(
            _selected(view, keyset.selected),
            relation.identifier,
            view.where,
            segment.where,
            segment.order,
            sql.Literal(view.limit + 1 - len(found)),
        )
        found += read_values(query)
    width, sorted_by = len(view.sort) + len(tie), len(view.sort)

    def cursor_of(row: tuple[Any, ...]) -> Cursor:
        values, own = row[:sorted_by], row[sorted_by:width]
        if sorted_by:
            return Place(sort=view.sort_words, values=values, tie=own)
        return Position(file=0, load=0, row=0, key=own)

    rows, previous, following = _ends(found, view)
    return RelationRows(
        values=tuple(row[width:] for row in rows),
        previous=None if previous is None else cursor_of(previous),
        next=None if following is None else cursor_of(following),
    )


def _place(view: RelationView, tie: tuple[TieColumn, ...]) -> Place | None:
    match view.cursor:
        case None:
            return None
        case Position() if not view.sort and len(view.cursor.key) == len(tie):
            return Place(sort="", values=(), tie=view.cursor.key)
        case Place() if len(view.cursor.tie) == len(tie):
            return view.cursor
    raise no_such_page()


def _by_place(relation: Relation, view: RelationView, deadline: float) -> RelationRows:
    """In windows of blocks: PostgreSQL goes straight to a range of them, and would sort all that lies behind a row.

    All windows of a page have the time of one page: of a table that was emptied there are many with nothing in them.
    """
    query = sql.SQL(
        "SELECT {} FROM {} AS t WHERE t.ctid > {}::tid AND t.ctid <= {}::tid AND {} ORDER BY t.ctid{} LIMIT {}"
    )
    selected = _selected(view, [sql.SQL("t.ctid::text")])
    direction = sql.SQL(" DESC" if view.is_backward else "")
    [(size,)] = fetch_rows(
        sql.SQL("SELECT pg_relation_size(%s::oid) / current_setting('block_size')::bigint"), [relation.oid]
    )
    last, width = min(int(size), _LAST_BLOCK) << OFFSET_BITS, FIRST_BLOCKS << OFFSET_BITS
    low, high = (0, _row_of(view, last) - 1) if view.is_backward else (_row_of(view, 0), last)
    found: list[tuple[Any, ...]] = []
    while len(found) <= view.limit and low < high:
        after, upto = (max(low, high - width), high) if view.is_backward else (low, min(low + width, high))
        places = map(sql.Literal, (place_of_number(after), place_of_number(upto)))
        limit_to(deadline)
        rest = sql.Literal(view.limit + 1 - len(found))
        found += read_values(query.format(selected, relation.identifier, *places, view.where, direction, rest))
        low, high, width = (low, after, width * 4) if view.is_backward else (upto, high, width * 4)
    rows, previous, following = _ends(found, view)

    def cursor_of(row: tuple[Any, ...] | None) -> Position | None:
        return None if row is None else Position(file=0, load=0, row=number_of_place(row[0]))

    return RelationRows(values=tuple(row[1:] for row in rows), previous=cursor_of(previous), next=cursor_of(following))


def _by_count(relation: Relation, view: RelationView) -> RelationRows:
    """Sorted rows that are equal in all that is sorted by stand in the order of everything else in them: a view has
    nothing that tells them apart, and gives them in another order each time."""
    at = _row_of(view, 0)
    if at >= MOST_SKIPPED and not view.is_backward:
        raise RelationTooDeep(
            f"Pages of {relation.quoted} end after {MOST_SKIPPED:,} rows: nothing tells its rows apart, so each page"
            " reads all rows before it.",
            hint="Filter them, or download all. Once staff say which columns tell them apart, there is no such end.",
        )
    begin = max(0, at - view.limit) if view.is_backward else at
    order: sql.Composable = sql.SQL("")
    if view.sort:
        keys = [
            sql.SQL("{}{} NULLS LAST").format(key.field.sorted_by, sql.SQL(" DESC" if key.is_descending else ""))
            for key in view.sort
        ]
        rest = [sql.SQL("t.{}::text").format(sql.Identifier(column.name)) for column in relation.columns]
        order = sql.SQL(" ORDER BY {}").format(sql.SQL(", ").join([*keys, *rest]))
    found = read_values(
        sql.SQL("SELECT {} FROM {} AS t WHERE {}{} OFFSET {} LIMIT {}").format(
            _selected(view, []),
            relation.identifier,
            view.where,
            order,
            sql.Literal(begin),
            sql.Literal((at - begin if view.is_backward else view.limit) + 1),
        )
    )
    size = at - begin if view.is_backward else view.limit
    return RelationRows(
        values=tuple(found[:size]),
        previous=_count_cursor(view, begin) if begin else None,
        next=_count_cursor(view, begin + size) if len(found) > size else None,
    )


def _count_cursor(view: RelationView, rows: int) -> Cursor:
    if view.sort:
        return Place(sort=view.sort_words, values=(None,) * len(view.sort), tie=(str(rows),))
    return Position(file=0, load=0, row=rows)


def _row_of(view: RelationView, otherwise: int) -> int:
    """How many rows, or which place as a number, the cursor says."""
    match view.cursor:
        case None:
            return otherwise
        case Position() if not view.cursor.key and view.cursor.row < _LAST_BLOCK << OFFSET_BITS:
            return view.cursor.row
        case Place(tie=(str(text),)) if view.sort and text.isascii() and text.isdigit() and len(text) < len(str(2**63)):
            return int(text)
    raise no_such_page()


def _ends(
    found: list[tuple[Any, ...]], view: RelationView
) -> tuple[list[tuple[Any, ...]], tuple[Any, ...] | None, tuple[Any, ...] | None]:
    """The rows of the page in their order, and of them those that the page before ends and the next one begins at."""
    return page_ends(found, limit=view.limit, is_backward=view.is_backward, is_first=view.cursor is None)


def _selected(view: RelationView, first: Sequence[sql.Composable]) -> sql.Composable:
    columns = [
        sql.SQL("t.{}::text" if column.is_as_text else "t.{}").format(sql.Identifier(column.name))
        for column in view.columns
    ]
    return sql.SQL(", ").join([*first, *columns])
