"""A database that is away: pages and API say that it is, and when to come back; it is no bug of ours."""

import socket
from collections.abc import Iterator

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from tests.integration.conftest import connection_parameters
from tests.integration.staff import bearer, make_user
from tests.integration.tus.client import tus
from tests.waiting import wait_until
from uploads.management.site.management.commands import run_worker
from uploads.models import WorkerReport
from uploads.tus import verbs

pytestmark = pytest.mark.django_db(transaction=True)


def lose_session() -> None:
    """As when PostgreSQL restarts: the next statement finds that the server has ended the session."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(**connection_parameters(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        wait_until(lambda: not other.execute("SELECT true FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone())


@pytest.fixture
def client(transactional_db: None) -> Iterator[Client]:
    yield Client(raise_request_exception=False)
    connection.close()  # or nothing of the test could be taken back


@pytest.mark.parametrize("path", ["/api/files?mine=true", "/api/datasets", "/api/news/subscriptions"])
def test_api_says_that_the_database_is_away(client: Client, path: str) -> None:
    headers = bearer(make_user("ana"), "manage")
    lose_session()
    answer = client.get(path, headers=headers)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
    assert (error["message"], error["hint"]) == ("The database does not answer.", "Try again in a moment.")


def test_whoever_changes_something_is_told_to_look_whether_it_was_done(client: Client) -> None:
    headers = bearer(make_user("ana"), "manage")
    lose_session()
    assert client.post("/api/files/1/activate", headers=headers).json()["error"]["hint"] == (
        "Look whether it was done, and try again in a moment."
    )


@pytest.mark.parametrize("signed_in", [False, True])
def test_page_says_that_the_database_is_away(client: Client, *, signed_in: bool) -> None:
    if signed_in:
        client.force_login(make_user("ana"))
    lose_session()
    page = client.get("/datasets/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "The database does not answer." in page.text
    assert "Try again" in page.text


def test_other_errors_of_the_database_are_bugs_still(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(10)")

    monkeypatch.setattr("uploads.services.datasets.browsing.list_datasets", cancel)
    assert client.get("/api/datasets").status_code == 500
    connection.close()


def test_what_a_killed_process_asked_for_ends_with_it(transactional_db: None) -> None:
    """Else the statement goes on to its end, with all that it has locked."""
    asleep = "SELECT true FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
    with (
        psycopg.connect(**connection_parameters(), autocommit=True) as other,
        psycopg.connect(**connection_parameters(), autocommit=True) as killed,
    ):
        pid = killed.info.backend_pid
        killed.pgconn.send_query(b"SELECT pg_sleep(600)")
        killed.pgconn.flush()
        wait_until(lambda: other.execute(asleep, [pid]).fetchone())
        killed.close()  # without a word of the statement: nobody cancels it
        try:
            wait_until(lambda: not other.execute(asleep, [pid]).fetchone())
        finally:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s", [pid])


def read_closed_cursor(*_: object, **__: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cursor.fetchone()


def test_wrong_use_of_a_session_is_a_bug_with_its_trace_in_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """psycopg has an error of its own for it, which the database has no part in."""
    monkeypatch.setattr("uploads.services.datasets.browsing.list_datasets", read_closed_cursor)
    assert client.get("/api/datasets").status_code == 500
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [InterfaceError]


def test_upload_that_meets_such_a_bug_is_not_told_that_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "find_upload", read_closed_cursor)
    with pytest.raises(InterfaceError):  # which the server answers with 500, and logs
        tus("HEAD", "/files/x")


def test_worker_that_starts_as_the_database_goes_once_more_waits_for_it(transactional_db: None) -> None:
    lose_session()
    command = run_worker.Command()
    began = timezone.now()
    command.begin_report()
    [report] = WorkerReport.objects.filter(machine=socket.gethostname())
    assert report.started_at > began


def test_worker_that_starts_does_not_wait_for_ever(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_worker, "PATIENCE_SECONDS", 0.0)
    lose_session()
    with pytest.raises((OperationalError, InterfaceError)):
        run_worker.Command().begin_report()
