"""The bytes of one request on their way into the spool: one writer at a time, what came before a cut is kept."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from uploads.store.spool import SpoolFile
from uploads.tabular.errors import UploaderError
from uploads.tus import digests
from uploads.tus.drawing import LONG_BYTES, Drawing
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import Checksum
from uploads.tus.intakes import CheckedIntake, Intake
from uploads.tus.threads import in_thread, to_its_end
from uploads.tus.wire import Request

WRITE_BYTES = 256 * 1024
"""Gathered before a thread writes them: 4,000 hops to a thread for 1 GB, and no more than twice this in memory each."""
FORCED_BYTES = 32 * 2**20
"""So much at most waits for the disk when the last byte comes."""
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
        _less(size - len(content), len(chunk))
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
    intake = CheckedIntake(arriving, checksum, digest) if checksum else Intake(arriving, digest)
    try:
        try:
            await _pump(request, intake, room, note)
            offset = await to_its_end(asyncio.ensure_future(in_thread(_finish, intake)))
        finally:
            if not intake.is_put_away:
                await to_its_end(asyncio.ensure_future(in_thread(intake.put_away)))
    except Refused as refused:
        if refused.refusal in (Refusal.TOO_LONG, Refusal.MISMATCH):
            await to_its_end(asyncio.ensure_future(in_thread(arriving.cut, start)))
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
    digests.keep(arriving.name, digest, at=offset)
    return offset


def _finish(intake: Intake) -> int:
    """The offset, which is durable; in one go, for each hop to a thread waits for its turn."""
    intake.finish()
    return intake.arriving.sync()


async def _pump(request: Request, intake: Intake, room: int, note: Callable[[int], Awaitable[None]]) -> None:
    gathered = bytearray()
    writing, forcing = _Writing(intake), _Forcing(intake, note)
    try:
        async for chunk in request.body():
            room = _less(room, len(chunk))
            gathered += chunk
            if request.expected >= LONG_BYTES and (rest := request.rest_of_body()) is not None:
                with Drawing(request, rest, intake) as drawing:
                    room = _less(room, len(rest.before) + rest.left)
                    gathered += rest.before
                    full, gathered = gathered, bytearray()
                    await writing.begin(full)
                    await writing.end()
                    await drawing.run(forcing.count)
            elif len(gathered) >= WRITE_BYTES:
                full, gathered = gathered, bytearray()
                await writing.begin(full)
            forcing.count(len(chunk))
    except (Disconnected, Refused):
        await writing.begin(gathered)
        raise
    else:
        if gathered:
            await writing.begin(gathered)
    finally:
        try:
            await writing.end()
        finally:
            await forcing.end()


class _Writing:
    """One piece is written and hashed while the next one is gathered."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._task: asyncio.Future[None] | None = None

    async def begin(self, data: bytearray) -> None:
        await self.end()
        self._task = asyncio.ensure_future(in_thread(self._intake.append, data))

    async def end(self) -> None:
        """Wait for the piece that is being written. Raises what befell it."""
        task, self._task = self._task, None
        if task is not None:
            await to_its_end(task)


class _Forcing:
    """What has come is forced to the disk while more comes, so that its end need not wait for all of it; and noted."""

    def __init__(self, intake: Intake, note: Callable[[int], Awaitable[None]]) -> None:
        self._intake = intake
        self._note = note
        self._task: asyncio.Future[None] | None = None
        self._unforced = self._unnoted = 0
        self._noted = time.monotonic()

    def count(self, arrived: int) -> None:
        """So many bytes more have come. Raises what befell those that were forced last."""
        self._unforced += arrived
        self._unnoted += arrived
        if self._task is not None:
            if not self._task.done():
                return
            self._task.result()
            self._task = None
        now = time.monotonic()
        is_noted = self._unnoted >= NOTED_BYTES and now - self._noted > SYNC_SECONDS
        if is_noted:
            self._noted, self._unnoted = now, 0
        if is_noted or self._unforced >= FORCED_BYTES:
            self._unforced = 0
            self._task = asyncio.ensure_future(self._force(is_noted=is_noted))

    async def _force(self, *, is_noted: bool) -> None:
        durable = await in_thread(self._intake.durable)
        if is_noted:
            await self._note(durable)

    async def end(self) -> None:
        """Wait for what is being forced. Raises what befell it."""
        task, self._task = self._task, None
        if task is not None:
            await to_its_end(task)


def _less(room: int, arrived: int) -> int:
    if arrived > room:
        raise Refused(Refusal.TOO_LONG)
    return room - arrived
