"""Rows of tables and views that are none of ours, looked at for a page within bounds of time.

They have no ``_row``. A page begins behind a place: the key of the last row where the table has one, which holds while
others write; else where the last row lies in the table; else how many rows went before, which for a view is all that
there is. Deep pages cost what the first one costs in the first two ways.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from uploads.database.adopting.relations import Relation
from uploads.database.locks import AGAIN_SECONDS, Lock, try_lock_transaction, unlock_all
from uploads.database.rows import OFFSET_BITS, Position, number_of_place, place_of_number, print_plainly
from uploads.database.statements import TableBusy, execute, fetch_rows
from uploads.tabular.errors import BadOption, UploaderError

logger = logging.getLogger(__name__)
READ_SECONDS = 10
"""How long one page may take: a view can be any amount of work."""
LOCK_SECONDS = 1
COUNT_SECONDS = 1
AT_ONCE = 4
"""How many that may be any amount of work are read at once: more would keep all of the server from everybody else."""
TURN_SECONDS = 1
"""How long one waits for its turn: most are read in far less."""
FIRST_BLOCKS = 8
"""Width of the first range of blocks that is looked at, of some 50 to 200 rows each."""
_LAST_BLOCK = 2**32 - 2
"""PostgreSQL's highest."""


class RelationUnreadable(UploaderError):
    """The table or view is not there any more, may not be read, or PostgreSQL cannot read it."""

    code = "relation_unreadable"


class RelationTooSlow(RelationUnreadable):
    """A page of it took longer than a page may take."""

    code = "relation_too_slow"


class RelationsBusy(TableBusy):
    """As many are being read as may be read at once."""

    code = "relations_busy"


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationRows:
    """Values of some rows, in the order of the columns; ``next`` is where the following page begins."""

    values: tuple[tuple[Any, ...], ...]
    next: Position | None


def read_relation(relation: Relation, *, after: Position | None, limit: int) -> RelationRows:
    """Up to ``limit`` rows. Raises ``RelationUnreadable``, ``RelationTooSlow``, ``TableBusy``, and ``BadOption`` for a
    place that is none of this table's."""
    with _looking(relation, seconds=READ_SECONDS) as deadline:
        if relation.key:
            return _by_key(relation, after, limit)
        if relation.kind in ("r", "m") and not relation.has_children:
            return _by_place(relation, after, limit, deadline)
        return _by_count(relation, after, limit)


def count_up_to(relation: Relation, *, most: int) -> int | None:
    """How many rows there are, and ``most + 1`` for any more; ``None`` where that is not known within a second."""
    query = sql.SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT {}) AS first_rows").format(
        relation.identifier, sql.Literal(most + 1)
    )
    try:
        with _looking(relation, seconds=COUNT_SECONDS):
            [(count,)] = _read(query)
    except (RelationUnreadable, TableBusy):
        return None
    return int(count)


def _by_key(relation: Relation, after: Position | None, limit: int) -> RelationRows:
    names = sql.SQL(", ").join(sql.Identifier("t", column.name) for column in relation.key)
    where: sql.Composable = sql.SQL("")
    if after is not None:
        if len(after.key) != len(relation.key):
            raise _no_such_page()
        given = sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(column.type))
            for column, value in zip(relation.key, after.key, strict=True)
        )
        where = sql.SQL(" WHERE ({}) > ({})").format(names, given)
    keys = [sql.SQL("{}::text").format(sql.Identifier("t", column.name)) for column in relation.key]
    query = sql.SQL("SELECT {} FROM {} AS t{} ORDER BY {} LIMIT {}").format(
        _selected(relation, keys), relation.identifier, where, names, sql.Literal(limit + 1)
    )
    found = _read(query)
    width = len(keys)
    last = found[limit - 1][:width] if len(found) > limit else None
    return RelationRows(
        values=tuple(row[width:] for row in found[:limit]),
        next=None if last is None else Position(file=0, load=0, row=0, key=last),
    )


def _by_place(relation: Relation, after: Position | None, limit: int, deadline: float) -> RelationRows:
    """In windows of blocks: PostgreSQL goes straight to a range of them, and would sort all that lies behind a row.

    All windows of a page have the time of one page: of a table that was emptied there are many with nothing in them.
    """
    query = sql.SQL("SELECT {} FROM {} AS t WHERE ctid > {}::tid AND ctid <= {}::tid ORDER BY t.ctid LIMIT {}")
    selected = _selected(relation, [sql.SQL("ctid::text")])
    begin, width = _row_of(after), FIRST_BLOCKS << OFFSET_BITS
    [(size,)] = fetch_rows(
        sql.SQL("SELECT pg_relation_size(%s::oid) / current_setting('block_size')::bigint"), [relation.oid]
    )
    last = min(int(size), _LAST_BLOCK) << OFFSET_BITS
    found: list[tuple[Any, ...]] = []
    while len(found) <= limit and begin < last:
        upto = min(begin + width, last)
        places = map(sql.Literal, (place_of_number(begin), place_of_number(upto), limit + 1 - len(found)))
        _limit_to(deadline)
        found += _read(query.format(selected, relation.identifier, *places))
        begin, width = upto, width * 4
    behind = number_of_place(found[limit - 1][0]) if len(found) > limit else None
    return RelationRows(
        values=tuple(row[1:] for row in found[:limit]),
        next=None if behind is None else Position(file=0, load=0, row=behind),
    )


