"""Bytes that are checked, cut off, contended for or too slow: what is kept is what was sent."""

import asyncio
import base64
import hashlib
import itertools
import random
import resource
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from tests.integration.tus.client import (
    OFFSET_TYPE,
    Answer,
    create,
    exchange,
    exchange_with,
    head,
    metadata,
    patch,
    tus,
)
from tests.waiting import GIVE_UP_SECONDS
from uploads.models import UploadedFile
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.store.spool import SpoolFile
from uploads.tus import arriving, verbs, wire
from uploads.tus.intakes import CheckedIntake
from uploads.web import slow_clients

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = random.Random(1).randbytes(700_000)  # noqa: S311 (not a secret)
HEADERS = {"Tus-Resumable": "1.0.0", "Content-Type": OFFSET_TYPE, "Transfer-Encoding": "chunked"}


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def stored(location: str) -> bytes:
    file = row(location)
    assert file.state == FileState.WAITING
    with stored_files.local_path(file.stored_as) as path:
        return path.read_bytes()


def checksum(algorithm: str, content: bytes) -> dict[str, str]:
    digest = hashlib.new(algorithm, content).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_bytes_with_the_right_checksum_are_taken(algorithm: str) -> None:
    location = create(len(CONTENT))
    assert patch(location, 0, CONTENT[:10], checksum(algorithm, CONTENT[:10])).offset == 10
    assert (
        patch(location, 10, [CONTENT[10:500_000], CONTENT[500_000:]], checksum(algorithm, CONTENT[10:])).status == 204
    )
    assert stored(location) == CONTENT


def test_bytes_with_a_wrong_checksum_are_refused_and_freed_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(act: Callable[..., None]) -> Callable[..., None]:
        def noting(*args: Any) -> None:
            threads.append(threading.current_thread().name)
            act(*args)

        return noting

    monkeypatch.setattr(SpoolFile, "cut", noted(SpoolFile.cut))
    monkeypatch.setattr(CheckedIntake, "put_away", noted(CheckedIntake.put_away))
    location = create(len(CONTENT))
    patch(location, 0, CONTENT[:10])
    answer = patch(location, 10, CONTENT[10:], checksum("sha1", b"something else"))
    assert (answer.status, answer.code) == (460, "checksum_mismatch")
    assert [name.partition("_")[0] for name in threads] == ["tus", "tus"], "gigabytes take a moment"
    assert head(location).offset == 10
    assert row(location).state == FileState.RECEIVING


@pytest.mark.parametrize("value", ["crc32 AAAA", "sha1", "sha1 !", "sha1 AAAA", "SHA1 " + "A" * 28, ""])
def test_checksum_that_cannot_be_checked_is_refused(value: str) -> None:
    location = create(10)
    assert patch(location, 0, b"abc", {"Upload-Checksum": value}).status == 400
    assert head(location).offset == 0


def test_checked_bytes_that_are_cut_off_are_forgotten_for_they_cannot_be_checked() -> None:
    location = create(len(CONTENT))
    patch(location, 0, [CONTENT[:300_000]], checksum("sha1", CONTENT), cut=True)
    assert head(location).offset == 0


@pytest.mark.parametrize("seed", range(8))
def test_upload_that_is_cut_anywhere_goes_on_and_ends_with_the_same_bytes(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    location = create(len(CONTENT))
    offset = 0
    while offset < len(CONTENT):
        until = dice.randint(offset, len(CONTENT))
        middle = dice.randint(offset, until)
        patch(location, offset, [CONTENT[offset:middle], CONTENT[middle:until]], cut=dice.random() < 0.9)
        offset = head(location).offset
        assert offset == until
    assert stored(location) == CONTENT
    assert row(location).sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_last_byte_that_arrives_before_a_cut_is_noticed_by_the_next_question() -> None:
    location = create(10)
    patch(location, 0, [b"0123456789"], cut=True)
    assert head(location).offset == 10
    assert stored(location) == b"0123456789"


def test_creation_takes_the_first_bytes_or_all() -> None:
    headers = {"Upload-Length": "10", "Content-Type": OFFSET_TYPE, "Upload-Metadata": metadata(filename="x.csv")}
    part = tus("POST", headers=headers, body=b"01234")
    assert (part.status, part.offset, head(part.location).offset) == (201, 5, 5)
    whole = tus("POST", headers=headers, body=b"0123456789")
    assert (whole.status, whole.offset) == (201, 10)
    assert stored(whole.location) == b"0123456789"


@pytest.mark.parametrize("cut", [True, False])
def test_small_file_that_breaks_on_its_way_leaves_no_upload(*, cut: bool) -> None:
    headers = {"Upload-Length": "10", "Content-Length": "10", "Content-Type": OFFSET_TYPE}
    assert tus("POST", headers=headers, body=[b"01", b"234"], cut=cut).status == 0
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/csv"}, b"0123", 415),
        ({"Content-Type": OFFSET_TYPE}, b"0123456789X", 413),
        ({"Content-Type": OFFSET_TYPE, **checksum("sha1", b"other")}, b"0123", 460),
    ],
)
def test_creation_with_bytes_that_are_refused_leaves_no_upload(
    headers: dict[str, str], body: bytes, status: int
) -> None:
    assert tus("POST", headers={"Upload-Length": "10", **headers}, body=body).status == status
    assert not UploadedFile.objects.exclude(state=FileState.DELETED).exists()
    assert not list(spool.folder().glob("*"))


