"""Switching files on and off and taking them back, beside readers and other acts."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.database import partitions, retrying
from uploads.database.statements import TableBusy, TableInUse
from uploads.models import Dataset, FileEvent, RejectedRow, UploadedFile
from uploads.services.errors import FileNotFound, LeaseLost, StateConflict, TooManyActiveFiles
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, replace_file, retry_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.loading.lease import claim_file, hold_file
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState
from uploads.store import stored_files
from uploads.store.stored_files import BytesMissing

HUNDRED = "a;b\n" + "".join(f"{n};{n}\n" for n in range(100))


def state_of(file_id: int) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=file_id)


def in_threads(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run the acts at the same time; what each raised."""
    errors: list[BaseException | None] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            acts[index]()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_file_is_switched_off_and_on(pipeline: Pipeline) -> None:
    file = pipeline.load(HUNDRED).file_id
    assert deactivate_file(file_id=file).rows == 100
    assert rows("SELECT count(*) FROM data.table") == [(0,)]
    assert activate_file(file_id=file).datasets == ("table",)
    assert rows("SELECT count(*) FROM data.table") == [(100,)]


def test_deleted_file_leaves_a_record_and_nothing_else(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    file = UploadedFile.objects.get(pk=receipt.file_id)
    delete_file(file_id=file.pk)
    assert data_tables() == set()
    with pytest.raises(BytesMissing), stored_files.local_path(file.stored_as):
        pass
    gone = UploadedFile.objects.get(pk=file.pk)
    assert (gone.state, gone.name, gone.size, gone.sha256) == ("deleted", "table.csv", 8, file.sha256)
    assert FileEvent.objects.filter(file=file, state="deleted").exists()
    assert not RejectedRow.objects.exists()


@pytest.mark.parametrize(
    ("act", "twice"), [(activate_file, "active"), (deactivate_file, "loaded"), (delete_file, "deleted")]
)
def test_second_click_is_a_conflict_and_changes_nothing(
    pipeline: Pipeline, act: Callable[..., object], twice: str
) -> None:
    file = pipeline.load("a;b\n1;2\n", activate=act is not activate_file).file_id
    act(file_id=file)
    with pytest.raises(StateConflict):
        act(file_id=file)
    assert state_of(file) == twice


def test_unknown_file_is_said(data_schema: None) -> None:
    with pytest.raises(FileNotFound):
        activate_file(file_id=4_711)


def test_of_two_activations_at_once_one_wins(pipeline: Pipeline) -> None:
    file = pipeline.load(HUNDRED, activate=False).file_id
    errors = in_threads(*[lambda: activate_file(file_id=file)] * 4)
    assert sum(error is None for error in errors) == 1
    assert all(isinstance(error, StateConflict) for error in errors if error)
    assert rows("SELECT count(*) FROM data.table") == [(100,)]


def test_replacement_is_never_seen_half_done(pipeline: Pipeline) -> None:
    old = pipeline.load(HUNDRED).file_id
    new = pipeline.load(HUNDRED.replace("99;99\n", ""), activate=False).file_id
    seen = _counts_while(lambda: replace_file(old_ids=[old], new_id=new))
    assert set(seen) <= {100, 99}
    assert rows("SELECT count(*) FROM data.table") == [(99,)]


def test_reader_never_sees_part_of_a_file(pipeline: Pipeline) -> None:
    pipeline.load(HUNDRED, "first.csv", dataset="shared")
    big = "a;b\n" + "".join(f"{n};{n}\n" for n in range(200_000))

    def switch() -> None:
        file = pipeline.load(big, "big.csv", dataset="shared").file_id
        for _ in range(5):
            deactivate_file(file_id=file)
            activate_file(file_id=file)
        delete_file(file_id=file)

    seen = _counts_while(switch, readers=3)
    assert set(seen) == {100, 200_100}


def _counts_while(act: Callable[[], object], *, readers: int = 2) -> list[int]:
    """What ``SELECT count(*)`` of the only dataset says to steady readers during an act."""
    [(table,)] = rows("SELECT slug FROM uploads_dataset WHERE established_at IS NOT NULL")
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM data."{table}"')  # noqa: S608 - a name that we made
                seen.append(cursor.fetchone()[0])

    def change() -> None:
        try:
            act()
        finally:
            done.set()

    errors = in_threads(change, *[read] * readers)
    assert errors == [None] * (readers + 1)
    return seen


def test_held_table_is_said_to_be_busy_and_nothing_changes(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    file = pipeline.load(HUNDRED).file_id
    with psycopg.connect(**_parameters()) as reader:
        reader.execute("SELECT * FROM data.table LIMIT 1")  # holds its lock until the transaction ends
        with pytest.raises(TableBusy):
            deactivate_file(file_id=file)
    assert state_of(file) == FileState.ACTIVE
    deactivate_file(file_id=file)
    assert state_of(file) == FileState.LOADED


@pytest.mark.parametrize("act", [deactivate_file, activate_file], ids=["deactivate", "activate"])
def test_act_waits_until_autovacuum_gives_way_and_readers_go_on(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, act: Callable[..., object]
) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(partitions, "LARGE_BYTES", 1)  # autovacuum works long on large parts only
    file = pipeline.load(HUNDRED).file_id
    if act is activate_file:
        deactivate_file(file_id=file)
    [(part,)] = rows("SELECT part FROM uploads_load")
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > '1.2 s'"
    )
    errors: list[BaseException | None] = []
    with psycopg.connect(**_parameters()) as vacuum, psycopg.connect(**_parameters(), autocommit=True) as reader:
        vacuum.execute(f"LOCK TABLE data.{part} IN SHARE UPDATE EXCLUSIVE MODE")  # what VACUUM takes
        acting = threading.Thread(target=lambda: errors.extend(in_threads(partial(act, file_id=file))))
        acting.start()
        reader.execute("SET lock_timeout = '100ms'")
        while acting.is_alive() and reader.execute(waiting).fetchone() == (0,):
            reader.execute("SELECT count(*) FROM data.table")
        vacuum.rollback()
        acting.join()
    assert errors == [None]
    assert state_of(file) == (FileState.LOADED if act is deactivate_file else FileState.ACTIVE)


def _parameters() -> dict[str, Any]:
    wanted = {"host", "port", "user", "password", "dbname"}
    return {key: value for key, value in connection.get_connection_params().items() if key in wanted}


def test_dataset_has_a_cap_of_active_files(pipeline: Pipeline, settings: Settings) -> None:
    settings.MAX_ACTIVE_FILES = 2
    for number in range(2):
        pipeline.load(f"a;b\n{number};2\n")
    third = pipeline.load("a;b\n3;2\n")
    assert third.state is FileState.LOADED
    with pytest.raises(TooManyActiveFiles):
        activate_file(file_id=third.file_id)


def test_of_two_activations_at_the_cap_one_is_refused(pipeline: Pipeline, settings: Settings) -> None:
    files = [pipeline.load(f"a;b\n{number};2\n", activate=False).file_id for number in range(3)]
    settings.MAX_ACTIVE_FILES = 2
    errors = in_threads(*[partial(activate_file, file_id=file) for file in files])
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "NoneType", "TooManyActiveFiles"]
    assert rows("SELECT count(*) FROM data.table") == [(2,)]


