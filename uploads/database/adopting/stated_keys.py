"""Columns of which somebody says that they tell the rows of a view apart, where PostgreSQL knows of none that do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from django.db import DatabaseError
from psycopg import sql

from uploads.database.adopting.relation_rows import RelationUnreadable, looking, read_values
from uploads.database.adopting.relations import KeyColumn, Relation
from uploads.database.statements import fetch_rows

CHECK_SECONDS = 60
"""How long all rows may be looked at."""
_NAMED = """
SELECT a.attname::text, format_type(a.atttypid, -1)
  FROM unnest(%s::text[]) WITH ORDINALITY AS k(name, place)
  JOIN pg_attribute a ON a.attrelid = %s AND a.attname = k.name AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY k.place"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFault:
    """Why columns are no key."""

    values: tuple[Any, ...] = ()
    """That come in several rows."""
    rows: int = 0
    """In how many; 0: some row has nothing in one of the columns."""
    has_no_order: bool = False
    """PostgreSQL cannot sort by them."""


def with_stated_key(relation: Relation, names: Sequence[str]) -> Relation:
    """As it is where it has a key of its own, or not all of these columns any more."""
    if relation.key or not set(names) <= {column.name for column in relation.columns}:
        return relation
    found = fetch_rows(sql.SQL(_NAMED), [list(names), relation.oid])
    key = tuple(KeyColumn(name=name, type=type_) for name, type_ in found)
    return replace(relation, key=key, is_key_stated=True)


def find_key_fault(relation: Relation, names: Sequence[str]) -> KeyFault | None:
    """``None``: no two of its rows are equal in these columns now, and none is without a value there.

    Looks at all rows. Raises ``RelationTooSlow``, ``RelationUnreadable`` and ``TableBusy``.
    """
    key = [sql.SQL("t.{}").format(sql.Identifier(name)) for name in names]
    columns = sql.SQL(", ").join(key)
    twice = sql.SQL("SELECT {0}, count(*) FROM {1} AS t GROUP BY {0} HAVING count(*) > 1 ORDER BY {0} LIMIT 1")
    blank = sql.SQL("SELECT 1 FROM {} AS t WHERE {} LIMIT 1").format(
        relation.identifier, sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(each) for each in key)
    )
    try:
        with looking(relation, seconds=CHECK_SECONDS, is_costly=True):
            if read_values(blank):
                return KeyFault()
            found = read_values(twice.format(columns, relation.identifier))
    except RelationUnreadable as error:
        cause = error.__cause__.__cause__ if isinstance(error.__cause__, DatabaseError) else None
        if isinstance(cause, psycopg.errors.UndefinedFunction):
            return KeyFault(has_no_order=True)
        raise
    return KeyFault(values=found[0][:-1], rows=found[0][-1]) if found else None
