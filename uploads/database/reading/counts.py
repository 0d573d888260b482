"""How many rows meet some conditions: counted where that is quick, else as PostgreSQL's planner estimates."""

import json
from collections.abc import Sequence
from typing import Any

from psycopg import sql

from uploads.database.adopting.relation_rows import RelationUnreadable, looking, read_values
from uploads.database.adopting.relations import Relation
from uploads.database.reading.conditions import all_of
from uploads.database.reading.sessions import COUNT_SECONDS, ReadingTooSlow, deadline_in, read
from uploads.database.reading.terms import Condition
from uploads.database.statements import TableBusy


def count_matching(*, table: sql.Identifier, filters: Sequence[Condition]) -> int | None:
    """``None`` where that takes longer than a second."""
    try:
        [(count,)] = read(_count(table, filters), until=deadline_in(COUNT_SECONDS))
    except ReadingTooSlow:
        return None
    return int(count)


def estimate_matching(*, table: sql.Identifier, filters: Sequence[Condition]) -> int:
    """From the statistics of the columns; no row is read."""
    [(plan,)] = read(_plan(table, filters), until=deadline_in(COUNT_SECONDS))
    return _rows_of(plan)


def count_relation(relation: Relation, *, filters: Sequence[Condition]) -> int | None:
    """The same of a table or view that is none of ours; ``None`` also where it cannot be read now."""
    try:
        with looking(relation, seconds=COUNT_SECONDS, is_costly=True):
            [(count,)] = read_values(_count(relation.identifier, filters))
    except (RelationUnreadable, TableBusy):
        return None
    return int(count)


def estimate_relation(relation: Relation, *, filters: Sequence[Condition]) -> int:
    """Raises what ``looking`` raises."""
    with looking(relation, seconds=COUNT_SECONDS):
        [(plan,)] = read_values(_plan(relation.identifier, filters))
    return _rows_of(plan)


def _count(table: sql.Identifier, filters: Sequence[Condition]) -> sql.Composable:
    return sql.SQL("SELECT count(*) FROM {} AS t WHERE {}").format(table, all_of(filters))


def _plan(table: sql.Identifier, filters: Sequence[Condition]) -> sql.Composable:
    return sql.SQL("EXPLAIN (FORMAT JSON) SELECT FROM {} AS t WHERE {}").format(table, all_of(filters))


def _rows_of(plan: Any) -> int:
    [top] = json.loads(plan) if isinstance(plan, str) else plan
    return int(top["Plan"]["Plan Rows"])
