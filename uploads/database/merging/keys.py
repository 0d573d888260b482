"""Rows of a part that a key does not tell apart: without a value in one of its columns, or with that of another row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from uploads.database.columns import TYPE_SQL
from uploads.database.partitions import LOAD
from uploads.database.rows import print_plainly
from uploads.database.statements import fetch_rows, qualified
from uploads.tabular.table import ROW, ColumnType


@dataclass(frozen=True, kw_only=True, slots=True)
class KeylessRow:
    """A row that is not the only one of its key, or has none."""

    load: int
    row: int
    first_row: int | None
    """The first row of this key; ``None`` where the key has no value."""
    first_load: int | None
    values: dict[str, str | None]
    """As PostgreSQL prints them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeylessCounts:
    """How many rows of a part a key does not tell apart."""

    rows: int
    blank: int
    equal: int
    """The second and later of each key."""


def count_keyless(*, part: str, key: Sequence[str]) -> KeylessCounts:
    """Look through a whole part."""
    [(rows, blank, equal)] = fetch_rows(
        _named(
            "SELECT coalesce(sum(n), 0)::bigint, coalesce(sum(n) FILTER (WHERE blank), 0)::bigint,"
            " coalesce(sum(n - 1) FILTER (WHERE NOT blank), 0)::bigint"
            " FROM (SELECT count(*) AS n, {blank} AS blank FROM {part} GROUP BY {key}) AS keys",
            part,
            key,
        )
    )
    return KeylessCounts(rows=rows, blank=blank, equal=equal)


def has_blank_keys(*, part: str, key: Sequence[str]) -> bool:
    """Whether some row has no value in a column of the key.

    Of one column the unique index tells at once where it is there, for blanks stand last in it. (Asked for a blank,
    the planner, which has no statistics yet, expects many and reads the table: 66 ms for 1,000,000 rows.)
    """
    if len(key) == 1:
        found = fetch_rows(_named("SELECT {blank} FROM {part} ORDER BY {key} DESC NULLS FIRST LIMIT 1", part, key))
    else:
        found = fetch_rows(_named("SELECT EXISTS (SELECT FROM {part} WHERE {blank})", part, key))
    return found == [(True,)]


def first_equal(*, part: str, key: Sequence[str]) -> KeylessRow | None:
    """The first row, by load and row, whose key stands further up."""
    found = fetch_rows(_named(_FIRST_EQUAL, part, key, key))
    return _read(found[0], key) if found else None


def delete_keyless(*, part: str, key: Sequence[str], names: Sequence[str]) -> list[KeylessRow]:
    """Take the rows that a key does not tell apart out of a part; of each key the first one stays."""
    print_plainly()
    found = fetch_rows(_named(_DELETE, part, key, names))
    return sorted((_read(row, names) for row in found), key=lambda row: (row.load, row.row))


def free_keys(*, part: str, types: Mapping[str, ColumnType], values: Mapping[str, Sequence[object]]) -> list[int]:
    """Which of some new rows, by their place, a part could take: whose key is whole and stands neither there nor in an
    earlier one of them. ``types`` and ``values`` are those of the key's columns."""
    arrays = (sql.SQL("%s::{}[]").format(sql.SQL(TYPE_SQL[types[name]])) for name in types)
    names = sql.SQL(", ").join(map(sql.Identifier, types))
    same = (sql.SQL("p.{0} = n.{0}").format(sql.Identifier(name)) for name in types)
    whole = (sql.SQL("n.{} IS NOT NULL").format(sql.Identifier(name)) for name in types)
    found = fetch_rows(
        sql.SQL(
            "SELECT DISTINCT ON ({names}) n.place FROM unnest({arrays}) WITH ORDINALITY AS n({names}, place)"
            " WHERE {whole} AND NOT EXISTS (SELECT FROM {part} p WHERE {same}) ORDER BY {names}, n.place"
        ).format(
            names=names,
            arrays=sql.SQL(", ").join(arrays),
            whole=sql.SQL(" AND ").join(whole),
            part=qualified(part),
            same=sql.SQL(" AND ").join(same),
        ),
        [list(values[name]) for name in types],
    )
    return sorted(place - 1 for (place,) in found)


_RANKED = """
WITH ranked AS (
    SELECT ctid AS place, {blank} AS blank, row_number() OVER own AS number,
           first_value({row}) OVER own AS first_row, first_value({load}) OVER own AS first_load
      FROM {part} WINDOW own AS (PARTITION BY {key} ORDER BY {load}, {row})
)"""
_SHOWN = """
p.{load}, p.{row}, CASE WHEN NOT r.blank THEN r.first_row END, CASE WHEN NOT r.blank THEN r.first_load END, {values}"""
_FIRST_EQUAL = f"""{_RANKED}
SELECT {_SHOWN} FROM ranked r JOIN {{part}} p ON p.ctid = r.place
 WHERE NOT r.blank AND r.number > 1 ORDER BY p.{{load}}, p.{{row}} LIMIT 1"""  # noqa: S608 - psycopg quotes all names
_DELETE = f"""{_RANKED}
DELETE FROM {{part}} p USING ranked r WHERE p.ctid = r.place AND (r.blank OR r.number > 1) RETURNING {_SHOWN}"""  # noqa: S608


def _named(
    statement: LiteralString, part: str, key: Sequence[str], names: Sequence[str] | None = None
) -> sql.Composable:
    values = (sql.SQL("p.{}::text").format(sql.Identifier(name)) for name in names or key)
    blank = (sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in key)
    return sql.SQL(statement).format(
        part=qualified(part),
        load=sql.Identifier(LOAD),
        row=sql.Identifier(ROW),
        key=sql.SQL(", ").join(map(sql.Identifier, key)),
        blank=sql.SQL("({})").format(sql.SQL(" OR ").join(blank)),
        values=sql.SQL(", ").join(values),
    )


def _read(found: tuple[Any, ...], names: Sequence[str]) -> KeylessRow:
    load, row, first_row, first_load, *values = found
    return KeylessRow(
        load=load,
        row=row,
        first_row=first_row,
        first_load=first_load,
        values=dict(zip(names, values, strict=True)),
    )
