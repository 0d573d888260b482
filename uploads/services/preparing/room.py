"""Room on the disk for exports: they never take what uploads and the database need."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from uploads.store import spool
from uploads.store.spool import DiskFull


def check_room_for_export() -> None:
    """Raises ``DiskFull`` where no more than the reserve of uploads is free."""
    spool.folder().mkdir(parents=True, exist_ok=True)
    with full_disk_told_of_export():
        spool.check_room(0)


@contextmanager
def full_disk_told_of_export() -> Iterator[None]:
    """Raises ``DiskFull`` for a disk that is full, or was filled by others meanwhile."""
    try:
        yield
    except OSError as error:
        if error.errno not in spool.FULL:
            raise
        raise DiskFull(
            "There is no room left on the server for this export.",
            hint="Export fewer rows or columns, or tell the people who run this site.",
        ) from OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
