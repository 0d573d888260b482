"""The rows of files that merge *column by column*, or delete by a mark: what is seen is folded from several rows.

It lies in the tables of ``uploads.database.merging.by_key``, where that module has no say:

- ``_aside_<n>`` has all rows, as they were sent, of the active files that are no base, and those rows of the base of
  whose keys another file has a row too, or that are marks. So all that a row of one key is folded from lies there,
  under one index.
- ``_shared_<n>`` has what readers see of these keys, under the file of the highest row.
- The base, which only the lowest file can be, has the rest, which nobody else has a say in.

A row is never changed by another: it is folded anew, from the rows as sent, at each act that has to do with its key, so
that no order of acts leaves a trace. Semantics: the rows of a key in the order of their files; a mark for deletion, and
what is below it, is left out; each column has the highest value that counts.

Every function runs in a transaction whose caller holds the dataset's row. An act reads and writes some three times the
rows that ``uploads.database.merging.by_key`` would, which is why that stays the way of datasets whose rows merge whole.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString

from psycopg import sql

from uploads.database.merging.by_key import PLAN_FOR_MEMORY, MergingTable, Shown, switch_base
from uploads.database.merging.changes import Changes, differing
from uploads.database.merging.names import equal, listed
from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import execute, fetch_rows, qualified
from uploads.tabular.table import ROW

KEYS = "_fold_keys"
"""A temporary table of the keys that an act has to do with."""
SEEN = "_fold_seen"
"""Another one, of what readers saw of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """How the rows of one key become one."""

    keeps_blanks: bool = False
    """A value that is not there leaves the one below; a column that a file lacks does so too."""
    missing: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """By load, columns that its file lacks, which leave the value below."""
    mark: str = ""
    """The column that says of a row that its key is to be deleted; empty: none does."""
    mark_values: tuple[str, ...] = ()
    """The values that say so, as PostgreSQL prints them."""

    @property
    def takes_whole_rows(self) -> bool:
        return not self.keeps_blanks and not any(self.missing.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldedTable:
    """A dataset's table whose rows are folded, and its active files."""

    merging: MergingTable
    fold: Fold
    order: tuple[int, ...]
    """Of the active files, lowest first."""
    base: int | None
    """The one whose part is a partition of the table, if any: the lowest, so that a row of it is seen as it is or not
    at all. (What is folded from several rows cannot be stored under a file that has a partition.)"""


def show(table: FoldedTable, *, part: str, file_id: int, is_base: bool) -> Shown:
    """Let readers see what there is with a file's rows; ``table.order`` has it."""
    _plan_for_memory()
    if is_base:
        _take_keys(
            table,
            part,
            "SELECT {p_key} FROM {part} p WHERE {p_marked} OR EXISTS (SELECT FROM {aside} a WHERE {a_is_p})"
            " OR EXISTS (SELECT FROM {table} d WHERE {d_is_p})",
        )
    else:
        _take_keys(table, part, "SELECT {p_key} FROM {part} p")
    before = _unseen_of_keys(table, part)
    _run(_SEEN_BEFORE, table, part)
    _run(
        "WITH moved AS (DELETE FROM {table} d USING {keys} k WHERE {d_is_k} AND d.{file} = %(base)s"
        " RETURNING {d_all}) INSERT INTO {aside} ({all}) SELECT {all} FROM moved",
        table,
        part,
    )
    if is_base:
        _run(
            "WITH moved AS (DELETE FROM {part} p USING {keys} k WHERE {p_is_k} RETURNING {p_all})"
            " INSERT INTO {aside} ({all}) SELECT {all} FROM moved",
            table,
            part,
        )
    else:
        _run("INSERT INTO {aside} ({all}) SELECT {all} FROM {part}", table, part)
    after = _settle(table, part)
    changes = {
        by: Changes(updated=updated, deleted=deleted, unchanged=rows - updated - deleted - new)
        for by, rows, updated, deleted, new in fetch_rows(_filled(_CHANGES, table, part))
    }
    execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("pg_temp", SEEN)))
    if is_base:
        switch_base(
            table.merging,
            sql.SQL("ATTACH PARTITION {} FOR VALUES IN ({})").format(qualified(part), sql.Literal(file_id)),
        )
    return Shown(hidden=_difference(after, before), changes=changes)


def hide(table: FoldedTable, *, part: str, file_id: int, is_base: bool) -> Counter[int]:
    """Let readers see what there is without a file's rows, whose part is whole then; ``table.order`` is without it.

    Gives by how many the hidden rows of each load have become fewer, as that of ``by_key`` does.
    """
    _plan_for_memory()
    mine = {"mine": file_id}
    if is_base:
        _take_keys(table, part, "SELECT {a_key} FROM {aside} a WHERE -a.{file} = -%(mine)s", mine)
        before = _unseen_of_keys(table, part)
        _run(
            "WITH back AS (DELETE FROM {aside} WHERE -{file} = -%(mine)s RETURNING {all})"
            " INSERT INTO {part} ({all}) SELECT {all} FROM back",
            table,
            part,
            mine,
        )
    else:
        _take_keys(table, part, "SELECT {p_key} FROM {part} p")
        before = _unseen_of_keys(table, part)
        _run("DELETE FROM {aside} a USING {keys} k WHERE {a_is_k} AND a.{file} = %(mine)s", table, part, mine)
    after = _settle(table, part)
    if is_base:
        switch_base(table.merging, sql.SQL("DETACH PARTITION {}").format(qualified(part)))
    return _difference(before, after)


