"""The transaction of a comparison: one snapshot of both sides, time to spare but not without end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from uploads.database.locks import Lock, try_lock_transaction
from uploads.database.statements import TableBusy, execute, fetch_rows, qualified
from uploads.tabular.errors import UploaderError

WORK_MEM = "64MB"
"""Of a hash table: PostgreSQL takes twice that for each of up to three processes, so that half a million rows of a
price list stay in memory. The server's 16 MB write them to disk in parts and take a fifth longer."""
AT_ONCE = 2
"""Comparisons that a web server's visitors may have run at once: each keeps two cores busy."""
LOCK_SECONDS = 5


class ComparisonTooLong(UploaderError):
    """It took longer than a page may wait."""

    code = "comparison_too_long"


class ComparisonsBusy(UploaderError):
    """As many comparisons are running as may run at once."""

    code = "comparisons_busy"


class RowsGone(UploaderError):
    """A side was deleted, loaded anew or rebuilt while it was looked for."""

    code = "rows_gone"


class Comparing:
    """Asks PostgreSQL, within the seconds that are left."""

    def __init__(self, seconds: float | None) -> None:
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def rows(self, statement: sql.Composable, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What PostgreSQL answers; raises ``ComparisonTooLong``."""
        if self._deadline is not None:
            left = max(1, int((self._deadline - time.monotonic()) * 1000))
            execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(left)))
        return fetch_rows(statement, params)


@contextmanager
def comparing(*, tables: Sequence[str], seconds: float | None) -> Iterator[Comparing]:
    """One moment of the tables, kept until the context ends; ``seconds``: how long all of it may take, ``None``: as
    long as it takes.

    The tables are locked before the snapshot is taken: one that is older than a switch of a file would show a mixture.
    Whoever deletes or switches one of the files meanwhile is told to try again in a moment.
    """
    outermost = not connection.in_atomic_block
    with _explained(), transaction.atomic():
        if outermost:
            execute(sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{LOCK_SECONDS}s")))
        names = sql.SQL(", ").join(map(qualified, dict.fromkeys(tables)))
        execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
        execute(
            sql.SQL(
                "SELECT set_config('work_mem', {}, true), set_config('datestyle', 'ISO', true),"
                " set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)"
            ).format(sql.Literal(WORK_MEM))
        )
        if seconds is not None and not any(try_lock_transaction(Lock.COMPARING, slot) for slot in range(AT_ONCE)):
            raise ComparisonsBusy(f"{AT_ONCE} other comparisons are running right now.", hint="Try again in a moment.")
        yield Comparing(seconds)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise ComparisonTooLong(
                    "Comparing these rows takes longer than a page may wait.",
                    hint="Run it on the server, where it may take its time: manage.py compare_files OLD NEW.",
                ) from error
            case psycopg.errors.LockNotAvailable():
                raise TableBusy(
                    "One of the two is being switched or changed right now.", hint="Try again in a moment."
                ) from error
            case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn():
                raise RowsGone(
                    "One of the two was deleted or loaded again a moment ago.", hint="Look at its state, and try again."
                ) from error
        raise
