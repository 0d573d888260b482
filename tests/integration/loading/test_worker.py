"""A real worker process that is killed, frozen or stopped in the middle of a load."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from psycopg import sql

from tests.integration.conftest import Pipeline, connection_parameters, data_tables, rows
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.management import worker as queue_worker
from uploads.models import UploadedFile
from uploads.services.files.receipts import describe_file
from uploads.states import FileState, Phase

ROOT = Path(__file__).resolve().parents[3]
MANY = 1_500_000
LEASE = "5"
"""Seconds. A worker on a busy machine must not seem dead."""
PLACES = 4
"""Of a worker: for files of any size, for small ones, for exports, for news."""
LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"


class Worker:
    """``manage.py run_worker`` on the tests' database."""

    def __init__(self) -> None:
        connection.ensure_connection()
        parameters = connection.get_connection_params()
        environment = {
            **os.environ,
            "DATABASE_URL": _url(parameters),
            "VAR_DIR": str(settings.VAR_DIR),
            "SECRET_KEY": "of the tests",
            "DJANGO_SETTINGS_MODULE": "uploader_project.settings",
            "LEASE_SECONDS": LEASE,
            "LOG_LEVEL": "WARNING",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"], cwd=ROOT, env=environment, start_new_session=True
        )

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def _url(parameters: dict[str, Any]) -> str:
    """The address of the tests' database; its socket's folder is an option, for it is no host name."""
    options = urlencode({key: parameters[key] for key in ("host", "port") if parameters.get(key)})
    password = quote(str(parameters.get("password") or ""))
    return f"postgres://{quote(str(parameters['user']))}:{password}@/{parameters['dbname']}?{options}"


@pytest.fixture
def start() -> Iterator[Callable[[], Worker]]:
    workers: list[Worker] = []

    def start_one() -> Worker:
        workers.append(Worker())
        return workers[-1]

    yield start_one
    for worker in workers:
        worker.end()


@pytest.fixture
def waiting(pipeline: Pipeline) -> int:
    """A file of 1,500,000 rows that waits for a worker."""
    return pipeline.receive("a;b\n" + "12345;some text\n" * MANY).pk


def is_writing(file_id: int) -> bool:
    file = UploadedFile.objects.get(pk=file_id)
    return file.phase == Phase.LOADING and file.rows_done > 0


def is_active(file_id: int) -> bool:
    return UploadedFile.objects.get(pk=file_id).state == FileState.ACTIVE


def visible_rows() -> int:
    if "table" not in data_tables():
        return 0
    [(count,)] = rows("SELECT count(*) FROM data.table")
    return int(count)


def is_listening() -> bool:
    return rows(f"SELECT count(*) {LISTENERS}") == [(PLACES,)]


def is_deaf() -> bool:
    return rows(f"SELECT count(*) {LISTENERS}") == [(0,)]


@contextmanager
def closed_database() -> Iterator[None]:
    """Sessions that are there stay, new ones are refused."""
    [(name,)] = rows("SELECT current_database()")
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(**{**connection_parameters(), "dbname": "postgres"}, autocommit=True) as other:
        other.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        try:
            yield
        finally:
            other.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def test_killed_worker_shows_nothing_and_the_next_one_completes_the_load(
    waiting: int, start: Callable[[], Worker]
) -> None:
    worker = start()
    wait_until(lambda: is_writing(waiting))
    worker.end()
    assert visible_rows() == 0
    start()
    wait_until(lambda: is_active(waiting))
    assert visible_rows() == MANY
    assert len([name for name in data_tables() if name.startswith("_file_")]) == 1
    assert UploadedFile.objects.get(pk=waiting).attempts == 2


def test_frozen_worker_is_fenced_when_it_wakes(waiting: int, start: Callable[[], Worker]) -> None:
    frozen = start()
    wait_until(lambda: is_writing(waiting))
    frozen.send(signal.SIGSTOP)
    start()
    wait_until(lambda: is_active(waiting))
    before = describe_file(file_id=waiting)
    frozen.send(signal.SIGCONT)
    frozen.send(signal.SIGTERM)
    frozen.process.wait(timeout=GIVE_UP_SECONDS)
    assert describe_file(file_id=waiting) == before
    assert visible_rows() == MANY


def test_stopped_worker_finishes_or_hands_the_file_back(waiting: int, start: Callable[[], Worker]) -> None:
    worker = start()
    wait_until(lambda: is_writing(waiting))
    worker.send(signal.SIGTERM)
    assert worker.process.wait(timeout=GIVE_UP_SECONDS) == 0
    assert UploadedFile.objects.get(pk=waiting).state in {FileState.ACTIVE, FileState.WAITING}
    start()
    wait_until(lambda: is_active(waiting))
    assert visible_rows() == MANY


def test_killed_database_session_is_tried_again(waiting: int, start: Callable[[], Worker]) -> None:
    start()
    wait_until(lambda: is_writing(waiting))
    rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", f"load {waiting}/1")
    wait_until(lambda: is_active(waiting))
    assert visible_rows() == MANY
    assert UploadedFile.objects.get(pk=waiting).fence == 2


