"""The rows of files that merge by key: of those with one key readers see that of the highest file, others lie aside.

Where the rows of a merging dataset lie:

- ``part``: a file's own table. That of a *base*, the first active file and every big one, is a partition of the
  dataset and holds what readers see of it; that of any other file stays apart and whole.
- ``_shared_<n>``: the DEFAULT partition, with copies of the rows that readers see of all the other active files.
- ``_aside_<n>``: the rows of active files that a higher file hides.

So a smaller file is switched by plain DML, which readers see whole or not at all in every isolation level, and only a
base needs a lock on the table, last and for milliseconds. An act changes nothing but rows of keys that its file has:
which row of a key is seen depends on the active files and their order alone, and not on the order of the acts.

Every function runs in a transaction whose caller holds the dataset's row, so that acts come one after the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, LiteralString

import psycopg
from django.db import IntegrityError, transaction
from psycopg import sql

from uploads.database.columns import column_definitions
from uploads.database.merging.changes import Changes, differing
from uploads.database.merging.names import equal, listed
from uploads.database.partitions import FILE, LOAD, hold_off_autovacuum
from uploads.database.statements import execute, execute_briefly, fetch_each, fetch_rows, qualified, written
from uploads.tabular.table import ROW, Column

SHARED_PREFIX = "_shared_"
ASIDE_PREFIX = "_aside_"
KEY_SUFFIX = "_key"
PLAN_FOR_MEMORY = (sql.SQL("SET LOCAL random_page_cost = 0.5"), sql.SQL("SET LOCAL seq_page_cost = 0.5"))
"""On PostgreSQL's default the planner reads a big table whole rather than 50,000 rows by its index; and where a page
costs as much as a hundred rows, it reads 50,000 rather than 1,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MergingTable:
    """A dataset's table whose files merge."""

    dataset_id: int
    table: str
    key: tuple[str, ...]
    names: tuple[str, ...]
    """All of its columns, the key's among them."""

    @property
    def shared(self) -> str:
        return f"{SHARED_PREFIX}{self.dataset_id}"

    @property
    def aside(self) -> str:
        return f"{ASIDE_PREFIX}{self.dataset_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The other active files of the dataset, lowest first, as seen from the one that is switched."""

    below: tuple[int, ...]
    above: tuple[int, ...]

    @property
    def others(self) -> list[int]:
        return [*self.below, *self.above]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What became of rows when those of a file were shown, by load: to count them all takes as long as the table is."""

    hidden: Counter[int]
    """How many more rows of each are hidden."""
    changes: Mapping[int, Changes]
    """Of the file's own loads; what is not among these is new."""


def create_stores(merging: MergingTable, *, columns: Sequence[Column]) -> None:
    """Make the tables for shared rows and for hidden ones; readers notice nothing, for both are empty."""
    own = sql.SQL("{} integer NOT NULL, {} integer NOT NULL, {} bigint NOT NULL").format(
        *map(sql.Identifier, (FILE, LOAD, ROW))
    )
    definitions = column_definitions(columns)
    for name in (merging.shared, merging.aside):
        execute(sql.SQL("CREATE TABLE {} ({}, {})").format(qualified(name), own, definitions))
    _index(merging.shared, merging.key, "UNIQUE")
    _index(merging.aside, merging.key, "")
    by_row = sql.SQL("CREATE INDEX ON {} ({}, {})")
    execute(by_row.format(qualified(merging.shared), sql.Identifier(FILE), sql.Identifier(ROW)))
    execute(_BY_FILE.format(aside=qualified(merging.aside), file=sql.Identifier(FILE)))
    execute_briefly(
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} DEFAULT").format(
            qualified(merging.table), qualified(merging.shared)
        )
    )


_BY_FILE = sql.SQL("CREATE INDEX ON {aside} USING brin ((-{file})) WITH (pages_per_range = 16)")
"""Hidden rows are found by their keys; those of a base are brought back without these. By a scan that takes 70 ms for
each 1,000,000 hidden rows, whoever's they are; a btree costs every switch a tenth, a BRIN next to nothing. On minus
the file, which nothing else asks for: on the file itself the planner takes it where the key is the better way."""


def empty_stores(merging: MergingTable, *, bases: Mapping[int, str]) -> None:
    """Bring the hidden rows of the ``bases``, parts by file, back into them, and forget all others: they are copies."""
    for file_id, part in bases.items():
        steps = _Steps(merging, part)
        steps.add(_BRING_BACK, file_id)
        steps.run()
    for name in (merging.shared, merging.aside):
        execute(sql.SQL("DELETE FROM {}").format(qualified(name)))


def drop_stores(merging: MergingTable) -> None:
    """Drop both tables with what lies in them."""
    for name in (merging.shared, merging.aside):
        execute_briefly(sql.SQL("DROP TABLE IF EXISTS {}").format(qualified(name)))


