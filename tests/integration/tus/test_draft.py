"""The IETF's draft of resumable uploads: the same uploads by other headers."""

import asyncio
import json
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.integration.tus.client import OFFSET_TYPE, Answer, exchange, metadata
from uploads.models import UploadedFile
from uploads.states import FileState

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"a;b\n1;2\n"
LAST, MORE = {"Upload-Complete": "?1"}, {"Upload-Complete": "?0"}


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


def ask(
    method: str, path: str = "/files/", headers: dict[str, str] | None = None, body: bytes = b"", version: str = "6"
) -> Answer:
    told = {"Upload-Draft-Interop-Version": version, **(headers or {})}
    if body:
        told["Content-Length"] = str(len(body))
    return asyncio.run(exchange(method, path, told, [body] if body else []))


def patch(location: str, offset: int, body: bytes, headers: dict[str, str], **more: str) -> Answer:
    fields = {"Content-Type": "application/partial-upload", "Upload-Offset": str(offset), **headers}
    return ask("PATCH", location, fields, body, **more)


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def test_file_is_sent_in_one_request_whose_end_is_its_own() -> None:
    answer = ask("POST", headers={**LAST, "Upload-Metadata": metadata(filename="x.csv")}, body=CONTENT)
    assert (answer.status, answer.offset, answer.headers["upload-complete"]) == (201, 8, "?1")
    assert answer.headers["upload-draft-interop-version"] == "6"
    assert "tus-resumable" not in answer.headers
    assert (row(answer.location).state, row(answer.location).name) == (FileState.WAITING, "x.csv")


@pytest.mark.parametrize("version", ["5", "6"])
def test_file_without_a_size_goes_on_until_its_sender_says_that_it_ends(version: str) -> None:
    location = ask("POST", headers=MORE, version=version).location
    assert patch(location, 0, CONTENT[:4], MORE, version=version).headers["upload-complete"] == "?0"
    told = ask("HEAD", location, version=version)
    assert (told.status, told.offset, told.headers["upload-complete"]) == (204, 4, "?0")
    assert "upload-length" not in told.headers
    assert patch(location, 4, CONTENT[4:], LAST, version=version).headers["upload-complete"] == "?1"
    assert (row(location).state, row(location).size) == (FileState.WAITING, 8)
    assert ask("HEAD", location, version=version).headers["upload-length"] == "8"


def test_wrong_offset_is_a_problem_with_both_offsets() -> None:
    location = ask("POST", headers=MORE, body=CONTENT[:4]).location
    answer = patch(location, 3, CONTENT, MORE)
    told = json.loads(answer.body)
    assert (answer.status, answer.headers["content-type"]) == (409, "application/problem+json")
    assert told["type"].endswith("#mismatching-upload-offset")
    assert (told["expected-offset"], told["provided-offset"], told["status"]) == (4, 3, 409)


def test_upload_that_is_whole_takes_no_more() -> None:
    location = ask("POST", headers=LAST, body=CONTENT).location
    told = json.loads(patch(location, 8, b"9", LAST).body)
    assert (told["type"].rpartition("#")[2], told["error"]["code"]) == ("completed-upload", "completed_upload")
    assert patch(location, 8, b"", LAST).status == 204


def test_end_before_or_behind_the_size_that_was_said_is_refused_and_nothing_of_it_stays() -> None:
    location = ask("POST", headers={**MORE, "Upload-Length": "8"}).location
    told = json.loads(patch(location, 0, CONTENT[:4], LAST).body)
    assert told["type"].endswith("#inconsistent-upload-length")
    assert ask("HEAD", location).offset == 0
    assert patch(location, 0, CONTENT + b"9", LAST).status == 413
    assert patch(location, 0, CONTENT, LAST).status == 204


def test_upload_is_given_up_by_its_sender() -> None:
    location = ask("POST", headers=MORE).location
    assert (ask("DELETE", location).status, ask("HEAD", location).status) == (204, 410)


@pytest.mark.parametrize(("headers", "status"), [({"Content-Type": OFFSET_TYPE}, 415), ({"Upload-Complete": "1"}, 400)])
def test_body_of_another_type_and_flag_that_is_none_are_refused(headers: dict[str, str], status: int) -> None:
    location = ask("POST", headers=MORE).location
    assert patch(location, 0, CONTENT, {**MORE, **headers}).status == status


@pytest.mark.parametrize("version", ["1", "8", "", "6, 6"])
def test_version_that_is_not_known_is_refused_with_those_that_are(version: str) -> None:
    answer = ask("POST", headers=LAST, body=CONTENT, version=version)
    assert (answer.status, answer.code) == (412, "bad_tus_version")
    assert not UploadedFile.objects.exists()


def test_options_say_the_limit_and_the_types() -> None:
    answer = ask("OPTIONS")
    assert answer.headers["upload-limit"].startswith("max-size=")
    assert "application/partial-upload" in answer.headers["accept-patch"]
