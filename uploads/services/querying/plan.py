"""How a query would be run, in steps that name nothing but what the query may name.

PostgreSQL's plan names the parts of datasets, and the tables that a published view is made of. Parts are told as their
dataset, equal ones as one step; of what lies behind a view nothing is told but that it is read.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from uploads.database.merging.by_key import SHARED_PREFIX
from uploads.database.partitions import PARTITION_PREFIX
from uploads.database.querying.identifiers import typed_names
from uploads.database.querying.plan import Plan, PlanNode, planned
from uploads.database.querying.published import named_in, parsed_names
from uploads.database.reading.indexes import column_of_index
from uploads.database.statements import SCHEMA
from uploads.models import Dataset, DatasetColumn, Load
from uploads.services.querying.query import looked_at
from uploads.services.visibility import ANYBODY, Viewer

BEHIND_A_VIEW = "?"
"""Stands for a table that the query does not name."""
_APPENDING = frozenset({"Append", "Merge Append"})
_SHARED = re.compile(rf"{SHARED_PREFIX}(\d+)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanStep:
    """A step of a plan; those below it, which come first, are one deeper."""

    depth: int
    kind: str
    """In PostgreSQL's words: ``Seq Scan``."""
    table: str
    """That it reads, as a query names it; ``BEHIND_A_VIEW``; empty: none."""
    parts: int
    """Files of a dataset that it reads; 0 where it reads none."""
    column: str
    """By whose index for readers it reads, as a query names it; empty: by none."""
    rows: int
    """That PostgreSQL expects of it."""
    cost: float
    stored: int | None
    """The rows of what it reads, where that is known."""
    conditions: tuple[tuple[str, str], ...]
    """Empty where a view is in the query: they would tell what that is made of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryPlan:
    steps: tuple[PlanStep, ...]
    """The last one first."""
    has_views: bool


def plan_query(
    *, query: str, most_rows: Callable[[int], int], is_over: Callable[[], bool], viewer: Viewer = ANYBODY
) -> QueryPlan:
    """Nothing is run. Raises as ``read_query`` does."""
    with looked_at(query, planned, rows=most_rows, is_over=is_over, viewer=viewer) as plan:
        found = _Told(plan, query)
    steps = _merged(list(found.steps(_of_query(plan.top), 0)))
    if found.has_views:
        steps = [replace(step, conditions=()) for step in steps]
    return QueryPlan(steps=tuple(steps), has_views=found.has_views)


def _of_query(top: PlanNode) -> PlanNode:
    """Without the steps that are ours: the query stands within a LIMIT."""
    for kind in ("Limit", "Subquery Scan"):
        if top.kind == kind and len(top.children) == 1:
            top = top.children[0]
    return top


class _Told:
    """What is known of the tables of a plan."""

    def __init__(self, plan: Plan, query: str) -> None:
        nodes = list(plan.top.every())
        names = {node.relation for node in nodes if node.schema == SCHEMA}
        loads = Load.objects.filter(part__in=names).values_list("part", "dataset__slug", "rows_loaded")
        self._loads = {part: (slug, rows) for part, slug, rows in loads}
        shared = {name: int(found[1]) for name in names if (found := _SHARED.match(name))}
        slugs = dict(Dataset.objects.filter(pk__in=shared.values()).values_list("pk", "slug"))
        self._shared = {name: slugs[dataset_id] for name, dataset_id in shared.items() if dataset_id in slugs}
        self._names = _named(plan, query, {slug for slug, _ in self._loads.values()} | set(self._shared.values()))
        numbers = {number for node in nodes if (number := column_of_index(node.index)) is not None}
        columns = dict(DatasetColumn.objects.filter(pk__in=numbers).values_list("pk", "name"))
        typed = typed_names(columns.values())
        self._columns = {number: typed[name] for number, name in columns.items()}
        shown = {self._names.get((node.schema, node.relation)) for node in nodes}
        hidden = any(self._table(node) == BEHIND_A_VIEW for node in nodes)
        self.has_views = hidden or not set(plan.readable.relations) <= shown

    def steps(self, node: PlanNode, depth: int) -> Iterator[PlanStep]:
        table = self._table(node)
        is_known = table not in ("", BEHIND_A_VIEW)
        is_part = is_known and node.schema == SCHEMA and node.relation.startswith((PARTITION_PREFIX, SHARED_PREFIX))
        yield PlanStep(
            depth=depth,
            kind=node.kind,
            table=table,
            parts=1 if is_part else 0,
            column=self._columns.get(column_of_index(node.index) or 0, "") if is_known or not table else "",
            rows=node.rows,
            cost=node.cost,
            stored=self._loads[node.relation][1] if is_known and node.relation in self._loads else None,
            conditions=tuple(node.conditions.items()),
        )
        for child in node.children:
            yield from self.steps(child, depth + 1)

    def _table(self, node: PlanNode) -> str:
        if not node.relation:
            return ""
        if node.schema == SCHEMA:
            slug = self._loads[node.relation][0] if node.relation in self._loads else self._shared.get(node.relation)
            name = node.relation if slug is None else slug
            return self._names.get((SCHEMA, name), BEHIND_A_VIEW)
        return self._names.get((node.schema, node.relation), BEHIND_A_VIEW)


def _named(plan: Plan, query: str, slugs: set[str]) -> Mapping[tuple[str, str], str]:
    """How the query may call what its plan reads, by schema and name, of what stands in it."""
    own = sorted(slugs & set(plan.readable.tables)) + [name for name in plan.readable.tables if name.startswith("_")]
    typed = typed_names(own)
    called = {f"{SCHEMA}.{typed[name]}": (SCHEMA, name) for name in own}
    called |= parsed_names(plan.readable.relations)
    return {called[name]: name for name in named_in(query, relations=list(called))}


def _merged(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Equal steps over the files of a dataset as one, in place of the step that puts their rows together."""
    found: list[PlanStep] = []
    at = 0
    while at < len(steps):
        step = steps[at]
        end = next((n for n in range(at + 1, len(steps)) if steps[n].depth <= step.depth), len(steps))
        below = steps[at + 1 : end]
        alike = {(each.kind, each.table, each.column, each.depth) for each in below}
        if step.kind in _APPENDING and len(alike) == 1 and below[0].parts:
            stored = [each.stored for each in below]
            found.append(
                replace(
                    below[0],
                    depth=step.depth,
                    parts=len(below),
                    rows=sum(each.rows for each in below),
                    cost=step.cost,
                    stored=None if None in stored else sum(each or 0 for each in stored),
                )
            )
            at = end
            continue
        found.append(step)
        at += 1
    return found
