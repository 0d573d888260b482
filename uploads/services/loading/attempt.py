"""Load one file: claim it, read it in a child process, write its tables, and show all of it at once or nothing."""

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from uploads.database.locks import Lock, lock_transaction
from uploads.database.partitions import may_be_large
from uploads.database.retrying import retry_while_locked
from uploads.database.sessions import set_application_name
from uploads.database.statements import TableBusy, TableInUse
from uploads.models import Load, UploadedFile
from uploads.services.datasets.joinable import reader_of_homes
from uploads.services.errors import (
    ColumnsUndecided,
    KeyNotUnique,
    LoadStopped,
    ModeDecided,
    NeedsFitting,
    ReachesFurther,
    ReadOnlyDataset,
    TooManyActiveFiles,
)
from uploads.services.files.activation import HOWEVER_MANY, NOTHING_SAID, fit_in_transaction
from uploads.services.files.history import last_asker
from uploads.services.files.partitions import Attempt
from uploads.services.files.passed_over import PassedOver, much_passed_over
from uploads.services.files.same_bytes import NOT_ACTIVATED, activate_loaded, hold_back, is_active_already
from uploads.services.files.transitions import change_state
from uploads.services.joining.columns import note_open_columns, overlaps_after_fitting
from uploads.services.loading.acceptance import check_acceptable
from uploads.services.loading.allowance import Allowance
from uploads.services.loading.context import Ledger, LoadContext
from uploads.services.loading.doubling import Doubles, Doubling
from uploads.services.loading.guarding import MOST_TRIES, NEVER_STILL, DatasetMoved, Guarding
from uploads.services.loading.indexes import index_for_readers, prepare_for_readers
from uploads.services.loading.keys import key_to_hold
from uploads.services.loading.lease import Lease, claim_file, end_earlier_attempts
from uploads.services.loading.outcome import record_outcome
from uploads.services.loading.table import TableLoading
from uploads.services.merging.overlap import Overlap, why_asked
from uploads.services.options.applied import blame_options, reading_arguments
from uploads.services.options.remembered import remembered_options
from uploads.services.queueing import nudge_profiles
from uploads.services.reading.profiles import SOON_ROWS
from uploads.services.rejects.keyless import reject_keyless
from uploads.states import FileState, Phase
from uploads.store import stored_files
from uploads.tabular.errors import BadOption, ColumnMismatch, UploaderError
from uploads.tabular.sandbox.client import ReadTable, WarmReader
from uploads.tabular.sandbox.messages import Bounds, Request
from uploads.tabular.table import Limits, ReadOptions, RowCounts
from uploads.tabular.type_events import NeedsJointTypes

logger = logging.getLogger(__name__)
CANNOT_JOIN = (
    *(TableBusy, TooManyActiveFiles, ColumnMismatch, ColumnsUndecided),
    *(BadOption, TableInUse, KeyNotUnique, ReachesFurther, ReadOnlyDataset, ModeDecided),
)


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
    if hold_back(file_id=file_id):
        return FileState.DUPLICATE
    worker = f"{socket.gethostname()} process {os.getpid()}"
    attempt = claim_file(file_id=file_id, worker=worker)
    if attempt is None:
        return None
    try:
        with Lease(attempt) as lease:
            end_earlier_attempts(attempt=attempt)
            loading = _Loading(attempt, lease, reader, hooks or LoadHooks())
            parts, rows = loading.run(), loading.rows
    except Exception as error:  # the outermost loop: whatever happened is recorded on the file, and a bug goes on
        record_outcome(attempt, error)
        if not isinstance(error, UploaderError | OperationalError):
            raise
    else:
        for part in parts:
            prepare_for_readers(part=part)
        if rows >= SOON_ROWS:
            nudge_profiles()
    return FileState(UploadedFile.objects.values_list("state", flat=True).get(pk=file_id))


