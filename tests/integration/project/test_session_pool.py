"""Sessions that the web server hands from request to request: the same one, as if it were new."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from uploader_project import session_pool
from uploader_project.session_pool import forget_request, keep_sessions, pool_options

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database() -> Iterator[DatabaseWrapper]:
    """The tests' database with a pool of one session."""
    known = deepcopy(connection.settings_dict)
    known["OPTIONS"] = {"pool": pool_options(most=1)}
    known["CONN_HEALTH_CHECKS"] = True
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
        cursor.execute("SELECT pg_terminate_backend(%s)", [int(pid)])
    assert asked(database, "SELECT pg_backend_pid()") != pid


def test_web_server_keeps_sessions_unless_the_address_of_the_database_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    ours: dict[str, Any] = {"OPTIONS": {}}
    monkeypatch.setattr(session_pool, "connections", type("Connections", (), {"settings": {DEFAULT_DB_ALIAS: ours}}))
    keep_sessions(most=9)
    assert ours["OPTIONS"]["pool"]["max_size"] == 9
    assert ours["OPTIONS"]["pool"]["reset"] is forget_request
    theirs = {"OPTIONS": {"pool": {"max_size": 3}}}
    monkeypatch.setattr(session_pool, "connections", type("Connections", (), {"settings": {DEFAULT_DB_ALIAS: theirs}}))
    keep_sessions(most=9)
    assert theirs["OPTIONS"]["pool"] == {"max_size": 3}
