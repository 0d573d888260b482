"""What a column of one side holds: blanks, different values, the smallest and the largest, the sum."""

from dataclasses import dataclass

from psycopg import sql

from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import Side

_SUMMED = ("bigint", "numeric", "double precision")
_UNORDERED = ("boolean",)
_ORDERED = ("bigint", "numeric", "double precision", "date", "timestamp", "timestamp with time zone", "text")
_LARGEST_SUMMED = "1e290"
"""A column of ``double precision`` that holds larger values, or one that is no number, has no sum: PostgreSQL refuses
to add beyond 1.8e308, and up to 10¹⁸ of these stay below."""
_SHOWN = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Of one column; values as text, ``None`` where there is none, or where values of the type have no order or sum."""

    blanks: int
    distinct: int
    minimum: str | None
    maximum: str | None
    sum: str | None
    """Of a boolean column: how often it is true."""


def figures_of(comparing: Comparing, *, side: Side, column: str, is_unique: bool = False) -> Figures:
    """Of the grouped values: so the smallest of a million texts that are two is the smaller of two.

    Those of a column ``is_unique`` of which that is known need no groups.
    """
    type_ = side.columns[column]
    value = sql.SQL("v") if type_ in (*_ORDERED, *_UNORDERED) else sql.SQL("v::text")
    ends = [
        sql.SQL("left({}({})::text, {})").format(sql.SQL(end), value, sql.Literal(_SHOWN)) for end in ("min", "max")
    ]
    statement = sql.SQL(
        "SELECT coalesce(sum(n) FILTER (WHERE v IS NULL), 0)::bigint, count(v), {ends}, {sum}"
        " FROM (SELECT {value} AS v, {n} AS n FROM {relation} AS s{groups}) AS g"
    ).format(
        n=sql.SQL("1::bigint" if is_unique else "count(*)"),
        groups=sql.SQL("" if is_unique else " GROUP BY 1"),
        ends=sql.SQL("NULL, NULL") if type_ in _UNORDERED else sql.SQL(", ").join(ends),
        sum=_sum(type_),
        value=sql.SQL("s.{}{}").format(
            sql.Identifier(column), sql.SQL("" if type_ in (*_ORDERED, *_UNORDERED) else "::text")
        ),
        relation=side.relation,
    )
    [(blanks, distinct, minimum, maximum, total)] = comparing.rows(statement)
    return Figures(blanks=blanks, distinct=distinct, minimum=minimum, maximum=maximum, sum=total)


def _sum(type_: str) -> sql.Composable:
    if type_ == "boolean":
        return sql.SQL("coalesce(sum(n) FILTER (WHERE v), 0)::text")
    if type_ == "double precision":
        limit = sql.SQL(_LARGEST_SUMMED)
        return sql.SQL(
            "CASE WHEN bool_or(abs(v) >= {limit}) THEN NULL ELSE sum(CASE WHEN abs(v) >= {limit} THEN 0 ELSE v * n END)"
            " END::text"
        ).format(limit=limit)
    if type_ in _SUMMED:
        return sql.SQL("sum(v::numeric * n)::text")
    return sql.SQL("NULL")
