"""Attempts at a load: claimed once, fenced off when late, picked up when lost."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.database.datasets import create_dataset_table
from uploads.database.partitions import create_partition
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.datasets.drafts import create_draft
from uploads.services.errors import LeaseLost
from uploads.services.files.activation import delete_file
from uploads.services.files.partitions import Attempt
from uploads.services.files.transitions import change_state
from uploads.services.loading.attempt import LoadHooks, load_file
from uploads.services.loading.lease import claim_file, discard_attempt, end_earlier_attempts
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState, Phase
from uploads.tabular.names import header_key
from uploads.tabular.table import Column, ColumnType


def lapse(file_id: int) -> None:
    UploadedFile.objects.filter(pk=file_id).update(lease_until=Now() - timedelta(seconds=1))


def test_file_is_claimed_by_one_worker(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    assert claim_file(file_id=file, worker="one") is not None
    assert claim_file(file_id=file, worker="two") is None


def test_lapsed_lease_goes_to_the_next_worker_and_fences_the_first(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    first = claim_file(file_id=file, worker="one")
    assert first is not None
    lapse(file)
    second = claim_file(file_id=file, worker="two")
    assert second is not None
    assert second.fence == first.fence + 1
    with pytest.raises(LeaseLost):
        change_state(file_id=file, to=FileState.LOADED, fence=first.fence, phase=Phase.NONE)
    assert UploadedFile.objects.get(pk=file).state == FileState.LOADING


def test_sweep_hands_a_lost_file_back_and_it_loads(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    claim_file(file_id=file, worker="killed")
    lapse(file)
    assert sweep().lapsed == 1
    assert UploadedFile.objects.get(pk=file).state == FileState.WAITING
    assert pipeline.finish(file).state is FileState.ACTIVE


def test_sweep_drops_parts_without_an_owner(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n")
    columns = [Column(label="a", name="a", type=ColumnType.TEXT)]
    create_dataset_table(table="other", columns=columns)
    create_partition(part="_file_99_1_1", columns=columns, file_id=99, load_id=99)
    create_dataset_table(table="_file_notes", columns=columns)  # as somebody may by hand
    assert sweep().dropped == 1
    assert "_file_99_1_1" not in data_tables()
    assert "_file_notes" in data_tables()
    assert rows("SELECT count(*) FROM data.table") == [(1,)]


def test_attempt_that_was_published_keeps_its_part_while_the_columns_change(pipeline: Pipeline) -> None:
    """A commit can succeed whose answer is lost; the change of columns that comes next raises the fence."""
    file = pipeline.load("a;b\n1;2\n").file_id
    load = Load.objects.get()
    UploadedFile.objects.filter(pk=file).update(fence=F("fence") + 1)
    discard_attempt(attempt=Attempt(file_id=file, fence=load.fence), parts=[load.part])
    assert rows("SELECT count(*) FROM data.table") == [(1,)]


def test_sweep_drops_a_dataset_that_nobody_has_filled(pipeline: Pipeline) -> None:
    columns = [Column(label="a", name="a", type=ColumnType.TEXT)]
    file = UploadedFile.objects.get(pk=pipeline.load("a;b\n1;2\n").file_id)
    draft = create_draft(file=file, columns=columns, key=header_key(["a"]), hint="left.csv")
    assert sweep().dropped == 0, "it may be waiting for its first row"
    Dataset.objects.update(created_at=Now() - timedelta(hours=2))
    assert sweep().dropped == 1
    assert not Dataset.objects.filter(pk=draft.pk).exists()
    assert rows("SELECT count(*) FROM data.table") == [(1,)]


def test_next_attempt_removes_what_an_earlier_attempt_left(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n", activate=False)
    [part] = {name for name in data_tables() if name.startswith("_file_")}
    UploadedFile.objects.filter(pk=receipt.file_id).update(state=FileState.WAITING)
    attempt = claim_file(file_id=receipt.file_id, worker="again")
    assert attempt is not None
    end_earlier_attempts(attempt=attempt)
    assert part not in data_tables()
    assert not Load.objects.filter(file_id=receipt.file_id).exists()


def test_file_whose_reader_always_dies_is_given_up_after_three_tries(pipeline: Pipeline, settings: Settings) -> None:
    settings.READER_SECONDS = 0
    file = pipeline.receive("a;b\n1;2\n").pk
    receipt = pipeline.finish(file)
    assert receipt.state is FileState.FAILED
    assert receipt.error is not None
    assert receipt.error["code"] == "reader_died"
    assert UploadedFile.objects.get(pk=file).attempts == 3
    settings.READER_SECONDS = 60
    assert pipeline.load("a;b\n1;2\n").state is FileState.ACTIVE, "the worker lives"


def test_worker_that_is_asked_to_stop_hands_the_file_back_uncounted(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    state = load_file(file_id=file, reader=pipeline.reader, hooks=LoadHooks(should_stop=lambda: True))
    assert state is FileState.WAITING
    assert UploadedFile.objects.get(pk=file).attempts == 0
    assert data_tables() == set()


def test_file_deleted_while_it_loads_leaves_nothing(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n" + "1;2\n" * 300_000).pk
    deleted: list[int] = []

    def on_progress(phase: Phase, bytes_done: int, rows_done: int) -> None:
        if phase is Phase.LOADING and not deleted:
            deleted.append(file)
            in_another_session(file)

    state = load_file(file_id=file, reader=pipeline.reader, hooks=LoadHooks(on_progress=on_progress))
    assert state is FileState.DELETED
    assert UploadedFile.objects.get(pk=file).phase == Phase.NONE
    assert {name for name in data_tables() if name.startswith("_file_")} == set()


def in_another_session(file_id: int) -> None:
    from tests.integration.files.test_activation import in_threads

    assert in_threads(lambda: delete_file(file_id=file_id)) == [None]