class _Loading:
    """One attempt in progress."""

    def __init__(self, attempt: Attempt, lease: Lease, reader: WarmReader, hooks: LoadHooks) -> None:
        self._attempt = attempt
        self._lease = lease
        self._reader = reader
        self._hooks = hooks
        self._file = UploadedFile.objects.select_related("uploaded_by").get(pk=attempt.file_id)
        self._context = self._new_context()
        self._ledger = Ledger()
        self._total = RowCounts()
        self._passed_over = PassedOver()
        self._overlaps: tuple[Overlap, ...] = ()
        self._guarding = Guarding(self._file, ())
        self._doubling = Doubling(self._file)

    @property
    def rows(self) -> int:
        """Those that are loaded."""
        return self._total.loaded

    def run(self) -> tuple[str, ...]:
        """Read and write every table, then publish; returns the parts that may be large. After a failure nothing of
        the attempt stays."""
        done = False
        set_application_name(self._attempt.application_name)
        try:
            self._load_tables()
            self._publish()
            done = True
        except UploaderError as error:
            blame_options(error, options=self._file.options, defaults=self._context.defaults)
            raise
        finally:
            if connection.connection is not None and not connection.is_usable():
                connection.close()
            if not done:
                self._ledger.take_back(self._attempt)
            self._ledger.leave()
            set_application_name("")
        return tuple(self._ledger.parts.values()) if may_be_large(rows=self._total.loaded) else ()

    def _new_context(self, *, together: bool = False) -> LoadContext:
        named = remembered_options(dataset=self._file.dataset_wanted, viewer=reader_of_homes(self._file))
        defaults = named.without(self._file.options)
        return LoadContext(
            attempt=self._attempt,
            file=self._file,
            lease=self._lease,
            check=self._check,
            allowance=Allowance(self._file),
            defaults=defaults,
            together=together,
        )

    def _load_tables(self) -> None:
        try:
            self._read_tables()
        except NeedsJointTypes:
            # Rare: tables of one file have equal columns, and a later one has what the types of the first don't hold.
            self._ledger.take_back(self._attempt)
            self._ledger.leave()
            Load.objects.filter(file=self._file).delete()
            typing = self._ledger.typing
            self._context, self._ledger = self._new_context(together=True), Ledger()
            self._total, self._passed_over = RowCounts(), PassedOver()
            self._lease.rows_done = 0
            self._read_tables(together=True, typing=typing)

    def _read_tables(self, *, together: bool = False, typing: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        began = time.monotonic()
        with stored_files.local_path(self._file.stored_as) as path:
            request = Request(
                path=str(path),
                name=self._file.name,
                options=ReadOptions(
                    **{
                        "chunk_rows": settings.CHUNK_FILE_READ,
                        "first_delimiter": settings.CSV_DELIMITER,
                        # Who names the dataset sends one table: another would not fit it, and fail the whole file.
                        "other_tables": not self._file.dataset_wanted,
                        **reading_arguments(options=self._file.options, defaults=self._context.defaults),
                    }
                ),
                limits=Limits(unpacked_bytes=settings.MAX_UNPACKED_SIZE),
                bounds=Bounds(
                    memory_bytes=settings.READER_MEMORY,
                    cpu_seconds=settings.READER_CPU_SECONDS,
                    wall_seconds=settings.READER_SECONDS,
                ),
                together=together,
                typing=typing or {},
                is_named=bool(self._file.dataset_wanted),
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
        counts = TableLoading(table, position=position, began=began, context=self._context, ledger=self._ledger).run()
        self._total = RowCounts(
            read=self._total.read + counts.read,
            loaded=self._total.loaded + counts.loaded,
            rejected=self._total.rejected + counts.rejected,
            blank=self._total.blank + counts.blank,
        )
        if table.end is not None:
            format_, end = table.found.dialect.format, table.end
            self._passed_over = self._passed_over.plus(end.account, counts, format_=format_, notes=end.notes)

    def _publish(self) -> None:
        """Count and switch: from here on the file is loaded and, if that was asked for, active."""
        self._lease.phase = Phase.PUBLISHING
        self._check()
        self._hold_to_keys()
        check_acceptable(file_id=self._attempt.file_id, counts=self._total)
        index_for_readers(drafts=self._ledger.drafts, matches=self._ledger.matches, parts=self._ledger.parts)
        asked, text = self._file.activate, ""
        fit_rejects = self._file.fit_rejects
        if fit_rejects is not None:
            more = self._total.rejected - fit_rejects
            asked = more <= 0
            text = f"{more:,} more rows are rejected with the types of its dataset" if more > 0 else ""
            self._overlaps = overlaps_after_fitting(self._file)
            if self._overlaps:
                asked, text = False, text or why_asked(self._overlaps)
        elif asked:
            said = reading_arguments(options=self._file.options, defaults=self._context.defaults)
            text = much_passed_over(self._passed_over, arguments=said)
            asked = not text
        # Read again with the types of its dataset because a person activated it, it is let in; by itself, it is not.
        by_itself = fit_rejects is None or fit_rejects == HOWEVER_MANY
        if fit_rejects is None and not asked:
            self._doubling.note_same_rows(rows=self._total.loaded, joins=self._ledger.joins)
        if self._ledger.joins:
            self._doubling.note_emptied()
        self._publish_guarded(asked, text, by_itself=by_itself, is_new=fit_rejects is None)

    def _publish_guarded(self, asked: bool, text: str, *, by_itself: bool, is_new: bool) -> None:
        """Ask whether its rows are there already, and the guards of its datasets; once more where these changed
        meanwhile."""
        matches = filter(None, self._ledger.matches.values())
        self._guarding = Guarding(self._file, [match.dataset for match in matches] if asked and by_itself else ())
        for _ in range(MOST_TRIES):
            doubles = Doubles()
            if asked and is_new:
                doubles = self._doubling.ask(rows=self._total.loaded, joins=self._ledger.joins)
            self._overlaps = doubles.overlaps or self._overlaps
            waits = doubles.waits or self._guarding.ask()
            try:
                self._switch_or_say(asked and not waits, text or waits)
            except DatasetMoved:
                continue
            return
        self._switch_or_say(False, NEVER_STILL)

    def _switch_or_say(self, asked: bool, text: str) -> None:
        try:
            retry_while_locked(lambda: self._switch(activate=asked, text=text))
        except NeedsFitting as need:  # its dataset has come to be since the load began
            why = need.message
            retry_while_locked(lambda: self._switch_to_fitting(why))
        except CANNOT_JOIN as error:
            text = f"loaded, but not activated: {error.message}"
            said = NOTHING_SAID if isinstance(error, ModeDecided) else {}  # an answer to what is asked no more
            retry_while_locked(lambda: self._switch(activate=False, text=text, **said))

    def _hold_to_keys(self) -> None:
        """Reject the rows that the key does not tell apart, where the file merges: in all of its tables at once."""
        for table, draft in self._ledger.drafts.items():
            key = key_to_hold(file=self._file, draft=draft, match=self._ledger.matches.get(table))
            if not key:
                continue
            with transaction.atomic():
                count = reject_keyless(part=self._ledger.parts[draft.pk], key=key)
            self._total = replace(self._total, loaded=self._total.loaded - count, rejected=self._total.rejected + count)

    def _switch_to_fitting(self, why: str) -> None:
        if is_active_already(file=self._file):
            self._switch(activate=False, text=NOT_ACTIVATED)
            return
        self._switch(activate=False, replaces=self._file.replaces)
        asker = last_asker(file_id=self._attempt.file_id)
        fit_in_transaction(file_id=self._attempt.file_id, user_id=asker, why=why)

    def _switch(self, *, activate: bool, text: str = "", replaces: Sequence[int] = (), **said: Any) -> None:
        """A file that does not become active takes no other's place later either, unless ``replaces`` says so;
        ``said``: of how it joins."""
        # Before any file's row, as who exchanges files does.
        has_drafts = activate and bool(self._ledger.drafts)
        if has_drafts:
            lock_transaction(Lock.NAMING)
        if activate and is_active_already(file=self._file):
            activate, text = False, NOT_ACTIVATED
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
            fit_rejects=None,
            replaces=list(replaces),
            overlaps=[overlap.as_json() for overlap in self._overlaps],
            columns_open=[],
            guards_tripped=[tripped.as_json() for tripped in self._guarding.tripped],
            **said,
        )
        if activate:
            asker = last_asker(file_id=self._attempt.file_id)
            activate_loaded(file=self._file, user_id=asker, has_drafts=has_drafts)
            self._guarding.check_still()
            self._doubling.check_still()
        else:  # whoever is to look at it is asked what becomes of its columns; its sender may say so now
            note_open_columns(file_id=self._attempt.file_id)
        # A load has taken as long as it took until its rows could be seen.
        last = Load.objects.filter(file=self._file, fence=self._attempt.fence).order_by("-position")[:1]
        Load.objects.filter(pk__in=last.values("pk")).update(finished_at=Now())
