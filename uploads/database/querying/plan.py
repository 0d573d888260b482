"""How PostgreSQL would run a query, as EXPLAIN tells it: nothing is run."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from uploads.database.querying.allowed_names import parse_query
from uploads.database.querying.published import Readable
from uploads.database.querying.roles import QueryRole
from uploads.database.querying.run import Limits, statement_around, watched_session

_CONDITIONS = ("Index Cond", "Recheck Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter", "TID Cond")
_KEYS = ("Sort Key", "Presorted Key", "Group Key")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanNode:
    """A step of a plan, in PostgreSQL's words."""

    kind: str
    """``Seq Scan``, ``Hash Join``"""
    schema: str
    relation: str
    """The table that it reads, under its own name; empty: none."""
    index: str
    rows: int
    """That PostgreSQL expects of it, each time that it is run."""
    cost: float
    """In PostgreSQL's unit: a block that is read one after the other is 1."""
    is_backward: bool
    conditions: Mapping[str, str]
    """What rows have to meet, and by what they are sorted or grouped, by PostgreSQL's name of it."""
    children: tuple["PlanNode", ...]

    def every(self) -> Iterator["PlanNode"]:
        yield self
        for child in self.children:
            yield from child.every()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """With what the query may name: whatever else stands in the plan is nobody's to know."""

    top: PlanNode
    readable: Readable


@contextmanager
def planned(
    text: str, *, role: QueryRole, readable: Readable, password: str, limits: Limits, is_over: Callable[[], bool]
) -> Iterator[Plan]:
    """The plan of what would be run for the query, within the limits that it would have; looked at as one that is run.

    Raises as ``answered`` does.
    """
    with watched_session(role, password=password, limits=limits, is_over=is_over) as (session, stopped):
        with stopped.told(text, limits, before=0):
            columns = parse_query(session, text, readable=readable)
        begin, end = statement_around(columns, limits.rows(len(columns)) + 1)
        begin = f"EXPLAIN (VERBOSE, FORMAT JSON) {begin}"
        with stopped.told(text, limits, before=len(begin), is_parsed=True):
            [(plan,)] = session.execute(f"{begin}{text}{end}".encode()).fetchall()
    [top] = json.loads(plan) if isinstance(plan, str) else plan
    yield Plan(top=_node(top["Plan"]), readable=readable)


def _node(told: Mapping[str, Any]) -> PlanNode:
    conditions = {name: _plain(told[name]) for name in (*_KEYS, *_CONDITIONS) if name in told}
    return PlanNode(
        kind=str(told["Node Type"]),
        schema=str(told.get("Schema", "")),
        relation=str(told.get("Relation Name", "")),
        index=str(told.get("Index Name", "")),
        rows=int(told["Plan Rows"]),
        cost=float(told["Total Cost"]),
        is_backward=told.get("Scan Direction") == "Backward",
        conditions=conditions,
        children=tuple(_node(child) for child in told.get("Plans", ())),
    )


def _plain(said: str | Sequence[str]) -> str:
    return said if isinstance(said, str) else ", ".join(said)
