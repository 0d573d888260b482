"""Loads join a dataset side by side; whoever changes its columns waits for them and keeps others out meanwhile."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from uploads.database.locks import Lock, locked_within, sharing_transaction, try_share, unshare
from uploads.database.prepared import Wording, fetch_worded
from uploads.database.statements import TableBusy
from uploads.services.errors import DatasetBusy

LOOK_SECONDS = 0.1
WAIT_SECONDS = 30
"""How long a change waits for loads in progress before it comes back later."""


def join_dataset(*, dataset_id: int, while_waiting: Callable[[], None]) -> None:
    """Keep its columns as they are until ``leave_datasets``; waits while they are being changed.

    ``while_waiting`` is called several times a second and may raise.
    """
    while not try_share(Lock.COLUMNS, dataset_id):
        while_waiting()
        time.sleep(LOOK_SECONDS)


def leave_datasets(*, dataset_ids: Iterable[int]) -> None:
    """Let others change them."""
    unshare(Lock.COLUMNS, *dataset_ids)


def hold_columns(*, dataset_id: int) -> None:
    """Keep the columns as they are until the caller's transaction ends. Raises ``TableBusy`` while they change."""
    fetch_with_columns_held([], dataset_id=dataset_id)


def fetch_with_columns_held(
    statements: Sequence[tuple[Wording, Sequence[object]]], *, dataset_id: int
) -> list[list[Sequence[Any]]]:
    """The same, and what each of these statements gives from then on, in one round trip."""
    [[(held,)], *found] = fetch_worded([sharing_transaction(Lock.COLUMNS, dataset_id), *statements])
    if not held:
        raise TableBusy("The columns of this dataset are being changed right now.", hint="Try again when that is done.")
    return found


@contextmanager
def columns_held(*, dataset_id: int) -> Iterator[bool]:
    """Whether nobody is changing the columns; nobody begins to until the context ends."""
    held = try_share(Lock.COLUMNS, dataset_id)
    try:
        yield held
    finally:
        if held:
            unshare(Lock.COLUMNS, dataset_id)


@contextmanager
def changing_columns(*, dataset_id: int) -> Iterator[None]:
    """Wait for loads that have joined, and keep others from joining. Raises ``DatasetBusy``."""
    with locked_within(Lock.COLUMNS, dataset_id, seconds=WAIT_SECONDS) as held:
        if not held:
            raise DatasetBusy(
                "Files are being loaded into this dataset right now, or its columns are being changed already.",
                hint="Try again when that is done.",
            )
        yield
