"""Loads join a dataset side by side; whoever changes its columns waits for them and keeps others out meanwhile.

Session locks of PostgreSQL: they end with the session, so that a worker that was killed keeps nobody out.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection

from uploads import tables
from uploads.services.errors import DatasetBusy

COLUMNS = 7_340_533
"""First number of the locks; the second is the dataset's."""
LOOK_SECONDS = 0.1
WAIT_SECONDS = 30
"""How long a change waits for loads in progress before it comes back later."""


def join_dataset(*, dataset_id: int, while_waiting: Callable[[], None]) -> None:
    """Keep its columns as they are until ``leave_datasets``; waits while they are being changed.

    ``while_waiting`` is called several times a second and may raise.
    """
    while not _ask("SELECT pg_try_advisory_lock_shared(%s, %s)", dataset_id):
        while_waiting()
        time.sleep(LOOK_SECONDS)


def leave_datasets(*, dataset_ids: Iterable[int]) -> None:
    """Let others change them; a session that is gone has done so already."""
    if connection.connection is not None and connection.is_usable():
        for dataset_id in dataset_ids:
            _ask("SELECT pg_advisory_unlock_shared(%s, %s)", dataset_id)


def hold_columns(*, dataset_id: int) -> None:
    """Keep the columns as they are until the caller's transaction ends. Raises ``TableBusy`` while they change."""
    if not _ask("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", dataset_id):
        raise tables.TableBusy(
            "The columns of this dataset are being changed right now.", hint="Try again when that is done."
        )


@contextmanager
def columns_held(*, dataset_id: int) -> Iterator[bool]:
    """Whether nobody is changing the columns; nobody begins to until the context ends."""
    held = _ask("SELECT pg_try_advisory_lock_shared(%s, %s)", dataset_id)
    try:
        yield held
    finally:
        if held:
            leave_datasets(dataset_ids={dataset_id})


@contextmanager
def changing_columns(*, dataset_id: int) -> Iterator[None]:
    """Wait for loads that have joined, and keep others from joining. Raises ``DatasetBusy``.

    A load that comes while this waits gets in line behind it, so that a stream of files cannot keep it out for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{WAIT_SECONDS}s"])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [COLUMNS, dataset_id])
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
            raise DatasetBusy(
                "Files are being loaded into this dataset right now, or its columns are being changed already.",
                hint="Try again when that is done.",
            ) from error
        finally:
            cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            _ask("SELECT pg_advisory_unlock(%s, %s)", dataset_id)


def _ask(question: str, dataset_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [COLUMNS, dataset_id])
        [answer] = cursor.fetchone() or [False]
    return bool(answer)
