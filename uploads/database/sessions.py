"""Sessions of the database: what they are called, which ones read right now, and how one of them is ended."""

from typing import Any
from weakref import WeakSet

import psycopg
from django.db import OperationalError, connection
from psycopg import sql

from uploads.database.statements import execute, fetch_rows

APPLICATION_PREFIX = "load "
"""What the names of the sessions that load files begin with."""

_as_found: "WeakSet[psycopg.Connection[Any]]" = WeakSet()
_AWAY = ("08", "57P0", "53300")
"""Beginnings of SQLSTATE: a connection that fails; a server that stops, starts or has crashed; no session left."""


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database is not there, not that something is wrong with what was asked: it does
    not answer, is just starting, or has ended our session. psycopg's ``InterfaceError`` never does: it is raised for
    what we do wrong with a cursor or a session."""
    if not isinstance(error, OperationalError):
        return False
    state = error.__cause__.sqlstate if isinstance(error.__cause__, psycopg.Error) else None
    return state is None or state.startswith(_AWAY)


def end_backends_of(*, application: str) -> int:
    """End the database sessions of an attempt that has lost its lease; returns how many there were."""
    return len(
        fetch_rows(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s AND datname = current_database() AND pid <> pg_backend_pid()"
            ),
            [application],
        )
    )


def open_snapshots() -> set[tuple[Any, ...]]:
    """Transactions of others that read by a snapshot right now, each by its process and its begin; loads read nothing.

    Of other roles PostgreSQL tells them only to members of ``pg_read_all_stats``.
    """
    query = (
        "SELECT pid, xact_start FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' AND backend_xmin IS NOT NULL AND NOT starts_with(application_name, %s)"
    )
    return set(fetch_rows(sql.SQL(query), [APPLICATION_PREFIX]))


def commit_without_waiting() -> None:
    """The caller's transaction is committed before it is on disk. A crash of the server within a second may lose it,
    but nothing that was committed after it and waited for survives without it."""
    execute(sql.SQL("SET LOCAL synchronous_commit TO off"))


def leave_as_found() -> None:
    """Say that the caller did nothing in its session that outlasts a transaction, and is about to give it back: it need
    not be made as new, which takes as long as a question."""
    if connection.connection is not None:
        _as_found.add(connection.connection)


def was_left_as_found(session: "psycopg.Connection[Any]") -> bool:
    """Whether whoever gives it back said so; it holds for this once."""
    said = session in _as_found
    _as_found.discard(session)
    return said


def set_application_name(name: str) -> None:
    """Name this database session, so that it can be found in ``pg_stat_activity``."""
    execute(sql.SQL("SELECT set_config('application_name', %s, false)"), [name])


def application_name() -> str:
    """What this database session is called."""
    [(name,)] = fetch_rows(sql.SQL("SELECT current_setting('application_name')"))
    return str(name)
