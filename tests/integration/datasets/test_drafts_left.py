"""What becomes of drafts and datasets when files are loaded again, taken back or lost while others go on."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.datasets.test_drafts import pending
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.datasets import matching
from uploads.services.datasets.ending import datasets_ending_with
from uploads.services.datasets.matching import has_rows_of_others
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.files.receipts import describe_file
from uploads.services.files.replacement import replace_files
from uploads.services.loading import attempt, table
from uploads.services.loading.attempt import load_file
from uploads.services.loading.context import Ledger
from uploads.services.loading.placement import find_placement
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState

LONG_AGO = Now() - timedelta(hours=2)


def loaded_again(pipeline: Pipeline) -> int:
    """The only file of “prices”, which was active and lies in a draft now."""
    file = pipeline.load("a;b\n1;2\n", "prices.csv").file_id
    deactivate_file(file_id=file)
    UploadedFile.objects.filter(pk=file).update(activate=False)
    retry_file(file_id=file)
    assert pipeline.finish(file).state is FileState.LOADED
    return file


def test_dataset_waits_for_its_only_file_that_is_loaded_again(pipeline: Pipeline) -> None:
    file = loaded_again(pipeline)
    Dataset.objects.update(created_at=LONG_AGO)
    sweep()
    assert Dataset.objects.filter(slug="prices", established_at__isnull=False).exists()
    activate_file(file_id=file)
    assert rows("SELECT a, b FROM data.prices") == [(1, 2)]


def test_dataset_ends_with_its_only_file_that_was_loaded_again(pipeline: Pipeline) -> None:
    delete_file(file_id=loaded_again(pipeline))
    assert not Dataset.objects.exists()


def test_pending_file_that_asks_for_the_name_ends_no_dataset(pipeline: Pipeline) -> None:
    mine = pending(pipeline, "x;y\n1;2\n", "prices.csv").file_id
    loaded_again(pipeline)
    delete_file(file_id=mine)
    assert Dataset.objects.filter(slug="prices").exists()


def waiting_again(pipeline: Pipeline) -> int:
    """A file of “prices”, which was active and waits for a worker now."""
    file = pipeline.load("a;b\n1;2\n", "prices.csv").file_id
    deactivate_file(file_id=file)
    retry_file(file_id=file)
    return file


def test_dataset_stays_for_a_file_that_waits_to_be_loaded_again(pipeline: Pipeline) -> None:
    waiting = waiting_again(pipeline)
    other = pipeline.load("a;b\n3;4\n", "more.csv").file_id
    delete_file(file_id=other)
    assert Dataset.objects.filter(slug="prices", established_at__isnull=False).exists()
    assert pipeline.finish(waiting).loads[0].table == "data.prices"


def test_dataset_stays_for_a_file_that_was_loaded_again_and_is_not_active_yet(pipeline: Pipeline) -> None:
    waiting = loaded_again(pipeline)
    other = pipeline.load("a;b\n3;4\n", "more.csv").file_id
    delete_file(file_id=other)
    assert activate_file(file_id=waiting).datasets == ("prices",)


@pytest.mark.parametrize("again", [waiting_again, loaded_again], ids=["waiting", "loaded"])
def test_name_is_not_taken_while_the_only_file_is_loaded_again(
    pipeline: Pipeline, again: Callable[[Pipeline], int]
) -> None:
    mine = again(pipeline)
    other = pipeline.load("x;y\n1;2\n", "other.csv", dataset="prices")
    assert other.error is not None
    assert other.error["code"] == "column_mismatch"
    pipeline.finish(mine)
    if describe_file(file_id=mine).state is FileState.LOADED:
        activate_file(file_id=mine)
    assert rows("SELECT a, b FROM data.prices") == [(1, 2)]


def test_types_hold_while_the_only_file_is_loaded_again(pipeline: Pipeline) -> None:
    mine = waiting_again(pipeline)
    failed = pipeline.load("a;b\nx;2\n", "other.csv")
    assert failed.error is not None
    assert failed.error["code"] == "no_row_fits"
    assert pipeline.finish(mine).state is FileState.ACTIVE


def test_it_is_told_before_which_datasets_end(pipeline: Pipeline) -> None:
    one = loaded_again(pipeline)
    assert datasets_ending_with(file_ids=[one]) == ("prices",)
    two = pipeline.load("a;b\n3;4\n", "more.csv").file_id
    mine = pending(pipeline, "x;y\n1;2\n", "prices.csv").file_id
    assert datasets_ending_with(file_ids=[one]) == datasets_ending_with(file_ids=[mine]) == ()
    assert datasets_ending_with(file_ids=[one, two]) == ("prices",)


def test_receipt_asks_about_the_dataset_that_ends_too(pipeline: Pipeline, client: Client) -> None:
    file = pipeline.load("a;b\n1;2\n", "prices.csv")
    told = "The dataset “prices” ends too"
    assert told not in client.get(f"/receipts/{file.token}/").content.decode()
    client.force_login(make_user("clerk", *EVERY_ACT))
    assert told in client.get(f"/receipts/{file.token}/").content.decode()


def test_deleting_the_dataset_takes_a_file_that_comes_back_to_it(pipeline: Pipeline) -> None:
    mine = loaded_again(pipeline)
    assert delete_dataset(dataset_id=Dataset.objects.get(slug="prices").pk).files == 1
    assert describe_file(file_id=mine).state is FileState.DELETED
    assert not Dataset.objects.exists()


def test_file_is_loaded_though_the_dataset_of_its_types_ends_meanwhile(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pipeline.load("a;b\n1;2\n", "prices.csv").file_id

    def find(*args: Any, **named: Any) -> Any:
        place = find_placement(*args, **named)
        delete_file(file_id=first)
        return place

    monkeypatch.setattr(table, "find_placement", find)
    assert pipeline.load("a;b\n5;6\n", "other.csv").state is FileState.ACTIVE
    assert rows("SELECT a, b FROM data.prices") == [(5, 6)]


def test_file_is_loaded_though_the_dataset_that_it_matches_ends_meanwhile(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pipeline.load("a;b\n1;2\n", "prices.csv").file_id

    def has_rows(**named: Any) -> bool:
        monkeypatch.setattr(matching, "has_rows_of_others", has_rows_of_others)
        has = has_rows_of_others(**named)
        delete_file(file_id=first)
        return has

    monkeypatch.setattr(matching, "has_rows_of_others", has_rows)
    assert pipeline.load("a;b\n5;x\n", "other.csv").state is FileState.ACTIVE
    assert rows("SELECT a, b FROM data.other") == [(5, "x")]


def test_tables_of_one_header_are_loaded_though_the_dataset_of_their_types_ends_between_them(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pipeline.load("a;b\n1;2\n", "prices.csv").file_id
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("one.csv", "a;b\n1;2\n")
        members.writestr("two.csv", "b;a\n4;3\n")
    found: list[Any] = []

    def find(*args: Any, **named: Any) -> Any:
        if len(found) == 1:
            delete_file(file_id=first)
        found.append(1)
        return find_placement(*args, **named)

    monkeypatch.setattr(table, "find_placement", find)
    assert pipeline.load(archive.getvalue(), "both.zip").state is FileState.ACTIVE
    assert rows("SELECT a, b FROM data.prices ORDER BY a") == [(1, 2), (3, 4)]


def test_draft_of_a_worker_that_was_lost_once_too_often_is_swept(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*args: Any, **named: Any) -> None:
        raise Killed

    file = pipeline.receive("a;b\n1;2\n")
    monkeypatch.setattr(attempt, "check_acceptable", die)
    monkeypatch.setattr(Ledger, "take_back", lambda ledger, attempt: None)
    with pytest.raises(Killed):
        load_file(file_id=file.pk, reader=pipeline.reader)
    UploadedFile.objects.filter(pk=file.pk).update(lease_until=Now() - timedelta(seconds=1), attempts=99)
    Dataset.objects.update(created_at=LONG_AGO)
    sweep()
    assert describe_file(file_id=file.pk).state is FileState.FAILED
    assert not Dataset.objects.exists()


def test_replacement_that_came_to_nothing_is_not_made_when_the_file_is_loaded_again(pipeline: Pipeline) -> None:
    new = pending(pipeline, "a;b\nx;4\n5;6\n", "new.csv").file_id
    old = pipeline.load("a;b\n1;2\n", "old.csv").file_id
    assert replace_files(old_ids=[old], new_id=new).fitting
    assert pipeline.finish(new).state is FileState.LOADED  # more rows are rejected: somebody is to decide
    activate_file(file_id=new)
    deactivate_file(file_id=new)
    UploadedFile.objects.filter(pk=new).update(activate=True)
    retry_file(file_id=new)
    assert pipeline.finish(new).state is FileState.ACTIVE
    assert describe_file(file_id=old).state is FileState.ACTIVE
