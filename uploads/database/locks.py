"""Every advisory lock there is, what it protects, and the order in which they are taken.

Who waits for one that lasts for a transaction has locked no row of a file yet.

A lock is a pair of numbers of 32 bits: one for the kind, and one for what it is taken on (0 where there is only one).
Locks of a session end with it, locks of a transaction at its end: a worker that was killed keeps nobody out.
"""

import enum
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection

from uploads.database.prepared import Wording

AGAIN_SECONDS = 0.05


class Lock(enum.IntEnum):
    """Kinds of locks. Who holds one takes only further ones that stand below it."""

    BACKING_UP = 7_340_553
    """A backup is made: no stored bytes are removed. Shared by a removal, which comes later where it can't have it."""
    MIGRATING = 7_340_536
    """Commands and ``make run`` that begin on a new clone at the same moment migrate one after the other."""
    SWEEPING = 7_340_531
    """One worker sweeps at a time."""
    INDEXING = 7_340_539
    """One process at a time makes the indexes of a dataset; on its number."""
    PROFILING = 7_340_541
    """One process at a time makes the profiles of loads."""
    EXPORTING = 7_340_552
    """One process at a time prepares an export, on its number: one that is being prepared and that nobody holds has
    lost its worker. On 0: they are asked for one at a time, so that two who ask for the same get one."""
    COLUMNS = 7_340_535
    """Types and null words of a dataset or draft: shared by loads that go by them and by activations, exclusive to who
    changes them; on the dataset's number."""
    NAMING = 7_340_532
    """Drafts find their datasets, or become them, one activation at a time: two would choose the same name, or each
    become a dataset of the same columns. Who holds it only tries for ``COLUMNS``, and does not wait."""
    RECEIVING = 7_340_533
    """Uploads are counted and begun one at a time, so that 20 at once cannot all be the last that is allowed."""
    COMPARING = 7_340_537
    """As many comparisons as there are slots run for visitors at once; on the slot's number."""
    LOOKING = 7_340_538
    """As many pages of views as there are slots are read at once; on the slot's number."""
    ROLES = 7_340_551
    """Roles that read datasets are made one after the other: of two first queries one would find the other's."""


def lock_transaction(lock: Lock, on: int = 0) -> None:
    """Wait for the lock and hold it until the caller's transaction ends."""
    _ask("SELECT pg_advisory_xact_lock(%s, %s)", lock, on)


def sharing_transaction(lock: Lock, on: int = 0) -> tuple[Wording, Sequence[object]]:
    """A statement that shares the lock until the caller's transaction ends, unless somebody has it to themselves, and
    gives whether it did: to be sent with others."""
    return _SHARE, [lock.value, on]


_SHARE = Wording("pg_locks", "SELECT pg_try_advisory_xact_lock_shared(%s, %s)")


def try_lock_transaction(lock: Lock, on: int = 0) -> bool:
    """Take the lock until the caller's transaction ends, unless somebody holds it."""
    return _ask("SELECT pg_try_advisory_xact_lock(%s, %s)", lock, on)


def try_lock(lock: Lock, on: int = 0) -> bool:
    """Take the lock for this session, unless somebody holds it."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", lock, on)


def try_share(lock: Lock, on: int = 0) -> bool:
    """Share the lock for this session, unless somebody has it to themselves."""
    return _ask("SELECT pg_try_advisory_lock_shared(%s, %s)", lock, on)


@contextmanager
def locked(lock: Lock, on: int = 0) -> Iterator[None]:
    """Wait for the lock as long as it takes, and hold it for the session until the context ends.

    It asks again and again: a statement that waits keeps its snapshot, and an index that is made concurrently would
    wait for that one.
    """
    while not try_lock(lock, on):
        time.sleep(AGAIN_SECONDS)
    try:
        yield
    finally:
        unlock(lock, on)


def unlock(lock: Lock, on: int = 0) -> None:
    """Let go of what ``try_lock`` has taken; a session that is gone has done so already."""
    if _is_alive():
        _ask("SELECT pg_advisory_unlock(%s, %s)", lock, on)


def unshare(lock: Lock, *on: int) -> None:
    """Let go of what ``try_share`` has taken, of several in one go; a session that is gone has done so already."""
    if on and _is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s, each) FROM unnest(%s) each", [lock.value, list(on)])


@contextmanager
def locked_within(lock: Lock, on: int, *, seconds: int) -> Iterator[bool]:
    """Wait in line for the lock, and hold it for the session until the context ends; gives whether it came in time.

    Who asks to share it later gets in line behind, so that a stream of sharers cannot keep it out for ever.
    """
    held = _wait_for(lock, on, seconds)
    try:
        yield held
    finally:
        if held:
            unlock(lock, on)


def unlock_all() -> None:
    """Let go of whatever this session holds, also what is none of ours; a session that has ended holds nothing."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")


def _wait_for(lock: Lock, on: int, seconds: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lock.value, on])
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                return False
            raise
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def _is_alive() -> bool:
    return connection.connection is not None and connection.is_usable()


def _ask(question: str, lock: Lock, on: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [lock.value, on])
        [answer] = cursor.fetchone() or [False]
    return bool(answer)