def changes_by_list(table: FoldedTable, *, part: str) -> tuple[dict[int, Changes], int]:
    """What a part changes that takes the place of all that is seen, as long as it is not shown: by load, and how many
    of the rows that are seen have one of its keys."""
    found, touched = {}, 0
    counted = fetch_rows(_filled(_LIST, table, part), {"marks": list(table.fold.mark_values)})
    for by, seen, updated, deleted, new in counted:
        found[by] = Changes(updated=updated, deleted=deleted, unchanged=seen - updated - deleted + new)
        touched += seen
    return found, touched


def unseen_rows(merging: MergingTable) -> dict[int, int]:
    """How many rows of each load are not the highest of their keys, or are marks."""
    statement = sql.SQL(
        "SELECT {load}, sum(n)::bigint FROM (SELECT {load}, count(*) AS n FROM {aside} GROUP BY {load}"
        " UNION ALL SELECT {load}, -count(*) FROM {shared} GROUP BY {load}) AS counts GROUP BY {load}"
    )
    return dict(
        fetch_rows(
            statement.format(
                aside=qualified(merging.aside), shared=qualified(merging.shared), load=sql.Identifier(LOAD)
            )
        )
    )


def rows_by_load(*, part: str) -> dict[int, int]:
    """How many rows of each load lie in a part."""
    statement = sql.SQL("SELECT {load}, count(*) FROM {} GROUP BY {load}")
    return dict(fetch_rows(statement.format(qualified(part), load=sql.Identifier(LOAD))))


def _settle(table: FoldedTable, part: str) -> Counter[int]:
    """Fold anew what is seen of the keys; a row of the base that is the only one of its key goes back to it. Gives
    their ``_unseen_of_keys`` then."""
    _run("DELETE FROM {shared} d USING {keys} k WHERE {d_is_k}", table, part)
    _run(_GO_HOME, table, part)
    _run(_SHOW_WHOLE if table.fold.takes_whole_rows else _SHOW_FOLDED, table, part)
    unseen = _unseen_of_keys(table, part)
    execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("pg_temp", KEYS)))
    return unseen


def _unseen_of_keys(table: FoldedTable, part: str) -> Counter[int]:
    """``unseen_rows`` of the keys that an act has to do with: to count all takes as long as all that is hidden."""
    return Counter(dict(fetch_rows(_filled(_UNSEEN, table, part))))


def _difference(of: Counter[int], to: Counter[int]) -> Counter[int]:
    """Of what changed; it may be less than nothing."""
    return Counter({load: of[load] - to[load] for load in {*of, *to} if of[load] != to[load]})


_UNSEEN: LiteralString = """
SELECT {load}, sum(n)::bigint
  FROM (SELECT a.{load}, count(*) AS n FROM {aside} a JOIN {keys} k ON {a_is_k} GROUP BY a.{load}
        UNION ALL
        SELECT d.{load}, -count(*) FROM {shared} d JOIN {keys} k ON {d_is_k} GROUP BY d.{load}) AS counts
 GROUP BY {load}"""
_RANKED: LiteralString = """
WITH ranked AS MATERIALIZED (
    SELECT {a_all}, a.ctid AS _place, o._rank, {a_marked} AS _marked,
           coalesce(max(o._rank) FILTER (WHERE {a_marked}) OVER own, 0) AS _floor,
           max(o._rank) OVER own AS _top, count(*) OVER own AS _rows
      FROM {aside} a JOIN {keys} k ON {a_is_k}
      JOIN unnest(%(order)s::int[]) WITH ORDINALITY AS o(_active, _rank) ON o._active = a.{file} + 0
    WINDOW own AS (PARTITION BY {a_key})
)"""
_GO_HOME: LiteralString = f"""{_RANKED}, home AS (
    DELETE FROM {{aside}} a USING ranked r
     WHERE a.ctid = r._place AND r._rows = 1 AND NOT r._marked AND r.{{file}} = %(base)s RETURNING {{a_all}}
)
INSERT INTO {{table}} ({{all}}) SELECT {{all}} FROM home"""  # noqa: S608 - psycopg quotes all names
_SHOW_WHOLE: LiteralString = f"""{_RANKED}
INSERT INTO {{shared}} ({{all}}) SELECT {{all}} FROM ranked WHERE _rank = _top AND NOT _marked"""  # noqa: S608
_SHOW_FOLDED: LiteralString = f"""{_RANKED}
INSERT INTO {{shared}} ({{all}}) SELECT {{folded}} FROM ranked r WHERE r._rank > r._floor GROUP BY {{r_key}}"""  # noqa: S608


