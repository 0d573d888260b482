"""The rows of differences as people see them: each value as text, and which of them changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from uploads.database.comparison.by_key import Kind, Pair, Place
from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import SharedColumn, Side
from uploads.database.partitions import LOAD
from uploads.tabular.table import ROW


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """A difference with its values, in the order of the columns that were asked for; none on a side without the row."""

    pair: Pair
    old: tuple[str | None, ...]
    new: tuple[str | None, ...]
    changed: tuple[bool, ...]
    """Of the shared columns."""


def read_changed(
    comparing: Comparing,
    *,
    pairs: Sequence[Pair],
    old: Side,
    new: Side,
    columns: Sequence[SharedColumn],
    characters: int,
) -> tuple[Values, ...]:
    """Rows that are on both sides."""
    if not pairs:
        return ()
    statement = sql.SQL(
        "WITH a AS MATERIALIZED (SELECT * FROM {old} WHERE {row} = ANY(%s)),"
        " b AS MATERIALIZED (SELECT * FROM {new} WHERE {row} = ANY(%s))"
        " SELECT p.n, {old_texts}, {new_texts}, {differ}"
        " FROM unnest(%s::int[], %s::bigint[], %s::int[], %s::bigint[]) WITH ORDINALITY AS p (al, ar, bl, br, n)"
        " JOIN a ON a.{load} = p.al AND a.{row} = p.ar JOIN b ON b.{load} = p.bl AND b.{row} = p.br"
    ).format(
        old_texts=_texts("a", [column.name for column in columns], characters),
        new_texts=_texts("b", [column.name for column in columns], characters),
        differ=_array([column.differs() for column in columns], "boolean"),
        old=old.relation,
        new=new.relation,
        load=sql.Identifier(LOAD),
        row=sql.Identifier(ROW),
    )
    olds, news = [_place(pair.old) for pair in pairs], [_place(pair.new) for pair in pairs]
    a_rows, b_rows = [place.row for place in olds], [place.row for place in news]
    params = [a_rows, b_rows, [place.load for place in olds], a_rows, [place.load for place in news], b_rows]
    found = {n: values for n, *values in comparing.rows(statement, params)}
    return tuple(
        Values(pair=pair, old=tuple(found[n][0]), new=tuple(found[n][1]), changed=tuple(found[n][2]))
        for n, pair in enumerate(pairs, start=1)
        if n in found
    )


def read_alone(
    comparing: Comparing, *, pairs: Sequence[Pair], side: Side, names: Sequence[str], characters: int
) -> tuple[Values, ...]:
    """Rows of one kind that are on this side only."""
    if not pairs:
        return ()
    statement = sql.SQL(
        "WITH s AS MATERIALIZED (SELECT * FROM {side} WHERE {row} = ANY(%s))"
        " SELECT p.n, {texts} FROM unnest(%s::int[], %s::bigint[]) WITH ORDINALITY AS p (l, r, n)"
        " JOIN s ON s.{load} = p.l AND s.{row} = p.r"
    ).format(
        texts=_texts("s", names, characters), side=side.relation, load=sql.Identifier(LOAD), row=sql.Identifier(ROW)
    )
    places = [_place(pair.new if pair.kind is Kind.NEW else pair.old) for pair in pairs]
    rows = [place.row for place in places]
    found = dict(comparing.rows(statement, [rows, [place.load for place in places], rows]))
    return tuple(
        Values(
            pair=pair,
            old=tuple(found[n]) if pair.kind is Kind.GONE else (),
            new=tuple(found[n]) if pair.kind is Kind.NEW else (),
            changed=(),
        )
        for n, pair in enumerate(pairs, start=1)
        if n in found
    )


def _place(place: Place | None) -> Place:
    if place is None:
        raise ValueError("the row is not on this side")
    return place


def _texts(side: str, names: Sequence[str], characters: int) -> sql.Composable:
    plain = sql.Identifier(side)
    values = [
        sql.SQL("left({}.{}::text, {})").format(plain, sql.Identifier(name), sql.Literal(characters)) for name in names
    ]
    return _array(values, "text")


def _array(values: Sequence[sql.Composable], type_: LiteralString) -> sql.Composable:
    return sql.SQL("ARRAY[{}]::{}[]").format(sql.SQL(", ").join(values), sql.SQL(type_))