def test_file_that_was_claimed_a_moment_ago_is_deleted_with_its_session(pipeline: Pipeline) -> None:
    file = pipeline.receive(HUNDRED).pk
    attempt = claim_file(file_id=file, worker="just now")
    assert attempt is not None
    delete_file(file_id=file)
    assert state_of(file) == FileState.DELETED
    with transaction.atomic(), pytest.raises(LeaseLost):
        hold_file(attempt=attempt)


def test_view_on_a_dataset_is_named_when_it_stands_in_the_way(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW data.mine AS SELECT a FROM data.table")
    [dataset] = Dataset.objects.all()
    with pytest.raises(TableInUse, match=r"The table data\.table is read by data\.mine"):
        delete_dataset(dataset_id=dataset.pk)
    assert rows("SELECT count(*) FROM data.mine") == [(1,)], "nothing was deleted"


def test_file_whose_bytes_are_gone_says_so(pipeline: Pipeline) -> None:
    file = pipeline.receive(HUNDRED)
    stored_files.delete(file.stored_as)
    receipt = pipeline.finish(file.pk)
    assert receipt.error is not None
    assert receipt.error["code"] == "bytes_missing"


def test_failed_file_is_loaded_again(pipeline: Pipeline) -> None:
    file = pipeline.load("a;b\n1;2\n", dataset="wanted").file_id
    other = pipeline.load("c;d\n1;2\n", dataset="wanted").file_id
    assert state_of(other) == FileState.FAILED
    UploadedFile.objects.filter(pk=other).update(dataset_wanted="")
    retry_file(file_id=other)
    assert pipeline.finish(other).state is FileState.ACTIVE
    with pytest.raises(StateConflict):
        retry_file(file_id=file)


def test_space_of_a_deleted_file_is_given_back_by_the_sweep_if_its_worker_was_killed(pipeline: Pipeline) -> None:
    file = UploadedFile.objects.get(pk=pipeline.load("a;b\n1;2\nx\n").file_id)
    UploadedFile.objects.filter(pk=file.pk).update(state=FileState.DELETED)
    assert stored_files.exists(file.stored_as)
    assert sweep().freed == 1
    assert not stored_files.exists(file.stored_as)
    assert data_tables() == {"table"}
    assert not RejectedRow.objects.exists()
    assert sweep().freed == 0


@pytest.mark.parametrize("indexed_from", [1, 2**20], ids=["worth-it", "small"])
def test_part_is_indexed_once_its_rows_are_seen_or_by_the_sweep(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, indexed_from: int
) -> None:
    monkeypatch.setattr(partitions, "LARGE_BYTES", 1)
    monkeypatch.setattr(partitions, "INDEXED_BYTES", indexed_from)
    is_worth_it = indexed_from == 1
    [load] = pipeline.load("a;b\n1;2\n").loads
    assert rows(f"SELECT to_regclass('data.\"{load.part}_row\"') IS NOT NULL") == [(is_worth_it,)]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX IF EXISTS data."{load.part}_row"')
    assert sweep().indexed == 0
    UploadedFile.objects.update(state_changed_at=Now() - timedelta(minutes=11))
    assert sweep().indexed == is_worth_it
    assert partitions.unindexed_partitions() == set()
