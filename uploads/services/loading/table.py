"""Load one table of a file: find or found its dataset, make its part, write its rows in one go, keep its rejects."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from uploads.database.partitions import begin_load, create_partition, drop_table, partition_name
from uploads.database.rows import storable, storable_json
from uploads.database.writers import WRITERS
from uploads.models import Dataset, Load, RejectedRow
from uploads.services.datasets.matching import (
    Match,
    hold_dataset,
    retype_dataset,
)
from uploads.services.loading.context import Ledger, LoadContext
from uploads.services.loading.lease import hold_file
from uploads.services.loading.placement import Placement, PlacementSearch
from uploads.services.options.applied import AppliedOptions, applied_options
from uploads.services.options.remembered import defaults_of
from uploads.states import Phase
from uploads.tabular.column_json import column_to_json
from uploads.tabular.errors import FileError
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.reason_sentences import reason_in_words
from uploads.tabular.sandbox.client import ReadTable
from uploads.tabular.table import Column, LineAccount, Reject, RowCounts
from uploads.tabular.text.raw_rows import RAW_KEPT
from uploads.tabular.type_events import TypesChanged


class TableLoading:
    """One table of a file on its way into its dataset."""

    def __init__(self, table: ReadTable, *, position: int, began: float, context: LoadContext, ledger: Ledger) -> None:
        self._table = table
        self._position = position
        self._began = began
        self._context = context
        self._ledger = ledger
        self._rows_before = context.lease.rows_done

    def run(self) -> RowCounts:
        """Write all rows; where the whole table has other types than its beginning, once more."""
        with PlacementSearch(self._table, context=self._context, ledger=self._ledger).find() as place:
            load, part = self._prepare(place)
            columns = place.columns
            while True:
                try:
                    return self._fill(load, part, columns, place)
                except TypesChanged as change:
                    columns = change.columns
                    self._begin_again(load, part, columns, place)

    def _fill(self, load: Load, part: str, columns: tuple[Column, ...], place: Placement) -> RowCounts:
        """Write all rows and the load's figures in one transaction."""
        self._context.lease.phase = Phase.LOADING
        with transaction.atomic():
            counts = self._write(load, part, columns)
            end = self._table.end
            if end is not None:
                self._close_account(load, end.account, counts)
                notes = (*self._applied(place).notes, *end.notes, *self._unapplied(place.dataset, end.notes))
                load.notes = _storable_notes(notes)
                load.columns = [_storable(column) for column in end.columns]
                if place.is_ours:
                    retype_dataset(dataset=place.dataset, columns=end.columns)
            load.rows_read, load.rows_loaded = counts.read, counts.loaded
            load.rows_rejected, load.rows_blank = counts.rejected, counts.blank
            load.finished_at = Now()
            load.save()
        return counts

    def _close_account(self, load: Load, account: LineAccount, counts: RowCounts) -> None:
        """Raise ``LinesUnaccounted`` unless every line of the source is loaded, rejected, or told of on the receipt."""
        source = self._table.found.source
        account.check(counts, name=f"“{source}” of {self._context.file.name}" if source else self._context.file.name)
        load.lines, load.line_breaks = account.lines, account.line_breaks
        load.preamble, load.footer = account.preamble, account.footer
        load.header_rows, load.blank_above = account.header, account.blank_above

    def _begin_again(self, load: Load, part: str, columns: tuple[Column, ...], place: Placement) -> None:
        """The whole table has other types than its beginning: the rows so far are gone, make room for others."""
        self._context.lease.rows_done = self._rows_before
        if not place.is_ours:
            return
        with transaction.atomic():
            drop_table(name=part)
            retype_dataset(dataset=place.dataset, columns=columns)
            create_partition(part=part, table=place.dataset.slug, file_id=self._context.attempt.file_id)
            begin_load(part=part, load_id=load.pk)

    def _applied(self, place: Placement) -> AppliedOptions:
        return applied_options(
            dialect=self._table.found.dialect,
            options=self._context.file.options,
            defaults=place.defaults,
            has_types=place.dataset.pk not in self._ledger.typed,
            is_reading=self._context.file.version_of_id is not None,
        )

    def _unapplied(self, dataset: Dataset, notes: Sequence[Note]) -> Iterator[Note]:
        """What would have held had the file named its dataset: known by its columns, that comes when it is read."""
        file = self._context.file
        is_remembered = defaults_of(dataset).options.get("one_table") and "one_table" not in file.options
        if is_remembered and not file.dataset_wanted and any(note.is_on_rows_left_out for note in notes):
            yield Note.of(NoteKind.ONE_TABLE_NOT_APPLIED)

    def _prepare(self, place: Placement) -> tuple[Load, str]:
        """Commit the load's row and its empty part, so that whatever is on disk has an owner from its first byte."""
        attempt, found = self._context.attempt, self._table.found
        dataset, applied = place.dataset, self._applied(place)
        part = partition_name(file_id=attempt.file_id, dataset_id=dataset.pk, fence=attempt.fence)
        with transaction.atomic():
            hold_file(attempt=attempt)
            hold_dataset(
                match=Match(dataset=dataset, planned=None if place.is_ours else place.columns),
                labels=found.labels,
            )
            load = Load.objects.create(
                file=self._context.file,
                dataset=dataset,
                position=self._position,
                source=storable(found.source or "")[:500],
                part=part,
                fence=self._context.attempt.fence,
                format=found.dialect.format.value,
                encoding=found.dialect.encoding or "",
                delimiter=found.dialect.delimiter or "",
                quotechar=found.dialect.quotechar or "",
                escape=found.dialect.escape,
                spaced=found.dialect.spaced,
                doubled=found.dialect.doubled,
                line_end=found.dialect.line_end or "",
                header_row=found.dialect.header_row,
                notes=_storable_notes((*applied.notes, *found.dialect.notes)),
                applied_options=applied.as_json(),
                columns=[] if place.is_ours else [_storable(column) for column in place.columns],
                preamble=found.preamble,
                started_at=Now() - timedelta(seconds=time.monotonic() - self._began),
            )
            if dataset.pk not in self._ledger.parts:
                create_partition(part=part, table=dataset.slug, file_id=attempt.file_id)
                self._ledger.parts[dataset.pk] = part
            begin_load(part=part, load_id=load.pk)
        return load, part

    def _write(self, load: Load, part: str, columns: tuple[Column, ...]) -> RowCounts:
        writer = WRITERS[self._context.file.writer](
            part=part, columns=columns, slice_rows=settings.CHUNK_DB_WRITE, copy_format=self._table.copy_format
        )
        loaded = rejected = blank = 0
        try:
            for read in self._table.chunks(slice_rows=writer.slice_rows):
                self._context.check()
                writer.write(read)
                load.last_row = read.last_row if read.last_row is not None else load.last_row
                _keep_rejects(load, read.rejects)
                loaded += read.rows
                rejected += len(read.rejects)
                blank += read.blank
                self._context.lease.rows_done += read.rows
            stored = writer.close()
        except BaseException:
            writer.abort()
            raise
        if stored != loaded:
            raise FileError(f"PostgreSQL stored {stored:,} of {loaded:,} rows.", hint="Load the file again.")
        return RowCounts(read=loaded + rejected + blank, loaded=loaded, rejected=rejected, blank=blank)


def _keep_rejects(load: Load, rejects: tuple[Reject, ...]) -> None:
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                load=load,
                row=reject.row,
                code=reject.code.value,
                column=storable(reject.column or ""),
                value=storable(reject.value)[:RAW_KEPT],
                reason=storable(reason_in_words(reject.reason)),
                figures=storable_json(dict(reject.reason.figures)),
                raw=storable(reject.raw)[:RAW_KEPT],
            )
            for reject in rejects
        ),
        batch_size=5_000,
    )


def _storable_notes(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [storable_json(note.as_json()) for note in notes]


def _storable(column: Column) -> dict[str, object]:
    return {
        **column_to_json(column),
        "label": storable(column.label),
        "evidence": storable_json(column.evidence and column.evidence.as_json()),
    }
