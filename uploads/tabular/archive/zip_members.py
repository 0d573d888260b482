"""The members of a zip archive as streams of bytes: opened, counted, named as their packer meant it.

How many there may be is a limit of ``open_archive.py``, how many bytes in all one of ``tabular/files/streams.py``.
"""

import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from uploads.tabular.encoding.transcoding import printable
from uploads.tabular.errors import DamagedFile, FileError
from uploads.tabular.files.streams import Budget, ByteSource, CountedFile, Readable, UnpackedStream, encrypted
from uploads.tabular.table import Limits, ReadOptions

_AES = 99
_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd"}
"""Packing methods that people meet and Python's zipfile doesn't know (APPNOTE 4.4.5); Windows takes 9 past 2 GB."""


@dataclass(kw_only=True, slots=True)
class Archive:
    """A zip in the course of being read."""

    name: str
    options: ReadOptions
    limits: Limits
    zip: "OpenZip"
    unpacked: int = 0
    """Real unpacked bytes of the members looked at so far."""


def shown(info: zipfile.ZipInfo) -> str:
    """A member's name, after ``name_members``, for people."""
    return printable(info.filename)


def source_of(archive: Archive, info: zipfile.ZipInfo) -> ByteSource:
    """A member's bytes, unpacked within what the limits leave."""
    before = archive.unpacked

    def unpack() -> Readable:
        budget = Budget(archive.limits, before=before)
        return UnpackedStream(
            _MemberStream(archive, info), name=place_of(archive, info), packed=info.compress_size, budget=budget
        )

    return ByteSource(name=place_of(archive, info), open=unpack)


def place_of(archive: Archive, info: zipfile.ZipInfo) -> str:
    """A member, for messages."""
    return f"{shown(info)} in {archive.name}"


class OpenZip:
    """The zip, open as long as somebody reads in it: to read its directory anew for each of 1,000 members took half of
    the load."""

    def __init__(self, path: Path, progress: Callable[[int], None]) -> None:
        self._path = path
        self._progress = progress
        self._users = 0
        self._open = ExitStack()
        self._zip: zipfile.ZipFile | None = None

    def acquire(self) -> zipfile.ZipFile:
        """The zip; to be released as often as it was acquired."""
        if self._zip is None:
            with ExitStack() as opening:
                file = opening.enter_context(closing(CountedFile(self._path.open("rb"), self._progress)))
                self._zip = opening.enter_context(zipfile.ZipFile(cast("BinaryIO", file)))
                self._open = opening.pop_all()
        self._users += 1
        return self._zip

    def release(self) -> None:
        self._users -= 1
        if not self._users:
            self._zip = None
            self._open.close()


class _MemberStream:
    """A member's bytes, with the archive held open as long as they are read."""

    def __init__(self, archive: Archive, info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._name = place_of(archive, info)
        zipped = acquired(archive)
        try:
            self._stream = zipped.open(info)
        except BaseException as error:
            archive.zip.release()
            if isinstance(error, NotImplementedError):
                raise _unread_packing(archive, info) from error
            if isinstance(error, zipfile.BadZipFile | zlib.error | ValueError | OSError):
                raise damaged_archive(archive.name) from error
            raise

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except zipfile.BadZipFile as error:
            raise DamagedFile(
                f"{self._name} is damaged: its content does not match its checksum.",
                hint="Pack the file again and upload it once more.",
            ) from error

    def close(self) -> None:
        if not self._stream.closed:
            self._stream.close()
            self._archive.zip.release()


def acquired(archive: Archive) -> zipfile.ZipFile:
    """The open zip, to be released; ``DamagedFile`` if it is none."""
    try:
        return archive.zip.acquire()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise damaged_archive(archive.name) from error


def _unread_packing(archive: Archive, info: zipfile.ZipInfo) -> FileError:
    if info.compress_type == _AES:
        return encrypted(place_of(archive, info))
    method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
    return DamagedFile(
        f"{place_of(archive, info)} is packed with {method}, which is not read here.",
        hint="Pack it as an ordinary zip (method Deflate) or as .gz, or upload it unpacked.",
    )


class Counting:
    """A byte source that remembers how many bytes its longest pass gave."""

    def __init__(self, source: ByteSource) -> None:
        self.size = 0
        self.source = replace(source, open=lambda: _CountingStream(source.open(), self))


class _CountingStream:
    def __init__(self, stream: Readable, counting: Counting) -> None:
        self._stream = stream
        self._counting = counting
        self._read = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._read += len(data)
        self._counting.size = max(self._counting.size, self._read)
        return data

    def close(self) -> None:
        self._stream.close()


def damaged_archive(name: str) -> DamagedFile:
    return DamagedFile(
        f"{name} is damaged: it begins like a zip archive but cannot be read as one.",
        hint="It may have been cut off on its way. Pack it again and upload it once more.",
    )
