"""Make an export that was asked for: the worker's part. Its row says what is to be done, and what became of it.

Whoever makes one holds its lock: a worker that is killed lets go of it, and the next sweep has it begun anew. Nothing
half-made is ever seen: the bytes gather on this machine and move into the store when all of them are there.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from uploads.database.exporting.windows import RowsChanged
from uploads.database.locks import Lock, try_lock, unlock
from uploads.database.reading.giving_way import GaveWay, giving_way
from uploads.database.rows import storable
from uploads.models import PreparedExport
from uploads.services.errors import DatasetNotFound, ExportStopped, LeaseLost
from uploads.services.exporting.export import Export, export_view
from uploads.services.exporting.formats import ExportFormat
from uploads.services.preparing.data_state import state_of
from uploads.services.preparing.requests import IN_PROGRESS, rows_expected, view_asked
from uploads.services.preparing.room import check_room_for_export, full_disk_told_of_export
from uploads.services.queueing import files_are_loaded, nudge_export
from uploads.services.visibility import OPERATOR
from uploads.states import ExportState
from uploads.store import spool, stored_files
from uploads.tabular.errors import UploaderError

logger = logging.getLogger(__name__)

TELL_SECONDS = 0.5
"""How often a page is told how far it is, and files that are loaded are looked for."""
AGAIN = "Try again; if it fails again, tell the people who run this site."

type StopAsked = Callable[[], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportAttempt:
    """One worker's try at an export."""

    export_id: int
    fence: int
    number: int

    def change(self, **values: object) -> None:
        """Raises ``LeaseLost`` where it is somebody else's by now, was cancelled, or is gone."""
        if not self._mine.update(**values):
            raise LeaseLost(f"The export {self.export_id} is no longer this worker's.")

    def is_over(self) -> bool:
        """Whether all that is still done for it is done for nobody."""
        return not self._mine.exists()

    @property
    def _mine(self) -> QuerySet[PreparedExport]:
        return PreparedExport.objects.filter(pk=self.export_id, fence=self.fence, state=ExportState.RUNNING)


def make_export(*, export_id: int, should_stop: StopAsked = lambda: False) -> None:
    """Make one attempt at an export that waits, or whose worker was lost.

    What cannot be made ends ``failed`` with its reason. A database that went away, rows that changed meanwhile and a
    worker that was asked to stop send it back to the queue, for at most ``MAX_ATTEMPTS`` tries. A bug is recorded and
    then raised.
    """
    if not try_lock(Lock.EXPORTING, export_id):
        return
    try:
        attempt = _claim(export_id)
        if attempt is not None:
            _make(attempt, should_stop)
    finally:
        unlock(Lock.EXPORTING, export_id)


def _claim(export_id: int) -> ExportAttempt | None:
    claimed = PreparedExport.objects.filter(pk=export_id, state__in=IN_PROGRESS).update(
        state=ExportState.RUNNING,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        started_at=Now(),
        rows_done=0,
    )
    if not claimed:
        return None
    fence, number = PreparedExport.objects.values_list("fence", "attempts").get(pk=export_id)
    return ExportAttempt(export_id=export_id, fence=fence, number=number)


def _make(attempt: ExportAttempt, should_stop: StopAsked) -> None:
    try:
        with giving_way(to=lambda: should_stop() or attempt.is_over(), only=True):
            _Writing(attempt, should_stop).run()
    except Exception as error:  # the outermost loop: whatever happened is recorded on the export, and a bug goes on
        _record(attempt, ExportStopped("The worker was asked to stop.") if _is_stop(error, should_stop) else error)
        if not isinstance(error, UploaderError | OperationalError | GaveWay):
            raise


def _is_stop(error: Exception, should_stop: StopAsked) -> bool:
    """A statement that was ended for it looks like one that took too long."""
    return isinstance(error, GaveWay) or (isinstance(error, UploaderError) and should_stop())


