"""Concatenation: parts that are sent at the same time become one file, once, and nothing by themselves."""

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import OperationalError
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from tests.integration.staff import bearer, make_user
from tests.integration.tus.client import Answer, exchange, head, metadata, patch, tus
from tests.waiting import GIVE_UP_SECONDS
from uploads.models import Dataset, PartialUpload, UploadedFile
from uploads.services.receiving import parts
from uploads.services.receiving.announcing import announce_file
from uploads.services.receiving.expiry import expire_uploads
from uploads.services.receiving.parts import expire_parts
from uploads.services.receiving.uploads import save_begun
from uploads.states import FileState
from uploads.store import spool
from uploads.tus import threads
from uploads.web.visitors import COOKIE

pytestmark = pytest.mark.django_db(transaction=True)
PIECES = (b"a;b\n1;2\n", b"3;4\n", b"5;6\n")


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


def part(content: bytes, headers: dict[str, str] | None = None, *, sent: int | None = None) -> str:
    answer = tus("POST", headers={"Upload-Concat": "partial", "Upload-Length": str(len(content)), **(headers or {})})
    assert answer.status == 201, answer
    if sent != 0 and content:
        assert patch(answer.location, 0, content[:sent], headers).status == 204
    return answer.location


def join(*locations: str, headers: dict[str, str] | None = None, **told: str) -> Answer:
    fields = {"Upload-Concat": f"final;{' '.join(locations)}", "Upload-Metadata": metadata(filename="x.csv", **told)}
    return tus("POST", headers={**fields, **(headers or {})})


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def as_visitor(name: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={Signer(salt='uploads.visitor').sign(name)}"}


def test_parts_become_one_file_in_the_order_that_is_said() -> None:
    second, first, third = part(PIECES[1]), part(PIECES[0]), part(PIECES[2])
    assert not UploadedFile.objects.exists()
    answer = join(first, f"http://localhost{second}", third, delimiter=";")
    assert (answer.status, answer.offset) == (201, 16)
    file = row(answer.location)
    assert (file.state, file.name, file.size, file.received) == (FileState.WAITING, "x.csv", 16, 16)
    assert (file.sha256, file.options) == (hashlib.sha256(b"".join(PIECES)).hexdigest(), {"delimiter": ";"})
    assert not list(spool.folder().glob("*"))
    told = head(answer.location)
    assert told.headers["upload-concat"] == f"final;{first} {second} {third}"
    assert (told.headers["upload-length"], told.offset) == ("16", 16)


def test_part_says_what_it_is_and_has_no_receipt() -> None:
    told = head(part(PIECES[0], sent=3))
    assert (told.headers["upload-concat"], told.headers["upload-length"], told.offset) == ("partial", "8", 3)
    assert "receipt" not in told.headers


def test_final_upload_asked_for_again_is_the_same_file_and_one_load() -> None:
    locations = [part(piece) for piece in PIECES]
    made = join(*locations)
    assert join(*locations).location == made.location
    assert ProcrastinateJob.objects.filter(args__file_id=row(made.location).pk).count() == 1
    assert [head(location).status for location in locations] == [200] * 3


def test_final_uploads_asked_for_at_once_make_one_file() -> None:
    locations = [part(piece) for piece in PIECES]

    async def race() -> list[Answer]:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Concat": f"final;{' '.join(locations)}"}
        return await asyncio.gather(*(exchange("POST", "/files/", headers) for _ in range(4)))

    answers = asyncio.run(race())
    assert {answer.status for answer in answers} <= {201, 409}
    assert UploadedFile.objects.count() == 1


def test_files_that_are_copied_together_hold_no_other_upload_up(monkeypatch: pytest.MonkeyPatch) -> None:
    locations = [part(PIECES[0]) for _ in range(threads.THREADS)]
    other = part(PIECES[1], sent=2)
    let_go = threading.Event()
    pieces = spool.SpoolFile.pieces

    def wait(file: spool.SpoolFile, most: int) -> Iterator[bytes]:
        assert let_go.wait(GIVE_UP_SECONDS)
        yield from pieces(file, most)

    monkeypatch.setattr(spool.SpoolFile, "pieces", wait)

    async def join_and_ask() -> tuple[Answer, list[Answer]]:
        said = {"Tus-Resumable": "1.0.0"}
        joins = [
            asyncio.create_task(exchange("POST", "/files/", {**said, "Upload-Concat": f"final;{location}"}))
            for location in locations
        ]
        await asyncio.sleep(0)
        asked = await asyncio.wait_for(exchange("HEAD", other, said), GIVE_UP_SECONDS / 2)
        let_go.set()
        return asked, await asyncio.gather(*joins)

    asked, made = asyncio.run(join_and_ask())
    assert (asked.offset, {answer.status for answer in made}) == (2, {201})


def test_part_of_one_file_is_not_taken_for_another() -> None:
    first, second = part(PIECES[0]), part(PIECES[1])
    join(first, second)
    assert join(first).code == "state_conflict"
    assert join(second, first).code == "state_conflict"
    assert tus("DELETE", first).code == "state_conflict"


def test_unfinished_part_is_not_joined_and_can_go_on() -> None:
    first, second = part(PIECES[0]), part(PIECES[1], sent=2)
    answer = join(first, second)
    assert (answer.status, answer.code) == (409, "state_conflict")
    assert not UploadedFile.objects.exists()
    patch(second, 2, PIECES[1][2:])
    assert join(first, second).status == 201


def test_final_upload_takes_no_bytes() -> None:
    location = join(part(PIECES[0])).location
    assert (patch(location, 8, b"x").status, patch(location, 8, b"").code) == (403, "final_upload")


@pytest.mark.parametrize("value", ["", "final", "final;", "final; ", "partial;/files/x", "whole", "Partial"])
def test_kind_that_does_not_exist_is_refused(value: str) -> None:
    assert tus("POST", headers={"Upload-Concat": value, "Upload-Length": "5"}).code == "bad_header"


def test_final_upload_with_a_length_or_a_part_twice_or_unknown_is_refused() -> None:
    location = part(PIECES[0])
    assert join(location, headers={"Upload-Length": "8"}).code == "bad_header"
    assert join(location, location).code == "bad_header"
    for address in ("/files/guessed", "/files/", "http://[", "http://localhost/files/\u00e9"):
        assert join(location, address).code == "upload_not_found"
    assert not UploadedFile.objects.exists()


def test_part_of_another_browser_is_not_found() -> None:
    location = part(PIECES[0], as_visitor("anna"))
    assert (head(location, as_visitor("bert")).status, join(location, headers=as_visitor("bert")).status) == (404, 404)
    assert join(location, headers=as_visitor("anna")).status == 201


def test_token_joins_parts_only_into_its_dataset() -> None:
    Dataset.objects.create(slug="prices", name="prices", header_key="", established_at=Now())
    headers = bearer(make_user("anna"), "upload:prices")
    location = part(PIECES[0], headers)
    assert join(location, headers=headers, dataset="wages").code == "missing_scope"
    assert row(join(location, headers=headers).location).dataset_wanted == "prices"


def test_bytes_of_parts_count_once(settings: Settings) -> None:
    settings.MAX_SIZE_PER_ADDRESS, settings.MAX_OPEN_UPLOADS_PER_ADDRESS = 20, 3
    locations = [part(piece) for piece in PIECES]
    assert tus("POST", headers={"Upload-Length": "1"}).code == "too_many_uploads"
    tus("DELETE", locations.pop())
    assert tus("POST", headers={"Upload-Concat": "partial", "Upload-Length": "9"}).code == "too_many_uploads"
    assert join(*locations).status == 201
    assert tus("POST", headers={"Upload-Length": "9"}).code == "too_many_uploads"
    assert tus("POST", headers={"Upload-Length": "8"}).status == 201


def test_parts_together_are_no_larger_than_a_file_may_be(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = 10
    first, second = part(PIECES[0]), part(PIECES[1])
    assert join(first, second).code == "file_too_large"
    assert not UploadedFile.objects.exists()


def test_part_that_nobody_joins_is_swept_and_was_never_a_file() -> None:
    location, other = part(PIECES[0]), part(PIECES[1])
    assert expire_parts() == 0
    PartialUpload.objects.filter(token=location.rpartition("/")[2]).update(expires_at=Now() - timedelta(seconds=1))
    assert (head(location).status, join(location).status) == (410, 410)
    assert expire_parts() == 1
    assert (head(location).status, head(other).status) == (404, 200)
    assert (len(list(spool.folder().glob("*"))), UploadedFile.objects.exists()) == (1, False)


def test_parts_of_a_file_are_forgotten_and_the_file_stays() -> None:
    location = part(PIECES[0])
    made = join(location)
    PartialUpload.objects.update(expires_at=Now() - timedelta(seconds=1))
    expire_parts()
    assert (head(location).status, row(made.location).state) == (404, FileState.WAITING)


def test_crash_between_the_bytes_and_the_file_leaves_parts_that_can_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    locations = [part(piece) for piece in PIECES]
    with monkeypatch.context() as patched:
        patched.setattr(spool, "remove", lambda _: None)  # as after a kill, nothing is tidied up
        patched.setattr("uploads.services.receiving.parts.save_begun", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            join(*locations)
    answer = join(*locations)
    assert row(answer.location).sha256 == hashlib.sha256(b"".join(PIECES)).hexdigest()


def test_database_that_is_lost_in_its_answer_to_the_commit_takes_no_bytes_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locations = [part(piece) for piece in PIECES]

    def lose(*args: Any, **told: Any) -> None:
        save_begun(*args, **told)
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(parts, "save_begun", lose)
        assert join(*locations).status == 503
    UploadedFile.objects.update(expires_at=Now() + timedelta(hours=1))
    assert expire_uploads() == 1
    file = row(join(*locations).location)
    assert (file.state, file.sha256) == (FileState.WAITING, hashlib.sha256(b"".join(PIECES)).hexdigest())


def test_part_that_grows_while_it_is_joined_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file was of the size that the parts had before; its bytes never became a file, and belonged to no part."""
    location = tus("POST", headers={"Upload-Concat": "partial", "Upload-Defer-Length": "1"}).location
    patch(location, 0, PIECES[0][:4])

    def announce(**told: Any) -> UploadedFile:
        patch(location, 4, PIECES[0][4:], {"Upload-Length": "8"})
        return announce_file(**told)

    with monkeypatch.context() as patched:
        patched.setattr(parts, "announce_file", announce)
        assert join(location).code == "state_conflict"
    assert row(join(location).location).size == 8


def test_part_may_have_its_size_said_later() -> None:
    answer = tus("POST", headers={"Upload-Concat": "partial", "Upload-Defer-Length": "1"})
    patch(answer.location, 0, PIECES[0][:3])
    refused = join(answer.location)
    assert (refused.code, b"not said yet" in refused.body) == ("state_conflict", True)
    patch(answer.location, 3, PIECES[0][3:], {"Upload-Length": "8"})
    assert row(join(answer.location).location).size == 8
