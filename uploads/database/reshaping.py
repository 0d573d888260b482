"""Columns of tables that have rows: added, renamed, dropped. Each is a change of the catalogue, whatever the size."""

from collections.abc import Collection, Mapping, Sequence

from psycopg import sql

from uploads.database.columns import TYPE_SQL
from uploads.database.statements import execute_briefly, qualified
from uploads.tabular.table import ColumnType

_ON_THE_WAY = "_renamed_"
"""Names of ours begin with an underscore, so that none of a person is taken."""


def add_columns(*, table: str, columns: Mapping[str, ColumnType]) -> None:
    """Empty in the rows that are there; a dataset's parts that are attached get them too."""
    if columns:
        added = [
            sql.SQL("ADD COLUMN {} {}").format(sql.Identifier(name), sql.SQL(TYPE_SQL[type_]))
            for name, type_ in columns.items()
        ]
        execute_briefly(sql.SQL("ALTER TABLE {} {}").format(qualified(table), sql.SQL(", ").join(added)))


def drop_columns(*, table: str, names: Collection[str]) -> None:
    """Their values are gone; the space is given back when the table is written anew."""
    if names:
        dropped = [sql.SQL("DROP COLUMN {}").format(sql.Identifier(name)) for name in names]
        execute_briefly(sql.SQL("ALTER TABLE {} {}").format(qualified(table), sql.SQL(", ").join(dropped)))


def rename_columns(*, table: str, names: Mapping[str, str]) -> None:
    """New names by old ones; two may take each other's. A dataset's parts that are attached follow."""
    changed = {old: new for old, new in names.items() if old != new}
    aside = {old: f"{_ON_THE_WAY}{place}" for place, old in enumerate(changed)}
    steps: Sequence[tuple[str, str]] = [*aside.items(), *((aside[old], new) for old, new in changed.items())]
    if not set(changed.values()) & changed.keys():
        steps = list(changed.items())
    if steps:
        rename = sql.SQL("ALTER TABLE {} RENAME COLUMN {} TO {}")
        statements = [rename.format(qualified(table), *map(sql.Identifier, step)) for step in steps]
        execute_briefly(sql.SQL("; ").join(statements))
