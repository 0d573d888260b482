"""COPY through several sessions at once: PostgreSQL's side of a load is its longest, and one backend uses one core."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection, transaction
from psycopg import sql

from uploads.database.sessions import application_name, set_application_name
from uploads.database.statements import RowTooWide
from uploads.tabular.sandbox.copy_bytes import BINARY_HEAD, BINARY_TAIL

COPY_STREAMS = 2
"""More gain nothing: the backends of one table wait for each other's pages."""
_MAX_QUEUED = 6
"""Frames that may wait for a free stream: as many as a chunk has, for they come in bursts. With 2 the streams ran dry:
1,000,000 rows of quoted text took 3.3 s instead of 2.8, and 5,000,000 short rows 1.65 instead of 1.53."""
_LOOK_SECONDS = 0.1
"""How often a full queue is asked whether its streams still live."""


class _Aborted(Exception):
    """The load was given up."""


class CopyStreams:
    """Sessions that share one queue of frames, each in a thread and a transaction of its own."""

    def __init__(self, statement: sql.Composable, *, binary: bool) -> None:
        self._statement = statement
        self._binary = binary
        self._frames: queue.Queue[bytearray | None] = queue.Queue(_MAX_QUEUED)
        self._given_up = threading.Event()
        self._errors: list[Exception] = []
        self._stored: list[int] = []
        self._application = application_name()
        self._threads = [
            threading.Thread(target=self._run, name=f"copy {number}", daemon=True) for number in range(COPY_STREAMS)
        ]
        for thread in self._threads:
            thread.start()

    def write(self, frame: bytearray) -> None:
        """Hand over a frame of whole rows; waits while all streams are busy, raises what one of them met."""
        self._put(frame)

    def close(self) -> int:
        """Commit, and return how many rows were stored."""
        for _ in self._threads:
            self._put(None)
        self._join()
        self._raise()
        return sum(self._stored)

    def abort(self) -> None:
        """Roll back whatever is not committed yet."""
        self._given_up.set()
        self._join()

    def _put(self, frame: bytearray | None) -> None:
        while True:
            self._raise()
            try:
                self._frames.put(frame, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return

    def _raise(self) -> None:
        if self._errors:
            self.abort()
            raise self._errors[0]

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        try:
            set_application_name(self._application)
            with transaction.atomic():
                stored = copy_rows(self._statement, self._taken(), binary=self._binary)
            self._stored.append(stored)
        except _Aborted:
            pass
        except Exception as error:  # noqa: BLE001 - handed to the thread that loads, which raises it
            self._errors.append(error)
        finally:
            connection.close()

    def _taken(self) -> Iterator[bytearray]:
        while True:
            if self._given_up.is_set():
                raise _Aborted
            try:
                frame = self._frames.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if frame is None:
                return
            yield frame


def copy_rows(statement: sql.Composable, frames: Iterable[bytearray], *, binary: bool) -> int:
    """One COPY of all frames, in the caller's transaction; returns how many rows PostgreSQL says it stored."""
    with limits_explained(), connection.wrap_database_errors, connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            if binary:
                copy.write(BINARY_HEAD)
            for frame in frames:
                copy.write(frame)
            if binary:
                copy.write(BINARY_TAIL)
        return int(cursor.rowcount)


@contextmanager
def limits_explained() -> Iterator[None]:
    """Say in plain words which of PostgreSQL's limits a row has met."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.ProgramLimitExceeded):
            raise RowTooWide(
                "A row of this file is wider than PostgreSQL can store (8,160 bytes after long values are moved out).",
                hint="Split the table into several files with fewer columns.",
            ) from error
        raise
