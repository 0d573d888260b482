"""The hash of a body's pieces: taken by a thread of its own while the one that draws the body writes it and reads on,
where a core has nothing else to do. The hash takes two fifths of the computing for a large upload.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, Self

LEAST_BYTES = 2**17
"""Of fewer the way to another thread takes longer than their hash."""
HASHERS = 4
CORES = os.cpu_count() or 1
_hashers = ThreadPoolExecutor(max_workers=HASHERS, thread_name_prefix="tus-hash")
type Piece = bytes | bytearray | memoryview


class Digest(Protocol):
    """One of ``hashlib``."""

    def update(self, piece: Piece, /) -> None: ...


def take_at_once(digest: Digest, piece: Piece) -> None:
    digest.update(piece)


class Hashing:
    """One piece at a time; used in a ``with``, behind which the digest has all of them."""

    def __init__(self, *, has_core: Callable[[], bool]) -> None:
        self._has_core = has_core
        self._task: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def is_begun(self) -> bool:
        """Whether the last piece is to stay as it is until the next one is taken."""
        return self._task is not None

    def take(self, digest: Digest, piece: Piece) -> None:
        """Once the piece before it is done."""
        self._end()
        if len(piece) >= LEAST_BYTES and self._has_core():
            self._task = _hashers.submit(digest.update, piece)
        else:
            digest.update(piece)

    def _end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.result()