def test_of_parallel_requests_at_one_offset_one_wins() -> None:
    location = create(40)

    async def race() -> list[Answer]:
        bodies = [bytes([65 + number]) * 20 for number in range(20)]
        headers = {**HEADERS, "Upload-Offset": "0"}
        return await asyncio.gather(*(exchange("PATCH", location, headers, [body]) for body in bodies))

    statuses = sorted(answer.status for answer in asyncio.run(race()))
    assert statuses == [204] + [409] * 19
    assert head(location).offset == 20
    with SpoolFile(row(location).stored_as) as file:
        assert len(set(spool.path_of(row(location).stored_as).read_bytes())) == 1
        assert file.size == 20


def test_hung_request_lets_go_when_its_client_comes_back() -> None:
    location = create(40)

    async def come_back() -> tuple[Answer, Answer, Answer]:
        reading = asyncio.Event()
        headers = {**HEADERS, "Upload-Offset": "0"}
        hung = asyncio.create_task(
            exchange_with("PATCH", location, headers, [b"0123456789"], ending=asyncio.Event(), waiting=reading)
        )
        await reading.wait()
        asked = await exchange("HEAD", location, HEADERS)
        more = await exchange("PATCH", location, {**HEADERS, "Upload-Offset": "10"}, [b"x" * 30])
        return await hung, asked, more

    hung, asked, more = asyncio.run(come_back())
    assert (hung.status, hung.code) == (423, "upload_locked")
    assert (asked.status, asked.offset) == (200, 10)
    assert more.status == 204


def test_request_that_the_server_ends_closes_its_file_once_the_piece_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    location = create(len(CONTENT))
    begun, let_go = threading.Event(), threading.Event()
    append = SpoolFile.append

    def append_late(file: SpoolFile, data: bytes | bytearray | memoryview) -> None:
        begun.set()
        assert let_go.wait(GIVE_UP_SECONDS)
        append(file, data)

    monkeypatch.setattr(SpoolFile, "append", append_late)

    async def end_it() -> None:
        headers = {**HEADERS, "Upload-Offset": "0"}
        request = asyncio.create_task(exchange("PATCH", location, headers, [CONTENT[:300_000]], cut=True))
        await asyncio.to_thread(begun.wait, GIVE_UP_SECONDS)
        request.cancel()
        for _ in range(10):
            await asyncio.sleep(0)
        let_go.set()
        await asyncio.gather(request, return_exceptions=True)

    asyncio.run(end_it())
    assert spool.path_of(row(location).stored_as).read_bytes() == CONTENT[:300_000]


def test_upload_that_another_process_writes_to_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LOCK_SECONDS", 0.05)
    location = create(40)
    with SpoolFile(row(location).stored_as) as other:
        assert other.try_lock()
        assert head(location).status == 423
        assert patch(location, 0, b"x").status == 423
        assert tus("DELETE", location).status == 423
    assert patch(location, 0, b"x").status == 204


def test_client_that_falls_silent_is_sent_away_and_its_bytes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "IDLE_SECONDS", 0.05)
    location = create(40)
    headers = {**HEADERS, "Upload-Offset": "0"}
    answer = asyncio.run(exchange_with("PATCH", location, headers, [b"0123456789"], ending=asyncio.Event()))
    assert (answer.status, answer.code, answer.headers["connection"]) == (408, "too_slow", "close")
    assert head(location).offset == 10


def test_pace_is_looked_at_by_the_clock_once_in_a_while() -> None:
    pace = slow_clients.Pace(now=100.0)
    window, least = slow_clients.RATE_SECONDS, slow_clients.LEAST_BYTES_PER_SECOND
    assert not pace.too_slow(now=100.0 + window - 1, arrived=0)
    assert pace.too_slow(now=100.0 + window, arrived=int(window))
    assert not pace.too_slow(now=100.0 + 2 * window - 1, arrived=0)
    assert not pace.too_slow(now=100.0 + 2 * window, arrived=int(window * least))


def test_sender_of_a_byte_now_and_then_costs_no_note_and_is_sent_away_by_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """200 of them had the disk and the database to themselves by the notes of where they stand."""
    moments = itertools.count(0.0, 2.0)
    for module in (wire, arriving):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    noted: list[int] = []
    monkeypatch.setattr(verbs, "note_arrival", lambda *, upload, received: noted.append(received))
    location = create(400)
    headers = {**HEADERS, "Upload-Offset": "0"}
    answer = asyncio.run(exchange_with("PATCH", location, headers, [b"x"] * 300, ending=asyncio.Event()))
    assert (answer.status, answer.code) == (408, "too_slow")
    assert len(noted) == 1
    assert noted[0] < 10


def test_full_disk_is_said_plainly_and_the_upload_goes_on_later(small_files: None) -> None:
    location = create(len(CONTENT))
    answer = patch(location, 0, CONTENT)
    assert (answer.status, answer.code) == (507, "disk_full")
    assert head(location).offset == 300_000
    assert row(location).received == 300_000


def test_bytes_that_wait_for_their_checksum_leave_the_reserve_of_the_disk_too(settings: Settings) -> None:
    location = create(len(CONTENT))
    settings.MIN_FREE_DISK = 2**62
    answer = patch(location, 0, CONTENT, checksum("sha1", b"something else"))
    assert (answer.status, answer.code) == (507, "disk_full")


@pytest.fixture
def small_files() -> Iterator[None]:
    """Files of this process can't grow beyond 300,000 bytes: what a full disk does, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
