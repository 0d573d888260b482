"""Exports in the background: asked for once, made whole, ended in time, begun anew where a worker was lost."""

import csv
import gc
import io
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.conftest import Pipeline
from uploads.database.exporting import windows
from uploads.database.exporting.windows import rows_changed
from uploads.database.locks import Lock, try_lock, unlock
from uploads.management.worker import PLACES
from uploads.models import PreparedExport
from uploads.services.errors import (
    BadParameter,
    DatasetNotFound,
    ExportEnded,
    ExportNotFound,
    ExportNotReady,
    RepeatedParameter,
    TooManyExports,
)
from uploads.services.exporting.drain import Drain, DrainedZip
from uploads.services.exporting.formats import ExportFormat
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.preparing import making, requests
from uploads.services.preparing.data_state import is_current
from uploads.services.preparing.ending import delete_export, tend_exports
from uploads.services.preparing.making import make_export
from uploads.services.preparing.requests import Asker, ask_for_export, find_export, find_ready
from uploads.services.queueing import EXPORTS_QUEUE
from uploads.services.visibility import ANYBODY, OPERATOR
from uploads.states import ExportState
from uploads.store import spool, stored_files
from uploads.store.spool import DiskFull

MARA = Asker(address="192.0.2.1")
BEN = Asker(address="192.0.2.2")


def numbered(first: int, last: int) -> str:
    return "n;word\n" + "".join(f"{n};w{n}\n" for n in range(first, last + 1))


def ask(query: str = "", *, asker: Asker = MARA, format_: ExportFormat = ExportFormat.CSV) -> PreparedExport:
    export, _ = ask_for_export(slug="words", query=query, format_=format_, viewer=ANYBODY, asker=asker)
    return export


def make(export: PreparedExport, should_stop: Callable[[], bool] = lambda: False) -> PreparedExport:
    make_export(export_id=export.pk, should_stop=should_stop)
    export.refresh_from_db()
    return export


def content(export: PreparedExport) -> bytes:
    with stored_files.local_path(export.stored_as) as path:
        return path.read_bytes()


def numbers(export: PreparedExport) -> list[int]:
    return [int(line[0]) for line in list(csv.reader(io.StringIO(content(export).decode())))[1:]]


def jobs(export: PreparedExport) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="prepare_export", args__export_id=export.pk))


