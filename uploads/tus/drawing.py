"""The long part of a large body, drawn from its socket straight into the spool.

In a thread, which reads a piece, hashes and writes it while it is in the processor's cache, and goes on with the next;
where a core is free, another thread hashes it meanwhile. The event loop only hears when bytes are there again. So a
transfer holds no memory while nothing comes, and however many there are, the pieces of all of them are in the threads'
own buffers.
"""

import asyncio
import select
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

from uploads.tus.errors import Disconnected
from uploads.tus.hashing import CORES, Hashing
from uploads.tus.intakes import Intake
from uploads.tus.threads import in_thread_of, to_its_end
from uploads.tus.wire import Request
from uploads.web.asgi import BodySocket

LONG_BYTES = 2**20
"""A body of fewer comes as messages: to take its socket and give it back would cost as much."""
PIECE_BYTES = 2**18
LONGEST_TURN_BYTES, SHORTEST_TURN_BYTES = 32 * 2**20, 4 * 2**20
ROUND_BYTES = 2**31
"""Between two turns of one upload, of all that wait for a thread together. Short turns of 50 uploads had all of them
end in the same moment, and then wait for the disk and the database together, while nobody sent any more."""
LITTLE_BYTES, LITTLE_SECONDS = 2**16, 0.01
"""Of whoever sends slowly a little is let gather: a turn costs as much as 64 KiB."""
STAY_SECONDS = 0.01
"""So long a turn waits for more where nobody waits for its thread: on a quick line the next bytes are there before the
event loop would have heard of them."""
DRAWERS = 4
_drawers = ThreadPoolExecutor(max_workers=DRAWERS, thread_name_prefix="tus-draw")
"""Apart from those that ask the database, so that a request's first question does not wait for the bytes of others."""
_own = threading.local()


class Drawing:
    """The rest of one body on its way; used in a ``with``, for the server waits for its connection."""

    def __init__(self, request: Request, rest: BodySocket, intake: Intake) -> None:
        self._request = request
        self._rest = rest
        self._intake = intake
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, Disconnected):
            self._rest.hang_up()
        else:
            self._rest.give_back(taken=self._taken)

    async def run(self, count: Callable[[int], None]) -> None:
        """Until it is all here; ``count`` hears of each turn's bytes. Raises as ``Request.body``, and ``DiskFull``."""
        while self._taken < self._rest.left:
            await self._request.readable(self._rest.socket)
            before = self._taken
            with _line.place():
                await to_its_end(asyncio.ensure_future(in_thread_of(_drawers, self._turn)))
            arrived = self._taken - before
            self._request.keep_pace(arrived)
            count(arrived)
            if arrived < LITTLE_BYTES and self._taken < self._rest.left:
                await asyncio.sleep(LITTLE_SECONDS)

    def _turn(self) -> None:
        """What is there, a whole buffer at a time, and what comes in the next moments where nobody waits."""
        buffer, spare = _buffers()
        until = min(self._taken + _line.turn_bytes, self._rest.left)
        leave_at = time.monotonic() + STAY_SECONDS
        with Hashing(has_core=lambda: _line.leaves_core) as hashing:
            while self._taken < until:
                if hashing.is_begun:
                    buffer, spare = spare, buffer
                filled = self._fill(buffer[: until - self._taken])
                if filled:
                    self._taken += filled
                    self._intake.append(buffer[:filled], hashing.take)
                elif not self._comes_more(leave_at):
                    return

    def _fill(self, buffer: memoryview) -> int:
        """As many bytes as are there, or fit in. Raises ``Disconnected`` at their end."""
        filled = 0
        try:
            while filled < len(buffer):
                count = self._rest.socket.recv_into(buffer[filled:])
                if not count:
                    break
                filled += count
        except BlockingIOError:
            return filled
        except OSError as error:
            if not filled:
                raise Disconnected from error
        if not filled:
            raise Disconnected
        return filled

    def _comes_more(self, leave_at: float) -> bool:
        stay = leave_at - time.monotonic()
        if stay <= 0 or _line.is_full:
            return False
        poll = select.poll()
        poll.register(self._rest.socket, select.POLLIN)
        return bool(poll.poll(stay * 1000))


class Line:
    """Those who have a drawing thread, or wait for one. The event loop alone changes it; the threads look."""

    def __init__(self) -> None:
        self._length = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        self._length += 1
        try:
            yield
        finally:
            self._length -= 1

    @property
    def is_full(self) -> bool:
        """Whether somebody waits."""
        return self._length > DRAWERS

    @property
    def leaves_core(self) -> bool:
        """Whether those who draw leave one that could hash for them."""
        return self._length < CORES

    @property
    def turn_bytes(self) -> int:
        """After so many it is the turn of whoever waits for a thread."""
        return max(SHORTEST_TURN_BYTES, min(LONGEST_TURN_BYTES, ROUND_BYTES // max(self._length, 1)))


_line = Line()


def _buffers() -> tuple[memoryview, memoryview]:
    """This thread's, for its life: one is written and hashed while the other is filled."""
    if not hasattr(_own, "buffers"):
        _own.buffers = (memoryview(bytearray(PIECE_BYTES)), memoryview(bytearray(PIECE_BYTES)))
    buffers: tuple[memoryview, memoryview] = _own.buffers
    return buffers
