"""Large bodies over real sockets, in this process: what is kept of those that don't end well."""

import asyncio
import hashlib
import os
import random
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.integration.tus.client import OFFSET_TYPE, create, head
from tests.unit.project.test_connections import served
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.models import UploadedFile
from uploads.states import FileState
from uploads.store import spool
from uploads.store.spool import SpoolFile
from uploads.tus import drawing, wire
from uploads.tus.app import tus_app
from uploads.tus.drawing import Drawing
from uploads.tus.records import in_database

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = random.Random(3).randbytes(3_000_000)  # noqa: S311 (not a secret)
type Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


@asynccontextmanager
async def patching(location: str, offset: int, sent: bytes, *, announced: int, more: str = "") -> AsyncIterator[Wire]:
    """A PATCH on a connection of its own, of which ``sent`` is on its way."""
    head_ = f"PATCH {location} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nContent-Type: {OFFSET_TYPE}\r\n"
    head_ += f"Upload-Offset: {offset}\r\nContent-Length: {announced}\r\n{more}\r\n"
    async with served(tus_app) as (connect, _):
        reader, writer = await connect()
        writer.write(head_.encode() + sent)
        try:
            yield reader, writer
        finally:
            writer.close()


async def status(reader: asyncio.StreamReader) -> int:
    return int((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])


async def has(location: str, size: int) -> None:
    """Wait until so many bytes are in the spool."""
    path = spool.path_of((await in_database(row, location)).stored_as)
    await asyncio.to_thread(wait_until, lambda: path.stat().st_size >= size)


@pytest.mark.parametrize("cores", [1, 8])
@pytest.mark.parametrize("more", ["", "Expect: 100-continue\r\n"])
async def test_whole_body_arrives_and_its_hash_is_known(monkeypatch: pytest.MonkeyPatch, more: str, cores: int) -> None:
    """``cores``: whether another thread takes the hash."""
    monkeypatch.setattr(drawing, "CORES", cores)
    location = await in_database(create, len(CONTENT))
    async with patching(location, 0, CONTENT, announced=len(CONTENT), more=more) as (reader, _):
        assert {100, 204} >= {await status(reader) for _ in range(2 if more else 1)}
    file = await in_database(row, location)
    assert (file.state, file.sha256) == (FileState.WAITING, hashlib.sha256(CONTENT).hexdigest())


async def test_client_that_falls_silent_is_sent_away_and_its_bytes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "IDLE_SECONDS", 0.2)
    location = await in_database(create, len(CONTENT))
    async with patching(location, 0, CONTENT[:2_500_000], announced=len(CONTENT)) as (reader, _):
        assert await status(reader) == 408
    assert (await in_database(head, location)).offset == 2_500_000


async def test_client_that_hangs_lets_go_of_its_upload_for_one_that_comes_back() -> None:
    location = await in_database(create, len(CONTENT))
    async with patching(location, 0, CONTENT[:2_500_000], announced=len(CONTENT)) as (hung, _):
        await has(location, 2_500_000)
        rest = CONTENT[2_500_000:]
        async with patching(location, 2_500_000, rest, announced=len(rest)) as (reader, _):
            assert (await status(hung), await status(reader)) == (423, 204)


async def test_connection_that_is_reset_leaves_what_had_come() -> None:
    location = await in_database(create, len(CONTENT))
    async with patching(location, 0, CONTENT[:2_500_000], announced=len(CONTENT)) as (_, writer):
        await has(location, 2_500_000)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()
        assert (await in_database(head, location)).offset == 2_500_000


@pytest.mark.parametrize("room", [2_000_000, 0])
async def test_full_disk_is_answered_and_what_fitted_stays(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    location = await in_database(create, len(CONTENT))
    checked: list[int] = []

    def refuse_soon(size: int, _: int | None = None) -> None:
        checked.append(size)
        if sum(checked) > room:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "check_room", refuse_soon)
    async with patching(location, 0, CONTENT, announced=len(CONTENT)) as (reader, _):
        assert await status(reader) == 507
        assert await reader.read()  # the answer's rest, and the end of the connection
    assert min(room, 1) <= (await in_database(head, location)).offset <= room


async def test_bytes_that_come_while_others_are_forced_are_not_said_to_be_durable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    location = await in_database(create, len(CONTENT))
    file = await in_database(row, location)
    forcing, written = threading.Event(), threading.Event()
    force = os.fsync

    def force_late(handle: int) -> None:
        forcing.set()
        assert written.wait(GIVE_UP_SECONDS)
        force(handle)

    with SpoolFile(file.stored_as) as arriving:
        arriving.append(b"first")
        monkeypatch.setattr(os, "fsync", force_late)
        durable = asyncio.create_task(asyncio.to_thread(arriving.sync))
        await asyncio.to_thread(forcing.wait, GIVE_UP_SECONDS)
        arriving.append(b"second")
        written.set()
        assert await durable == len(b"first")


@pytest.mark.parametrize(("drawers", "turns"), [(1, 1), (0, 2)])
async def test_turn_waits_for_more_where_nobody_waits_for_its_thread(
    monkeypatch: pytest.MonkeyPatch, drawers: int, turns: int
) -> None:
    """Each turn is two hops between threads: on a quick line the next bytes are there sooner. And it lasts: of many
    files that come at once each ends at another moment."""
    content = CONTENT * 5
    monkeypatch.setattr(drawing, "STAY_SECONDS", GIVE_UP_SECONDS)
    monkeypatch.setattr(drawing, "DRAWERS", drawers)
    began: list[Drawing] = []
    turn = Drawing._turn

    def noted(self: Drawing) -> None:
        began.append(self)
        turn(self)

    monkeypatch.setattr(Drawing, "_turn", noted)
    location = await in_database(create, len(content))
    async with patching(location, 0, content[:2_500_000], announced=len(content)) as (reader, writer):
        await has(location, 2_500_000)
        writer.write(content[2_500_000:])
        assert await status(reader) == 204
    assert len(began) == 1 if turns == 1 else len(began) >= turns