def spooled() -> list[Path]:
    """Bytes of attempts at exports; what other tests left of uploads has no number of an attempt."""
    return list(spool.folder().glob("*.[0-9]*"))


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several windows of a few rows, and each piece is told of."""
    monkeypatch.setattr(windows, "FIRST_ROWS", 10)
    monkeypatch.setattr(windows, "MOST_ROWS", 10)
    monkeypatch.setattr(making, "TELL_SECONDS", 0)


def test_an_export_is_made_by_a_worker_and_lies_in_the_store(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 30), "words.csv")
    export = ask("n__gt=10&_sort=-n")
    [job] = jobs(export)
    assert (export.state, job.queue_name) == (ExportState.WAITING, EXPORTS_QUEUE)
    assert make(export).state == ExportState.READY
    assert numbers(export) == list(range(30, 10, -1))
    assert (export.rows_done, export.rows_total, export.name) == (20, None, "words.csv")
    assert export.bytes == len(content(export))
    assert export.finished_at is not None
    assert export.expires_at is not None
    assert timedelta(hours=23) < export.expires_at - export.finished_at <= timedelta(hours=24)
    assert spooled() == []
    assert find_ready(token=export.token, viewer=ANYBODY).pk == export.pk


@pytest.mark.parametrize("format_", list(ExportFormat))
def test_every_format_is_made(pipeline: Pipeline, format_: ExportFormat) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = make(ask(format_=format_))
    assert (export.state, export.rows_done, export.rows_total) == (ExportState.READY, 3, 3)
    assert export.name == f"words.{format_.facts.extension}"


def test_exports_have_one_place_in_a_worker_and_files_never_wait_for_it() -> None:
    assert [queues for queues in PLACES if EXPORTS_QUEUE in queues] == [(EXPORTS_QUEUE,)]


def test_who_asks_for_the_same_gets_the_same_until_the_rows_change(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    first = ask("n__gt=1&_sort=n&limit=5&_facet=word")
    assert ask("_sort=n&n__gt=1", asker=BEN).pk == first.pk
    make(first)
    assert ask("_sort=n&n__gt=1", asker=BEN).pk == first.pk
    others = [ask("n__gt=2&_sort=n"), ask("n__gt=1&_sort=n", format_=ExportFormat.NDJSON)]
    assert first.pk not in {export.pk for export in others}
    assert is_current(first)
    pipeline.load(numbered(4, 6), "words.csv")
    assert not is_current(first)
    again = ask("n__gt=1&_sort=n", asker=BEN)
    assert again.pk != first.pk
    assert numbers(make(again)) == [2, 3, 4, 5, 6]
    assert numbers(first) == [2, 3]


def test_what_is_asked_is_checked_before_it_waits(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    for query, refusal in (("n=x", BadParameter), ("_sort=n&_sort=word", RepeatedParameter)):
        with pytest.raises(refusal):
            ask(query)
    with pytest.raises(DatasetNotFound):
        ask_for_export(slug="none", query="", format_=ExportFormat.CSV, viewer=ANYBODY, asker=MARA)
    pipeline.load("a;b\n1;2\n", "draft.csv", activate=False)
    with pytest.raises(DatasetNotFound):
        ask_for_export(slug="draft", query="", format_=ExportFormat.CSV, viewer=OPERATOR, asker=MARA)
    assert not PreparedExport.objects.exists()


def test_a_caller_has_few_under_way_and_others_are_not_kept_out(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 9), "words.csv")
    for n in range(requests.MOST_AT_ONCE):
        ask(f"n={n}")
    with pytest.raises(TooManyExports) as refused:
        ask("n=8")
    assert refused.value.message == "3 of your exports are being prepared already."
    assert ask("n=1").query == "n=1"
    ask("n=8", asker=BEN)
    mara = User.objects.create(username="mara")
    assert ask("n=7", asker=Asker(user_id=mara.pk, address=MARA.address)).address is None


def test_so_many_are_kept_of_a_caller(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_KEPT", 1)
    pipeline.load(numbered(1, 3), "words.csv")
    make(ask("n=1"))
    with pytest.raises(TooManyExports):
        ask("n=2")
    ask("n=2", asker=BEN)


def test_exports_leave_room_on_the_disk(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = ask()
    monkeypatch.setattr(settings, "MIN_FREE_DISK", 2**62)
    with pytest.raises(DiskFull):
        ask("n=1")
    assert make(export).state == ExportState.FAILED
    assert export.error_message == "There is no room left on the server for this export."
    assert spooled() == []
    monkeypatch.undo()
    assert ask().pk != export.pk


def test_a_worker_that_stops_hands_it_back_and_the_next_begins_anew(pipeline: Pipeline, narrow: None) -> None:
    pipeline.load(numbered(1, 60), "words.csv")
    export, asked = ask(), iter([False, False, True])
    make(export, lambda: next(asked, True))
    assert (export.state, export.attempts, export.rows_done) == (ExportState.WAITING, 0, 0)
    assert spooled() == []
    assert make(export).state == ExportState.READY
    assert numbers(export) == list(range(1, 61))


def test_a_zip_that_breaks_off_in_the_middle_ends_quietly() -> None:
    """A stop is raised through it, so it is let go of with what it refers to; pytest tells of an error there."""
    zip_ = DrainedZip(Drain())
    broken: list[object] = [zip_, zip_.open("rows.csv", "w")]
    broken.append(broken)
    del zip_, broken
    gc.collect()


def test_a_lost_worker_is_noticed_by_the_sweep(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = ask()
    PreparedExport.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, attempts=1, fence=1)
    ProcrastinateJob.objects.all().delete()

    def alive() -> None:
        assert try_lock(Lock.EXPORTING, export.pk)
        held.set()
        done.wait(60)
        unlock(Lock.EXPORTING, export.pk)
        connections.close_all()

    held, done = threading.Event(), threading.Event()
    worker = threading.Thread(target=alive)
    worker.start()
    assert held.wait(60)
    assert tend_exports() == 0
    make_export(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.RUNNING
    done.set()
    worker.join()
    assert tend_exports() == 1
    assert len(jobs(export)) == 1
    assert make(export).state == ExportState.READY
    PreparedExport.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, attempts=3)
    assert tend_exports() == 1
    export.refresh_from_db()
    assert (export.state, export.error_code) == (ExportState.FAILED, "worker_lost")


def test_rows_that_change_meanwhile_have_it_begun_anew(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = ask()

    def changed(**_: Any) -> Any:
        raise rows_changed()

    monkeypatch.setattr(making, "export_view", changed)
    assert [make(export).state for _ in range(3)] == [ExportState.WAITING, ExportState.WAITING, ExportState.FAILED]
    assert export.error_code == "rows_changed"


def test_a_bug_is_told_and_raised(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = ask()

    def broken(**_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "export_view", broken)
    with pytest.raises(ZeroDivisionError):
        make(export)
    export.refresh_from_db()
    assert (export.state, export.error_code) == (ExportState.FAILED, "internal_error")
    with pytest.raises(ExportNotReady):
        find_ready(token=export.token, viewer=ANYBODY)


def test_one_that_is_deleted_while_it_is_made_leaves_nothing(pipeline: Pipeline, narrow: None) -> None:
    pipeline.load(numbered(1, 60), "words.csv")
    export = ask()

    def deletes() -> bool:
        for found in PreparedExport.objects.all():
            delete_export(found)
        return False

    before = stored()
    make_export(export_id=export.pk, should_stop=deletes)
    assert not PreparedExport.objects.exists()
    assert spooled() == []
    assert stored() == before


def test_the_link_ends_when_its_time_is_over(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = make(ask())
    name = export.stored_as
    assert tend_exports() == 0
    PreparedExport.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ExportEnded):
        find_ready(token=export.token, viewer=ANYBODY)
    assert ask().pk != export.pk
    assert tend_exports() == 1
    export.refresh_from_db()
    assert (export.state, export.stored_as, stored_files.exists(name)) == (ExportState.ENDED, "", False)
    PreparedExport.objects.filter(pk=export.pk).update(asked_at=timezone.now() - timedelta(days=31))
    assert tend_exports() == 1
    with pytest.raises(ExportNotFound):
        find_export(token=export.token, viewer=ANYBODY)


@pytest.mark.parametrize("act", [deactivate_file, delete_file])
def test_rows_that_are_taken_back_are_given_to_nobody(pipeline: Pipeline, act: Callable[..., Any]) -> None:
    file = pipeline.load(numbered(1, 3), "words.csv")
    pipeline.load(numbered(4, 6), "words.csv")
    export = make(ask())
    name = export.stored_as
    act(file_id=file.file_id)
    with pytest.raises(ExportEnded):
        find_ready(token=export.token, viewer=ANYBODY)
    assert tend_exports() == 1
    assert not stored_files.exists(name)


def test_one_of_a_deleted_dataset_is_found_by_nobody(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = make(ask())
    delete_dataset(dataset_id=export.dataset_id or 0)
    with pytest.raises(ExportNotFound):
        find_export(token=export.token, viewer=OPERATOR)
    tend_exports()
    assert not stored_files.exists(export.stored_as)
    assert not PreparedExport.objects.exists()


def test_a_file_that_joins_later_leaves_the_link_alone(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 3), "words.csv")
    export = make(ask())
    activate_file(file_id=pipeline.load(numbered(4, 6), "words.csv", activate=False).file_id)
    with CaptureQueriesContext(connection) as of_one:
        assert tend_exports() == 0
    alike = {"dataset": export.dataset, "state": export.state, "expires_at": export.expires_at}
    held = {"held_files": export.held_files, "held_columns": export.held_columns}
    PreparedExport.objects.bulk_create([PreparedExport(format=export.format, **alike, **held) for _ in range(3)])
    with CaptureQueriesContext(connection) as of_four:
        assert tend_exports() == 0
    assert len(of_four) == len(of_one), "a sweep comes every ten seconds"
    assert find_ready(token=export.token, viewer=ANYBODY).pk == export.pk
