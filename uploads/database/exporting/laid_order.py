"""In which order the rows of a part lie: where that is known, none has to be sorted to be read in the order of numbers.

A load writes through several sessions, each its rows in their order and into blocks of its own. So a part is made of
*stretches* of growing numbers, some two hundred a million rows. To find them takes a third of the time in which the
rows are printed, and so does sorting them: they are found once, after the load.

A row may lie apart from its neighbours, in what was left free at the end of another session's block: some fifty of a
million do. The stretch that they would be in is cut at their numbers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import LiteralString

from django.db import transaction
from psycopg import sql

from uploads.database.rows import OFFSET_BITS, last_place, number_of_place, place_of_number
from uploads.database.statements import execute, fetch_rows, qualified

type Stretch = tuple[int, int]
"""``start <= place < end``, as numbers of places."""

FEW_BLOCKS = 256
"""Rows of so few are sorted as quickly as they are found in order."""
STEP_BLOCKS = 1_024
"""Looked through by one statement, and a stretch ends here at the latest."""
GAP = 4
"""A stretch ends where so many numbers are left out: between them lie the rows of another session."""
MOST_STRETCHES = 20_000
MOST_CUTS = 1_000
"""At once: each is a statement that reads a stretch."""
MOST_ROUNDS = 4
"""Of cuts: what is cut may lie across what lay apart from it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    start: int
    first: int
    last: int
    """The numbers of its first and its last row."""


def find_stretches(*, part: str) -> list[Stretch]:
    """All places of the part, in the order of the numbers of their rows; empty where some would have to be sorted."""
    blocks = last_place(tables=[part]) >> OFFSET_BITS
    if blocks < FEW_BLOCKS:
        return []
    runs: list[_Run] = []
    for block in range(0, blocks, STEP_BLOCKS):
        runs += _runs(part, block, min(block + STEP_BLOCKS, blocks))
        if len(runs) > MOST_STRETCHES:
            return []
    for _ in range(MOST_ROUNDS):
        laid = sorted(runs, key=lambda run: run.first)
        if all(before.last < after.first for before, after in pairwise(laid)):
            return _stretches(runs, laid, blocks)
        if sum(before.last >= after.first for before, after in pairwise(laid)) > MOST_CUTS:
            return []
        runs = _cut(part, runs, [run.first for run in laid], blocks)
    return []


def _stretches(runs: Sequence[_Run], laid: Sequence[_Run], blocks: int) -> list[Stretch]:
    """``runs`` as they lie, ``laid`` by their numbers: each goes on to where the next one lies."""
    starts = [0, *(run.start for run in runs[1:])]
    ends = dict(zip(starts, [*starts[1:], blocks << OFFSET_BITS], strict=True))
    first = runs[0].start if runs else 0
    places = (0 if run.start == first else run.start for run in laid)
    return [(place, ends[place]) for place in places]


def _cut(part: str, runs: Sequence[_Run], firsts: Sequence[int], blocks: int) -> list[_Run]:
    """Each run cut where others have numbers between its own. ``firsts``: of all runs, in order."""
    found: list[_Run] = []
    for run, end in zip(runs, [*(run.start for run in runs[1:]), blocks << OFFSET_BITS], strict=True):
        between = firsts[bisect_right(firsts, run.first) : bisect_left(firsts, run.last)]
        found += _pieces(part, run, end, between) if between else [run]
    return found


def _pieces(part: str, run: _Run, end: int, between: Sequence[int]) -> Iterator[_Run]:
    """As they lie, for within a run the numbers grow with the places."""
    statement = sql.SQL(
        "SELECT min(t.ctid)::text, min(t._row), max(t._row) FROM {} AS t WHERE t.ctid >= {} AND t.ctid < {}"
        " GROUP BY width_bucket(t._row, {}::bigint[]) ORDER BY 2"
    ).format(
        qualified(part),
        sql.Literal(place_of_number(run.start)),
        sql.Literal(place_of_number(end)),
        sql.Literal(list(between)),
    )
    for place, first, last in fetch_rows(statement):
        yield _Run(start=number_of_place(place), first=int(first), last=int(last))


def _runs(part: str, block: int, behind: int) -> Iterator[_Run]:
    """Those of some blocks: each begins behind a row with a number that is greater, or much smaller, and ends so."""
    statement = sql.SQL(
        "SELECT place::text, number, before, after FROM (SELECT t.ctid AS place, t._row AS number,"
        " lag(t._row) OVER () AS before, lead(t._row) OVER () AS after"
        " FROM {} AS t WHERE t.ctid >= {} AND t.ctid < {}) AS r"
        " WHERE before IS NULL OR after IS NULL OR number < before OR number > before + {gap} OR number > after"
        " OR after > number + {gap}"
    ).format(qualified(part), sql.Literal(f"({block},0)"), sql.Literal(f"({behind},0)"), gap=sql.Literal(GAP))
    with transaction.atomic():
        execute(sql.SQL("SET LOCAL max_parallel_workers_per_gather = 0"), None)
        edges = fetch_rows(statement)
    begun: tuple[int, int] | None = None
    for place, number, before, after in edges:
        if before is None or not before <= number <= before + GAP:
            begun = (number_of_place(place), int(number))
        if begun is not None and (after is None or not number <= after <= number + GAP):
            yield _Run(start=begun[0], first=begun[1], last=int(number))


def file_of_part(*, part: str) -> int:
    """The number of the file of PostgreSQL's in which the part lies: another one when it was written anew."""
    return _number("SELECT pg_relation_filenode(to_regclass(%s))", [qualified(part).as_string()])


def file_of_untouched(*, part: str, rows: int) -> int:
    """The same; 0 once anything else was done to the part than to write ``rows``.

    PostgreSQL counts that, and forgets it in a crash: then it is 0 too.
    """
    return _number(
        "SELECT pg_relation_filenode(relid) FROM pg_stat_all_tables WHERE relid = to_regclass(%s)"
        " AND n_tup_ins = %s AND n_tup_upd = 0 AND n_tup_del = 0",
        [qualified(part).as_string(), rows],
    )


def _number(question: LiteralString, params: Sequence[object]) -> int:
    found = fetch_rows(sql.SQL(question), params)
    return int(found[0][0] or 0) if found else 0
