"""Looking at rows of tables and views that are none of ours: within bounds of time, a few at once, changing nothing."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from uploads.database.adopting.relations import Relation
from uploads.database.locks import AGAIN_SECONDS, Lock, try_lock_transaction, unlock_all
from uploads.database.rows import no_such_page, print_plainly
from uploads.database.statements import TableBusy, execute
from uploads.tabular.errors import UploaderError

logger = logging.getLogger(__name__)
READ_SECONDS = 10
"""How long one page may take: a view can be any amount of work."""
LOCK_SECONDS = 1
COUNT_SECONDS = 1
AT_ONCE = 4
"""How many that may be any amount of work are read at once: more would keep all of the server from everybody else."""
TURN_SECONDS = 1
"""How long one waits for its turn: most are read in far less."""


class RelationUnreadable(UploaderError):
    """The table or view is not there any more, may not be read, or PostgreSQL cannot read it."""

    code = "relation_unreadable"


class RelationTooSlow(RelationUnreadable):
    """A page of it took longer than a page may take."""

    code = "relation_too_slow"


class RelationsBusy(TableBusy):
    """As many are being read as may be read at once."""

    code = "relations_busy"


def count_up_to(relation: Relation, *, most: int) -> int | None:
    """How many rows there are, and ``most + 1`` for any more; ``None`` where that is not known within a second."""
    query = sql.SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT {}) AS first_rows").format(
        relation.identifier, sql.Literal(most + 1)
    )
    try:
        with looking(relation, seconds=COUNT_SECONDS):
            [(count,)] = read_values(query)
    except (RelationUnreadable, TableBusy):
        return None
    return int(count)


def read_values(query: sql.Composable) -> list[tuple[Any, ...]]:
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
def looking(
    relation: Relation,
    *,
    seconds: float | None = None,
    is_costly: bool = False,
    by_cursor: bool = False,
    keeps: bool = False,
) -> Iterator[float]:
    """A transaction that changes nothing, whatever a view calls, and ends in time: gives when, on the monotonic clock.

    Whoever has no key to go by, or asks for more than what an index has ready (``is_costly``), may be any amount of
    work, and waits for its turn. ``by_cursor``: values that PostgreSQL cannot read are those of a made-up place.
    ``keeps``: what was written to temporary tables of the session stays.
    """
    outermost = not connection.in_atomic_block
    is_place = by_cursor or bool(relation.key)
    limit = READ_SECONDS if seconds is None else seconds
    with (
        _explained(relation, by_cursor=is_place, seconds=limit),
        _its_locks_freed(outermost=outermost),
        transaction.atomic(),
    ):
        if outermost:
            execute(sql.SQL("SET TRANSACTION READ ONLY"))
        print_plainly()
        is_quick = (
            bool(relation.key) and not relation.is_key_stated and relation.kind != "v"
        )  # which calls what it likes
        if is_costly or not is_quick:
            take_turn()
        execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{LOCK_SECONDS}s")))
        deadline = time.monotonic() + limit
        limit_to(deadline)
        yield deadline
        if outermost and not keeps:
            transaction.set_rollback(True)  # what a view's function has set for the session ends with it
        elif not outermost:
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


def take_turn() -> None:
    """Hold a slot until the transaction ends; a worker that was killed keeps none."""
    give_up = time.monotonic() + TURN_SECONDS
    while not any(try_lock_transaction(Lock.LOOKING, slot) for slot in range(AT_ONCE)):
        if time.monotonic() > give_up:
            raise RelationsBusy(
                f"{AT_ONCE} other views, tables or charts are being read right now.", hint="Try again in a moment."
            )
        time.sleep(AGAIN_SECONDS)


def limit_to(deadline: float) -> None:
    left = max(1, round((deadline - time.monotonic()) * 1000))
    execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(left)))


@contextmanager
def _explained(relation: Relation, *, by_cursor: bool, seconds: float) -> Iterator[None]:
    """In words that tell nothing of the database; what PostgreSQL says goes to the log."""
    what = "a page" if seconds <= READ_SECONDS else "an export"
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise RelationTooSlow(
                    f"{relation.quoted} takes longer than the {seconds:g} seconds that {what} may take.",
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
            ) if by_cursor:
                raise no_such_page() from error
        logger.warning("%s cannot be read: %s", relation.quoted, error)
        raise RelationUnreadable(
            f"PostgreSQL cannot read {relation.quoted} right now.",
            hint="Whoever runs this site finds the reason in its log.",
        ) from error
