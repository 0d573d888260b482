"""Where the bytes of uploaded files live: Django's default storage, under generated names."""

import errno
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from uploads.store import spool
from uploads.tabular.errors import UploaderError

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS})
"""Answers of file systems that know no second name for the same bytes, or no more of them."""
PIECE = 2**20
_durable_folders: set[tuple[Path, int]] = set()
"""Those in the store whose own names are known to be durable, at most 256; one that is made anew has another inode."""


class BytesMissing(UploaderError, FileNotFoundError):
    """The store has no such file: it was removed from outside, or this machine has another store."""

    code = "bytes_missing"


class StoreAway(UploaderError):
    """The bucket does not answer, or not as it should: what was asked of it may be asked again."""

    code = "store_away"


@contextmanager
def _answering() -> Iterator[None]:
    """Raise ``StoreAway`` for what the packages for buckets raise, which are not installed everywhere."""
    try:
        yield
    except Exception as error:
        if not any(kind.__module__.partition(".")[0] in ("boto3", "botocore") for kind in type(error).__mro__):
            raise
        raise StoreAway(
            "The bucket in which files are kept does not answer.",
            hint="Try again in a few minutes. If it lasts, tell the people who run this site.",
        ) from error


def new_name() -> str:
    """A name that nobody can guess and that says nothing of the sender's: ``ab/ab12…``."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def save(name: str, content: IO[bytes]) -> None:
    """Put bytes into the store under ``name``, which must be new."""
    with _answering():
        saved = default_storage.save(name, File(content))
        if saved != name:
            default_storage.delete(saved)
    if saved != name:
        raise FileExistsError(f"the store has a file {name} already")


def delete(name: str) -> None:
    """Remove the bytes, also those that are still arriving; nothing happens when they are gone already."""
    spool.remove(name)
    with _answering():
        default_storage.delete(name)


@contextmanager
def local_path(name: str) -> Iterator[Path]:
    """A path on this machine with the stored bytes: their own, or a temporary copy where the store is remote."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # Django's word for a storage without local paths
        with tempfile.NamedTemporaryFile(prefix="uploaded-") as copy, _opened(name) as stored:
            with _answering():
                shutil.copyfileobj(stored, copy, length=2**20)
            copy.flush()
            yield Path(copy.name)
        return
    if not path.is_file():
        raise BytesMissing(
            "The stored bytes of this file are not on this machine.",
            hint="Send the file again. Workers on several machines need one store (STORAGE_BUCKET) or one VAR_DIR.",
        )
    yield path


def read_range(name: str, start: int, stop: int) -> Generator[bytes]:
    """The stored bytes from ``start`` on, before ``stop``; of a remote store no others are fetched.

    Raises ``BytesMissing`` before the first piece, ``StoreAway`` before any.
    """
    if is_on_this_machine():
        with local_path(name) as path, path.open("rb") as stored:
            yield from _pieces(stored, start, stop)
        return
    with _opened(name) as remote, _answering():
        object_ = getattr(remote, "obj", None)  # an S3 file of django-storages fetches all of it for a seek
        if object_ is None:
            yield from _pieces(remote, start, stop)
        elif start < stop:
            yield from object_.get(Range=f"bytes={start}-{stop - 1}")["Body"].iter_chunks(PIECE)


def _opened(name: str) -> "File[bytes]":
    """Of a remote store; raises ``BytesMissing`` and ``StoreAway``."""
    try:
        with _answering():
            return default_storage.open(name)
    except FileNotFoundError as error:
        raise BytesMissing(
            "The stored bytes of this file are not in the bucket any more.",
            hint="Send the file again. Workers on several machines need one bucket (STORAGE_BUCKET).",
        ) from error


def _pieces(stored: "IO[bytes] | File[bytes]", start: int, stop: int) -> Iterator[bytes]:
    stored.seek(start)
    while start < stop and (piece := stored.read(min(PIECE, stop - start))):
        start += len(piece)
        yield piece


def is_on_this_machine() -> bool:
    """Whether stored bytes are at hand, and not fetched whole for each look at them."""
    try:
        default_storage.path("any")
    except NotImplementedError:  # Django's word for a storage without local paths
        return False
    return True


def adopt(path: Path, name: str) -> None:
    """Move a finished file of this machine into the store. Safe to repeat after a crash at any point of it."""
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # Django's word for a storage without local paths
        with path.open("rb") as content:
            with _answering():
                default_storage.delete(name)  # what an earlier try may have left half-sent
            save(name, content)
        path.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_between_filesystems(path, target)
    _sync_folders_of(target)


def duplicate(name: str, copy: str) -> None:
    """Keep the stored bytes of ``name`` under the new name ``copy`` too; on this machine they take no room twice.

    Raises ``BytesMissing``.
    """
    with local_path(name) as path:
        try:
            target = Path(default_storage.path(copy))
        except NotImplementedError:  # Django's word for a storage without local paths
            with path.open("rb") as content:
                save(copy, content)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            with path.open("rb") as content:
                save(copy, content)
    _sync_folders_of(target)


def _move_between_filesystems(path: Path, target: Path) -> None:
    """The new name appears only once all bytes are there and durable."""
    partial = target.with_name(f"{target.name}.partial")
    with path.open("rb") as content, partial.open("wb") as copy:
        shutil.copyfileobj(content, copy, length=2**20)
        copy.flush()
        os.fsync(copy.fileno())
    partial.replace(target)
    path.unlink()


def _sync_folders_of(target: Path) -> None:
    """Make a new name durable, and its folder's own where this process has not done so before."""
    folder = target.parent
    _sync_folder(folder)
    known = (folder, folder.stat().st_ino)
    if known not in _durable_folders:
        _sync_folder(folder.parent)
        _durable_folders.add(known)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def exists(name: str) -> bool:
    with _answering():
        return default_storage.exists(name)


def copy_out(name: str, target: Path) -> str:
    """Copy the stored bytes into the new file ``target``, durably, and return their SHA-256.

    Raises ``BytesMissing``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with local_path(name) as path, path.open("rb") as stored:
        return _copy(stored, target)


def copy_in(source: Path, name: str) -> str:
    """Put a copy of ``source`` into the store under ``name``, which must be new there, and return its SHA-256."""
    if exists(name):
        raise FileExistsError(f"the store has a file {name} already")
    with source.open("rb") as content:
        if is_on_this_machine():
            target = Path(default_storage.path(name))
            target.parent.mkdir(parents=True, exist_ok=True)
            return _copy(content, target)
        save(name, content)
        content.seek(0)
        return hashlib.file_digest(content, "sha256").hexdigest()


def _copy(content: IO[bytes], target: Path) -> str:
    seen = hashlib.sha256()
    with target.open("xb") as copy:
        while piece := content.read(PIECE):
            seen.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    _sync_folders_of(target)
    return seen.hexdigest()
