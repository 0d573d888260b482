"""The values of a column that most rows have, counted; or estimated from some blocks of the table."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from uploads.database.adopting.relation_rows import looking, read_values
from uploads.database.adopting.relations import Relation
from uploads.database.reading.conditions import all_of
from uploads.database.reading.sessions import ReadingTooSlow, read
from uploads.database.reading.terms import Condition, Field
from uploads.tabular.table import ColumnType

SAMPLED_ROWS = 50_000
"""Rows of a sample: read in some 40 ms, and a value that a hundredth of the rows have comes 500 times."""
LETTERS = 2_001
"""Of a text so many are given: more than any filter takes."""

type Counted = list[tuple[Any, int]]
"""Values with how many rows have each, the most frequent first; ``None`` is a blank."""


def count_values(
    *, table: sql.Identifier, field: Field, filters: Sequence[Condition], most: int, until: float
) -> Counted | None:
    """Exactly, as far as time allows; ``None`` where it does not."""
    try:
        return [
            (value, int(rows)) for value, rows in read(_counting(table, field, filters, most, sample=None), until=until)
        ]
    except ReadingTooSlow:
        return None


def estimate_values(
    *, table: sql.Identifier, field: Field, filters: Sequence[Condition], most: int, rows: int, until: float
) -> Counted | None:
    """From a sample of a table of so many rows; ``None`` where that takes too long, or meets no row at all."""
    share = min(1.0, SAMPLED_ROWS / max(1, rows))
    try:
        found = read(_counting(table, field, filters, most, sample=share * 100), until=until)
    except ReadingTooSlow:
        return None
    return [(value, round(count / share)) for value, count in found] or None


def count_relation_values(
    relation: Relation, *, field: Field, filters: Sequence[Condition], most: int, seconds: float
) -> Counted:
    """The same of a table or view that is none of ours, exactly. Raises what ``looking`` raises."""
    with looking(relation, seconds=seconds, is_costly=True):
        found = read_values(_counting(relation.identifier, field, filters, most, sample=None))
    return [(value, int(rows)) for value, rows in found]


def _counting(
    table: sql.Identifier, field: Field, filters: Sequence[Condition], most: int, *, sample: float | None
) -> sql.Composable:
    """Grouped by the value whole: two texts that begin alike are two."""
    value = field.expression
    shown = sql.SQL("left({}, {})").format(value, sql.Literal(LETTERS)) if field.type is ColumnType.TEXT else value
    return sql.SQL(
        "SELECT {shown}, count(*) FROM {table} AS t{sample} WHERE {filters} GROUP BY {value}"
        " ORDER BY count(*) DESC, {value} LIMIT {most}"
    ).format(
        shown=shown,
        table=table,
        sample=sql.SQL("" if sample is None else " TABLESAMPLE SYSTEM ({})").format(sql.Literal(sample or 0.0)),
        filters=all_of(filters),
        value=value,
        most=sql.Literal(most),
    )
