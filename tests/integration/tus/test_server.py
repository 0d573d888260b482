"""Uploads to a real server: connections that break, a server that is killed, a client that hangs, a large file."""

import hashlib
import random
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.tus.server import Server
from tests.waiting import wait_until
from uploads.models import UploadedFile
from uploads.states import FileState
from uploads.store import spool, stored_files

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = random.Random(2).randbytes(8_000_000)  # noqa: S311 (not a secret)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def assert_arrived(location: str) -> None:
    file = row(location)
    assert (file.state, file.sha256) == (FileState.WAITING, hashlib.sha256(CONTENT).hexdigest())
    with stored_files.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT


def spooled(location: str) -> int:
    return spool.path_of(row(location).stored_as).stat().st_size


def finished(server: Server, location: str) -> bool:
    offset = server.offset(location)
    return server.ask("PATCH", location, {"Upload-Offset": str(offset)}, CONTENT[offset:]).status == 204


def test_upload_whose_connection_breaks_again_and_again_arrives_whole(server: Server) -> None:
    dice = random.Random(3)  # noqa: S311
    location = server.create(len(CONTENT))
    offset = sent = 0
    for _ in range(6):
        until = dice.randint(offset, (offset + len(CONTENT)) // 2)
        sent = max(sent, until)
        with server.sending(location, offset, CONTENT[offset:until], announced=len(CONTENT) - offset) as wire:
            if dice.random() < 0.5:  # a reset, not an orderly end
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        after = server.offset(location)
        assert offset <= after <= sent  # a request that was sent before may be taken in after one sent later
        offset = after
    wait_until(lambda: finished(server, location))
    assert_arrived(location)


@pytest.mark.parametrize("share", [0.1, 0.6])
def test_upload_goes_on_after_the_server_was_killed(server: Server, share: float) -> None:
    location = server.create(len(CONTENT))
    server.ask("PATCH", location, {"Upload-Offset": "0"}, CONTENT[:1000])
    stated = server.offset(location)
    until = int(len(CONTENT) * share)
    with server.sending(location, stated, CONTENT[stated:until], announced=len(CONTENT) - stated):
        wait_until(lambda: spooled(location) > stated)
        server.stop(signal.SIGKILL)
    server.start()
    offset = server.offset(location)
    assert stated < offset <= until
    assert row(location).received <= offset
    server.ask("PATCH", location, {"Upload-Offset": str(offset)}, CONTENT[offset:])
    assert_arrived(location)


def test_server_that_is_told_to_stop_keeps_what_arrived(server: Server) -> None:
    location = server.create(len(CONTENT))
    with server.sending(location, 0, CONTENT[:4_000_000], announced=len(CONTENT)):
        wait_until(lambda: spooled(location) > 3_000_000)
        server.stop()
    server.start()
    offset = server.offset(location)
    assert 3_000_000 < offset <= 4_000_000
    server.ask("PATCH", location, {"Upload-Offset": str(offset)}, CONTENT[offset:])
    assert_arrived(location)


def test_client_that_comes_back_while_its_old_connection_hangs_goes_on(server: Server) -> None:
    location = server.create(len(CONTENT))
    with server.sending(location, 0, CONTENT[:1_000_000], announced=len(CONTENT)) as wire:
        wait_until(lambda: spooled(location) > 0)
        offset = server.offset(location)  # refused where the old connection does not let go
        assert offset == 1_000_000
        assert server.ask("PATCH", location, {"Upload-Offset": str(offset)}, CONTENT[offset:]).status == 204
        assert b" 423 " in wire.recv(100)
    assert_arrived(location)


def test_body_that_is_too_long_is_answered_before_it_is_sent(server: Server) -> None:
    location = server.create(10)
    with server.sending(location, 0, b"", announced=10**9) as wire:
        assert b" 413 " in wire.recv(100)


def test_memory_of_the_server_does_not_grow_with_the_file(server: Server) -> None:
    chunk = CONTENT[: 4 * 2**20]
    location = server.create(50 * len(chunk))
    before = peak_memory(server)
    with server.sending(location, 0, b"", announced=50 * len(chunk)) as wire:
        for _ in range(50):
            wire.sendall(chunk)
        assert b" 204 " in wire.recv(100)
    assert peak_memory(server) - before < 30 * 2**20


def peak_memory(server: Server) -> int:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
