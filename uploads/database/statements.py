"""How every statement about data tables is sent: identifiers quoted, locks short, refusals in plain words.

Every identifier is quoted by ``psycopg.sql``; every function runs in the caller's transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import InternalError, NotSupportedError, OperationalError, connection
from psycopg import sql

from uploads.tabular.errors import UploaderError

SCHEMA = "data"


class TableBusy(UploaderError):
    """Somebody reads the table and the lock did not come within a second."""

    code = "table_busy"


class RowTooWide(UploaderError):
    """PostgreSQL cannot store a row of this width (8,160 bytes after TOAST) or this many columns."""

    code = "row_too_wide"


class TableInUse(UploaderError):
    """A view or another object that somebody made in the database depends on the table."""

    code = "table_in_use"


def qualified(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def written(statement: sql.Composable) -> sql.Composable:
    """The same, quoted already: for what is sent often."""
    return sql.SQL(statement.as_string())


def execute(statement: sql.Composable, params: Sequence[object] | Mapping[str, object] | None = ()) -> None:
    """``None``: without parameters, so that a ``%`` stands for itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]


def fetch_rows(
    statement: sql.Composable, params: Sequence[object] | Mapping[str, object] | None = ()
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def fetch_each(
    statements: Sequence[sql.Composable], params: Sequence[object] | None = ()
) -> list[list[tuple[Any, ...]]]:
    """What each of several statements gives, none where it gives no rows; one round trip for all, and ``params`` too.

    Each sees what is committed before it begins, as if it were sent alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("; ").join(statements), params)  # type: ignore[arg-type]
        return [rows_in_turn(cursor.cursor) for _ in statements]


def rows_in_turn(came_back: psycopg.Cursor[Any]) -> list[tuple[Any, ...]]:
    """What this one of several statements gave, nothing where it gives no rows; on to the next.

    From the driver's cursor: all of it is here, so nothing is refused any more. Django's wraps each call for refusals,
    and describes each column of what nobody asks to have described: a seventh of a small switch's computing in Python.
    """
    result = came_back.pgresult
    rows = came_back.fetchall() if result is not None and result.nfields else []
    came_back.nextset()
    return rows


def execute_briefly(statement: sql.Composable, *, seconds: int = 1) -> None:
    """Give up soon: DETACH and DROP wait for readers, and every new reader queues behind them.

    One round trip, for every file that is switched takes a few. Raises ``TableBusy`` and ``TableInUse``.
    """
    begin = sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{seconds}s"))
    with _refusals():
        execute(sql.SQL("; ").join([begin, statement, sql.SQL("SET LOCAL lock_timeout = DEFAULT")]), None)


@contextmanager
def _refusals() -> Iterator[None]:
    """In plain words; the transaction is over then, and what was set for it."""
    try:
        yield
    except (InternalError, NotSupportedError) as error:
        if isinstance(error.__cause__, psycopg.errors.DependentObjectsStillExist | psycopg.errors.FeatureNotSupported):
            raise TableInUse(
                f"Something that somebody made in the database depends on this table: {error}",
                hint="Drop that view first, or ask whoever made it.",
            ) from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise TableBusy(
                "This table is in use right now, and the change would make everybody who reads it wait.",
                hint="Try again in a moment.",
            ) from error
        raise
