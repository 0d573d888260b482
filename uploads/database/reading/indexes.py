"""Indexes that make a column quick to sort and filter by, or to search in, each on one part of a dataset's table.

They stand on the parts alone. One on the dataset's table would have ATTACH make it for a part that lacks it, two
seconds a million rows under a lock that everybody waits for; so ATTACH and DETACH take a millisecond as before, and the
planner merges the parts in their order all the same. One to sort by has the column and what tells its rows apart: the
order of a sorted page whole. One to search in has all threes of letters of the texts, in small letters. What it is
called says which column it is for, by its number, which no renaming changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import OperationalError, connection, transaction
from psycopg import sql

from uploads.database.partitions import FILE, LOAD
from uploads.database.reading.terms import Field
from uploads.database.reading.trigrams import make_trigrams
from uploads.database.statements import SCHEMA, execute, execute_briefly, fetch_rows, qualified
from uploads.states import IndexKind
from uploads.tabular.table import ROW

_MARKS = {IndexKind.ORDER: "_col", IndexKind.SEARCH: "_trg"}
_KINDS = {mark: kind for kind, mark in _MARKS.items()}
_NAME = re.compile(rf"({'|'.join(_KINDS)})(\d+)$")


class ValueTooLong(Exception):
    """A value of the column is too long for an index: its rows hold some 2,700 bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartIndex:
    """An index on a part, and when anybody's statement used it last, where PostgreSQL remembers it."""

    part: str
    column_id: int
    kind: IndexKind
    name: str
    bytes: int
    used_at: datetime | None


def make_index(*, part: str, field: Field, column_id: int, kind: IndexKind = IndexKind.ORDER) -> None:
    """Make it unless it is there; readers go on, whoever writes to the part waits.

    Two seconds a million rows and more: by a session that gives way, unless nobody knows of the part yet. Raises
    ``ValueTooLong`` of one to sort by, ``TrigramsMissing`` of one to search in.
    """
    column = sql.Identifier(field.name)
    if kind is IndexKind.SEARCH:
        keys = sql.SQL("USING gin (({}) {})").format(
            field.searched_in(column), sql.Identifier(make_trigrams(), "gin_trgm_ops")
        )
    else:
        ordered = [field.sorted_in(column), *map(sql.Identifier, (FILE, LOAD, ROW))]
        keys = sql.SQL("({})").format(sql.SQL(", ").join(ordered))
    statement = sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} {}").format(
        sql.Identifier(f"{part}{_MARKS[kind]}{column_id}"), qualified(part), keys
    )
    try:
        with transaction.atomic():
            execute_briefly(statement)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.ProgramLimitExceeded):
            raise ValueTooLong(str(error)) from error
        raise


def drop_index(*, name: str) -> None:
    """Readers of the part wait for it, a second at most: raises ``TableBusy``."""
    execute_briefly(sql.SQL("DROP INDEX IF EXISTS {}").format(qualified(name)))


def remembers_use() -> bool:
    """Whether the server knows when an index was used last: PostgreSQL does from 16 on."""
    return connection.get_database_version() >= (16,)


def part_indexes(*, parts: Sequence[str] | None = None) -> list[PartIndex]:
    """Those on some parts, or on all there are."""
    used_at = sql.SQL("s.last_idx_scan" if remembers_use() else "NULL::timestamptz")
    query = sql.SQL(
        "SELECT t.relname, i.relname, pg_relation_size(i.oid), {} FROM pg_index x"
        " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.oid"
        " WHERE n.nspname = %s AND i.relname ~ %s AND (%s::text[] IS NULL OR t.relname = ANY(%s)) ORDER BY i.relname"
    )
    names = None if parts is None else list(parts)
    return [
        PartIndex(
            part=part, column_id=int(found[2]), kind=_KINDS[found[1]], name=name, bytes=size or 0, used_at=used_at
        )
        for part, name, size, used_at in fetch_rows(query.format(used_at), [SCHEMA, _NAME.pattern, names, names])
        if (found := _NAME.search(name))
    ]


def column_of_index(name: str) -> int | None:
    """The number of the column that an index for readers is for; ``None`` of any other."""
    found = _NAME.search(name)
    return int(found[2]) if found else None


def analyze_column(*, part: str, field: Field) -> None:
    """Have the planner know how often the values of a text occur: an index on its first letters has them to itself."""
    execute(sql.SQL("ANALYZE {} ({})").format(qualified(part), sql.Identifier(field.name)))
