"""How much of what is there a file leaves as it is: rows of other files, or rows that are seen by their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from django.db import OperationalError, transaction
from psycopg import sql

from uploads.database.rows import whole_part
from uploads.database.statements import execute, fetch_rows, qualified

WORK_MEM = "64MB"
"""As for comparisons: so that half a million rows stay in memory."""


class NotCounted(Exception):
    """To count it takes longer than it may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OldPart:
    """The rows of a file; ``aside``: where those lie that rows of later files hide."""

    part: str
    file_id: int
    aside: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedRows:
    """Of the rows that are seen, those whose keys a file has."""

    touched: int
    changed: int
    """Are seen otherwise when it is active, or not at all."""
    deleted: int
    """Of these are not seen, for the file says that their keys are deleted."""


def rows_kept(*, old: Sequence[OldPart], new: str, names: Mapping[str, str], seconds: int) -> int:
    """How many rows of some parts stand in the part of a file too, each as often as in both.

    ``names``: the columns that are compared, by their names in the old parts those in the new one; empty for one that
    it lacks, which is blank in its rows then. Values are compared by PostgreSQL, which hashes them: 6 s for twice
    5,000,000 rows of five columns beside other work. (A hash of each row, to be compared instead, took 28 s.) Raises
    ``NotCounted``.
    """
    theirs = list(names)
    before = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, theirs)),
            whole_part(part=each.part, names=theirs, aside=each.aside, file_id=each.file_id),
        )
        for each in old
    )
    now = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(sql.Identifier(own) if own else _blank_of(old[0].part, name) for name, own in names.items()),
        qualified(new),
    )
    statement = sql.SQL("SELECT count(*) FROM (({}) INTERSECT ALL {}) AS kept")
    [(count,)] = _within(statement.format(before, now), seconds)
    return int(count)


def rows_by_key(
    *,
    part: str,
    table: str,
    names: Mapping[str, str],
    key: Sequence[str],
    blanks_keep: bool,
    emptied: Sequence[str],
    mark: str = "",
    marks: Sequence[str] = (),
    seconds: int,
) -> KeyedRows:
    """What a file that merges makes of the rows of a dataset that have its keys.

    ``names``: the dataset's columns that the part has too, with their names there; ``key``: of the dataset.
    ``blanks_keep``: a blank of the file changes nothing. ``emptied``: columns of the dataset that the file lacks and
    whose values go. ``mark`` and ``marks``: the column of the dataset, and the values that delete a key. Raises
    ``NotCounted``.
    """
    differs = [
        sql.SQL("d.{} IS DISTINCT FROM p.{}{}").format(
            sql.Identifier(theirs),
            sql.Identifier(own),
            sql.SQL(" AND p.{} IS NOT NULL").format(sql.Identifier(own)) if blanks_keep else sql.SQL(""),
        )
        for theirs, own in names.items()
        if theirs not in key
    ]
    differs += [sql.SQL("d.{} IS NOT NULL").format(sql.Identifier(name)) for name in emptied]
    marked: sql.Composable = sql.SQL("false")
    params: list[object] = []
    if mark in names:
        params = [list(marks)] * 2
        marked = sql.SQL("coalesce(p.{}::text = ANY(%s::text[]), false)").format(sql.Identifier(names[mark]))
    statement = sql.SQL(
        "SELECT count(*), count(*) FILTER (WHERE {marked} OR {differs}), count(*) FILTER (WHERE {marked})"
        " FROM {} p JOIN {} d ON {}"
    ).format(
        qualified(part),
        qualified(table),
        sql.SQL(" AND ").join(
            sql.SQL("d.{} = p.{}").format(sql.Identifier(name), sql.Identifier(names[name])) for name in key
        ),
        marked=marked,
        differs=sql.SQL("({})").format(sql.SQL(" OR ").join(differs)) if differs else sql.SQL("false"),
    )
    [(touched, changed, deleted)] = _within(statement, seconds, params)
    return KeyedRows(touched=touched, changed=changed, deleted=deleted)


def _blank_of(table: str, name: str) -> sql.Composable:
    """NULL, of the type that a column has."""
    return sql.SQL("(SELECT {} FROM {} WHERE false)").format(sql.Identifier(name), qualified(table))


def _within(statement: sql.Composable, seconds: int, params: Sequence[object] = ()) -> list[tuple[int, ...]]:
    try:
        with transaction.atomic():
            execute(
                sql.SQL("SET LOCAL statement_timeout = {}; SET LOCAL work_mem = {}").format(
                    sql.Literal(f"{seconds}s"), sql.Literal(WORK_MEM)
                )
            )
            found = fetch_rows(statement, params)
            execute(sql.SQL("SET LOCAL statement_timeout = DEFAULT"))
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise NotCounted from error
        raise
    return found
