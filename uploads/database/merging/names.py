"""Columns of a merging dataset as statements name them."""

from collections.abc import Sequence

from psycopg import sql


def listed(names: Sequence[str], table: str | None = None) -> sql.Composable:
    """``"a", "b"``, or each of a table."""
    found = (sql.Identifier(name) if table is None else sql.Identifier(table, name) for name in names)
    return sql.SQL(", ").join(found)


def equal(names: Sequence[str], left: str, right: str) -> sql.Composable:
    """That all of them are alike in two tables."""
    pairs = (sql.SQL("{} = {}").format(sql.Identifier(left, name), sql.Identifier(right, name)) for name in names)
    return sql.SQL(" AND ").join(pairs)
