"""What the rows of a file that merges change when it becomes active: those of its keys that readers saw before."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Of the rows of one load, those that did not make a key be seen that was not; all others are new."""

    updated: int = 0
    """Readers see another row of their key."""
    deleted: int = 0
    """Readers see none of their key any more."""
    unchanged: int = 0
    """Readers see what they saw: the same values, or those of a later file."""


def differing(names: Sequence[str], left: str, right: str) -> sql.Composable:
    """Whether two rows differ in one of these columns; blanks are equal."""
    if not names:
        return sql.SQL("false")
    rows = (
        sql.SQL("ROW({})").format(sql.SQL(", ").join(sql.Identifier(table, name) for name in names))
        for table in (left, right)
    )
    return sql.SQL("{} IS DISTINCT FROM {}").format(*rows)
