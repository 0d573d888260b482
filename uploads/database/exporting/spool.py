"""A view in a temporary table of the session: rows that need an order of their own, or one moment of what moves.

It is filled in windows, so that nobody waits for it, and sorted when it is whole. What is printed from it afterwards
holds no lock that anybody else wants, however slowly it is read.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from uploads.database.adopting.relation_rows import looking
from uploads.database.adopting.relations import Relation
from uploads.database.columns import TYPE_SQL
from uploads.database.exporting.columns import ExportColumn, comma_separated
from uploads.database.exporting.windows import Span, copy_rows_to, explained, limited
from uploads.database.reading.conditions import all_of
from uploads.database.reading.terms import Condition, SortKey
from uploads.database.rows import OFFSET_BITS, print_plainly
from uploads.database.statements import execute

SORT_SECONDS = 300
"""For one statement that sorts, or reads a view of the database: nobody waits for it but whoever exports."""
_RAW = sql.Identifier("pg_temp", "export_rows")
_SORTED = sql.Identifier("pg_temp", "export_sorted")
_PLACE = sql.Identifier("_export_place")
_NUMBER = sql.Identifier("_export_number")
_OWN = [sql.Identifier(name) for name in ("_file", "_load", "_row")]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpoolOrder:
    """What the rows are sorted by before what tells them apart."""

    sort: Sequence[SortKey]

    def sql(self, ties: Sequence[sql.Composable]) -> sql.Composable:
        keys = [
            sql.SQL("{}{} NULLS LAST").format(key.field.sorted_by, sql.SQL(" DESC" if key.is_descending else ""))
            for key in self.sort
        ]
        way = sql.SQL(" DESC" if self.sort and self.sort[-1].is_descending else "")
        return comma_separated([*keys, *(sql.SQL("{}{}").format(tie, way) for tie in ties)])


def spool_spans(spans: Sequence[Span], *, columns: Sequence[ExportColumn], sort: Sequence[SortKey]) -> Iterator[Span]:
    """Copy all spans, and give one that has their rows in order: one item, after it is read the tables are dropped."""
    names = dict.fromkeys([column.name for column in columns] + [key.field.name for key in sort])
    values = comma_separated(
        [
            *(sql.SQL("t.{}").format(name) for name in _OWN),
            sql.SQL("t.ctid AS {}").format(_PLACE),
            *(sql.SQL("t.{}").format(sql.Identifier(name)) for name in names if name not in ("_file", "_row")),
        ]
    )
    with _dropped():
        _make(values, spans[0].table)
        for span in spans:
            for _ in copy_rows_to(span, into=_RAW, values=values):
                pass
        ties = [sql.SQL("t.{}").format(name) for name in (*_OWN, _PLACE)]
        yield _sorted(SpoolOrder(sort=sort).sql(ties))


def spool_relation(
    relation: Relation, *, columns: Sequence[ExportColumn], filters: Sequence[Condition], sort: Sequence[SortKey]
) -> Iterator[Span]:
    """The same of a table or view that is none of ours, which is read by one statement, as it is in one moment.

    Raises what ``looking`` raises.
    """
    values = comma_separated([column.renamed(column.stored) for column in columns])
    ties = [sql.SQL("t.{}").format(sql.Identifier(key.name)) for key in relation.key]
    order = SpoolOrder(sort=sort).sql(ties) if sort or ties else None
    rows = sql.SQL("SELECT {} FROM {} AS t WHERE {}{}").format(
        values,
        relation.identifier,
        all_of(filters),
        sql.SQL("") if order is None else sql.SQL(" ORDER BY {}").format(order),
    )
    numbered = sql.SQL("SELECT row_number() OVER () AS {}, r.* FROM ({}) AS r").format(_NUMBER, rows)
    with _dropped():
        _make_like_relation(relation, columns)
        with looking(relation, seconds=SORT_SECONDS, is_costly=True, keeps=True):
            execute(sql.SQL("INSERT INTO {} {}").format(_RAW, numbered), None)
        yield _sorted(sql.SQL("t.{}").format(_NUMBER))


def spool_values(
    table: Relation | sql.Composable, *, columns: Sequence[ExportColumn], rows: Sequence[Sequence[Any]]
) -> Iterator[Span]:
    """The same of some rows that were read already, in their order; ``table`` is what has columns of their types."""
    named = comma_separated([column.renamed(column.stored) for column in columns])
    insert = sql.SQL("INSERT INTO {} VALUES ({})").format(
        _RAW, comma_separated([sql.Placeholder()] * (len(columns) + 1))
    )
    with _dropped():
        if isinstance(table, Relation):
            _make_like_relation(table, columns)
        else:
            _make(sql.SQL("0 AS {}, {}").format(_NUMBER, named), table)
        with transaction.atomic(), connection.cursor() as cursor:
            print_plainly()
            for number, row in enumerate(rows):
                cursor.execute(insert, [number, *row])
        yield _sorted(sql.SQL("t.{}").format(_NUMBER))


def spool_result(*, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]]) -> Generator[Span]:
    """The same of rows that come one after the other, with their values as PostgreSQL prints them."""
    types = [TYPE_SQL[column.type] for column in columns]
    definitions = [
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(type_))
        for column, type_ in zip(columns, types, strict=True)
    ]
    with _dropped():
        with transaction.atomic(), connection.cursor() as cursor:
            print_plainly()
            execute(
                sql.SQL("CREATE TEMPORARY TABLE export_rows ({} bigint, {})").format(
                    _NUMBER, comma_separated(definitions)
                ),
                None,
            )
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_RAW)) as copy:
                for number, row in enumerate(rows):
                    copy.write_row([number, *row])
        yield _sorted(sql.SQL("t.{}").format(_NUMBER))


def _make(values: sql.Composable, table: sql.Composable) -> None:
    with explained(seconds=SORT_SECONDS), transaction.atomic():
        execute(
            sql.SQL("CREATE TEMPORARY TABLE export_rows AS SELECT {} FROM {} AS t WITH NO DATA").format(values, table),
            None,
        )


def _make_like_relation(relation: Relation, columns: Sequence[ExportColumn]) -> None:
    """The view itself is left alone: to plan a query of it may call its functions."""
    types = {column.name: "text" if column.is_as_text else column.type for column in relation.columns}
    definitions = [
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(types[column.name])) for column in columns
    ]
    execute(
        sql.SQL("CREATE TEMPORARY TABLE export_rows ({} bigint, {})").format(_NUMBER, comma_separated(definitions)),
        None,
    )


def _sorted(order: sql.Composable) -> Span:
    """Made by one statement into an empty table, rows lie in the order in which they came."""
    with explained(seconds=SORT_SECONDS), transaction.atomic(), limited(SORT_SECONDS):
        print_plainly()
        execute(
            sql.SQL("CREATE TEMPORARY TABLE export_sorted AS SELECT t.* FROM {} AS t ORDER BY {}").format(_RAW, order),
            None,
        )
        execute(sql.SQL("DROP TABLE {}").format(_RAW), None)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_relation_size('pg_temp.export_sorted') / current_setting('block_size')::bigint", None
            )
            [(blocks,)] = cursor.fetchall()
    return Span(
        table=_SORTED,
        condition=sql.SQL("true"),
        by_place=True,
        last=int(blocks) << OFFSET_BITS,
        check=_nothing_changes,
        is_locked=False,
    )


def _nothing_changes() -> None:
    """The table is the session's own."""


@contextmanager
def _dropped() -> Iterator[None]:
    """The session may serve others after this."""
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed and connection.is_usable():
            execute(sql.SQL("DROP TABLE IF EXISTS {}, {}").format(_RAW, _SORTED), None)