_SEEN_BEFORE: LiteralString = """
CREATE TEMPORARY TABLE {seen_name} ON COMMIT DROP AS
SELECT p.{load} AS _by, d.{load} IS NOT NULL AS _was_seen, {seen_columns}
  FROM {keys} k JOIN {part} p ON {p_is_k} LEFT JOIN {table} d ON {d_is_k}"""
_CHANGES: LiteralString = """
SELECT b._by, count(*), count(*) FILTER (WHERE b._was_seen AND d.{load} IS NOT NULL AND {b_differs}),
       count(*) FILTER (WHERE b._was_seen AND d.{load} IS NULL),
       count(*) FILTER (WHERE NOT b._was_seen AND d.{load} IS NOT NULL)
  FROM {seen} b LEFT JOIN {table} d ON {d_is_b} GROUP BY b._by"""


_LIST: LiteralString = """
SELECT p.{load}, count(d.{load}), count(d.{load}) FILTER (WHERE NOT {p_marked} AND {p_differs}),
       count(d.{load}) FILTER (WHERE {p_marked}), count(*) FILTER (WHERE d.{load} IS NULL AND {p_marked})
  FROM {part} p LEFT JOIN {table} d ON {d_is_p} GROUP BY p.{load}"""


def _take_keys(table: FoldedTable, part: str, query: LiteralString, params: Mapping[str, object] | None = None) -> None:
    _run(f"CREATE TEMPORARY TABLE {{keys_name}} ON COMMIT DROP AS {query}", table, part, params)
    execute(sql.SQL("ANALYZE {}").format(sql.Identifier("pg_temp", KEYS)))


def _plan_for_memory() -> None:
    execute(sql.SQL("; ").join(PLAN_FOR_MEMORY))


def _run(statement: LiteralString, table: FoldedTable, part: str, params: Mapping[str, object] | None = None) -> None:
    said = {"order": list(table.order), "base": table.base, "marks": list(table.fold.mark_values)}
    execute(_filled(statement, table, part), {**said, **(params or {})})


def _filled(statement: LiteralString, table: FoldedTable, part: str) -> sql.Composable:
    """Fill in names: ``d``, ``p``, ``a``, ``k`` and ``r`` are the dataset's rows, the part's, those aside, the keys of
    the act and the rows of these in their order; ``b`` is what was seen of these keys before."""
    merging = table.merging
    every = (FILE, LOAD, ROW, *merging.names)
    key = merging.key
    values = [name for name in merging.names if name not in key]
    return sql.SQL(statement).format(
        table=qualified(merging.table),
        shared=qualified(merging.shared),
        aside=qualified(merging.aside),
        part=qualified(part),
        keys=sql.Identifier("pg_temp", KEYS),
        keys_name=sql.Identifier(KEYS),
        seen=sql.Identifier("pg_temp", SEEN),
        seen_name=sql.Identifier(SEEN),
        file=sql.Identifier(FILE),
        load=sql.Identifier(LOAD),
        all=listed(every),
        d_all=listed(every, "d"),
        p_all=listed(every, "p"),
        a_all=listed(every, "a"),
        p_key=listed(key, "p"),
        a_key=listed(key, "a"),
        r_key=listed(key, "r"),
        seen_columns=sql.SQL(", ").join([listed(key, "p"), *(sql.Identifier("d", name) for name in values)]),
        d_is_p=equal(key, "d", "p"),
        d_is_k=equal(key, "d", "k"),
        d_is_b=equal(key, "d", "b"),
        p_is_k=equal(key, "p", "k"),
        a_is_p=equal(key, "a", "p"),
        a_is_k=equal(key, "a", "k"),
        b_differs=differing(values, "b", "d"),
        p_differs=differing(values, "p", "d"),
        p_marked=_marked(table.fold, "p"),
        a_marked=_marked(table.fold, "a"),
        folded=sql.SQL(", ").join(_folded(table, name) for name in every),
    )


def _marked(fold: Fold, rows: str) -> sql.Composable:
    """As text, so that a column of whatever type can be compared; a blank is no mark."""
    if not fold.mark:
        return sql.SQL("false")
    return sql.SQL("coalesce({}::text = ANY(%(marks)s::text[]), false)").format(sql.Identifier(rows, fold.mark))


def _folded(table: FoldedTable, name: str) -> sql.Composable:
    """The highest value of a column that counts: of the key, and of what says where a row is from, any does."""
    fold, own = table.fold, {FILE, LOAD, ROW, *table.merging.key}
    conditions = []
    if name not in own:
        lacking = sorted(load for load, names in fold.missing.items() if name in names)
        if fold.keeps_blanks:
            conditions.append(sql.SQL("{} IS NOT NULL").format(sql.Identifier("r", name)))
        elif lacking:
            conditions.append(sql.SQL("NOT {} = ANY({})").format(sql.Identifier("r", LOAD), sql.Literal(lacking)))
    counts = sql.SQL(" FILTER (WHERE {})").format(conditions[0]) if conditions else sql.SQL("")
    return sql.SQL("(array_agg({} ORDER BY r._rank DESC){})[1]").format(sql.Identifier("r", name), counts)
