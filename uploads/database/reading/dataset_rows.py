"""Rows of a dataset's table by a view: in their own order in windows of a load, in any other by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from uploads.database.partitions import FILE, LOAD
from uploads.database.reading.conditions import all_of
from uploads.database.reading.keyset import Keyset, TieColumn
from uploads.database.reading.sessions import read
from uploads.database.reading.terms import Condition, Place, SortKey
from uploads.database.rows import no_such_page, number_of_place, place_of_number
from uploads.database.statements import qualified
from uploads.tabular.table import ROW

_OWN = tuple(
    TieColumn(expression=sql.SQL("t.{}").format(sql.Identifier(name)), type_sql=sql.SQL(type_sql))
    for name, type_sql in ((FILE, "integer"), (LOAD, "integer"), (ROW, "bigint"), ("ctid", "tid"))
)
_FILE, _LOAD, _ROW, _PLACE = range(4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ties:
    """What tells rows of equal values apart: the file, its table and the row, and what else these files need."""

    with_places: bool
    """Rows of a table that was adopted have no number: they are told apart by where they lie."""

    @property
    def indexes(self) -> tuple[int, ...]:
        """The first three always: they are in the indexes for readers too, and so their order is that of any sort."""
        return (_FILE, _LOAD, _ROW, *((_PLACE,) if self.with_places else ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRow:
    """A row of a dataset's table: of which load, where in it, and its values."""

    file_id: int
    load_id: int
    row: int
    values: tuple[Any, ...]
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Rows of some loads, each with ``after < row <= upto``; where ``by_place``, a row is the number of its place."""

    file_ids: tuple[int, ...]
    load_ids: tuple[int, ...]
    after: int
    upto: int
    by_place: bool = False
    """Of one load alone."""
    is_backward: bool = False


def read_window(
    *, table: str, names: Sequence[str], filters: Sequence[Condition], window: Window, limit: int, until: float
) -> list[tuple[Any, ...]]:
    """Up to ``limit`` rows: the load and the number of each and the named columns, the last ones first where it is read
    backward.

    They are read through the dataset, so that a file switched off a moment ago has none. ``_file`` prunes to the parts,
    and the range lets their BRIN indexes find the blocks: deep pages cost what the first one costs.
    """
    row = _OWN[_PLACE if window.by_place else _ROW].expression
    bound = "{}::tid" if window.by_place else "{}::bigint"
    numbers = (window.after, window.upto)
    after, upto = (
        sql.SQL(bound).format(sql.Literal(place_of_number(number) if window.by_place else number)) for number in numbers
    )
    order = (*(_OWN[index].expression for index in (_FILE, _LOAD)), row)
    query = sql.SQL(
        "SELECT {load}, {row}{text}, {columns} FROM {table} AS t"
        " WHERE {file} IN ({file_ids}) AND {load} IN ({load_ids})"
        " AND {row} > {after} AND {row} <= {upto} AND {filters} ORDER BY {order} LIMIT {limit}"
    ).format(
        row=row,
        text=sql.SQL("::text" if window.by_place else ""),
        columns=_columns(names),
        table=qualified(table),
        file=_OWN[_FILE].expression,
        file_ids=_numbers(window.file_ids),
        load=_OWN[_LOAD].expression,
        load_ids=_numbers(window.load_ids),
        after=after,
        upto=upto,
        filters=all_of(filters),
        order=sql.SQL(", ").join(each + sql.SQL(" DESC" if window.is_backward else "") for each in order),
        limit=sql.Literal(limit),
    )
    found = read(query, until=until)
    return [(load, number_of_place(place), *values) for load, place, *values in found] if window.by_place else found


def read_sorted(
    *,
    table: str,
    names: Sequence[str],
    filters: Sequence[Condition],
    sort: Sequence[SortKey],
    sort_words: str,
    ties: Ties,
    behind: Place | None,
    is_backward: bool,
    limit: int,
    until: float,
) -> list[StoredRow]:
    """Up to ``limit`` rows behind a place, in the order in which they are read. Raises as ``read`` does."""
    place = _whole(behind, ties)
    keyset = Keyset(sort=sort, tie=[_OWN[index] for index in ties.indexes], is_backward=is_backward)
    own = [sql.SQL("{}::text").format(column.expression) for column in _OWN]
    keys = keyset.selected[: len(sort)]
    found: list[StoredRow] = []
    for segment in keyset.segments(place):
        if len(found) == limit:
            break
        query = sql.SQL("SELECT {} FROM {} AS t WHERE {} AND {} ORDER BY {} LIMIT {}").format(
            sql.SQL(", ").join([*own, *keys, _columns(names)]),
            qualified(table),
            all_of(filters),
            segment.where,
            segment.order,
            sql.Literal(limit - len(found)),
        )
        found += [_row(values, len(sort), sort_words) for values in read(query, until=until)]
    return found


def _whole(behind: Place | None, ties: Ties) -> Place | None:
    """The place by those of its parts that these files need."""
    if behind is None:
        return None
    if len(behind.tie) != len(_OWN) or None in behind.tie:
        raise no_such_page()
    return Place(sort=behind.sort, values=behind.values, tie=tuple(behind.tie[index] for index in ties.indexes))


def _row(values: tuple[Any, ...], sorted_by: int, sort_words: str) -> StoredRow:
    own, keys = values[: len(_OWN)], values[len(_OWN) : len(_OWN) + sorted_by]
    return StoredRow(
        file_id=int(own[_FILE]),
        load_id=int(own[_LOAD]),
        row=int(own[_ROW]),
        values=values[len(_OWN) + sorted_by :],
        place=Place(sort=sort_words, values=keys, tie=own),
    )


def _columns(names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in names)


def _numbers(values: Sequence[int]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Literal, sorted(set(values))))
