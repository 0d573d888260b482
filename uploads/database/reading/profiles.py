"""Figures of the columns of one load, from the rows of its part; values as PostgreSQL prints them.

Exact: how many are blank, the least and the greatest, sums, lengths; and up to ``MOST_COUNTED`` different values how
often each comes. Of more values it is estimated how many there are, by those of a part of all hashes. Quantiles are
those of all rows, or of a sample of ``SAMPLED_ROWS``. Every statement is one of its own, and can be ended at any time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import connection, transaction
from psycopg import sql

from uploads.database.partitions import LOAD, analyze_partition
from uploads.database.statements import SCHEMA, execute, fetch_rows, qualified
from uploads.tabular.table import ColumnType

MOST_COUNTED = 20_000
"""Different values that are counted one by one: some 2 MB of memory in PostgreSQL."""
MOST_KEPT = 500
LETTERS = 200
SAMPLED_ROWS = 50_000
HUNDREDTHS = 100
_AT_ONCE = 100
"""Columns of one statement, which gives up to five figures of each: PostgreSQL has 1,664 at most."""
MEASURED = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})
ORDERED = MEASURED | {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ}
_SCALE = 2.0**-70
"""Doubles are summed so much smaller: PostgreSQL refuses a sum beyond the largest one."""
_HASHES: dict[ColumnType, LiteralString] = {
    ColumnType.TEXT: "hashtextextended({}, 0)",
    ColumnType.BIGINT: "hashint8extended({}, 0)",
    ColumnType.NUMERIC: "hash_numeric_extended({}, 0)",
    ColumnType.DOUBLE: "hashfloat8extended({}, 0)",
    ColumnType.DATE: "timestamp_hash_extended({}::timestamp, 0)",
    ColumnType.TIMESTAMP: "timestamp_hash_extended({}, 0)",
    ColumnType.TIMESTAMPTZ: "timestamp_hash_extended({} AT TIME ZONE 'UTC', 0)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What one pass over all rows tells of a column; empty texts where no row has a value."""

    rows: int
    blanks: int
    least: str | None
    greatest: str | None
    total: str | None = None
    """Of numbers."""
    shortest: int | None = None
    """In letters, of texts."""
    longest: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """How many different values there are, and the most frequent ones with their rows."""

    distinct: int
    is_exact: bool
    most: tuple[tuple[str, int], ...]
    """Of texts the first ``LETTERS`` letters. Where it isn't exact, none: they are counted nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Those of one load in a part."""

    part: str
    load_id: int

    @property
    def where(self) -> sql.Composable:
        return sql.SQL("t.{} = {}").format(sql.Identifier(LOAD), sql.Literal(self.load_id))


def spans(rows: Rows, columns: Sequence[tuple[str, ColumnType]]) -> dict[str, Span]:
    """Of each column, by name; a pass for a hundred columns."""
    found: dict[str, Span] = {}
    for begin in range(0, len(columns), _AT_ONCE):
        some = columns[begin : begin + _AT_ONCE]
        asked = [each for name, type_ in some for each in _figures(name, type_)]
        [(count, *figures)] = _read(
            sql.SQL("SELECT count(*), {} FROM {} AS t WHERE {}").format(
                sql.SQL(", ").join(asked), qualified(rows.part), rows.where
            )
        )
        left = iter(figures)
        for name, type_ in some:
            found[name] = _span(int(count), type_, left)
    return found


def _figures(name: str, type_: ColumnType) -> Iterable[sql.Composable]:
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    yield sql.SQL("count({})").format(column)
    ends: tuple[LiteralString, LiteralString] = ("min({})::text", "max({})::text")
    match type_:
        case ColumnType.BOOLEAN:
            ends = ("bool_and({})::text", "bool_or({})::text")
        case ColumnType.TEXT:
            column = sql.SQL('left({}, {}) COLLATE "C"').format(column, sql.Literal(LETTERS))
    yield from (sql.SQL(end).format(column) for end in ends)
    plain = sql.SQL("t.{}").format(sql.Identifier(name))
    if type_ is ColumnType.DOUBLE:
        yield sql.SQL("sum({} * {}::float8)::text").format(plain, sql.Literal(_SCALE))
    elif type_ in MEASURED:
        yield sql.SQL("sum({})::text").format(plain)
    if type_ is ColumnType.TEXT:
        yield sql.SQL("min(length({}))").format(plain)
        yield sql.SQL("max(length({}))").format(plain)


