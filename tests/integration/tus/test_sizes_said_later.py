"""Uploads whose size is said later: how much they may become, when they are whole, what they count as meanwhile."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from tests.integration.tus.client import OFFSET_TYPE, head, metadata, patch, scope_of, tus
from uploads.models import UploadedFile
from uploads.services.files.progress import progress_of
from uploads.services.receiving.expiry import expire_uploads
from uploads.states import FileState
from uploads.tus import arriving
from uploads.tus.verbs import take_bytes
from uploads.tus.wire import Request
from uploads.web.asgi import Message

pytestmark = pytest.mark.django_db(transaction=True)
LATER = {"Upload-Defer-Length": "1"}
NO_BODY = {"Content-Type": OFFSET_TYPE}


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


def begin() -> str:
    answer = tus("POST", headers={**LATER, "Upload-Metadata": metadata(filename="x.csv")})
    assert answer.status == 201, answer
    return answer.location


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def test_upload_is_whole_once_its_size_is_said_and_there() -> None:
    location = begin()
    assert patch(location, 0, b"a;b\n").offset == 4
    told = head(location)
    assert (told.headers["upload-defer-length"], "upload-length" in told.headers, told.offset) == ("1", False, 4)
    assert (row(location).state, row(location).size, row(location).received) == (FileState.RECEIVING, 4, 4)
    progress = progress_of(row(location), FileState.RECEIVING)
    assert (progress.done, progress.total) == (4, 0)
    assert patch(location, 4, b"1;2\n", {"Upload-Length": "8"}).offset == 8
    assert (row(location).state, row(location).size, row(location).size_known) == (FileState.WAITING, 8, True)


def test_size_may_be_said_with_no_more_bytes() -> None:
    location = begin()
    patch(location, 0, b"a;b\n")
    assert patch(location, 4, b"", {"Upload-Length": "4"}).status == 204
    assert row(location).state == FileState.WAITING


def test_size_once_said_holds_also_where_its_request_broke() -> None:
    location = begin()
    patch(location, 0, [b"a;"], {"Upload-Length": "4"}, cut=True)
    told = head(location)
    assert (told.headers["upload-length"], "upload-defer-length" in told.headers, told.offset) == ("4", False, 2)
    assert patch(location, 2, b"b\n", {"Upload-Length": "5"}).code == "bad_header"
    assert patch(location, 2, b"b\n", {"Upload-Length": "4"}).offset == 4


def test_size_below_what_is_there_or_above_the_limit_is_refused(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = 10
    location = begin()
    patch(location, 0, b"a;b\n")
    assert patch(location, 4, b"", {"Upload-Length": "3"}).code == "bad_header"
    assert patch(location, 4, b"", {"Upload-Length": "11"}).code == "file_too_large"
    assert head(location).offset == 4


def test_more_bytes_than_a_file_may_have_are_refused_without_a_size_too(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = 10
    location = begin()
    assert patch(location, 0, b"x" * 11).code == "file_too_large"
    assert patch(location, 0, [b"x" * 8, b"x" * 3]).code == "body_too_long"
    assert head(location).offset == 0
    assert patch(location, 0, b"x" * 10).offset == 10


def test_bytes_that_were_noted_and_taken_back_do_not_stand_in_the_way_of_a_smaller_size(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_FILE_SIZE = 10
    monkeypatch.setattr(arriving, "WRITE_BYTES", 1)
    monkeypatch.setattr(arriving, "NOTED_BYTES", 1)
    monkeypatch.setattr(arriving, "SYNC_SECONDS", -1.0)
    location = begin()
    assert patch(location, 0, [b"x" * 8, b"x" * 3]).status == 413
    assert (row(location).received, row(location).size) == (0, 0)
    assert patch(location, 0, b"a;b\n", {"Upload-Length": "4"}).status == 204


def test_upload_without_a_size_counts_as_the_largest_file_until_it_has_one(settings: Settings) -> None:
    settings.MAX_FILE_SIZE, settings.MAX_SIZE_PER_ADDRESS = 60, 100
    location = begin()
    assert tus("POST", headers={"Upload-Length": "41"}).code == "too_many_uploads"
    assert tus("POST", headers=LATER).code == "too_many_uploads"
    patch(location, 0, b"x" * 10, {"Upload-Length": "10"})
    assert tus("POST", headers={"Upload-Length": "41"}).status == 201


def test_upload_without_a_size_is_never_taken_for_whole_by_the_sweep() -> None:
    location = begin()
    patch(location, 0, b"a;b\n")
    UploadedFile.objects.update(expires_at=Now() + timedelta(hours=1))
    assert expire_uploads() == 0
    assert row(location).state == FileState.RECEIVING
    UploadedFile.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert expire_uploads() == 1
    assert row(location).state == FileState.DELETED


@pytest.mark.parametrize("wrong", [{}, {**LATER, "Upload-Length": "5"}, {"Upload-Defer-Length": "0"}])
def test_creation_says_either_its_size_or_that_it_comes_later(wrong: dict[str, str]) -> None:
    assert tus("POST", headers=wrong).code == "bad_header"


def test_size_that_another_request_said_meanwhile_holds_for_one_that_waited_for_it() -> None:
    """What had arrived was the size then: half of a file was whole to the sweep, and quotas were passed by it."""
    location = begin()
    found_before = row(location)
    patch(location, 0, b"", {"Upload-Length": "8"})

    async def receive() -> Message:
        return {"type": "http.request", "body": b"a;b\n", "more_body": False}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    request = Request(scope_of("PATCH", location, {"Content-Length": "4"}), receive, send)
    assert asyncio.run(take_bytes(request, found_before, 0)) == 4
    file = row(location)
    assert (file.state, file.size, file.size_known, file.received) == (FileState.RECEIVING, 8, True, 4)
    assert patch(location, 4, b"1;2\n").offset == 8
    assert row(location).state == FileState.WAITING
