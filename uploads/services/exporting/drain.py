"""Bytes that a library writes, taken out again and again."""

import io
import zipfile
from typing import Any


class Drain(io.RawIOBase):
    """A file that is only written to, whose bytes are taken out again and again."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._taken = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._bytes += view
        return view.nbytes

    def tell(self) -> int:
        return self._taken + len(self._bytes)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._bytes)
        self._taken += len(taken)
        self._bytes.clear()
        return taken


class DrainedZip(zipfile.ZipFile):
    """A zip that is written to a drain. One that breaks off is not ended, and nobody is told of an error for it."""

    def __init__(self, drain: Drain) -> None:
        super().__init__(drain, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __del__(self) -> None:
        """A drain has nothing to give back."""