def has_key(*, part: str) -> bool:
    """Whether ``make_key`` was done to a part."""
    [(found,)] = fetch_rows(
        sql.SQL("SELECT to_regclass(%s) IS NOT NULL"), [qualified(f"{part}{KEY_SUFFIX}").as_string()]
    )
    return bool(found)


def make_key(*, part: str, key: Sequence[str]) -> bool:
    """Hold a part's rows to one a key from now on; false, and nothing is done, where two have one."""
    try:
        with transaction.atomic():
            _index(part, key, "UNIQUE")
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            return False
        raise
    return True


def drop_key(*, part: str) -> None:
    """Let rows of one key be."""
    execute_briefly(sql.SQL("DROP INDEX IF EXISTS {}").format(qualified(f"{part}{KEY_SUFFIX}")))


def show(merging: MergingTable, *, part: str, file_id: int, order: Order, is_base: bool) -> Shown:
    """Let readers see a file's rows, but for those that a higher file hides."""
    steps = _Steps(merging, part)
    below, above = list(order.below), list(order.above)
    if below:
        steps.add(_HIDE_BELOW, below)
    if above and is_base:
        steps.add(_HIDE_OWN_OF_BASE, above)
    elif above:
        steps.add(_HIDE_OWN, above)
        steps.add(_SHOW_OWN_SEEN, above)
    elif not is_base:
        steps.add("INSERT INTO {shared} ({all}) SELECT {all} FROM {part}")
    found = steps.run()
    hidden, changes = _changes(found[0]) if below else (Counter[int](), {})
    own = Counter[int](dict(found[bool(below)])) if above else Counter[int]()
    for load_id, rows in own.items():
        before = changes.get(load_id, Changes())
        changes[load_id] = replace(before, unchanged=before.unchanged + rows)
    if is_base:
        switch_base(
            merging,
            sql.SQL("ATTACH PARTITION {} FOR VALUES IN ({})").format(qualified(part), sql.Literal(file_id)),
        )
    return Shown(hidden=hidden + own, changes=changes)


_HIDE_BELOW: LiteralString = """
WITH moved AS (DELETE FROM {table} d USING {part} p WHERE {same} AND d.{file} = ANY(%s) RETURNING {d_all},
     p.{load} AS _by, {differs} AS _differs),
     kept AS (INSERT INTO {aside} ({all}) SELECT {all} FROM moved)
SELECT {load}, _by, _differs, count(*) FROM moved GROUP BY {load}, _by, _differs"""
_HIDE_OWN_OF_BASE: LiteralString = """
WITH moved AS (DELETE FROM {part} p USING {table} d WHERE {same} AND d.{file} = ANY(%s) RETURNING {p_all}),
     kept AS (INSERT INTO {aside} ({all}) SELECT {all} FROM moved)
SELECT {load}, count(*) FROM moved GROUP BY {load}"""
_HIDE_OWN: LiteralString = """
WITH moved AS (INSERT INTO {aside} ({all}) SELECT {p_all} FROM {part} p
     WHERE EXISTS (SELECT FROM {table} d WHERE {same} AND d.{file} = ANY(%s)) RETURNING {load})
SELECT {load}, count(*) FROM moved GROUP BY {load}"""
_SHOW_OWN_SEEN: LiteralString = """
INSERT INTO {shared} ({all}) SELECT {p_all} FROM {part} p
 WHERE NOT EXISTS (SELECT FROM {table} d WHERE {same} AND d.{file} = ANY(%s))"""


def _changes(counted: Sequence[tuple[int, int, bool, int]]) -> tuple[Counter[int], dict[int, Changes]]:
    """Of the rows that are seen of lower files and have a key of the part: how many of each load, and what the part's
    are to those whose place they take."""
    hidden: Counter[int] = Counter()
    updated: Counter[int] = Counter()
    equal: Counter[int] = Counter()
    for load_id, by, differs, rows in counted:
        hidden[load_id] += rows
        (updated if differs else equal)[by] += rows
    changes = {by: Changes(updated=updated[by], unchanged=equal[by]) for by in {*updated, *equal}}
    return hidden, changes


def hide(merging: MergingTable, *, part: str, file_id: int, order: Order, is_base: bool) -> Counter[int]:
    """Take a file's rows out of sight; of their keys the next lower rows are seen, and its part is whole again.

    Gives by how many the hidden rows of each load have become fewer.
    """
    steps = _Steps(merging, part)
    if not is_base:
        steps.add("DELETE FROM {shared} WHERE {file} = %s", file_id)
    if order.above:
        if not is_base:
            steps.add(_FORGET_HIDDEN, file_id)
        steps.add(_SHOW_NEXT_UNSEEN, order.others, file_id)
    else:  # what it has was seen, all of it, and nobody else's row of one of its keys
        steps.add(_SHOW_NEXT, order.others)
    if is_base:
        steps.add(_BRING_BACK, file_id)
    shown = sum((Counter[int](dict(found)) for found in steps.run()), Counter[int]())
    if is_base:
        switch_base(merging, sql.SQL("DETACH PARTITION {}").format(qualified(part)))
    return shown


