"""Faults at the worst moment: an answer that is lost, a worker that is, a sweep that is cut short."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.exceptions import ConnectorException
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.files.test_activation import in_threads
from tests.integration.loading.test_lease import lapse
from tests.unit.tabular.workbook.packages import write_package
from uploads.database import sessions
from uploads.database.partitions import create_partition, partition_names
from uploads.database.retrying import retry_while_locked
from uploads.management.site.management.commands import run_worker
from uploads.models import Dataset
from uploads.services.files.receipts import describe_file
from uploads.services.loading import attempt, table
from uploads.services.loading.attempt import load_file
from uploads.services.loading.context import Ledger
from uploads.services.loading.lease import claim_file
from uploads.services.upkeep import sweep as sweeping
from uploads.services.upkeep.sweep import Sweep, sweep
from uploads.states import FileState
from uploads.tabular.errors import FileError


@pytest.mark.parametrize(("activate", "state"), [(True, FileState.ACTIVE), (False, FileState.LOADED)])
def test_file_whose_publication_was_committed_unheard_keeps_its_rows(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, activate: bool, state: FileState
) -> None:
    def lose_the_answer(act: object) -> None:
        retry_while_locked(act)  # type: ignore[arg-type]
        monkeypatch.undo()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    file = pipeline.receive("a;b\n1;2\n", activate=activate).pk
    monkeypatch.setattr(attempt, "retry_while_locked", lose_the_answer)
    assert load_file(file_id=file, reader=pipeline.reader) is state
    assert len([name for name in data_tables() if name.startswith("_file_")]) == 1
    if activate:
        assert rows("SELECT count(*) FROM data.table") == [(1,)]


def test_file_whose_worker_is_always_lost_is_given_up(pipeline: Pipeline, settings: Settings) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    for _ in range(settings.MAX_ATTEMPTS):
        assert claim_file(file_id=file, worker="killed") is not None
        lapse(file)
        sweep()
    assert claim_file(file_id=file, worker="next") is None
    receipt = describe_file(file_id=file)
    assert receipt.state is FileState.FAILED
    assert receipt.error is not None
    assert receipt.error["code"] == "worker_lost"


def test_sweep_spares_a_part_that_is_made_while_it_looks(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:

    def look_late() -> set[str]:
        assert in_threads(lambda: pipeline.load("a;b\n1;2\n")) == [None]
        return partition_names()

    monkeypatch.setattr(sweeping, "partition_names", look_late)
    assert sweep().dropped == 0
    assert rows("SELECT count(*) FROM data.table") == [(1,)]


def test_step_that_always_fails_keeps_no_other_from_its_turn(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a statement that is refused, nor one that takes its session along, nor a bug ends the sweep."""

    def lose_the_session() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    def refused() -> int:
        return len(rows("SELECT nothing"))

    monkeypatch.setattr(sweeping, "expire_parts", {}.popitem)
    monkeypatch.setattr(sweeping, "expire_uploads", refused)
    monkeypatch.setattr(sweeping, "tend_indexes", lose_the_session)
    monkeypatch.setattr(sweeping, "forget_people_gone", lambda: 7)
    assert sweep() == Sweep(failed=3, roles=7)
    assert "a step of the sweep (parts) failed" in caplog.text


@pytest.mark.parametrize("error", [ConnectorException("the database is away"), KeyError("a bug")])
def test_sweeper_outlives_an_error(data_schema: None, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    stop, began = threading.Event(), list[str]()

    def fail_in_the_sweep() -> Sweep:
        began.append("sweep")
        raise error

    def fail() -> int:
        began.append("jobs")
        stop.set()
        raise error

    monkeypatch.setattr(run_worker, "sweep", fail_in_the_sweep)
    monkeypatch.setattr(run_worker, "retire_stalled_jobs", fail)
    assert in_threads(lambda: run_worker._sweep_until(stop)) == [None]
    assert began == ["sweep", "jobs"]


def test_sessions_of_another_database_are_left_alone(data_schema: None) -> None:
    import psycopg

    from tests.integration.conftest import connection_parameters

    with psycopg.connect(**{**connection_parameters(), "dbname": "postgres", "application_name": "load 1/1"}) as other:
        assert sessions.end_backends_of(application="load 1/1") == 0
        assert other.execute("SELECT 1").fetchone() == (1,)


def test_reader_that_computes_too_long_says_so(pipeline: Pipeline, settings: Settings) -> None:
    settings.READER_CPU_SECONDS = 1
    settings.MAX_ATTEMPTS = 1
    receipt = pipeline.load("a;b\n" + "12,5;some longer text\n" * 6_000_000)
    assert receipt.error is not None
    assert "1 seconds of computing" in receipt.error["message"]


def test_dataset_is_taken_back_when_its_load_fails_right_after_founding_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(ledger: Ledger, dataset_id: int, *, while_waiting: object) -> None:
        raise FileError(f"dataset {dataset_id} cannot be joined", hint="")

    monkeypatch.setattr(Ledger, "join", refuse)
    receipt = pipeline.load("a;b\n1;2\n")
    assert receipt.state is FileState.FAILED
    assert data_tables() == set()
    assert not Dataset.objects.exists()


def test_tables_before_the_one_that_fails_are_taken_back_too(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write_package(tmp_path / "two.zip", {"one.csv": "a;b\n1;2\n", "two.csv": "c;d\n3;4\n"})
    begun: list[str] = []

    def fail_second(*, part: str, **said: Any) -> None:
        begun.append(part)
        if len(begun) == 2:
            raise FileError("the second table fails", hint="")
        create_partition(part=part, **said)

    monkeypatch.setattr(table, "create_partition", fail_second)
    receipt = pipeline.load_path(path)
    assert (receipt.state, len(begun)) == (FileState.FAILED, 2)
    assert data_tables() == set()
    assert not Dataset.objects.exists()
    assert rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
