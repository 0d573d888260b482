"""Changes to tables that people are reading: short tries instead of one long wait that everybody queues behind."""

import random
import time
from collections.abc import Callable

import psycopg
from django.db import OperationalError, transaction

from uploads.database.sessions import open_snapshots
from uploads.database.statements import TableBusy

RETRY_SECONDS = 10.0
"""How long an act is tried again while readers hold the table. Each try waits a second at most, so that readers never
wait longer than that behind it."""


def wait_for_older_snapshots() -> None:
    """Wait until everybody who began to read before now is done; raises ``TableBusy`` when that takes too long.

    In a transaction that keeps one snapshot (REPEATABLE READ), rows committed after its begin do not exist: a table
    that was filled since and swapped in would be empty for it.
    """
    deadline = time.monotonic() + RETRY_SECONDS
    pause = 0.01
    before = open_snapshots()
    while before and (before := before & open_snapshots()):
        if time.monotonic() > deadline:
            raise TableBusy(
                "A transaction that began before this change is still reading, and would find the table empty.",
                hint="Try again when it is over.",
            )
        time.sleep(pause)
        pause = min(pause * 2, 0.5)


def retry_while_locked[T](act: Callable[[], T]) -> T:
    """Run ``act`` in a transaction; while readers hold the table, try again with growing pauses."""
    deadline = time.monotonic() + RETRY_SECONDS
    pause = 0.05
    while True:
        try:
            with transaction.atomic():
                return act()
        except OperationalError as error:  # of two acts that wait for each other, PostgreSQL ends one
            if not isinstance(error.__cause__, psycopg.errors.DeadlockDetected) or time.monotonic() > deadline:
                raise
        except TableBusy:
            if time.monotonic() > deadline:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        pause = min(pause * 2, 1.0)
