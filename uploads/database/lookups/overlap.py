"""Rows that two tables have in common, and columns that tell rows apart; each is counted for seconds at most."""

from collections.abc import Mapping, Sequence

import psycopg
from django.db import OperationalError, transaction
from psycopg import sql

from uploads.database.partitions import PAGE_BYTES, is_large
from uploads.database.statements import SCHEMA, execute, fetch_rows, qualified

_LOOKED_AT = 2_000
"""Rows in which most columns show already that they repeat values."""
_WHOLE_PAGES = 100
"""Of a part that is looked at whole: some 10,000 narrow rows, hashed in a few milliseconds."""


class OverlapUnknown(Exception):
    """To count it takes longer than somebody waits for."""


def unique_columns(*, part: str, names: Sequence[str]) -> list[str]:
    """The columns without a blank and without a value that comes twice; of a large part as its statistics have it."""
    if not names:
        return []
    if is_large(part=part):
        found = fetch_rows(
            sql.SQL(
                "SELECT attname FROM pg_stats WHERE schemaname = %s AND tablename = %s"
                " AND null_frac = 0 AND n_distinct = -1"
            ),
            [SCHEMA, part],
        )
        unique = {name for (name,) in found}
        return [name for name in names if name in unique]
    beginning = sql.SQL("(SELECT * FROM {} LIMIT {})").format(qualified(part), sql.Literal(_LOOKED_AT))
    likely = _unique(beginning, names)
    return _unique(qualified(part), likely) if likely else []


def _unique(rows: sql.Composable, names: Sequence[str]) -> list[str]:
    counts = sql.SQL(", ").join(
        sql.SQL("count({0}) = count(*) AND count(DISTINCT {0}) = count(*)").format(sql.Identifier(name))
        for name in names
    )
    [found] = fetch_rows(sql.SQL("SELECT {} FROM {} AS rows HAVING count(*) > 1").format(counts, rows)) or [()]
    return [name for name, is_unique in zip(names, found, strict=False) if is_unique]


def keys_there(*, part: str, table: str, key: Mapping[str, str], seconds: float) -> int:
    """How many rows of a part have a key that the table has too; ``key``: names in the part by those in the table.

    Raises ``OverlapUnknown``."""
    same = sql.SQL(" AND ").join(
        sql.SQL("d.{} = p.{}").format(sql.Identifier(theirs), sql.Identifier(own)) for theirs, own in key.items()
    )
    statement = sql.SQL("SELECT count(*) FROM {} p WHERE EXISTS (SELECT FROM {} d WHERE {})")
    return _count_within(statement.format(qualified(part), qualified(table), same), seconds)


def rows_emptied(
    *,
    part: str,
    table: str,
    key: Mapping[str, str],
    others: Mapping[str, str],
    seconds: float,
    but: tuple[str, Sequence[str]] | None = None,
) -> int:
    """How many rows of a part have a blank where the table has a value for the same key; names as for ``keys_there``.

    ``but``: not those with one of these values, as text, in a column of the part.
    Raises ``OverlapUnknown``."""
    same = sql.SQL(" AND ").join(
        sql.SQL("d.{} = p.{}").format(sql.Identifier(theirs), sql.Identifier(own)) for theirs, own in key.items()
    )
    emptied = sql.SQL(" OR ").join(
        sql.SQL("p.{} IS NULL AND d.{} IS NOT NULL").format(sql.Identifier(own), sql.Identifier(theirs))
        for theirs, own in others.items()
    )
    return _count_within(_rows_with(part, table, same, emptied, but), seconds)


def rows_valued(
    *,
    part: str,
    table: str,
    key: Mapping[str, str],
    columns: Sequence[str],
    seconds: float,
    but: tuple[str, Sequence[str]] | None = None,
) -> int:
    """How many rows of a part have a key for which the table has a value in one of these ``columns`` of its own.

    ``but``: as for ``rows_emptied``.
    Raises ``OverlapUnknown``."""
    same = sql.SQL(" AND ").join(
        sql.SQL("d.{} = p.{}").format(sql.Identifier(theirs), sql.Identifier(own)) for theirs, own in key.items()
    )
    valued = sql.SQL(" OR ").join(sql.SQL("d.{} IS NOT NULL").format(sql.Identifier(name)) for name in columns)
    return _count_within(_rows_with(part, table, same, valued, but), seconds)


