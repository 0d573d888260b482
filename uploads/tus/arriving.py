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
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import Checksum
from uploads.tus.records import in_thread
from uploads.tus.wire import Request

WRITE_BYTES = 256 * 1024
"""Gathered before a thread writes them: 4,000 hops to a thread for 1 GB, and no more than this in memory each."""
SYNC_SECONDS = 1.0
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


async def take_in(
    request: Request,
    arriving: SpoolFile,
    *,
    room: int,
    checksum: Checksum | None,
    note: Callable[[int], Awaitable[None]],
) -> int:
    """Append the body, at most ``room`` bytes, and return the new offset, which is durable then.

    ``note`` hears about every second how many bytes are durable, where ``NOTED_BYTES`` have come since. Bytes that came
    before a cut stay, but of a body that is too long or has the wrong checksum nothing does.
    """
    start = arriving.size
    intake = _CheckedIntake(arriving, checksum) if checksum else _Intake(arriving)
    try:
        with intake:
            await _pump(request, intake, room, note)
            await in_thread(intake.finish)
    except Refused as refused:
        if refused.refusal in (Refusal.TOO_LONG, Refusal.MISMATCH):
            arriving.cut(start)
        await note(await in_thread(arriving.sync))
        raise
    except (Disconnected, UploaderError):
        await note(await in_thread(arriving.sync))
        raise
    return await in_thread(arriving.sync)


async def _pump(request: Request, intake: "_Intake", room: int, note: Callable[[int], Awaitable[None]]) -> None:
    gathered = bytearray()
    noted, since = time.monotonic(), 0
    try:
        async for chunk in request.body():
            room = _less(room, chunk)
            since += len(chunk)
            gathered += chunk
            if len(gathered) >= WRITE_BYTES:
                full, gathered = gathered, bytearray()
                await in_thread(intake.append, full)
            if since >= NOTED_BYTES and time.monotonic() - noted > SYNC_SECONDS:
                noted, since = time.monotonic(), 0
                await note(await in_thread(intake.durable))
    except (Disconnected, Refused):
        await in_thread(intake.append, gathered)
        raise
    await in_thread(intake.append, gathered)


def _less(room: int, chunk: bytes) -> int:
    if len(chunk) > room:
        raise Refused(Refusal.TOO_LONG)
    return room - len(chunk)


class _Intake:
    """Bytes go straight to the end of the spool file."""

    def __init__(self, arriving: SpoolFile) -> None:
        self.arriving = arriving

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to put away."""

    def append(self, data: bytearray) -> None:
        self.arriving.append(data)

    def durable(self) -> int:
        return self.arriving.sync()

    def finish(self) -> None:
        """Nothing to decide."""


class _CheckedIntake(_Intake):
    """Bytes wait in a nameless file until their checksum is known: a kill in between leaves none of them behind."""

    def __init__(self, arriving: SpoolFile, checksum: Checksum) -> None:
        super().__init__(arriving)
        self._checksum = checksum
        self._found = hashlib.new(checksum.algorithm, usedforsecurity=False)
        self._staged: IO[bytes] = tempfile.TemporaryFile(dir=spool.folder(), buffering=0)  # noqa: SIM115 (closed in __exit__)

    def __exit__(self, *_: object) -> None:
        self._staged.close()

    def append(self, data: bytearray) -> None:
        self._found.update(data)
        with spool.full_disk_explained():
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
            self.arriving.append(data)
