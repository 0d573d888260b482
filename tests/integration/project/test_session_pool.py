"""Sessions that the web server hands from request to request: the same one, as if it were new."""

import socket
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import OperationalError
from psycopg_pool import ConnectionPool
from psycopg_pool.base import AttemptWithBackoff

from uploader_project import session_pool
from uploader_project.session_pool import check_session, forget_request, keep_sessions, pool_options
from uploads.database import sessions
from uploads.database.sessions import leave_as_found
from uploads.management import worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[DatabaseWrapper]:
    """The tests' database with a pool of one session, or as many as a test says."""
    known = deepcopy(connection.settings_dict)
    known["OPTIONS"] = {"pool": pool_options(most=getattr(request, "param", 1))}
    pooled = type(connections[DEFAULT_DB_ALIAS])(known, alias="pooled")
    assert isinstance(pooled, DatabaseWrapper)
    yield pooled
    pooled.close()
    pooled.close_pool()


def asked(database: DatabaseWrapper, question: str) -> str:
    with database.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def test_next_request_has_the_session_of_the_last_one(database: DatabaseWrapper) -> None:
    first = asked(database, "SELECT pg_backend_pid()")
    database.close()
    assert asked(database, "SELECT pg_backend_pid()") == first


def test_nothing_of_the_last_request_is_left_in_it(database: DatabaseWrapper) -> None:
    asked(database, "SELECT pg_advisory_lock(1, 2)::text")
    asked(database, "SELECT set_config('lock_timeout', '7s', false)")
    asked(database, "SELECT set_config('TimeZone', 'Asia/Tokyo', false)")
    with database.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE left_behind (a int)")
    database.close()
    assert asked(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1") == "0"
    assert asked(database, "SHOW lock_timeout") == "0"
    assert asked(database, "SHOW timezone") == "UTC"
    assert asked(database, "SELECT to_regclass('pg_temp.left_behind') IS NULL") == "True"


def test_session_that_was_left_as_it_was_found_is_given_on_as_it_is_once(
    database: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make it as new would be one more question for each request of an upload."""
    monkeypatch.setattr(sessions, "connection", database)
    asked(database, "SELECT set_config('lock_timeout', '7s', false)")
    leave_as_found()
    database.close()
    assert asked(database, "SHOW lock_timeout") == "7s"
    database.close()
    assert asked(database, "SHOW lock_timeout") == "0"


def test_session_on_which_nothing_is_to_be_read_lives_without_being_asked(
    database: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(database, "SELECT 1")
    monkeypatch.setattr(ConnectionPool, "check_connection", None)
    database.close()
    assert asked(database, "SELECT 2") == "2"


def test_session_that_was_given_up_in_a_transaction_is_given_on_without_it(database: DatabaseWrapper) -> None:
    database.set_autocommit(False)
    asked(database, "SELECT 1")
    database.close()
    assert asked(database, "SELECT pg_current_xact_id_if_assigned() IS NULL") == "True"
    assert database.get_autocommit()


def test_session_that_the_server_has_ended_is_replaced(database: DatabaseWrapper) -> None:
    pid = asked(database, "SELECT pg_backend_pid()")
    database.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [int(pid)])
    assert asked(database, "SELECT pg_backend_pid()") != pid


@pytest.mark.parametrize("database", [3], indirect=True)
def test_one_session_that_the_server_has_ended_is_enough_to_replace_all(
    database: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried one after the other, with pauses of 1, 2 and 4 s between them, nobody would wait for the fifth."""
    pool = database.pool
    assert pool is not None
    pool.open()
    sessions = [pool.getconn() for _ in range(3)]
    pids = [session.info.backend_pid for session in sessions]
    for session in sessions:
        pool.putconn(session)
    while pool.get_stats()["pool_available"] < len(pids):
        time.sleep(0.001)  # a thread of the pool makes them as new
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [pids])
    pauses: list[float] = []
    monkeypatch.setattr("psycopg_pool.pool.sleep", pauses.append)
    assert int(asked(database, "SELECT pg_backend_pid()")) not in pids
    assert pauses == [0.0]


def test_who_waits_is_told_as_soon_as_the_database_cannot_be_reached() -> None:
    """Not when the time is over in which somebody might hand a session back."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = {"host": "127.0.0.1", "port": taken.getsockname()[1]}
        options = {**pool_options(most=2), "reconnect_timeout": 0.0}
        with (
            ConnectionPool(kwargs=nowhere, open=True, **options) as pool,
            pytest.raises(OperationalError, match="cannot be reached"),
        ):
            pool.getconn()


def test_site_is_back_within_seconds_of_its_database() -> None:
    """However long that was away: a connection is tried again with pauses that double until it is given up."""
    attempt = AttemptWithBackoff(timeout=pool_options(most=1)["reconnect_timeout"])
    now, pauses = 0.0, list[float]()
    while not attempt.time_to_give_up(now):
        attempt.update_delay(now)
        pauses.append(attempt.delay)
        now += attempt.delay
    assert max(pauses) < 5


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the address of the database says; a test adds to it."""
    known: dict[str, Any] = {"OPTIONS": {}}
    found = type("Connections", (), {"settings": {DEFAULT_DB_ALIAS: known}})
    monkeypatch.setattr(session_pool, "connections", found)
    monkeypatch.setattr(worker, "connections", found)
    return known


def test_sessions_that_each_thread_was_to_keep_are_kept_in_the_pool(said: dict[str, Any]) -> None:
    """Django refuses every connection where both are asked for."""
    said["CONN_MAX_AGE"] = 600
    keep_sessions(most=9)
    assert said["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize(("asked", "most"), [(None, 9), (True, 9), ({"max_size": 3}, 3)])
def test_pool_that_is_asked_for_hands_sessions_on_as_new_too(said: dict[str, Any], asked: Any, most: int) -> None:
    said["OPTIONS"] = {"sslmode": "require"} | ({"pool": asked} if asked else {})
    keep_sessions(most=9)
    pool = said["OPTIONS"]["pool"]
    assert (pool["max_size"], pool["reset"], pool["check"]) == (most, forget_request, check_session)
    assert said["OPTIONS"]["sslmode"] == "require"


def test_worker_keeps_a_session_for_each_thread_whatever_is_asked_for(said: dict[str, Any]) -> None:
    said["OPTIONS"] = {"pool": True, "sslmode": "require"}
    worker.keep_sessions()
    assert said["OPTIONS"] == {"sslmode": "require"}
    assert said["CONN_MAX_AGE"] == worker.SESSION_SECONDS
