"""A stored file read again in another way: what is visible when, who may, what is told."""

import threading
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.db import connection

from tests.integration.conftest import Pipeline, rows
from tests.integration.receiving.readings_again import TABLE, VISITOR, Via, again, state
from tests.integration.staff import make_user
from uploads.models import FileEvent, UploadedFile
from uploads.services.errors import FileNotFound, StateConflict, TooManyUploads
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import describe_file
from uploads.services.files.withdrawal import withdraw_file
from uploads.services.receiving.reimport import TRIES_A_DAY
from uploads.services.receiving.sender import Sender
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState
from uploads.store import stored_files
from uploads.store.stored_files import BytesMissing


def texts(file_id: int) -> list[str]:
    return list(FileEvent.objects.filter(file=file_id).order_by("id").values_list("text", flat=True))


def test_active_file_stays_visible_until_its_new_reading_takes_its_place(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", dataset="remarks").file_id
    new = again(old, dataset="halves", delimiter=",")

    assert new.pk != old
    assert (state(old), rows("SELECT count(*) FROM data.remarks")) == ("active", [(2,)])
    receipt = pipeline.finish(new.pk)
    assert (receipt.state, state(old)) == (FileState.ACTIVE, "loaded")
    assert receipt.loads[0].delimiter == ","
    assert rows("SELECT count(*) FROM data.remarks") == [(0,)]
    assert rows("SELECT count(*) FROM data.halves") == [(2,)]


def test_activating_the_old_one_undoes_it_in_one_step(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", dataset="remarks").file_id
    new = pipeline.finish(again(old, dataset="halves", delimiter=",").pk).file_id
    activate_file(file_id=old)

    assert (state(old), state(new)) == ("active", "loaded")
    assert rows("SELECT re_mark FROM data.remarks ORDER BY _row") == [("a,b",), ("c,d",)]
    assert texts(new)[-1] == f"replaced by file {old}"


def test_history_of_a_file_keeps_no_words_of_a_reading_that_is_deleted(pipeline: Pipeline) -> None:
    staff = Sender(is_staff=True, user_id=make_user("ana").pk)
    old = pipeline.load(TABLE, "a.csv").file_id
    first, second = (again(old, staff, null_words=["SECRET"]).pk for _ in range(2))
    delete_file(file_id=first)

    kept = f"read again as file {second}, with “SECRET” as empty"
    assert texts(old)[-2:] == [f"read again as file {first}", kept]
    logged = LogEntry.objects.filter(object_id=str(old)).order_by("pk").values_list("change_message", flat=True)
    assert list(logged) == [f"Read again as file {each}." for each in (first, second)]


def test_texts_of_before_are_taken_for_what_they_tell(pipeline: Pipeline) -> None:
    """By the migration that made facts of them."""
    staff = Sender(is_staff=True, user_id=make_user("ana").pk)
    old = pipeline.load(TABLE, "a.csv").file_id
    reading = again(old, staff, null_words=["SECRET"]).pk
    gone = pipeline.load("e;f\n1;2\n", "b.csv", activate=False).file_id
    withdraw_file(file_id=gone)
    UploadedFile.objects.update(withdrawn=False)
    FileEvent.objects.update(about=None)
    logged = LogEntry.objects.filter(object_id=str(old))
    logged.update(change_message=f"Read again as file {reading}, with “SECRET”.")
    migration = import_module("uploads.migrations.0062_2026_11_30_1436_facts_of_events")
    with connection.cursor() as cursor:
        for statement in (migration.WITHDRAWN, migration.ABOUT, migration.LOGGED):
            cursor.execute(statement)

    assert list(UploadedFile.objects.filter(withdrawn=True).values_list("pk", flat=True)) == [gone]
    assert list(FileEvent.objects.exclude(about=None).values_list("file", "about")) == [(old, reading)]
    assert list(logged.values_list("change_message", flat=True)) == [f"Read again as file {reading}."]


def test_both_histories_and_receipts_say_so(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv").file_id
    new = pipeline.finish(again(old, dataset="halves", delimiter=",").pk).file_id

    assert f"read again as file {new}, with delimiter “,”" in texts(old)
    assert f"file {old} read again, with delimiter “,”" in texts(new)
    assert describe_file(file_id=old).other_versions == (new,)
    reading = describe_file(file_id=new)
    assert (reading.version_of, reading.same_content_as, reading.other_versions) == (old, None, ())


def test_reading_of_a_reading_belongs_to_the_file_that_was_sent(pipeline: Pipeline) -> None:
    first = pipeline.load(TABLE, "a.csv").file_id
    second = pipeline.finish(again(first, dataset="halves", delimiter=",").pk).file_id
    third = pipeline.finish(again(second, dataset="whole", delimiter=None).pk).file_id

    assert UploadedFile.objects.get(pk=third).version_of_id == first
    assert [state(each) for each in (first, second, third)] == ["loaded", "loaded", "active"]
    assert describe_file(file_id=third).loads[0].delimiter == ";"


@pytest.mark.parametrize(
    ("sent", "read", "kept"),
    [
        (Via.COMMAND, Via.PAGE, Via.COMMAND),
        (Via.API, Via.COMMAND, Via.API),
        (Via.API, Via.PAGE, Via.PAGE),
    ],
)
def test_reading_of_what_nobody_sent_has_no_sender_either(pipeline: Pipeline, sent: Via, read: Via, kept: Via) -> None:
    """Whoever held the receipt of one spoke for it, and it was deleted as what visitors send."""
    assert again(pipeline.load(TABLE, "a.csv", via=sent).file_id, via=read, delimiter=",").via == kept


def test_what_is_not_said_stays_as_it_was_said(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", options={"delimiter": ";", "header_row": 1}).file_id

    assert again(old, all_text=True).options == {"delimiter": ";", "header_row": 1, "all_text": True}


def test_option_that_the_dataset_remembers_can_be_had_found_out(pipeline: Pipeline) -> None:
    old = pipeline.load("id\n1\n", "a.csv", dataset="numbers", options={"header_row": "none"}).file_id
    receipt = pipeline.finish(again(old, dataset="titled", header_row=None).pk)

    assert receipt.loads[0].header_row == 1


def test_failed_file_is_tried_again_as_itself(pipeline: Pipeline) -> None:
    failed = pipeline.load("a;b\n1;2\n", "a.csv", options={"header_row": 9})
    assert failed.state is FileState.FAILED
    follow = again(failed.file_id, header_row=1)

    assert follow.pk == failed.file_id
    assert pipeline.finish(follow.pk).state is FileState.ACTIVE
    assert "read again, with header row 1" in texts(failed.file_id)


def test_new_reading_that_fails_leaves_the_old_rows_visible(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", dataset="remarks").file_id
    receipt = pipeline.finish(again(old, header_row=900).pk)

    assert (receipt.state, state(old)) == (FileState.FAILED, "active")
    assert rows("SELECT count(*) FROM data.remarks") == [(2,)]


def test_loaded_file_gets_a_reading_that_waits_as_it_does(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", activate=False).file_id

    assert pipeline.finish(again(old, dataset="halves", delimiter=",").pk).state is FileState.LOADED
    assert state(old) == "loaded"


def test_visitors_reading_of_an_active_file_waits_for_staff_and_then_replaces_it(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv", dataset="remarks").file_id
    new = pipeline.finish(again(old, VISITOR, dataset="halves", delimiter=",").pk).file_id
    assert (state(old), state(new)) == ("active", "loaded")
    activate_file(file_id=new)

    assert (state(old), state(new)) == ("loaded", "active")


def test_two_readings_activated_at_once_leave_one_active(pipeline: Pipeline) -> None:
    first = pipeline.load(TABLE, "a.csv", dataset="remarks").file_id
    others = [pipeline.finish(again(first, dataset=f"halves_{n}", delimiter=",").pk).file_id for n in range(2)]
    deactivate_file(file_id=others[0])
    start = threading.Barrier(2)

    def activate(file_id: int) -> None:
        start.wait()
        activate_file(file_id=file_id)
        connection.close()

    threads = [threading.Thread(target=activate, args=[file_id]) for file_id in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(state(each) for each in (first, *others)) == ["active", "loaded", "loaded"]


def test_bytes_are_shared_and_outlive_the_old_file(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv").file_id
    new = again(old, dataset="halves", delimiter=",")
    paths = [Path(default_storage.path(UploadedFile.objects.get(pk=pk).stored_as)) for pk in (old, new.pk)]
    assert paths[0].stat().st_ino == paths[1].stat().st_ino
    delete_file(file_id=old)

    assert pipeline.finish(new.pk).rows_loaded == 2


def test_reading_of_a_file_whose_bytes_are_gone_is_refused_and_leaves_nothing(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv").file_id
    stored_files.delete(UploadedFile.objects.get(pk=old).stored_as)
    with pytest.raises(BytesMissing):
        again(old, delimiter=",")

    assert UploadedFile.objects.exclude(pk=old).get().state == FileState.DELETED


def test_reading_that_is_deleted_before_its_bytes_are_there_leaves_none(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    duplicate, made = stored_files.duplicate, list[str]()

    def delete_and_duplicate(source: str, copy: str) -> None:
        delete_file(file_id=UploadedFile.objects.get(stored_as=copy).pk)
        duplicate(source, copy)
        made.append(copy)

    old = pipeline.load(TABLE, "a.csv").file_id
    monkeypatch.setattr(stored_files, "duplicate", delete_and_duplicate)
    with pytest.raises(StateConflict):
        again(old, delimiter=",")
    assert [default_storage.exists(name) for name in made] == [False]


def test_crash_between_the_bytes_and_the_hand_over_is_mended_by_the_sweep(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "a.csv").file_id
    new = again(old, dataset="halves", delimiter=",")
    UploadedFile.objects.filter(pk=new.pk).update(
        state=FileState.RECEIVING, received=0, expires_at=UploadedFile.objects.get(pk=old).created_at
    )
    sweep()

    assert state(new.pk) == "waiting"
    assert pipeline.finish(new.pk).rows_loaded == 2


@pytest.mark.parametrize("wanted", [FileState.WAITING, FileState.DELETED])
def test_file_on_its_way_or_deleted_cannot_be_read_again(pipeline: Pipeline, wanted: FileState) -> None:
    file = pipeline.receive(TABLE)
    if wanted is FileState.DELETED:
        delete_file(file_id=file.pk)
    with pytest.raises(StateConflict):
        again(file.pk, delimiter=",")
    with pytest.raises(FileNotFound):
        again(999_999)


def test_visitor_cannot_have_a_failing_file_tried_for_ever(pipeline: Pipeline) -> None:
    failed = pipeline.load("", "empty.csv").file_id
    for _ in range(TRIES_A_DAY):
        again(failed, VISITOR)
        UploadedFile.objects.filter(pk=failed).update(state=FileState.FAILED, error_code="empty_file")
    with pytest.raises(TooManyUploads):
        again(failed, VISITOR)
