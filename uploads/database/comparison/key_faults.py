"""What is wrong with a key that does not tell the rows of a side apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import NEW, OLD, SharedColumn, Side, any_of
from uploads.tabular.table import ROW


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFaults:
    """What is wrong with a key in one side."""

    repeated: int
    """Values of the key that several rows have."""
    rows: int
    """Those rows."""
    blank: int
    """Rows in which a column of the key is blank."""
    example: tuple[str | None, ...] = ()
    example_rows: tuple[int, int] | None = None


def key_faults(comparing: Comparing, *, side: Side, key: Sequence[SharedColumn], is_new: bool) -> KeyFaults:
    """Looked up only for a key that is none."""
    alias = NEW if is_new else OLD
    values = [column.new() if is_new else column.old() for column in key]
    groups = sql.SQL(
        "SELECT {texts} AS example, {blank} AS blank, count(*) AS n, min({row}) AS first, max({row}) AS last"
        " FROM {relation} AS {alias} GROUP BY {values} HAVING count(*) > 1 OR {blank}"
    ).format(
        texts=sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(sql.SQL("left({}::text, 80)").format(v) for v in values)),
        blank=any_of([sql.SQL("{} IS NULL").format(value) for value in values]),
        row=sql.Identifier(ROW),
        relation=side.relation,
        alias=alias,
        values=sql.SQL(", ").join(values),
    )
    found = comparing.rows(
        sql.SQL(
            "WITH g AS MATERIALIZED ({}) SELECT s.*, e.example, e.first, e.last FROM"
            " (SELECT count(*) FILTER (WHERE NOT blank), coalesce(sum(n) FILTER (WHERE NOT blank), 0)::bigint,"
            " coalesce(sum(n) FILTER (WHERE blank), 0)::bigint FROM g) AS s"
            " LEFT JOIN (SELECT example, first, last FROM g WHERE NOT blank ORDER BY first LIMIT 1) AS e ON true"
        ).format(groups)
    )
    [(repeated, rows, blank, example, first, last)] = found
    return KeyFaults(
        repeated=repeated,
        rows=rows,
        blank=blank,
        example=tuple(example or ()),
        example_rows=None if first is None else (first, last),
    )