def _span(rows: int, type_: ColumnType, figures: Iterator[Any]) -> Span:
    blanks, least, greatest = rows - int(next(figures)), next(figures), next(figures)
    total = next(figures) if type_ in MEASURED else None
    if total is not None and type_ is ColumnType.DOUBLE:
        total = repr(float(total) / _SCALE)
    return Span(
        rows=rows,
        blanks=blanks,
        least=least,
        greatest=greatest,
        total=total,
        shortest=next(figures) if type_ is ColumnType.TEXT else None,
        longest=next(figures) if type_ is ColumnType.TEXT else None,
    )


def guessed_distinct(rows: Rows, names: Sequence[str], *, filled: int) -> dict[str, int]:
    """About how many different values there are, as the planner's statistics of the part have it; made where there are
    none, of a part of so many rows."""
    found = _statistics(rows, names)
    if len(found) < len(names):
        with transaction.atomic():
            analyze_partition(part=rows.part)
        found = _statistics(rows, names)
    return {name: round(guess if guess >= 0 else -guess * filled) for name, guess in found.items()}


def _statistics(rows: Rows, names: Sequence[str]) -> dict[str, float]:
    query = "SELECT attname, n_distinct FROM pg_stats WHERE schemaname = %s AND tablename = %s AND attname = ANY(%s)"
    return dict(fetch_rows(sql.SQL(query), [SCHEMA, rows.part, list(names)]))


def count_values(rows: Rows, name: str, type_: ColumnType) -> Values:
    """Of every value how many rows have it."""
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    shown = sql.SQL("left({}, {})").format(column, sql.Literal(LETTERS + 1)) if type_ is ColumnType.TEXT else column
    found = _read(
        sql.SQL(
            "SELECT ({})::text, count(*), count(*) OVER () FROM {} AS t WHERE {} AND {column} IS NOT NULL"
            " GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT {}"
        ).format(shown, qualified(rows.part), rows.where, sql.Literal(MOST_KEPT), column=column)
    )
    most = tuple((value, int(count)) for value, count, _ in found)
    return Values(distinct=int(found[0][2]) if found else 0, is_exact=True, most=most)


def estimate_distinct(rows: Rows, name: str, type_: ColumnType, *, guess: int) -> Values:
    """By the values of every nth hash, so that some ``MOST_COUNTED`` of about ``guess`` are looked at."""
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    power = max(0, (guess // MOST_COUNTED).bit_length())
    [(count,)] = _read(
        sql.SQL(
            "SELECT count(*) FROM (SELECT DISTINCT {column} FROM {part} AS t WHERE {where} AND {column} IS NOT NULL"
            " AND ({hash} & {mask}) = 0) AS few"
        ).format(
            column=column,
            part=qualified(rows.part),
            where=rows.where,
            hash=sql.SQL(_HASHES[type_]).format(column),
            mask=sql.Literal(2**power - 1),
        )
    )
    return Values(distinct=int(count) * 2**power, is_exact=power == 0, most=())


def hundredths(rows: Rows, name: str, *, share: float) -> list[str]:
    """The value below which 0, 1, 2, … 100 hundredths of a column's values are; none where it has no value.

    ``share`` of the part's rows are looked at; 1: all of them.
    """
    sample = "" if share >= 1 else " TABLESAMPLE SYSTEM ({}) REPEATABLE (1)"
    [(found,)] = _read(
        sql.SQL(
            "SELECT (percentile_disc({fractions}::float8[]) WITHIN GROUP (ORDER BY t.{name}))::text[]"
            " FROM {part} AS t{sample} WHERE {where} AND t.{name} IS NOT NULL"
        ).format(
            fractions=sql.Literal([step / HUNDREDTHS for step in range(HUNDREDTHS + 1)]),
            name=sql.Identifier(name),
            part=qualified(rows.part),
            sample=sql.SQL(sample).format(sql.Literal(share * 100)),
            where=rows.where,
        )
    )
    return list(found or [])


def _read(query: sql.Composable) -> list[tuple[Any, ...]]:
    """In a transaction of its own, so that nothing is held between two; as addresses and JSON write values."""
    with transaction.atomic():
        execute(
            sql.SQL(
                "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true),"
                " set_config('extra_float_digits', '1', true), set_config('max_parallel_workers_per_gather', '0', true)"
            )
        )
        with connection.cursor() as cursor:
            cursor.execute(query, None)  # without parameters, so that a “%” stands for itself
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
