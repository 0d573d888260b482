"""The groups of one column's values: lines that are ranked where they stand, and not joined to a list of the first.

Of 2,300 values of 1,000,000 rows the joins took 6.5 ms, and this takes 3; to read the rows takes 100.
"""

from dataclasses import dataclass

from psycopg import sql

from uploads.database.aggregating.terms import SHOWN_LETTERS, ByValue
from uploads.tabular.table import ColumnType

_STATEMENT = """
WITH {sums}, ranked AS (
  SELECT sums.*, row_number() OVER (ORDER BY {key} IS NULL, n DESC, {ties}) AS place FROM sums
), told AS (
  SELECT {key} IS NULL AS is_blank, false AS is_rest, place, {key} AS value, n, {figure} AS figure
  FROM ranked WHERE place <= {top} OR {key} IS NULL
  UNION ALL
  SELECT false, true, NULL, NULL, sum(n)::bigint, {figure_of_rest}
  FROM ranked WHERE place > {top} AND {key} IS NOT NULL HAVING count(*) > 0
)
SELECT is_rest, {shown}, n, figure, count(*) OVER (), coalesce(sum(n) OVER (), 0)::bigint
FROM told ORDER BY is_blank, is_rest, {order} LIMIT {limit}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """A line for each value, blanks too: its key, how many rows it has (``n``) and what its figure is made of."""

    sums: sql.Composable
    """The part of the statement that is called so."""
    key: sql.Identifier
    figure: sql.Composable
    """Of one line."""
    figure_of_rest: sql.Composable
    """Of several together."""


def ranked_sql(lines: Lines, *, grouping: ByValue, limit: int) -> sql.Composable:
    """The same lines as of several groupings. Texts are told by how many rows they have, other values in order."""
    is_text = grouping.field.type is ColumnType.TEXT
    return sql.SQL(_STATEMENT).format(
        sums=lines.sums,
        key=lines.key,
        ties=sql.SQL('{} COLLATE "C"' if is_text else "{}").format(lines.key),
        top=sql.Literal(grouping.top),
        figure=lines.figure,
        figure_of_rest=lines.figure_of_rest,
        shown=sql.SQL("left(value, {})").format(sql.Literal(SHOWN_LETTERS)) if is_text else sql.SQL("value"),
        order=sql.SQL("place" if is_text else "value"),
        limit=sql.Literal(limit),
    )
