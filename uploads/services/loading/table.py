"""Load one table of a file: make its draft and its part, write its rows in one go, keep its rejects."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from uploads.database.partitions import begin_load, create_partition, drop_table, partition_name
from uploads.database.rows import storable, storable_json
from uploads.database.writers import WRITERS
from uploads.models import SOURCE_KEPT, Dataset, Load
from uploads.services.datasets.drafts import create_draft, rename_draft, retype_draft
from uploads.services.datasets.matching import dataset_hint, joint_hint
from uploads.services.files.kept_readings import keep_again
from uploads.services.kept_cells import keep_cells
from uploads.services.loading.context import Ledger, LoadContext
from uploads.services.loading.lease import hold_file
from uploads.services.loading.placement import Placement, find_placement
from uploads.services.options.applied import AppliedOptions, applied_options
from uploads.services.options.catalogue import OPTIONS, options_in_words
from uploads.services.options.option import OptionKind
from uploads.services.options.remembered import defaults_of
from uploads.services.rejects.keeping import keep_rejects
from uploads.services.source_lines.keeping import keep_source
from uploads.states import Phase, Writer
from uploads.tabular.column_json import column_to_json
from uploads.tabular.errors import FileError
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.sandbox.client import ReadTable
from uploads.tabular.table import Column, LineAccount, RowCounts
from uploads.tabular.type_events import TypesChanged

_ON_ROWS = tuple(name for name, option in OPTIONS.items() if option.places_rows and option.kind is not OptionKind.YES)
"""What a dataset remembers of where the rows of its files stand, and of those that are none."""


class TableLoading:
    """One table of a file on its way into its draft."""

    def __init__(self, table: ReadTable, *, position: int, began: float, context: LoadContext, ledger: Ledger) -> None:
        self._table = table
        self._position = position
        self._began = began
        self._context = context
        self._ledger = ledger
        self._rows_before = context.lease.rows_done

    def run(self) -> RowCounts:
        """Write all rows; where the whole table has other types than its beginning, once more."""
        hint = dataset_hint(file_name=self._context.file.name, place=self._table.found.place)
        place = find_placement(self._table, hint=hint, context=self._context, ledger=self._ledger)
        load, draft = self._prepare(place, hint)
        columns = place.columns
        while True:
            try:
                return self._fill(load, draft, columns, place)
            except TypesChanged as change:
                columns = change.columns
                self._begin_again(load, draft, columns, place)

    def _fill(self, load: Load, draft: Dataset, columns: tuple[Column, ...], place: Placement) -> RowCounts:
        """Write all rows and the load's figures in one transaction."""
        self._context.lease.phase = Phase.LOADING
        with transaction.atomic():
            counts = self._write(load, columns)
            end = self._table.end
            if end is not None:
                self._close_account(load, end.account, counts)
                notes = (*place.notes, *self._applied(place).notes, *end.notes, *self._unapplied(place, end.notes))
                load.notes = _storable_notes(notes)
                load.columns = [_storable(column) for column in end.columns]
                keep_source(load_id=load.pk, end=end)
                if place.is_ours:
                    retype_draft(draft=draft, columns=end.columns, file_id=self._context.file.pk)
            load.rows_read, load.rows_loaded = counts.read, counts.loaded
            load.rows_rejected, load.rows_blank = counts.rejected, counts.blank
            load.finished_at = Now()
            keep_again(load)
            load.save()
        return counts

    def _close_account(self, load: Load, account: LineAccount, counts: RowCounts) -> None:
        """Raise ``LinesUnaccounted`` unless every line of the source is loaded, rejected, or told of on the receipt."""
        source = self._table.found.source
        account.check(counts, name=f"“{source}” of {self._context.file.name}" if source else self._context.file.name)
        load.lines, load.line_breaks = account.lines, account.line_breaks
        load.preamble, load.footer = account.preamble, account.footer
        load.header_rows, load.blank_above = account.header, account.blank_above
        load.rows_left_out = account.left_out

    def _begin_again(self, load: Load, draft: Dataset, columns: tuple[Column, ...], place: Placement) -> None:
        """The whole table has other types than its beginning: the rows so far are gone, make room for others."""
        self._context.lease.rows_done = self._rows_before
        if not place.is_ours:
            return
        with transaction.atomic():
            drop_table(name=load.part)
            retype_draft(draft=draft, columns=columns, file_id=self._context.file.pk)
            file_id = self._context.attempt.file_id
            create_partition(part=load.part, columns=columns, file_id=file_id, load_id=load.pk)

    def _applied(self, place: Placement) -> AppliedOptions:
        return applied_options(
            dialect=self._table.found.dialect,
            options=self._context.file.options,
            defaults=place.defaults,
            has_types=place.types_hold,
            is_reading=self._context.file.version_of_id is not None,
            origin=self._table.found.place.origin,
        )

    def _unapplied(self, place: Placement, notes: Sequence[Note]) -> Iterator[Note]:
        """What would have held had the file named its dataset: known by its columns, that comes when it is read."""
        file = self._context.file
        remembered = {} if place.match is None else defaults_of(place.match.dataset).options
        is_remembered = remembered.get("one_table") and "one_table" not in file.options
        if is_remembered and not file.dataset_wanted and any(note.is_on_rows_left_out for note in notes):
            yield Note.of(NoteKind.ONE_TABLE_NOT_APPLIED)
        on_rows = {name: remembered[name] for name in _ON_ROWS if name in remembered and name not in file.options}
        if on_rows and place.types_hold and not file.dataset_wanted:
            yield Note.of(NoteKind.ROWS_NOT_APPLIED, options=options_in_words(on_rows))

    def _prepare(self, place: Placement, hint: str) -> tuple[Load, Dataset]:
        """Commit the load's row and its empty part, so that whatever is on disk has an owner from its first byte."""
        attempt, found = self._context.attempt, self._table.found
        applied = self._applied(place)
        with transaction.atomic():
            hold_file(attempt=attempt)
            draft = place.draft or self._new_draft(place, hint)
            self._name_together(draft, place)
            part = partition_name(file_id=attempt.file_id, dataset_id=draft.pk, fence=attempt.fence)
            load = Load.objects.create(
                file=self._context.file,
                dataset=draft,
                position=self._position,
                source=storable(found.source or "")[:SOURCE_KEPT],
                origin=storable(found.place.origin)[:SOURCE_KEPT] if found.place.has_others else "",
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
                notes=_storable_notes((*place.notes, *applied.notes, *found.dialect.notes)),
                applied_options=applied.as_json(),
                columns=[] if place.is_ours else [_storable(column) for column in place.columns],
                preamble=found.preamble,
                started_at=Now() - timedelta(seconds=time.monotonic() - self._began),
            )
            if place.draft is None:
                create_partition(part=part, columns=place.columns, file_id=attempt.file_id, load_id=load.pk)
            else:
                begin_load(part=part, load_id=load.pk)
        return load, draft

    def _new_draft(self, place: Placement, hint: str) -> Dataset:
        """Noted at once, for nothing of it may stay where the attempt fails."""
        self._context.allowance.check_datasets(len(self._ledger.drafts) + 1)
        draft = create_draft(
            file=self._context.file,
            columns=place.columns,
            key=place.header_key,
            hint=hint,
            match=place.match,
            null_words=place.null_words,
        )
        self._ledger.add(draft, key=place.key, attempt=self._context.attempt)
        return draft

    def _name_together(self, draft: Dataset, place: Placement) -> None:
        """Once tables of several sheets or members share a new dataset, it is named after what holds them all.

        A second dataset of this kind in one file has its first table's name behind that.
        """
        file, places = self._context.file, self._ledger.places.setdefault(place.key, [])
        before = joint_hint(file_name=file.name, places=places) if places else None
        places.append(self._table.found.place)
        hint = joint_hint(file_name=file.name, places=places)
        if hint is None or hint == before or place.match is not None or file.dataset_wanted:
            return
        others = (found for key, found in self._ledger.places.items() if key != place.key)
        if any(joint_hint(file_name=file.name, places=other) == hint for other in others):
            hint = f"{PurePosixPath(hint).stem} {dataset_hint(file_name=file.name, place=places[0])}"
        rename_draft(draft=draft, hint=hint)

    def _write(self, load: Load, columns: tuple[Column, ...]) -> RowCounts:
        writer = WRITERS[Writer(self._context.file.writer)](
            part=load.part, columns=columns, slice_rows=settings.CHUNK_DB_WRITE, copy_format=self._table.copy_format
        )
        loaded = rejected = blank = 0
        try:
            for read in self._table.chunks(slice_rows=writer.slice_rows):
                self._context.check()
                writer.write(read)
                load.last_row = read.last_row if read.last_row is not None else load.last_row
                keep_rejects(load_id=load.pk, rejects=read.rejects)
                keep_cells(load_id=load.pk, kept=read.kept)
                loaded += read.rows
                rejected += len(read.rejects)
                blank += read.blank
                self._context.lease.rows_done += read.rows
                self._context.allowance.check_rows(self._context.lease.rows_done)
            stored = writer.close()
        except BaseException:
            writer.abort()
            raise
        if stored != loaded:
            raise FileError(f"PostgreSQL stored {stored:,} of {loaded:,} rows.", hint="Load the file again.")
        return RowCounts(read=loaded + rejected + blank, loaded=loaded, rejected=rejected, blank=blank)


def _storable_notes(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [storable_json(note.as_json()) for note in notes]


def _storable(column: Column) -> dict[str, object]:
    whole = column_to_json(column)
    return {
        **whole,
        "label": storable(column.label),
        "description": storable(column.description),
        "suggestion": storable_json(whole["suggestion"]),
        "alternatives": storable_json(whole["alternatives"]),
        "evidence": storable_json(column.evidence and column.evidence.as_json()),
    }
