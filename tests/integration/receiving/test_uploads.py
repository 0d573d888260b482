"""Receiving whole files: what is kept, what is refused, and that nothing is left behind."""

import errno
import hashlib
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries, Settings

from uploads.models import UploadedFile
from uploads.services.errors import FileTooLarge, NotAllowed, NotSignedIn, StateConflict
from uploads.services.files.activation import delete_file
from uploads.services.queueing import enqueue_load
from uploads.services.receiving.giving_up import cancel_upload
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import begin_upload, complete_upload, receive_file
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.tabular.errors import BadOption, UploaderError

pytestmark = pytest.mark.django_db

STAFF = Sender(is_staff=True, address="192.0.2.1")
VISITOR = Sender(visitor="someone", address="192.0.2.2")
CONTENT = b"a;b\n1;2\n"


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def receive(content: bytes = CONTENT, *, size: int | None = None, **changes: Any) -> UploadedFile:
    facts: dict[str, Any] = {"name": "x.csv", "uploader": VISITOR, "via": UploadedFile.Via.FORM, **changes}
    return receive_file(content=io.BytesIO(content), size=size, **facts)


def begin(size: int = len(CONTENT), **changes: Any) -> UploadedFile:
    facts: dict[str, Any] = {"name": "x.csv", "uploader": VISITOR, "via": UploadedFile.Via.TUS, **changes}
    return begin_upload(size=size, **facts)


def send(file: UploadedFile, content: bytes = CONTENT) -> None:
    with spool.SpoolFile(file.stored_as) as arriving:
        arriving.append(content)


def spooled() -> list[Path]:
    return list(spool.folder().glob("*"))


def jobs_for(file: UploadedFile) -> int:
    return ProcrastinateJob.objects.filter(args__file_id=file.pk).count()


def test_received_file_waits_with_its_hash_and_bytes_and_one_job() -> None:
    file = receive()
    assert file.state == FileState.WAITING
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (file.size, file.received) == (len(CONTENT), len(CONTENT))
    with stored_files.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT
    assert jobs_for(file) == 1
    assert not spooled()


def test_job_that_is_left_of_another_file_of_its_number_is_enough() -> None:
    """A backup that was restored gives numbers again, and jobs may be left of the time behind it."""
    file = begin_upload(name="x.csv", size=0, uploader=Sender(), via=UploadedFile.Via.FORM)
    enqueue_load(file_id=file.pk)
    assert complete_upload(file_id=file.pk)
    assert UploadedFile.objects.get(pk=file.pk).state == FileState.WAITING
    assert ProcrastinateJob.objects.filter(args__file_id=file.pk).count() == 1


