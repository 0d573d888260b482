"""What goes on beside a change of columns: readers, loads, deletions, other columns' files, and a kill."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.integration.columns.changing import T, change, values
from tests.integration.conftest import Pipeline, connection_parameters, data_tables
from uploads.database import retrying
from uploads.database.locks import Lock
from uploads.database.statements import TableBusy
from uploads.models import Dataset, Load
from uploads.services import column_locks
from uploads.services.columns import apply
from uploads.services.columns.rebuild import build_partition, choose_formats
from uploads.services.errors import DatasetBusy, DatasetChanged, DatasetNotFound
from uploads.services.files.activation import delete_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.upkeep.sweep import sweep


def test_reader_sees_the_old_or_the_new_and_never_a_mix(pipeline: Pipeline) -> None:
    for number in range(3):
        pipeline.load("n\n" + f"{number}\n" * 2_000, f"t{number}.csv", dataset="t")
    seen: set[tuple[str, int]] = set()
    stop = threading.Event()

    def read() -> None:
        with psycopg.connect(**connection_parameters(), autocommit=True) as session:
            while not stop.is_set():
                query = "SELECT min(pg_typeof(n)::text), max(pg_typeof(n)::text), count(*) FROM data.t"
                first, last, count = session.execute(query).fetchone() or ("", "", 0)
                assert first == last
                seen.add((first, count))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        change("t", n=T.NUMERIC)
        change("t", n=T.TEXT)
    finally:
        stop.set()
        reader.join()
    assert seen <= {("bigint", 6_000), ("numeric", 6_000), ("text", 6_000)}


def test_transaction_that_began_before_the_change_never_finds_the_table_empty(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.2)
    pipeline.load("n\n1\n2\n", "t.csv")
    with psycopg.connect(**connection_parameters()) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute("SELECT 1 FROM pg_class")  # its snapshot is from here on
        before = data_tables()
        with pytest.raises(TableBusy):
            change("t", n=T.TEXT)
        assert session.execute("SELECT count(*) FROM data.t").fetchone() == (2,)
    assert data_tables() == before
    change("t", n=T.TEXT)
    assert values("n") == ["1", "2"]


class Killed(BaseException):
    """The worker is gone."""


def test_change_that_is_killed_leaves_the_old_and_the_sweep_drops_the_new(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load("n\n1\n2\n", "t.csv")
    before = data_tables()

    def killed(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(apply, "_swap", killed)
        patch.setattr(apply, "drop_partitions", lambda names: None)  # a killed worker drops nothing
        with pytest.raises(Killed):
            change("t", n=T.TEXT)
    assert len(data_tables()) == len(before) + 1
    assert values("n") == [1, 2]
    sweep()
    assert data_tables() == before
    change("t", n=T.TEXT)
    assert values("n") == ["1", "2"]


def test_sweep_leaves_alone_what_is_being_built(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("n\n1\n2\n", "t.csv")
    built = build_partition

    def build_and_sweep(**wishes: Any) -> None:
        built(**wishes)
        elsewhere(sweep)

    monkeypatch.setattr(apply, "build_partition", build_and_sweep)
    change("t", n=T.TEXT)
    assert values("n") == ["1", "2"]


def elsewhere(act: Callable[[], object]) -> None:
    """In a session of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_load_that_comes_meanwhile_waits_and_takes_the_new_types(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load("n\n1\n", "t.csv")
    waiting = pipeline.receive("n\nabc\n", "later.csv")

    def load() -> None:
        try:
            pipeline.finish(waiting.pk)
        finally:
            connections.close_all()

    loader = threading.Thread(target=load)
    built = build_partition

    def build_beside_a_load(**wishes: Any) -> None:
        loader.start()
        built(**wishes)

    monkeypatch.setattr(apply, "build_partition", build_beside_a_load)
    change("t", n=T.TEXT)
    loader.join()
    assert values("n") == ["1", "abc"]


def test_change_waits_for_loads_in_progress_and_says_so(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("n\n1\n", "t.csv")
    monkeypatch.setattr(column_locks, "WAIT_SECONDS", 1)
    number = Dataset.objects.get().pk
    with psycopg.connect(**connection_parameters(), autocommit=True) as loading:
        loading.execute("SELECT pg_advisory_lock_shared(%s, %s)", [Lock.COLUMNS, number])
        with pytest.raises(DatasetBusy):
            change("t", n=T.TEXT)
    change("t", n=T.TEXT)
    assert values("n") == ["1"]


def test_file_deleted_meanwhile_does_not_come_back(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = pipeline.load("n\n1\n", "t.csv").file_id
    pipeline.load("n\n2\n", "later.csv")
    swap = apply._swap

    def delete_first(*args: Any) -> Any:
        monkeypatch.setattr(apply, "_swap", swap)
        elsewhere(lambda: delete_file(file_id=gone))
        return swap(*args)

    monkeypatch.setattr(apply, "_swap", delete_first)
    change("t", n=T.TEXT)
    assert values("n") == ["2"]
    assert data_tables() == {"t", Load.objects.exclude(part="").get().part}


def test_file_deleted_before_its_values_are_looked_at_is_said(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = pipeline.load("n\nsome\n", "t.csv").file_id
    pipeline.load("n\nmore\n", "later.csv")
    look = choose_formats

    def delete_first(**wishes: Any) -> None:
        elsewhere(lambda: delete_file(file_id=gone))
        look(**wishes)

    monkeypatch.setattr(apply, "choose_formats", delete_first)
    with pytest.raises(DatasetChanged):
        change("t", n=T.BIGINT)
    assert values("n") == ["more"]


def test_dataset_deleted_meanwhile_leaves_nothing_behind(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("n\n1\n", "t.csv")
    number = Dataset.objects.get().pk
    swap = apply._swap

    def delete_first(*args: Any) -> Any:
        monkeypatch.setattr(apply, "_swap", swap)
        elsewhere(lambda: delete_dataset(dataset_id=number))
        return swap(*args)

    monkeypatch.setattr(apply, "_swap", delete_first)
    with pytest.raises(DatasetNotFound):
        change("t", n=T.TEXT)
    assert data_tables() == set()