def values_emptied(
    *,
    part: str,
    table: str,
    key: Mapping[str, str],
    others: Mapping[str, str | None],
    seconds: float,
    but: tuple[str, Sequence[str]] | None = None,
) -> tuple[int, dict[str, int]]:
    """How many rows of a part have no value where the table has one for the same key, and how many of them in each
    column; names as for ``keys_there``, ``None`` for a column that the part does not have.

    ``but``: as for ``rows_emptied``.
    Raises ``OverlapUnknown``."""
    emptied = [
        sql.SQL("p.{} IS NULL AND d.{} IS NOT NULL").format(sql.Identifier(own), sql.Identifier(theirs))
        if own is not None
        else sql.SQL("d.{} IS NOT NULL").format(sql.Identifier(theirs))
        for theirs, own in others.items()
    ]
    same = [sql.SQL("d.{} = p.{}").format(sql.Identifier(theirs), sql.Identifier(own)) for theirs, own in key.items()]
    is_any = sql.SQL("({})").format(sql.SQL(" OR ").join(emptied))
    counts = [sql.SQL("count(DISTINCT p.ctid) FILTER (WHERE {})").format(each) for each in (is_any, *emptied)]
    statement = sql.SQL("SELECT {} FROM {} p JOIN {} d ON {} WHERE {} AND {}").format(
        sql.SQL(", ").join(counts),
        qualified(part),
        qualified(table),
        sql.SQL(" AND ").join(same),
        is_any,
        _unmarked(but),
    )
    rows, *each = _found_within(statement, seconds)
    return rows, {name: count for name, count in zip(others, each, strict=True) if count}


def _unmarked(but: tuple[str, Sequence[str]] | None) -> sql.Composable:
    if but is None:
        return sql.SQL("true")
    column, values = but
    return sql.SQL("NOT coalesce(p.{}::text = ANY({}), false)").format(
        sql.Identifier(column), sql.Literal(list(values))
    )


def _rows_with(
    part: str, table: str, same: sql.Composable, has: sql.Composable, but: tuple[str, Sequence[str]] | None
) -> sql.Composable:
    statement = sql.SQL("SELECT count(*) FROM {} p WHERE {} AND EXISTS (SELECT FROM {} d WHERE {} AND ({}))")
    return statement.format(qualified(part), _unmarked(but), qualified(table), same, has)


def equal_rows(*, part: str, table: str, names: Mapping[str, str], seconds: float) -> int:
    """How many rows of a part stand in the table too, each as often as in both; ``names`` as for ``keys_there``.

    Raises ``OverlapUnknown``."""
    own = sql.SQL(", ").join(map(sql.Identifier, names.values()))
    theirs = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("SELECT count(*) FROM (SELECT {} FROM {} INTERSECT ALL SELECT {} FROM {}) AS both_have")
    return _count_within(statement.format(own, qualified(part), theirs, qualified(table)), seconds)


def has_equal_rows(*, part: str, table: str, names: Mapping[str, str], seconds: float) -> bool:
    """Whether ``equal_rows`` may be any: of a large part the rows in four places are looked at; one of them lies in any
    run of more than half of its rows. PostgreSQL may have given it pages behind the last of them.

    Raises ``OverlapUnknown``."""
    own = sql.SQL(", ").join(map(sql.Identifier, names.values()))
    theirs = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("SELECT count(*) FROM (({}) INTERSECT SELECT {} FROM {}) AS both_have")
    return _count_within(statement.format(_some_rows(part, own), theirs, qualified(table)), seconds) > 0


def _some_rows(part: str, columns: sql.Composable) -> sql.Composable:
    [(size,)] = fetch_rows(sql.SQL("SELECT pg_relation_size(to_regclass(%s))"), [qualified(part).as_string()])
    pages = size // PAGE_BYTES
    if pages <= _WHOLE_PAGES:
        return sql.SQL("SELECT {} FROM {}").format(columns, qualified(part))
    each = sql.SQL("SELECT {} FROM {} WHERE ctid >= {}::tid AND ctid < {}::tid")
    return sql.SQL(" UNION ALL ").join(
        each.format(columns, qualified(part), sql.Literal(f"({page},0)"), sql.Literal(f"({page + 1},0)"))
        for page in (0, pages // 4, pages // 2, 3 * pages // 4)
    )


def _count_within(statement: sql.Composable, seconds: float) -> int:
    return _found_within(statement, seconds)[0]


def _found_within(statement: sql.Composable, seconds: float) -> list[int]:
    """The figures of its only row."""
    try:
        with transaction.atomic():
            execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(max(1, round(seconds * 1_000)))))
            [found] = fetch_rows(statement)
            execute(sql.SQL("SET LOCAL statement_timeout = DEFAULT"))
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise OverlapUnknown from error
        raise
    return list(map(int, found))
