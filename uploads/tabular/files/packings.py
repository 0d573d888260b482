"""Ways to pack one file: each as a stream that hands over all of it, or says that it is damaged."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, cast

from uploads.tabular.files.kind import Kind
from uploads.tabular.files.streams import Readable

_XZ_MEMORY = 256 * 2**20
"""Bytes that unpacking may take: ``xz -9`` asks for 65 MiB, a hostile file for gigabytes."""
_BLOCK = 2**16


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Unpacking:
    """One or more packed streams, one behind the other. Unlike the standard library's files it does not pass over in
    silence what goes on behind them; zeros are padding."""

    def __init__(self, file: BinaryIO, begin: Callable[[], _Decompressor]) -> None:
        self._file = file
        self._begin = begin
        self._decompressor = begin()
        self._pending = b""

    def read(self, size: int, /) -> bytes:
        while True:
            if self._decompressor.eof and not self._go_on():
                return b""
            packed = b""
            if self._decompressor.needs_input:
                packed, self._pending = self._pending or self._file.read(_BLOCK), b""
                if not packed:
                    raise EOFError("the packed stream ends too early")
            if data := self._decompressor.decompress(packed, size):
                return data

    def _go_on(self) -> bool:
        """Begin with what stands behind a stream; false where nothing does."""
        rest = self._decompressor.unused_data.lstrip(b"\0")
        while not rest:
            block = self._file.read(_BLOCK)
            if not block:
                return False
            rest = block.lstrip(b"\0")
        self._decompressor = self._begin()
        self._pending = rest
        return True

    def close(self) -> None:
        """The file below is closed by who opened it."""


def _zstd(file: BinaryIO) -> Readable:
    import pyarrow as pa  # noqa: PLC0415 - a few names are all that the web process needs of this folder

    return cast("Readable", pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd"))


PACKED: Final[dict[Kind, Callable[[BinaryIO], Readable]]] = {
    Kind.GZIP: lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    Kind.BZIP2: lambda file: _Unpacking(file, bz2.BZ2Decompressor),
    Kind.XZ: lambda file: _Unpacking(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)),
    Kind.ZSTD: _zstd,
}
"""From stored bytes to unpacked ones. They raise ``EOFError``, ``OSError``, ``zlib.error`` and ``LZMAError``."""