def _by_count(relation: Relation, after: Position | None, limit: int) -> RelationRows:
    begin = _row_of(after)
    found = _read(
        sql.SQL("SELECT {} FROM {} OFFSET {} LIMIT {}").format(
            _selected(relation, []), relation.identifier, sql.Literal(begin), sql.Literal(limit + 1)
        )
    )
    is_more = len(found) > limit
    return RelationRows(
        values=tuple(found[:limit]), next=Position(file=0, load=0, row=begin + limit) if is_more else None
    )


def _row_of(after: Position | None) -> int:
    if after is None:
        return 0
    if after.key or after.row >= _LAST_BLOCK << OFFSET_BITS:
        raise _no_such_page()
    return after.row


def _no_such_page() -> BadOption:
    return BadOption("This page of rows doesn't exist.", hint="Begin again at the first page.")


def _selected(relation: Relation, first: Sequence[sql.Composable]) -> sql.Composable:
    columns = [
        sql.SQL("{}::text" if column.is_as_text else "{}").format(sql.Identifier(column.name))
        for column in relation.columns
    ]
    return sql.SQL(", ").join([*first, *columns])


def _read(query: sql.Composable) -> list[tuple[Any, ...]]:
    """Dates that Python has none for come as PostgreSQL prints them; a name may have a ``%`` in it."""
    with connection.cursor() as cursor:
        for type_, loader in _LOADERS.items():
            cursor.cursor.adapters.register_loader(type_, loader)
        cursor.execute(query, None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _or_as_printed(base: type[Any]) -> type[Any]:
    """``infinity``, the year 10000 and years before Christ are dates to PostgreSQL alone."""

    class OrAsPrinted(base):  # type: ignore[misc]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return OrAsPrinted


_LOADERS = {
    "date": _or_as_printed(DateLoader),
    "timestamp": _or_as_printed(TimestampLoader),
    "timestamptz": _or_as_printed(TimestamptzLoader),
}


@contextmanager
def _looking(relation: Relation, *, seconds: int) -> Iterator[float]:
    """A transaction that changes nothing, whatever a view calls, and ends in time: gives when, on the monotonic clock.

    Whoever has no key to go by may be any amount of work, and waits for its turn.
    """
    outermost = not connection.in_atomic_block
    with _explained(relation), _its_locks_freed(outermost=outermost), transaction.atomic():
        if outermost:
            execute(sql.SQL("SET TRANSACTION READ ONLY"))
        print_plainly()
        if not relation.key:
            _take_turn()
        execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{LOCK_SECONDS}s")))
        deadline = time.monotonic() + seconds
        _limit_to(deadline)
        yield deadline
        if outermost:
            transaction.set_rollback(True)  # what a view's function has set for the session ends with it
        else:
            execute(sql.SQL("SET LOCAL lock_timeout = DEFAULT; SET LOCAL statement_timeout = DEFAULT"), None)


@contextmanager
def _its_locks_freed(*, outermost: bool) -> Iterator[None]:
    """Advisory locks that a view's function takes for the session outlast its transaction, and the connection serves
    others after this: they would wait for one of whom nobody knows, or hold a lock that they never asked for.

    Whoever reads a page holds none of ours for the session, so all are let go of.
    """
    try:
        yield
    finally:
        if outermost:
            unlock_all()


def _take_turn() -> None:
    """Hold a slot until the transaction ends; a worker that was killed keeps none."""
    give_up = time.monotonic() + TURN_SECONDS
    while not any(try_lock_transaction(Lock.LOOKING, slot) for slot in range(AT_ONCE)):
        if time.monotonic() > give_up:
            raise RelationsBusy(
                f"{AT_ONCE} other pages of views or tables are being read right now.", hint="Try again in a moment."
            )
        time.sleep(AGAIN_SECONDS)


def _limit_to(deadline: float) -> None:
    left = max(1, round((deadline - time.monotonic()) * 1000))
    execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(left)))


@contextmanager
def _explained(relation: Relation) -> Iterator[None]:
    """In words that tell nothing of the database; what PostgreSQL says goes to the log."""
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise RelationTooSlow(
                    f"{relation.quoted} takes longer than the {READ_SECONDS} seconds that a page may take.",
                    hint="A materialized view of it, or an index, would be quicker: ask whoever runs the database.",
                ) from error
            case psycopg.errors.SyntaxError():
                raise
            case psycopg.errors.LockNotAvailable():
                raise TableBusy(
                    f"{relation.quoted} is being changed right now.", hint="Try again in a moment."
                ) from error
            case (
                psycopg.errors.InvalidTextRepresentation()
                | psycopg.errors.InvalidDatetimeFormat()
                | psycopg.errors.DatetimeFieldOverflow()
                | psycopg.errors.NumericValueOutOfRange()
            ) if relation.key:
                raise _no_such_page() from error
        logger.warning("%s cannot be read: %s", relation.quoted, error)
        raise RelationUnreadable(
            f"PostgreSQL cannot read {relation.quoted} right now.",
            hint="Whoever runs this site finds the reason in its log.",
        ) from error
