"""What becomes of a request's bytes: they go into the spool at once, or wait apart until their checksum is known."""

import hashlib
import tempfile
from collections.abc import Callable
from typing import IO

from uploads.store import spool
from uploads.store.spool import SpoolFile
from uploads.tus.errors import Refusal, Refused
from uploads.tus.hashing import Digest, Piece, take_at_once
from uploads.tus.headers import Checksum

type Taking = Callable[[Digest, Piece], None]
"""How a digest takes a piece in; by its end it may be under way still, and the piece is to stay as it is."""


class Intake:
    """Bytes go straight to the end of the spool file."""

    def __init__(self, arriving: SpoolFile, digest: Digest | None) -> None:
        self.arriving = arriving
        self._digest = digest

    @property
    def is_put_away(self) -> bool:
        """Whether nothing lies anywhere else."""
        return True

    def put_away(self) -> None:
        """Free what lies elsewhere: gigabytes take a moment, so off the event loop."""

    def append(self, data: Piece, take: Taking = take_at_once) -> None:
        """A digest that took a piece which could not be written is of no use any more."""
        if self._digest is not None:
            take(self._digest, data)
        self.arriving.append(data)

    def durable(self) -> int:
        return self.arriving.sync()

    def finish(self) -> None:
        """Nothing to decide."""


class CheckedIntake(Intake):
    """Bytes wait in a nameless file until their checksum is known: a kill in between leaves none of them behind."""

    def __init__(self, arriving: SpoolFile, checksum: Checksum, digest: Digest | None) -> None:
        super().__init__(arriving, digest)
        self._checksum = checksum
        self._found = hashlib.new(checksum.algorithm, usedforsecurity=False)
        self._staged: IO[bytes] = tempfile.TemporaryFile(dir=spool.folder(), buffering=0)  # noqa: SIM115 (closed in put_away)

    @property
    def is_put_away(self) -> bool:
        return self._staged.closed

    def put_away(self) -> None:
        self._staged.close()

    def append(self, data: Piece, take: Taking = take_at_once) -> None:
        take(self._found, data)
        with spool.full_disk_explained():
            spool.check_room(len(data), self._staged.fileno())
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
            super().append(data)
        self.put_away()
