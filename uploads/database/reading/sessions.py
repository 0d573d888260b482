"""Statements of a reader: nothing is changed, values print as cursors need them, and time is limited."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from uploads.database.rows import no_such_page
from uploads.database.statements import execute, fetch_each, fetch_rows
from uploads.tabular.errors import UploaderError

READ_SECONDS = 10
"""How long one page may take."""
COUNT_SECONDS = 1


class ReadingTooSlow(UploaderError):
    """A page takes longer than a page may take."""

    code = "reading_too_slow"


def deadline_in(seconds: float) -> float:
    """On the monotonic clock."""
    return time.monotonic() + seconds


def read(query: sql.Composable, *, until: float) -> list[tuple[Any, ...]]:
    """The rows of one statement, in a transaction of its own: whoever switches a file waits for no more than this one.

    Outside a transaction all of it goes in one message, which PostgreSQL takes for one, and whose statements each have
    the limit that holds when they begin: BEGIN, settings, statement and COMMIT by themselves are four ways there and
    back, of which a page makes several. Raises ``ReadingTooSlow``, and ``BadOption`` for a place whose values are none
    of the columns'.
    """
    with _explained():
        if not connection.in_atomic_block:
            return fetch_each([_settings(until), query], None)[1]
        with session(until=until):
            return fetch_rows(query, None)


@contextmanager
def session(*, until: float) -> Iterator[None]:
    """A transaction in which values print as in all others, and that ends in time. Raises ``ReadingTooSlow`` where no
    time is left."""
    is_inner = connection.in_atomic_block
    with transaction.atomic(), _limited(until, is_inner=is_inner):
        yield


@contextmanager
def _limited(until: float, *, is_inner: bool) -> Iterator[None]:
    execute(_settings(until), None)
    yield
    if is_inner:  # what was set for it would hold for the rest of the caller's transaction
        execute(sql.SQL("SET LOCAL statement_timeout = DEFAULT"), None)


def _settings(until: float) -> sql.Composed:
    """Of one transaction: how values print, and how long it may take."""
    left = round((until - time.monotonic()) * 1000)
    if left <= 0:
        raise _too_slow()
    return sql.SQL(
        "SELECT set_config('statement_timeout', {}, true), set_config('datestyle', 'ISO', true),"
        " set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)"
    ).format(sql.Literal(str(left)))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise _too_slow() from error
            case (
                psycopg.errors.InvalidTextRepresentation()
                | psycopg.errors.InvalidDatetimeFormat()
                | psycopg.errors.DatetimeFieldOverflow()
                | psycopg.errors.NumericValueOutOfRange()
            ):
                raise no_such_page() from error
        raise


def _too_slow() -> ReadingTooSlow:
    return ReadingTooSlow(
        f"This takes longer than the {READ_SECONDS} seconds that a page may take.",
        hint="Remove the sort, or filter by something that fewer rows have.",
    )