_FORGET_HIDDEN: LiteralString = """
WITH moved AS (DELETE FROM {aside} a USING {part} p WHERE {a_is_p} AND a.{file} = %s RETURNING a.{load})
SELECT {load}, count(*) FROM moved GROUP BY {load}"""
_NEXT: LiteralString = """
WITH next AS MATERIALIZED (SELECT DISTINCT ON ({a_key}) a.ctid AS place FROM {aside} a
       JOIN {part} p ON {a_is_p} JOIN unnest(%s::int[]) WITH ORDINALITY AS o(file, place) ON o.file = a.{file} + 0"""
"""``+ 0``: by the key, not by the file. Of a file whose rows were hidden since they were counted the planner expects
none, and would read them all to find the thousand whose keys it is asked for."""
_SHOWN: LiteralString = """
      ORDER BY {a_key}, o.place DESC),
     moved AS (DELETE FROM {aside} a USING next n WHERE a.ctid = n.place RETURNING {a_all}),
     kept AS (INSERT INTO {table} ({all}) SELECT {all} FROM moved)
SELECT {load}, count(*) FROM moved GROUP BY {load}"""
_SHOW_NEXT: LiteralString = _NEXT + _SHOWN
_SHOW_NEXT_UNSEEN: LiteralString = (
    _NEXT + " WHERE NOT EXISTS (SELECT FROM {table} d WHERE {same} AND d.{file} <> %s)" + _SHOWN
)
_BRING_BACK: LiteralString = """
WITH moved AS (DELETE FROM {aside} WHERE -{file} = -%s RETURNING {all}),
     kept AS (INSERT INTO {part} ({all}) SELECT {all} FROM moved)
SELECT {load}, count(*) FROM moved GROUP BY {load}"""


def hidden_rows(merging: MergingTable) -> dict[int, int]:
    """How many rows of each load are hidden."""
    statement = sql.SQL("SELECT {load}, count(*) FROM {} GROUP BY {load}")
    return dict(fetch_rows(statement.format(qualified(merging.aside), load=sql.Identifier(LOAD))))


def _index(table: str, key: Sequence[str], kind: LiteralString) -> None:
    execute(
        sql.SQL("CREATE {} INDEX {} ON {} ({})").format(
            sql.SQL(kind),
            sql.Identifier(f"{table}{KEY_SUFFIX}"),
            qualified(table),
            sql.SQL(", ").join(map(sql.Identifier, key)),
        )
    )


def switch_base(merging: MergingTable, change: sql.Composable) -> None:
    """Attach or detach a base, last of all in a transaction, for then readers wait until it ends.

    The strong lock on the dataset first, so that no reader plans before the change and reads after it; on that table
    ``ONLY``, for whoever reads its rows has to pass it, and autovacuum may be at work on the bases. The shared store is
    locked by the change itself: autovacuum lets go of it before.
    """
    hold_off_autovacuum(parts=[merging.shared])
    execute_briefly(
        sql.SQL("LOCK TABLE ONLY {table} IN ACCESS EXCLUSIVE MODE; ALTER TABLE {table} {}").format(
            change, table=qualified(merging.table)
        )
    )


class _Steps:
    """Statements about a part that are sent in one round trip.

    ``{all}`` are all columns, ``{same}`` compares the keys of ``d`` and ``p``, and so on.
    """

    def __init__(self, merging: MergingTable, part: str) -> None:
        self._words = {
            **_words_of_columns(merging.key, merging.names),
            "table": qualified(merging.table),
            "shared": qualified(merging.shared),
            "aside": qualified(merging.aside),
            "part": qualified(part),
        }
        self._statements: list[sql.Composable] = []
        self._params: list[object] = []

    def add(self, statement: LiteralString, *params: object) -> None:
        self._statements.append(sql.SQL(statement).format(**self._words))
        self._params += params

    def run(self) -> list[list[tuple[Any, ...]]]:
        """What each gives."""
        return fetch_each([*PLAN_FOR_MEMORY, *self._statements], self._params)[len(PLAN_FOR_MEMORY) :]


@lru_cache(maxsize=64)
def _words_of_columns(key: tuple[str, ...], names: tuple[str, ...]) -> Mapping[str, sql.Composable]:
    """What names columns, written once for all files of a dataset: to quote each name anew takes longer than to find
    a row."""
    every = (FILE, LOAD, ROW, *names)
    words = {
        "file": sql.Identifier(FILE),
        "load": sql.Identifier(LOAD),
        "all": listed(every),
        "d_all": listed(every, "d"),
        "p_all": listed(every, "p"),
        "a_all": listed(every, "a"),
        "a_key": listed(key, "a"),
        "same": equal(key, "d", "p"),
        "a_is_p": equal(key, "a", "p"),
        "differs": differing([name for name in names if name not in key], "d", "p"),
    }
    return {word: written(meant) for word, meant in words.items()}
