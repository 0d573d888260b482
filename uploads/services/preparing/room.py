"""Room on the disk for exports: they never take what uploads and the database need."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from uploads.store import spool
from uploads.store.spool import DiskFull

KEPT_FREE = 2**30
"""Bytes that exports leave free."""


def check_room() -> None:
    """Raises ``DiskFull`` before there is none."""
    spool.folder().mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(spool.folder()).free < KEPT_FREE:
        raise _full()


@contextmanager
def full_disk_explained() -> Iterator[None]:
    """Raises ``DiskFull`` for a disk that was filled by others meanwhile."""
    try:
        yield
    except OSError as error:
        if error.errno not in spool.FULL:
            raise
        raise _full() from OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _full() -> DiskFull:
    return DiskFull(
        "There is no room left on the server for this export.",
        hint="Export fewer rows or columns, or tell the people who run this site.",
    )
