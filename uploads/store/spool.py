"""Bytes that are still arriving: one file on this machine for each upload, written by one holder at a time.

A finished file moves from here into the store. What the file's size says is the upload's offset: before anybody is told
of it, the bytes are forced to disk, so that an offset once stated is never more than what is durable.
"""

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from django.conf import settings

from uploads.tabular.errors import UploaderError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFull(UploaderError):
    """No room for more bytes; those that arrived stay."""

    code = "disk_full"


@contextmanager
def full_disk_explained() -> Iterator[None]:
    """Say in plain words that there is no room left."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise DiskFull(
            "There is no room left for this file on the server.",
            hint="What has arrived is kept. Go on later, and tell the people who run this site.",
        ) from error


def folder() -> Path:
    return Path(settings.VAR_DIR) / "spool"


def path_of(name: str) -> Path:
    """Where the bytes of the file that will be stored as ``name`` (``ab/ab12…``) gather."""
    return folder() / name.rpartition("/")[2]


def create(name: str, *, size: int) -> None:
    """Begin with no bytes; the name must be new. Raises ``DiskFull`` at once if ``size`` bytes can't ever fit."""
    folder().mkdir(parents=True, exist_ok=True)
    with full_disk_explained():
        check_room(size)
        os.close(os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def check_room(size: int, handle: int | None = None) -> None:
    """Leave ``MIN_FREE_DISK`` to the database and its log: a full disk stops both for everybody. Raises ``OSError``.

    ``handle``: an open file of the spool, by which its disk is found sooner than by a path.
    """
    disk = os.statvfs(folder() if handle is None else handle)
    if size + settings.MIN_FREE_DISK > disk.f_bavail * disk.f_frsize:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def remove(name: str) -> None:
    """Forget the bytes; nothing happens when they are gone already."""
    path_of(name).unlink(missing_ok=True)


def abandoned(*, owned: set[str], older_than_seconds: float) -> Iterator[str]:
    """Names in the spool that nobody owns and nobody has written to for some time."""
    if not folder().is_dir():
        return
    owned_names = {name.rpartition("/")[2] for name in owned}
    for entry in os.scandir(folder()):
        with contextlib.suppress(FileNotFoundError):  # moved to the store while we look
            if entry.name not in owned_names and time.time() - entry.stat().st_mtime > older_than_seconds:
                yield entry.name


class SpoolFile:
    """An open spool file. Raises ``FileNotFoundError`` when there is none of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._path = path_of(name)
        self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Also lets go of the lock."""
        os.close(self._file)

    def try_lock(self) -> bool:
        """Become the only writer, among all processes of this machine; the lock ends with its holder."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def current(self) -> bool:
        """False once the file was moved to the store or removed while this one waited for the lock."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file))
        except FileNotFoundError:
            return False

    @property
    def size(self) -> int:
        return os.fstat(self._file).st_size

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Write at the end; when the disk is full, what fitted stays and ``DiskFull`` is raised."""
        rest = memoryview(data)
        end = self.size
        with full_disk_explained():
            check_room(len(rest), self._file)
            while rest:
                written = os.pwrite(self._file, rest, end)
                rest, end = rest[written:], end + written

    def pieces(self, most: int) -> Iterator[bytes]:
        """All bytes from the first on, ``most`` at a time."""
        at = 0
        while piece := os.pread(self._file, most, at):
            yield piece
            at += len(piece)

    def cut(self, size: int) -> None:
        """Forget what stands behind ``size``."""
        os.ftruncate(self._file, size)

    def sync(self) -> int:
        """Force the bytes to disk and return how many they are; others may be written meanwhile, which don't count."""
        size = self.size
        with full_disk_explained():
            os.fsync(self._file)
        return size
