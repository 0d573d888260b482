"""Byte streams with their bounds: whatever is read is counted, unpacked bytes never pass the limits."""

import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from uploads.tabular.errors import DamagedFile, EncryptedFile, LimitExceeded
from uploads.tabular.place import TablePlace
from uploads.tabular.table import Limits

RATIO_FROM = 64 * 2**20
"""Below this many unpacked bytes any ratio is fine: a small file of blanks packs 1,000 to 1."""


RECORDS_AS_LINES = bytes.maketrans(b"\x1e", b"\n")
"""Each record separator of ASCII as a line end: a byte stays a byte, so that offsets stay too."""


class Readable(Protocol):
    """All that the reading code asks of a stream."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ByteSource:
    """The bytes of one text table, which can be opened as often as there are passes over it."""

    name: str
    """File or member name, for messages."""
    open: Callable[[], Readable]
    place: TablePlace = field(default_factory=TablePlace)


class CountedFile(io.RawIOBase):
    """A stored file that reports how far it has been read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self._file = file
        self._progress = progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._progress(self._file.tell())
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


class UnpackedStream:
    """Unpacked bytes under limits; a damaged or encrypted packing is told in plain words.

    ``packed`` is the size of the packed bytes in all, which the ratio is measured against.
    """

    def __init__(
        self, stream: Readable, *, name: str, packed: int, budget: "Budget", below: Readable | None = None
    ) -> None:
        self._stream = stream
        self._name = name
        self._packed = max(packed, 1)
        self._budget = budget
        self._below = below  # GzipFile leaves the file that it reads open
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        try:
            data = self._stream.read(size)
        except gzip.BadGzipFile as error:
            if "Not a gzipped file" in str(error):
                raise DamagedFile(
                    f"{self._name} goes on with something else after its packed content.",
                    hint="It was put together from several files or damaged on its way: pack it again.",
                ) from error
            raise self._corrupt() from error
        except (EOFError, zlib.error, lzma.LZMAError, OSError) as error:
            raise self._corrupt() from error
        except RuntimeError as error:  # zipfile's word for a member that needs a password
            raise encrypted(self._name) from error
        except NotImplementedError as error:
            raise DamagedFile(
                f"{self._name} is packed in a way that cannot be read here.",
                hint="Pack it as an ordinary zip (deflate) or upload it unpacked.",
            ) from error
        self._unpacked += len(data)
        self._budget.spend(self._unpacked, packed=self._packed, name=self._name)
        return data

    def _corrupt(self) -> DamagedFile:
        return DamagedFile(
            f"{self._name} is damaged: its packed content breaks off or is corrupt.",
            hint="Pack the file again, or upload it unpacked.",
        )

    def close(self) -> None:
        self._stream.close()
        if self._below is not None:
            self._below.close()


class Budget:
    """Unpacked bytes allowed for one text; ``before`` is what other members of its archive have taken."""

    def __init__(self, limits: Limits, *, before: int = 0) -> None:
        self._limits = limits
        self._before = before
        self.used = 0

    def spend(self, unpacked: int, *, packed: int, name: str) -> None:
        """Note how far a text has unpacked in this pass; refuse it past the limits."""
        self.used = max(self.used, unpacked)
        if unpacked + self._before > self._limits.unpacked_bytes:
            raise LimitExceeded(
                f"{name} unpacks to more than {self._limits.unpacked_bytes:,} bytes.",
                hint="Split the file into smaller ones.",
            )
        if unpacked > RATIO_FROM and unpacked > packed * self._limits.unpack_ratio:
            raise LimitExceeded(
                f"{name} unpacks to more than {self._limits.unpack_ratio:,} times its packed size.",
                hint="Upload the file unpacked if it is genuine.",
            )


def encrypted(name: str) -> EncryptedFile:
    return EncryptedFile(f"{name} is protected by a password.", hint="Remove the password and upload the file again.")
