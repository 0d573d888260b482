"""Load one file: claim it, read it in a child process, write its tables, and show all of it at once or nothing."""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from uploads import storage, tables
from uploads.domain.errors import ColumnMismatch, FileError, UploaderError
from uploads.domain.table import Column, Limits, ReadOptions, Reject, RowCounts
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.reader.client import ReadTable, TypesChanged, WarmReader
from uploads.reader.messages import Bounds, Request, column_to_json
from uploads.services.acceptance import check_acceptable
from uploads.services.datasets import (
    Match,
    dataset_hint,
    discard_dataset,
    found_dataset,
    founding,
    hold_dataset,
    match_dataset,
    retype_dataset,
)
from uploads.services.errors import LoadStopped, TooManyActiveFiles
from uploads.services.leasing import Attempt, Lease, claim_file, discard_attempt, end_earlier_attempts, hold_file
from uploads.services.patience import patiently
from uploads.services.publishing import activate_in_transaction
from uploads.services.remembering import Remembered, remembered_options
from uploads.services.settling import settle
from uploads.services.transitions import change_state
from uploads.states import FileState, Phase
from uploads.tables import storable
from uploads.writers import WRITERS

logger = logging.getLogger(__name__)

WORKBOOKS = frozenset({"xlsx", "xls", "xlsb", "ods"})
RAW_KEPT = 100_000
"""Characters of a rejected row that are kept: enough to mend it, not enough to fill the disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadHooks:
    """How the caller takes part: it is told of progress and may ask to stop."""

    on_progress: Callable[[Phase, int, int], None] = lambda phase, bytes_done, rows_done: None
    should_stop: Callable[[], bool] = lambda: False


def load_file(*, file_id: int, reader: WarmReader, hooks: LoadHooks | None = None) -> FileState | None:
    """Make one attempt at a waiting file and return the state it is in then; ``None`` when it isn't to be had.

    A file that cannot be loaded ends ``failed`` with its reason. A reader that died, a database that went away or a
    worker that was asked to stop sends it back to ``waiting``, for at most ``MAX_ATTEMPTS`` tries. A bug is recorded on
    the file and then raised.
    """
    worker = f"{socket.gethostname()} process {os.getpid()}"
    attempt = claim_file(file_id=file_id, worker=worker)
    if attempt is None:
        return None
    try:
        with Lease(attempt) as lease:
            end_earlier_attempts(attempt=attempt)
            parts = _Loading(attempt, lease, reader, hooks or LoadHooks()).run()
    except Exception as error:  # the outermost loop: whatever happened is recorded on the file, and a bug goes on
        settle(attempt, error)
        if not isinstance(error, UploaderError | OperationalError | InterfaceError):
            raise
    else:
        _gather_statistics(parts)
    return FileState(UploadedFile.objects.values_list("state", flat=True).get(pk=file_id))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a table's rows go; ``founding``: the dataset's types are this table's to decide."""

    dataset: Dataset
    columns: tuple[Column, ...]
    founding: bool


