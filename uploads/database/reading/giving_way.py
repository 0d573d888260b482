"""Long statements in the background that give way: to whoever waits for a lock that their session holds.

An act on a table that is read, or on which an index is made, would wait until that is over; who switches a file waits a
second at most and is refused then. So a thread looks on, several times a second, and ends the statement for them.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg import sql

from uploads.database.statements import execute, fetch_rows

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.15
"""How often the thread looks. What is done by then has no thread's session to pay for."""


class GaveWay(Exception):
    """Somebody waited, and the work was ended: it is to be done again later."""


@contextmanager
def watching(pid: int, *, end: Callable[[], None], to: Callable[[], bool]) -> Iterator[None]:
    """``end`` is called, in a thread of its own, when somebody waits for the session ``pid``, or ``to`` says so."""
    watch = _Watch(pid, to, end)
    watch.start()
    try:
        yield
    finally:
        watch.end()


@contextmanager
def giving_way(*, to: Callable[[], bool] = lambda: False, only: bool = False) -> Iterator[None]:
    """Whatever the session does inside is ended when somebody waits for it, or ``to`` says so: raises ``GaveWay``.

    ``only`` when ``to`` says so: what waits for the session waits for no more than a moment anyway.
    """
    [(pid,)] = fetch_rows(sql.SQL("SELECT pg_backend_pid()"))
    watch = _Watch(int(pid), to, lambda: _cancel(int(pid)), only=only)
    watch.start()
    try:
        yield
    except OperationalError as error:
        watch.end()
        if watch.has_ended_it and isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise GaveWay from error
        raise
    except BaseException:
        watch.end()
        raise
    watch.end()
    if watch.has_ended_it:
        _take_late_refusal()


def _cancel(pid: int) -> None:
    fetch_rows(sql.SQL("SELECT pg_cancel_backend(%s)"), [pid])


def _take_late_refusal() -> None:
    """The work was done in the very moment in which it was ended: the next statement might have to bear it."""
    try:
        execute(sql.SQL("SELECT 1"))
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise


class _Watch:
    """The thread; its session is Django's for that thread."""

    def __init__(self, pid: int, to: Callable[[], bool], cancel: Callable[[], None], *, only: bool = False) -> None:
        self._pid = pid
        self._to = to
        self._only = only
        self._cancel = cancel
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"giving way for {pid}", daemon=True)
        self.has_ended_it = False

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.wait(LOOK_SECONDS):
                if (self._to() or self._somebody_waits()) and not self._stop.is_set():
                    self.has_ended_it = True
                    self._cancel()
        except (DatabaseError, InterfaceError) as error:  # the work goes on; who waits for it is refused, and told so
            logger.warning("nobody looks whether somebody waits for session %s: %s", self._pid, error)
        finally:
            connection.close()

    def _somebody_waits(self) -> bool:
        if self._only:
            return False
        [(waits,)] = fetch_rows(
            sql.SQL(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
                " AND %s = ANY(pg_blocking_pids(pid)))"
            ),
            [self._pid],
        )
        return bool(waits)
