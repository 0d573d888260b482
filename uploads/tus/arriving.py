"""The bytes of one request on their way into the spool: one writer at a time, what came before a cut is kept."""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import IO, Self

from uploads.store import spool
from uploads.store.spool import SpoolFile
from uploads.tabular.errors import UploaderError
from uploads.tus import digests
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import Checksum
from uploads.tus.records import in_thread
from uploads.tus.wire import Request

WRITE_BYTES = 256 * 1024
"""Gathered before a thread writes them: 4,000 hops to a thread for 1 GB, and no more than twice this in memory each."""
SYNC_SECONDS = 3.0
"""Between two notes of where an upload stands. What came since the last is lost only where the machine itself stops."""
NOTED_BYTES = 256 * 1024
"""Worth a note: it forces the disk and takes a connection to the database, which 200 senders of a byte a second each
had all of."""
LOCK_SECONDS = 2.0
"""How long a newcomer waits for the upload; after that it is told to come back (423)."""
LOCK_POLL_SECONDS = 0.02

_holders: dict[str, Request] = {}
"""Who in this process writes to which spool file."""


class Moved(Exception):
    """The spool file is gone: the upload was completed or given up meanwhile."""


@asynccontextmanager
async def held(name: str, request: Request) -> AsyncIterator[SpoolFile]:
    """Open the spool file as its only writer. Raises ``Moved``, or ``Refused`` as locked after two seconds.

    A request of this process that holds it is asked to let go, which it does when no bytes come in: a client whose
    connection broke unnoticed can go on at once.
    """
    try:
        arriving = SpoolFile(name)
    except FileNotFoundError as error:
        raise Moved from error
    with arriving:
        await _lock(arriving, name)
        if not arriving.current:
            raise Moved
        _holders[name] = request
        try:
            yield arriving
        finally:
            del _holders[name]


async def _lock(arriving: SpoolFile, name: str) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while not arriving.try_lock():
        if time.monotonic() > deadline:
            raise Refused(Refusal.LOCKED)
        if holder := _holders.get(name):
            holder.let_go()
        await asyncio.sleep(LOCK_POLL_SECONDS)


async def read_whole(request: Request, *, size: int, checksum: Checksum | None) -> bytes:
    """A body of ``size`` bytes, which are few; of one that breaks, is too long or is another one, nothing is kept."""
    content = bytearray()
    async for chunk in request.body():
        _less(size - len(content), chunk)
        content += chunk
    if len(content) < size:
        raise Disconnected
    if checksum is not None and not checksum.matches(hashlib.new(checksum.algorithm, content, usedforsecurity=False)):
        raise Refused(Refusal.MISMATCH)
    return bytes(content)


async def take_in(
    request: Request,
    arriving: SpoolFile,
    *,
    room: int,
    checksum: Checksum | None,
    note: Callable[[int], Awaitable[None]],
) -> int:
    """Append the body, at most ``room`` bytes, and return the new offset, which is durable then.

    ``note`` hears every ``SYNC_SECONDS`` how many bytes are durable, where ``NOTED_BYTES`` have come since. Bytes that
    came before a cut stay, but of a body that is too long or has the wrong checksum nothing does.
    """
    start = arriving.size
    digest = digests.resume(arriving.name, at=start)
    intake = _CheckedIntake(arriving, checksum, digest) if checksum else _Intake(arriving, digest)
    try:
        with intake:
            await _pump(request, intake, room, note)
            await _to_its_end(asyncio.ensure_future(in_thread(intake.finish)))
    except Refused as refused:
        if refused.refusal in (Refusal.TOO_LONG, Refusal.MISMATCH):
            arriving.cut(start)
        else:
            digests.keep(arriving.name, digest, at=arriving.size)
        await note(await in_thread(arriving.sync))
        raise
    except Disconnected:
        digests.keep(arriving.name, digest, at=arriving.size)
        await note(await in_thread(arriving.sync))
        raise
    except UploaderError:  # the disk is full: what fitted of the last piece stays, and is in no digest
        await note(await in_thread(arriving.sync))
        raise
    offset = await in_thread(arriving.sync)
    digests.keep(arriving.name, digest, at=offset)
    return offset


async def _pump(request: Request, intake: "_Intake", room: int, note: Callable[[int], Awaitable[None]]) -> None:
    gathered = bytearray()
    noted, since = time.monotonic(), 0
    writing = _Writing(intake)
    try:
        async for chunk in request.body():
            room = _less(room, chunk)
            since += len(chunk)
            gathered += chunk
            if len(gathered) >= WRITE_BYTES:
                full, gathered = gathered, bytearray()
                await writing.begin(full)
            if since >= NOTED_BYTES and time.monotonic() - noted > SYNC_SECONDS:
                noted, since = time.monotonic(), 0
                await writing.end()
                await note(await in_thread(intake.durable))
    except (Disconnected, Refused):
        await writing.begin(gathered)
        raise
    else:
        await writing.begin(gathered)
    finally:
        await writing.end()


class _Writing:
    """One piece is written and hashed while the next one is gathered."""

    def __init__(self, intake: "_Intake") -> None:
        self._intake = intake
        self._task: asyncio.Future[None] | None = None

    async def begin(self, data: bytearray) -> None:
        await self.end()
        self._task = asyncio.ensure_future(in_thread(self._intake.append, data))

    async def end(self) -> None:
        """Wait for the piece that is being written. Raises what befell it."""
        task, self._task = self._task, None
        if task is not None:
            await _to_its_end(task)


async def _to_its_end(written: asyncio.Future[None]) -> None:
    """Wait for it also where the server stops and ends the request: a thread that still wrote to a file that was closed
    would write to whatever was opened next."""
    try:
        await asyncio.shield(written)
    except asyncio.CancelledError:
        await asyncio.wait([written])
        raise


def _less(room: int, chunk: bytes) -> int:
    if len(chunk) > room:
        raise Refused(Refusal.TOO_LONG)
    return room - len(chunk)


class _Intake:
    """Bytes go straight to the end of the spool file."""

    def __init__(self, arriving: SpoolFile, digest: "hashlib._Hash | None") -> None:
        self.arriving = arriving
        self._digest = digest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to put away."""

    def append(self, data: bytearray) -> None:
        self._write(data)

    def _write(self, data: bytes | bytearray) -> None:
        self.arriving.append(data)
        if self._digest is not None:
            self._digest.update(data)

    def durable(self) -> int:
        return self.arriving.sync()

    def finish(self) -> None:
        """Nothing to decide."""


class _CheckedIntake(_Intake):
    """Bytes wait in a nameless file until their checksum is known: a kill in between leaves none of them behind."""

    def __init__(self, arriving: SpoolFile, checksum: Checksum, digest: "hashlib._Hash | None") -> None:
        super().__init__(arriving, digest)
        self._checksum = checksum
        self._found = hashlib.new(checksum.algorithm, usedforsecurity=False)
        self._staged: IO[bytes] = tempfile.TemporaryFile(dir=spool.folder(), buffering=0)  # noqa: SIM115 (closed in __exit__)

    def __exit__(self, *_: object) -> None:
        self._staged.close()

    def append(self, data: bytearray) -> None:
        self._found.update(data)
        with spool.full_disk_explained():
            spool.check_room(len(data))
            rest = memoryview(data)
            while rest:
                rest = rest[self._staged.write(rest) :]

    def durable(self) -> int:
        return self.arriving.size

    def finish(self) -> None:
        if not self._checksum.matches(self._found):
            raise Refused(Refusal.MISMATCH)
        self._staged.seek(0)
        while data := self._staged.read(2**20):
            self._write(data)