class _Loading:
    """One attempt in progress."""

    def __init__(self, attempt: Attempt, lease: Lease, reader: WarmReader, hooks: LoadHooks) -> None:
        self._attempt = attempt
        self._lease = lease
        self._reader = reader
        self._hooks = hooks
        self._file = UploadedFile.objects.get(pk=attempt.file_id)
        self._founded: list[int] = []
        self._parts: dict[int, str] = {}
        self._total = RowCounts()
        self._notes: tuple[str, ...] = ()

    def run(self) -> tuple[str, ...]:
        """Read and write every table, then publish; returns the parts. After a failure nothing of the attempt stays."""
        done = False
        tables.set_application_name(self._attempt.application_name)
        try:
            self._load_tables()
            self._publish()
            done = True
        finally:
            if connection.connection is not None and not connection.is_usable():
                connection.close()
            if not done:
                self._take_back()
            tables.set_application_name("")
        return tuple(self._parts.values())

    def _remembered(self) -> Remembered | None:
        wanted = self._file.dataset_wanted
        return remembered_options(dataset=wanted) if wanted else None

    def _load_tables(self) -> None:
        began = time.monotonic()
        remembered = self._remembered()
        if remembered is not None and remembered.options.keys() - self._file.options.keys():
            self._notes = (f"Read as said before for this dataset, with “{remembered.file_name}”: {remembered.words}.",)
        with storage.local_path(self._file.stored_as) as path:
            request = Request(
                path=str(path),
                name=self._file.name,
                options=ReadOptions(
                    **{
                        "chunk_rows": settings.CHUNK_FILE_READ,
                        "first_delimiter": settings.CSV_DELIMITER,
                        **(remembered.options if remembered else {}),
                        **self._file.options,
                    }
                ),
                limits=Limits(),
                bounds=Bounds(
                    memory_bytes=settings.READER_MEMORY,
                    cpu_seconds=settings.READER_CPU_SECONDS,
                    wall_seconds=settings.READER_SECONDS,
                ),
            )
            with self._reader.read(request, self._follow) as reading:
                for position, table in enumerate(reading.tables(), start=1):
                    self._load_table(table, position, began)
                    began = time.monotonic()

    def _follow(self, phase: str, bytes_done: int) -> None:
        self._lease.follow(phase, bytes_done)
        self._check()

    def _check(self) -> None:
        self._lease.check()
        if self._hooks.should_stop():
            raise LoadStopped("The worker was asked to stop.")
        self._hooks.on_progress(self._lease.phase, self._lease.bytes_done, self._lease.rows_done)

    def _load_table(self, table: ReadTable, position: int, began: float) -> None:
        with self._dataset_of(table) as place:
            load, part = self._prepare(table, position, place, began)
            columns = place.columns
            while True:
                try:
                    counts = self._fill(table, load, part, columns, place)
                    break
                except TypesChanged as change:
                    columns = change.columns
                    self._begin_again(load, part, columns, place)
        self._total = RowCounts(
            read=self._total.read + counts.read,
            loaded=self._total.loaded + counts.loaded,
            rejected=self._total.rejected + counts.rejected,
            blank=self._total.blank + counts.blank,
        )

    def _fill(self, table: ReadTable, load: Load, part: str, columns: tuple[Column, ...], place: "_Place") -> RowCounts:
        """Write all rows and the load's figures in one transaction."""
        self._lease.phase = Phase.LOADING
        with transaction.atomic():
            counts = self._write(table, load, part, columns)
            end = table.end
            if end is not None:
                load.footer, load.notes = end.footer, [storable(note) for note in (*self._notes, *end.notes)]
                load.columns = [_storable_json(column) for column in end.columns]
                if place.founding:
                    retype_dataset(dataset=place.dataset, columns=end.columns)
            load.rows_read, load.rows_loaded = counts.read, counts.loaded
            load.rows_rejected, load.rows_blank = counts.rejected, counts.blank
            load.finished_at = Now()
            load.save()
        return counts

    def _begin_again(self, load: Load, part: str, columns: tuple[Column, ...], place: "_Place") -> None:
        """The whole table has other types than its beginning: the rows so far are gone, make room for others."""
        self._lease.rows_done = self._total.loaded
        if not place.founding:
            return
        with transaction.atomic():
            tables.drop(name=part)
            retype_dataset(dataset=place.dataset, columns=columns)
            tables.create_part(part=part, table=place.dataset.slug, file_id=self._attempt.file_id)
            tables.begin_load(part=part, load_id=load.pk)

    @contextmanager
    def _dataset_of(self, table: ReadTable) -> Iterator["_Place"]:
        """Find or found the table's dataset; the columns come in the table's own order.

        Whoever founds it keeps others from joining until its rows are in, for until then its types may change.
        """
        labels = table.found.labels
        wanted = self._file.dataset_wanted
        hint = dataset_hint(
            file_name=self._file.name,
            source=table.found.source,
            is_sheet=table.found.dialect.format.value in WORKBOOKS,
        )
        match = self._match(table, hint)
        if match is not None and match.planned is not None:
            yield _Place(match.dataset, table.columns(match.planned), founding=False)
            return
        with founding(labels=labels, while_waiting=self._check):
            match = self._match(table, hint)  # somebody may have been faster
            columns = table.columns(None if match is None else match.planned)
            if match is None:
                dataset = found_dataset(labels=labels, columns=columns, wanted=wanted, hint=hint)
                self._founded.append(dataset.pk)
            else:
                dataset = match.dataset
                if match.planned is None:
                    retype_dataset(dataset=dataset, columns=columns)
            yield _Place(dataset, columns, founding=match is None or match.planned is None)

    def _match(self, table: ReadTable, hint: str) -> Match | None:
        try:
            return match_dataset(labels=table.found.labels, wanted=self._file.dataset_wanted, hint=hint)
        except ColumnMismatch as error:
            if table.found.source is None:
                raise
            raise ColumnMismatch(f"“{table.found.source}”: {error.message}", hint=error.hint) from error

    def _prepare(self, table: ReadTable, position: int, place: "_Place", began: float) -> tuple[Load, str]:
        """Commit the load's row and its empty part, so that whatever is on disk has an owner from its first byte."""
        found, dataset = table.found, place.dataset
        part = tables.part_name(file_id=self._attempt.file_id, dataset_id=dataset.pk, fence=self._attempt.fence)
        with transaction.atomic():
            hold_file(attempt=self._attempt)
            hold_dataset(
                match=Match(dataset=dataset, planned=None if place.founding else place.columns), labels=found.labels
            )
            load = Load.objects.create(
                file=self._file,
                dataset=dataset,
                position=position,
                source=storable(found.source or "")[:500],
                part=part,
                fence=self._attempt.fence,
                format=found.dialect.format.value,
                encoding=found.dialect.encoding or "",
                delimiter=found.dialect.delimiter or "",
                quotechar=found.dialect.quotechar or "",
                header_row=found.dialect.header_row,
                notes=[storable(note) for note in (*self._notes, *found.dialect.notes)],
                columns=[] if place.founding else [_storable_json(column) for column in place.columns],
                preamble=found.preamble,
                started_at=Now() - timedelta(seconds=time.monotonic() - began),
            )
            if dataset.pk not in self._parts:
                tables.create_part(part=part, table=dataset.slug, file_id=self._attempt.file_id)
                self._parts[dataset.pk] = part
            tables.begin_load(part=part, load_id=load.pk)
        return load, part

    def _write(self, table: ReadTable, load: Load, part: str, columns: tuple[Column, ...]) -> RowCounts:
        writer = WRITERS[self._file.writer](part=part, columns=columns, slice_rows=settings.CHUNK_DB_WRITE)
        loaded = rejected = blank = 0
        try:
            for read in table.chunks(slice_rows=writer.slice_rows):
                self._check()
                writer.write(read)
                load.last_row = read.last_row if read.last_row is not None else load.last_row
                _keep_rejects(load, read.rejects)
                loaded += read.rows
                rejected += len(read.rejects)
                blank += read.blank
                self._lease.rows_done += read.rows
            stored = writer.close()
        except BaseException:
            writer.abort()
            raise
        if stored != loaded:
            raise FileError(f"PostgreSQL stored {stored:,} of {loaded:,} rows.", hint="Load the file again.")
        return RowCounts(read=loaded + rejected + blank, loaded=loaded, rejected=rejected, blank=blank)

    def _publish(self) -> None:
        """Count, index, and switch: from here on the file is loaded and, if that was asked for, active."""
        check_acceptable(file_id=self._attempt.file_id, counts=self._total)
        self._lease.phase = Phase.PUBLISHING
        self._check()
        for part in self._parts.values():
            with transaction.atomic():
                tables.index_part(part=part)
        try:
            patiently(lambda: self._switch(activate=self._file.activate))
        except (tables.TableBusy, TooManyActiveFiles) as error:
            text = f"loaded, but not activated: {error.message}"
            patiently(lambda: self._switch(activate=False, text=text))

    def _switch(self, *, activate: bool, text: str = "") -> None:
        change_state(
            file_id=self._attempt.file_id,
            to=FileState.LOADED,
            fence=self._attempt.fence,
            among=frozenset({FileState.LOADING}),
            text=text,
            phase=Phase.NONE,
            lease_until=None,
            finished_at=Now(),
            rows_done=self._total.loaded,
            rows_read=self._total.read,
            rows_loaded=self._total.loaded,
            rows_rejected=self._total.rejected,
            rows_blank=self._total.blank,
        )
        if activate:
            activate_in_transaction(file_id=self._attempt.file_id, user_id=self._file.uploaded_by_id)
        # A load has taken as long as it took until its rows could be seen.
        last = Load.objects.filter(file=self._file, fence=self._attempt.fence).order_by("-position")[:1]
        Load.objects.filter(pk__in=last.values("pk")).update(finished_at=Now())

    def _take_back(self) -> None:
        try:
            discard_attempt(attempt=self._attempt, parts=self._parts.values())
            for dataset_id in self._founded:
                patiently(partial(discard_dataset, dataset_id=dataset_id))
        except tables.TableBusy as error:  # must not hide why the load ended; the sweep drops parts that are left
            logger.warning("file %s leaves a table behind for now: %s", self._attempt.file_id, error)


def _gather_statistics(parts: Sequence[str]) -> None:
    """For the planner, once the rows can be seen: over 100 columns it takes half as long as COPY does.

    A part may be gone by now, taken back by a person; what is left out autovacuum makes up for.
    """
    for part in parts:
        try:
            tables.analyze_part(part=part)
        except DatabaseError as error:
            logger.warning("no statistics of %s: %s", part, error)


def _keep_rejects(load: Load, rejects: tuple[Reject, ...]) -> None:
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                load=load,
                row=reject.row,
                code=reject.code,
                column=storable(reject.column or ""),
                value=storable(reject.value)[:RAW_KEPT],
                reason=storable(reject.reason),
                raw=storable(reject.raw)[:RAW_KEPT],
            )
            for reject in rejects
        ),
        batch_size=5_000,
    )


def _storable_json(column: Column) -> dict[str, object]:
    return {
        **column_to_json(column),
        "label": storable(column.label),
        "evidence": storable(column.evidence),
    }
