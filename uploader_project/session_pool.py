"""Sessions of the database that the web server keeps and hands from request to request.

A new one knows nothing of the catalogue yet: with it a start page took 17 ms of PostgreSQL's computing, and takes 3.
"""

from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

IDLE_SECONDS = 60.0
"""Sessions that nobody has needed for so long are ended."""
WAIT_SECONDS = 10.0
"""Until who needs one is told that the database does not answer."""
RENEW_SECONDS = 3_600.0
"""PostgreSQL's memory of a session's catalogue grows with each table that it has seen."""
AS_NEW = (
    "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL; DISCARD TEMP;"
    " SELECT set_config('TimeZone', 'UTC', false)"
)
"""``DISCARD ALL`` in one go, but for what no request leaves behind, and with the time zone that Django sets."""


def keep_sessions(*, most: int) -> None:
    """From now on ``connection.close()`` hands a session back, for whoever asks next. For the web server's process.

    A pool that the address of the database asks for stays as it is.
    """
    database = connections.settings[DEFAULT_DB_ALIAS]
    database["CONN_HEALTH_CHECKS"] = True  # the server may have been started anew meanwhile
    database["OPTIONS"] = {"pool": pool_options(most=most), **database.get("OPTIONS", {})}


def pool_options(*, most: int) -> dict[str, Any]:
    return {
        "min_size": 0,
        "max_size": most,
        "max_idle": IDLE_SECONDS,
        "max_lifetime": RENEW_SECONDS,
        "timeout": WAIT_SECONDS,
        "reset": forget_request,
    }


def forget_request(session: psycopg.Connection[Any]) -> None:
    """Give a session back as if it were new: without locks, settings and tables of the request that had it."""
    session.autocommit = True
    session.execute(AS_NEW)


def end_sessions() -> None:
    connections[DEFAULT_DB_ALIAS].close_pool()  # type: ignore[attr-defined]  # as PostgreSQL's has