class _Writing:
    """One attempt in progress."""

    def __init__(self, attempt: ExportAttempt, should_stop: StopAsked) -> None:
        self._attempt = attempt
        self._should_stop = should_stop
        self._export = PreparedExport.objects.select_related("dataset").get(pk=attempt.export_id)
        self._rows = 0
        self._told_at = time.monotonic()

    def run(self) -> None:
        """Write all of it, and say that it is ready."""
        dataset = self._export.dataset
        if dataset is None:
            raise DatasetNotFound("The dataset was deleted.")
        format_ = ExportFormat(self._export.format)
        view, _ = view_asked(dataset=dataset, query=self._export.query)
        state = state_of(dataset, view.columns)
        name = self._export.stored_as or stored_files.new_name()
        self._attempt.change(
            stored_as=name,
            stamp=state.stamp,
            held_files=state.files,
            held_columns=state.columns,
            rows_total=rows_expected(dataset, view),
        )
        check_room_for_export()
        path = _own_path(name, self._attempt)
        try:
            made = export_view(slug=dataset.slug, view=view, format_=format_, viewer=OPERATOR, on_rows=self._count)
            size = self._write(made, path)
            self._finish(path, stored_as=name, name=made.name, size=size)
        finally:
            path.unlink(missing_ok=True)

    def _write(self, made: Export, path: Path) -> int:
        with closing(made.pieces) as pieces, full_disk_told_of_export(), path.open("xb") as file:
            for piece in pieces:
                self._take(piece, file)
            file.flush()
            os.fsync(file.fileno())
            return file.tell()

    def _count(self, rows: int) -> None:
        self._rows += rows

    def _take(self, piece: bytes, file: BinaryIO) -> None:
        if self._should_stop():
            raise ExportStopped("The worker was asked to stop.")
        file.write(piece)
        now = time.monotonic()
        if now - self._told_at < TELL_SECONDS:
            return
        self._attempt.change(rows_done=self._rows)
        check_room_for_export()
        if files_are_loaded():  # at half the pace: they have the other half of what this would take
            time.sleep(min(now - self._told_at, 2 * TELL_SECONDS))
        self._told_at = time.monotonic()

    def _finish(self, path: Path, *, stored_as: str, name: str, size: int) -> None:
        self._attempt.change(rows_done=self._rows)  # still this worker's?
        with full_disk_told_of_export():
            stored_files.adopt(path, stored_as)
        try:
            self._attempt.change(
                state=ExportState.READY,
                name=name,
                bytes=size,
                rows_done=self._rows,
                finished_at=Now(),
                expires_at=timezone.now() + timedelta(hours=settings.EXPORT_HOURS),
            )
        except LeaseLost:
            if not PreparedExport.objects.filter(stored_as=stored_as).exists():
                stored_files.delete(stored_as)  # somebody deleted it meanwhile
            raise


def _own_path(name: str, attempt: ExportAttempt) -> Path:
    """Where an attempt's bytes gather; those of earlier ones, whose worker was killed, are removed."""
    for earlier in range(1, attempt.fence):
        spool.remove(f"{name}.{earlier}")
    return spool.path_of(f"{name}.{attempt.fence}")


def _record(attempt: ExportAttempt, error: Exception) -> None:
    """Decide what becomes of an export whose attempt ended with ``error``, if it is still this attempt's to decide."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    may_try = attempt.number < settings.MAX_ATTEMPTS
    if attempt.is_over():
        logger.info("export %s was cancelled, or is somebody else's by now", attempt.export_id)
        return
    try:
        match error:
            case LeaseLost():
                logger.warning("%s", error)
            case ExportStopped():
                _hand_back(attempt, error, attempts=attempt.number - 1)
            case RowsChanged() | OperationalError() | InterfaceError() if may_try:
                _hand_back(attempt, error, attempts=attempt.number)
            case UploaderError():
                _fail(attempt, error.code, error.message, error.hint)
            case OperationalError() | InterfaceError():
                _fail(attempt, "database_error", f"The database ended it {settings.MAX_ATTEMPTS} times.", AGAIN)
            case _:
                _fail(attempt, "internal_error", "Something went wrong that nobody foresaw.", AGAIN)
    except LeaseLost as lost:
        logger.warning("%s", lost)


def _hand_back(attempt: ExportAttempt, error: Exception, *, attempts: int) -> None:
    logger.warning("export %s goes back to the queue: %s", attempt.export_id, error)
    attempt.change(state=ExportState.WAITING, attempts=attempts, rows_done=0)
    nudge_export(export_id=attempt.export_id)


def _fail(attempt: ExportAttempt, code: str, message: str, hint: str) -> None:
    logger.warning("export %s failed: %s: %s", attempt.export_id, code, message)
    attempt.change(
        state=ExportState.FAILED,
        error_code=code,
        error_message=storable(message),
        error_hint=storable(hint),
        finished_at=Now(),
    )
