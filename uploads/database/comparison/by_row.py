"""Two sides compared as multisets: without a key a row is what it holds, and two equal ones count twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.database.comparison.by_key import Kind
from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import SharedColumn, Side
from uploads.tabular.table import ROW


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Equal rows of which one side has more; ``row`` is the first of them there."""

    kind: Kind
    times: int
    row: int
    values: tuple[str | None, ...]
    """Of the shared columns, as text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowCounts:
    """How many rows of each kind (none is *changed*), and the first differences."""

    counts: dict[Kind, int]
    old_rows: int
    new_rows: int
    differences: tuple[Difference, ...]


def compare_by_row(
    comparing: Comparing, *, old: Side, new: Side, columns: Sequence[SharedColumn], most: int, characters: int
) -> RowCounts:
    """``most``: differences of each kind that are wanted, the first ones by their rows, each value cut short."""
    names = [sql.Identifier(f"c{number}") for number in range(len(columns))]
    texts = sql.SQL(", ").join(sql.SQL("left({}::text, {})").format(name, sql.Literal(characters)) for name in names)
    statement = sql.SQL(
        "WITH found AS MATERIALIZED (SELECT {names},"
        " count(*) FILTER (WHERE is_new) - count(*) FILTER (WHERE NOT is_new) AS n,"
        " min({row}) FILTER (WHERE is_new) AS br, min({row}) FILTER (WHERE NOT is_new) AS ar FROM"
        " (SELECT {old_values}, {row}, false AS is_new FROM {old} AS a UNION ALL"
        " SELECT {new_values}, {row}, true FROM {new} AS b) AS rows GROUP BY {names}"
        " HAVING count(*) FILTER (WHERE is_new) <> count(*) FILTER (WHERE NOT is_new))"
        " SELECT 'old rows', 0::bigint, {old_count}, NULL::text[]"
        " UNION ALL SELECT 'new rows', 0, {new_count}, NULL"
        " UNION ALL SELECT 'new', 0, coalesce(sum(n), 0)::bigint, NULL FROM found WHERE n > 0"
        " UNION ALL SELECT 'gone', 0, coalesce(-sum(n), 0)::bigint, NULL FROM found WHERE n < 0"
        " UNION ALL (SELECT 'more', n, br, ARRAY[{texts}] FROM found WHERE n > 0 ORDER BY br, {names} LIMIT %s)"
        " UNION ALL (SELECT 'fewer', -n, ar, ARRAY[{texts}] FROM found WHERE n < 0 ORDER BY ar, {names} LIMIT %s)"
    ).format(
        names=sql.SQL(", ").join(names),
        old_values=_named([column.old() for column in columns], names),
        new_values=_named([column.new() for column in columns], names),
        row=sql.Identifier(ROW),
        old=old.relation,
        new=new.relation,
        old_count=old.count,
        new_count=new.count,
        texts=texts,
    )
    totals: dict[str, int] = {}
    differences: list[Difference] = []
    for what, times, number, values in comparing.rows(statement, [most, most]):
        if values is None:
            totals[what] = number
        else:
            kind = Kind.NEW if what == "more" else Kind.GONE
            differences.append(Difference(kind=kind, times=times, row=number, values=tuple(values)))
    equal = totals["old rows"] - totals["gone"]
    return RowCounts(
        counts={Kind.EQUAL: equal, Kind.CHANGED: 0, Kind.NEW: totals["new"], Kind.GONE: totals["gone"]},
        old_rows=totals["old rows"],
        new_rows=totals["new rows"],
        differences=tuple(differences),
    )


def _named(values: Sequence[sql.Composable], names: Sequence[sql.Identifier]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(value, name) for value, name in zip(values, names, strict=True)
    )
