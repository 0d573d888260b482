"""Sessions of the database that the web server keeps and hands from request to request.

A new one knows nothing of the catalogue yet: with it a start page took 17 ms of PostgreSQL's computing, and takes 3.
"""

import select
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg_pool import ConnectionPool

from uploads.database.sessions import was_left_as_found

IDLE_SECONDS = 60.0
"""Sessions that nobody has needed for so long are ended."""
WAIT_SECONDS = 10.0
"""Until who needs one is told that there is none, while all are in use."""
RECONNECT_SECONDS = 2.0
"""For so long a connection is tried again, for everybody who waits; who comes later begins anew. The pool's own five
minutes, with pauses that double, kept a site away for up to two more after its database was back."""
RENEW_SECONDS = 3_600.0
"""PostgreSQL's memory of a session's catalogue grows with each table that it has seen."""
AS_NEW = (
    "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL; DISCARD TEMP;"
    " SELECT set_config('TimeZone', 'UTC', false)"
)
"""``DISCARD ALL`` in one go, but for what no request leaves behind, and with the time zone that Django sets."""


def keep_sessions(*, most: int) -> None:
    """From now on ``connection.close()`` hands a session back, for whoever asks next. For the web server's process.

    What the address of the database says of a pool (``pool``) holds beside what ours needs. Sessions that it has each
    thread keep (``conn_max_age``) are kept here instead, for Django refuses both together.
    """
    database = connections.settings[DEFAULT_DB_ALIAS]
    options = database.get("OPTIONS", {})
    asked = options.get("pool")
    theirs = asked if isinstance(asked, dict) else {}
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"] = {**options, "pool": {**pool_options(most=most), **theirs}}


def pool_options(*, most: int) -> dict[str, Any]:
    return {
        "min_size": 0,
        "max_size": most,
        "max_idle": IDLE_SECONDS,
        "max_lifetime": RENEW_SECONDS,
        "timeout": WAIT_SECONDS,
        "reconnect_timeout": RECONNECT_SECONDS,
        "reconnect_failed": refuse_waiting,
        "check": check_session,
        "reset": forget_request,
    }


def check_session(session: psycopg.Connection[Any]) -> None:
    """Before it is given out. One that the server has ended tells that the others have ended too: all are made anew,
    for the pool would try one after the other, with a longer pause after each, until who needs one gives up.

    A server that ends a session says so on its socket, and the system tells of one that broke: where nothing is to be
    read the server isn't asked, which would be a question more for every request."""
    pool = session._pool  # noqa: SLF001 - the pool's mark on what it gives out; Django gives back by it
    try:
        if _is_anything_to_be_read(session):
            ConnectionPool.check_connection(session)
    except psycopg.Error:
        if isinstance(pool, ConnectionPool):
            pool.drain()
        raise


def _is_anything_to_be_read(session: psycopg.Connection[Any]) -> bool:
    """Of a session that does nothing: its end, or a notice. Raises ``OperationalError`` for one that is closed here."""
    poll = select.poll()
    poll.register(session.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def refuse_waiting(pool: ConnectionPool[Any]) -> None:
    """Where the database cannot be reached, and nobody has a session to hand on, nobody waits for one any longer."""
    if pool.get_stats()["pool_size"]:
        return
    with pool._lock:  # noqa: SLF001 - as the pool does itself when it is closed; nothing public tells who waits
        waiting = list(pool._waiting)  # noqa: SLF001
        pool._waiting.clear()  # noqa: SLF001
    for each in waiting:
        each.fail(psycopg.OperationalError("The database cannot be reached."))


def forget_request(session: psycopg.Connection[Any]) -> None:
    """Give a session back as if it were new: without locks, settings and tables of the request that had it."""
    session.autocommit = True
    if not was_left_as_found(session):
        session.execute(AS_NEW)


def end_sessions() -> None:
    connections[DEFAULT_DB_ALIAS].close_pool()  # type: ignore[attr-defined]  # as PostgreSQL's has