def test_two_workers_load_each_file_once(pipeline: Pipeline, start: Callable[[], Worker]) -> None:
    start()
    start()
    files = [pipeline.receive(f"a;b\n{number};2\n").pk for number in range(20)]
    wait_until(lambda: all(is_active(file) for file in files))
    assert visible_rows() == 20
    assert set(UploadedFile.objects.values_list("fence", flat=True)) == {1}


def test_small_file_does_not_wait_for_a_large_one(
    waiting: int, pipeline: Pipeline, start: Callable[[], Worker]
) -> None:
    start()
    wait_until(lambda: is_writing(waiting))
    with psycopg.connect(**connection_parameters()) as other:
        other.execute("SELECT FROM uploads_uploadedfile WHERE id = %s FOR UPDATE", [waiting])  # it can't get on
        small = pipeline.receive("c\n1\n").pk
        wait_until(lambda: is_active(small))
        assert not is_active(waiting)
    wait_until(lambda: is_active(waiting))


def test_worker_that_was_struck_off_the_queue_takes_the_next_file(
    pipeline: Pipeline, start: Callable[[], Worker]
) -> None:
    strike_off = "WITH gone AS (DELETE FROM procrastinate_workers RETURNING id) SELECT count(*) FROM gone"
    rows(strike_off)  # those whom other tests have killed
    start()
    wait_until(lambda: rows("SELECT count(*) FROM procrastinate_workers") == [(PLACES,)])
    rows(strike_off)  # as another worker does when one was frozen for a minute
    file = pipeline.receive("a;b\n1;2\n").pk
    wait_until(lambda: is_active(file))


def test_worker_listens_again_when_the_database_is_back(pipeline: Pipeline, start: Callable[[], Worker]) -> None:
    worker = start()
    wait_until(is_listening)
    with closed_database():
        rows(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
        wait_until(is_deaf)
    wait_until(is_listening)
    file = pipeline.receive("a;b\n1;2\n").pk
    wait_until(lambda: is_active(file))
    assert worker.process.poll() is None


def test_worker_that_is_stopped_while_the_database_is_away_ends(
    pipeline: Pipeline, start: Callable[[], Worker]
) -> None:
    """It began anew each second instead, for it could not say goodbye to the queue."""
    worker = start()
    wait_until(is_listening)
    with closed_database():
        rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        wait_until(is_deaf)
        worker.send(signal.SIGTERM)
        assert worker.process.wait(timeout=GIVE_UP_SECONDS) == 0


@pytest.mark.django_db(transaction=True)
async def test_sessions_that_a_queue_needed_once_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a worker's four queues twelve more stayed for ten minutes, and as many descriptors."""
    monkeypatch.setattr(queue_worker, "IDLE_SECONDS", 0.05)
    async with queue_worker._worker_app(asyncio.Event()).open_async() as app:
        assert isinstance(app.connector, queue_worker.LastingConnector)
        pool = app.connector.pool
        async with pool.connection(), pool.connection(), pool.connection():
            assert pool.get_stats()["pool_size"] == 3
        await asyncio.to_thread(wait_until, lambda: pool.get_stats()["pool_size"] == 1)


class Away:
    """A queue that hears nothing some times."""

    def __init__(self, times: int, kind: type[psycopg.Error] = psycopg.OperationalError) -> None:
        self.times = times
        self.kind = kind
        self.heard: list[int] = []

    async def finish(self, *, job_id: int, **said: Any) -> None:
        if self.times:
            self.times -= 1
            raise ConnectorException from self.kind("it is away")
        self.heard.append(job_id)


def says_how_it_ended(away: Away, monkeypatch: pytest.MonkeyPatch, *, is_ending: bool = False) -> None:
    monkeypatch.setattr(queue_worker, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(JobManager, "finish_job_by_id_async", away.finish)

    async def say() -> None:
        ending = asyncio.Event()
        if is_ending:
            ending.set()
        jobs = queue_worker._worker_app(ending).job_manager
        await jobs.finish_job_by_id_async(job_id=7, status=Status.SUCCEEDED, delete_job=True)

    asyncio.run(say())


def test_worker_says_how_a_job_ended_until_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said once, as Procrastinate does, the job was never done where PostgreSQL restarted just then."""
    away = Away(3)
    says_how_it_ended(away, monkeypatch)
    assert (away.times, away.heard) == (0, [7])


@pytest.mark.parametrize(
    ("away", "is_ending"),
    [
        pytest.param(Away(2), True, id="a worker that ends leaves it to others"),
        pytest.param(Away(2, psycopg.errors.RaiseException), False, id="the job is somebody else's by now"),
    ],
)
def test_worker_says_it_once_where_nobody_would_hear_it(
    away: Away, monkeypatch: pytest.MonkeyPatch, *, is_ending: bool
) -> None:
    with pytest.raises(ConnectorException):
        says_how_it_ended(away, monkeypatch, is_ending=is_ending)
    assert away.times == 1