def test_file_comes_back_as_its_row_is_for_few_questions_and_one_wait_for_its_bytes(
    admin_user: User, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a part of what a small file costs: they were 17, and the disk was waited for four times."""
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", forced.append)
    with django_assert_max_num_queries(12):
        file = receive(uploader=Sender(is_staff=True, user_id=admin_user.pk))
    assert len(forced) <= 3  # its bytes, the folder it is in, and that one's name once
    row = UploadedFile.objects.get(pk=file.pk)
    names = [field.attname for field in UploadedFile._meta.concrete_fields]
    assert {name: getattr(file, name) for name in names} == {name: getattr(row, name) for name in names}


def test_history_says_how_the_file_came_and_that_it_was_received() -> None:
    file = receive()
    assert list(file.events.values_list("state", "text")) == [("receiving", "by form"), ("waiting", "received")]


def test_stored_name_says_nothing_of_the_sender_s() -> None:
    first, second = receive(name="../x.csv"), receive(name="../x.csv")
    assert first.stored_as != second.stored_as
    assert "x" not in first.stored_as
    assert first.name == second.name == "x.csv"


def test_empty_file_is_received_for_its_receipt_says_what_is_wrong() -> None:
    assert receive(b"").state == FileState.WAITING


@pytest.mark.parametrize("announced", [len(CONTENT) - 1, len(CONTENT) + 1])
def test_file_that_changes_while_it_is_read_is_given_up(announced: int) -> None:
    with pytest.raises(StateConflict, match="changed while it was read"):
        receive(size=announced)
    file = UploadedFile.objects.get()
    assert (file.state, file.stored_as) == (FileState.DELETED, "")
    assert not spooled()


def test_file_over_the_limit_leaves_nothing(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = len(CONTENT) - 1
    with pytest.raises(FileTooLarge):
        receive()
    assert not UploadedFile.objects.exists()
    assert not spooled()


@pytest.mark.parametrize(
    "wrong", [{"options": {"delimiter": "six;;;"}}, {"options": {"colour": "red"}}, {"writer": "magic"}]
)
def test_wish_that_cannot_be_met_leaves_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadOption):
        receive(**wrong)
    assert not UploadedFile.objects.exists()
    assert not spooled()


def test_activation_is_for_those_who_may(settings: Settings) -> None:
    assert receive(uploader=STAFF).activate
    assert not receive(uploader=STAFF, activate=False).activate
    assert not receive().activate
    with pytest.raises(NotAllowed):
        receive(activate=True)
    settings.ACTIVATE_STAFF_UPLOADS = False
    assert not receive(uploader=STAFF).activate
    assert receive(uploader=STAFF, activate=True).activate


def test_closed_site_takes_files_of_users_and_commands_only(settings: Settings) -> None:
    settings.ANONYMOUS_UPLOAD = False
    receive(uploader=STAFF)
    with pytest.raises(NotSignedIn):
        receive()


def test_hand_over_with_bytes_missing_is_refused() -> None:
    file = begin()
    send(file, CONTENT[:-1])
    with pytest.raises(StateConflict, match="7 of the 8 bytes"):
        complete_upload(file_id=file.pk)
    send(file, CONTENT[-1:])
    assert complete_upload(file_id=file.pk)
    assert not complete_upload(file_id=file.pk)
    assert jobs_for(file) == 1


def test_cancelled_upload_is_given_up_once() -> None:
    file = begin()
    cancel_upload(file_id=file.pk)
    with pytest.raises(StateConflict):
        cancel_upload(file_id=file.pk)
    assert not complete_upload(file_id=file.pk)
    assert not spooled()


def test_upload_that_is_deleted_during_its_hand_over_leaves_no_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    file = begin()
    send(file)
    adopt = stored_files.adopt

    def delete_meanwhile(path: Path, name: str) -> None:
        delete_file(file_id=file.pk)
        adopt(path, name)

    monkeypatch.setattr(stored_files, "adopt", delete_meanwhile)
    assert not complete_upload(file_id=file.pk)
    assert not spooled()
    assert not stored_files.exists(file.stored_as)
    assert jobs_for(file) == 0


@pytest.mark.django_db(transaction=True)
def test_hand_over_from_many_threads_at_once_makes_one_load() -> None:
    file = begin()
    send(file)
    done: list[bool] = []

    def hand_over() -> None:
        try:
            done.append(complete_upload(file_id=file.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_over) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]
    assert jobs_for(file) == 1
    with stored_files.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT


def test_store_on_another_filesystem_gets_the_bytes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".partial":
            return replace(self, target)
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    replace = Path.replace
    monkeypatch.setattr(Path, "replace", refuse)
    file = receive()
    with stored_files.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT
        assert list(path.parent.glob(f"{path.name}*")) == [path]


def test_store_without_local_paths_gets_the_bytes_too(settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    file = receive()
    with stored_files.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT
    assert not spooled()


def test_full_disk_is_said_plainly_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    with pytest.raises(UploaderError) as raised:
        receive()
    assert raised.value.code == "disk_full"
    assert UploadedFile.objects.get().state == FileState.DELETED
    assert not spooled()


def test_upload_given_up_after_its_bytes_were_stored_leaves_none() -> None:
    file = begin()
    send(file)
    stored_files.adopt(spool.path_of(file.stored_as), file.stored_as)  # and then the database was away
    cancel_upload(file_id=file.pk)
    assert not stored_files.exists(file.stored_as)
