"""Load one table of a file: find or found its dataset, make its part, write its rows in one go, keep its rejects."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from uploads.database.partitions import begin_load, create_partition, drop_table, partition_name
from uploads.database.rows import storable, storable_json
from uploads.database.writers import WRITERS
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.services.datasets.column_locks import join_dataset
from uploads.services.datasets.matching import (
    Match,
    create_dataset,
    creating_dataset,
    dataset_hint,
    hold_dataset,
    match_dataset,
    retype_dataset,
)
from uploads.services.datasets.version_names import inherit, match_reading
from uploads.services.files.partitions import Attempt
from uploads.services.loading.lease import Lease, hold_file
from uploads.services.options.applied import AppliedOptions, applied_options
from uploads.services.options.remembered import TYPING, DatasetDefaults, defaults_of
from uploads.states import Phase
from uploads.tabular.column_json import column_to_json
from uploads.tabular.errors import BadOption, ColumnMismatch, FileError
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.names import header_key
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.reason_sentences import reason_in_words
from uploads.tabular.sandbox.client import ReadTable
from uploads.tabular.table import Column, LineAccount, Reject, RowCounts
from uploads.tabular.text.raw_rows import RAW_KEPT
from uploads.tabular.type_events import TypesChanged


@dataclass(kw_only=True, slots=True)
class LoadContext:
    """What the tables of one attempt at a file share, and what has become of them so far."""

    attempt: Attempt
    file: UploadedFile
    lease: Lease
    check: Callable[[], None]
    """Called between chunks; raises when the attempt must end."""
    defaults: DatasetDefaults = field(default_factory=DatasetDefaults)
    """What the dataset that the file names remembers of how its files are read."""
    founded: list[int] = field(default_factory=list)
    """Datasets that this attempt has founded."""
    parts: dict[int, str] = field(default_factory=dict)
    """Parts that this attempt has made, by dataset."""
    typed: set[int] = field(default_factory=set)
    """Datasets whose types this attempt has decided."""
    typing: dict[str, dict[str, Any]] = field(default_factory=dict)
    """How values are read as types, by header key: what was said of the file and what its datasets remember."""
    joined: set[int] = field(default_factory=set)
    """Datasets whose columns nobody may change until this attempt is over."""

    def join(self, dataset_id: int) -> None:
        if dataset_id not in self.joined:
            join_dataset(dataset_id=dataset_id, while_waiting=self.check)
            self.joined.add(dataset_id)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a table's rows go; ``creating_dataset``: the dataset's types are this table's to decide."""

    dataset: Dataset
    columns: tuple[Column, ...]
    creating_dataset: bool


class TableLoading:
    """One table of a file on its way into its dataset."""

    def __init__(self, table: ReadTable, *, position: int, began: float, work: LoadContext) -> None:
        self._table = table
        self._position = position
        self._began = began
        self._work = work
        self._rows_before = work.lease.rows_done
        self._defaults = work.defaults
        self._before: Dataset | None = None
        """The dataset in whose stead this table of another reading founds one."""

    def run(self) -> RowCounts:
        """Write all rows; where the whole table has other types than its beginning, once more."""
        with self._dataset() as place:
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
        self._work.lease.phase = Phase.LOADING
        with transaction.atomic():
            counts = self._write(load, part, columns)
            end = self._table.end
            if end is not None:
                self._close_account(load, end.account, counts)
                notes = (*self._applied(place).notes, *end.notes, *self._unapplied(place.dataset, end.notes))
                load.notes = _storable_notes(notes)
                load.columns = [_storable(column) for column in end.columns]
                if place.creating_dataset:
                    retype_dataset(dataset=place.dataset, columns=end.columns)
            load.rows_read, load.rows_loaded = counts.read, counts.loaded
            load.rows_rejected, load.rows_blank = counts.rejected, counts.blank
            load.finished_at = Now()
            load.save()
        return counts

    def _close_account(self, load: Load, account: LineAccount, counts: RowCounts) -> None:
        """Raise ``LinesUnaccounted`` unless every line of the source is loaded, rejected, or told of on the receipt."""
        source = self._table.found.source
        account.check(counts, name=f"“{source}” of {self._work.file.name}" if source else self._work.file.name)
        load.lines, load.line_breaks = account.lines, account.line_breaks
        load.preamble, load.footer = account.preamble, account.footer
        load.header_rows, load.blank_above = account.header, account.blank_above

    def _begin_again(self, load: Load, part: str, columns: tuple[Column, ...], place: Placement) -> None:
        """The whole table has other types than its beginning: the rows so far are gone, make room for others."""
        self._work.lease.rows_done = self._rows_before
        if not place.creating_dataset:
            return
        with transaction.atomic():
            drop_table(name=part)
            retype_dataset(dataset=place.dataset, columns=columns)
            create_partition(part=part, table=place.dataset.slug, file_id=self._work.attempt.file_id)
            begin_load(part=part, load_id=load.pk)

    @contextmanager
    def _dataset(self) -> Iterator[Placement]:
        """Find or found the table's dataset; the columns come in the table's own order.

        Whoever founds it keeps others from joining until its rows are in, for until then its types may change.
        """
        labels = self._table.found.labels
        wanted = self._work.file.dataset_wanted
        hint = dataset_hint(file_name=self._work.file.name, place=self._table.found.place)
        match = self._join(hint)
        if match is not None and match.planned is not None:
            yield Placement(match.dataset, self._columns(match), creating_dataset=False)
            return
        with creating_dataset(labels=labels, while_waiting=self._work.check):
            match = self._join(hint)  # somebody may have been faster
            columns = self._columns(match)
            words = self._null_words(match)
            if match is None:
                if self._before is not None:
                    wanted, hint = "", wanted or hint
                dataset = create_dataset(labels=labels, columns=columns, wanted=wanted, hint=hint, null_words=words)
                if self._before is not None:
                    inherit(dataset=dataset, before=self._before)
                self._work.founded.append(dataset.pk)
                self._work.join(dataset.pk)
            else:
                dataset = match.dataset
                if match.planned is None:
                    retype_dataset(dataset=dataset, columns=columns, null_words=words)
            is_ours = match is None or match.planned is None
            if is_ours:
                self._work.typed.add(dataset.pk)
            yield Placement(dataset, columns, creating_dataset=is_ours)

    def _join(self, hint: str) -> Match | None:
        """Find the dataset, and keep its columns as they are from now on."""
        match = self._match(hint)
        while match is not None and match.dataset.pk not in self._work.joined:
            self._work.join(match.dataset.pk)
            match = self._match(hint)  # they may have been changed a moment ago
        return match

    def _match(self, hint: str) -> Match | None:
        file, labels = self._work.file, self._table.found.labels
        try:
            if file.version_of_id is None:
                return match_dataset(labels=labels, wanted=file.dataset_wanted, hint=hint)
            match, self._before = match_reading(file=file, labels=labels, hint=hint, founded=self._work.founded)
        except ColumnMismatch as error:
            if self._table.found.source is None:
                raise
            raise ColumnMismatch(f"“{self._table.found.source}”: {error.message}", hint=error.hint) from error
        return match

    def _columns(self, match: Match | None) -> tuple[Column, ...]:
        """The table's columns, typed as its dataset remembers where the header alone has brought it there."""
        dataset = match.dataset if match is not None else self._before
        if dataset is not None and not self._work.file.dataset_wanted:
            self._defaults = defaults_of(dataset).without(self._work.file.options).only(TYPING)
        own = match is not None and match.dataset.pk in self._work.typed
        planned = None if match is None else match.planned
        if match is not None and planned is not None and not own:
            # The evidence was found in another file: its values and line numbers would mislead on this one's receipt.
            planned = tuple(replace(column, evidence=_of_dataset(match.dataset, column)) for column in planned)
        typing = {**self._defaults.only(TYPING).options, "null_words": self._null_words(match)}
        self._work.typing[header_key(self._table.found.labels)] = typing
        return self._table.columns(planned, own=own, typing=typing)

    def _null_words(self, match: Match | None) -> list[str]:
        """The dataset's own; the file that gives a dataset its types may say them. Raises ``BadOption``."""
        said: list[str] = self._work.file.options.get("null_words") or []
        if match is None or match.planned is None:
            dataset = match.dataset if match is not None else self._before
            return said or ([] if dataset is None else dataset.null_words)
        words: list[str] = match.dataset.null_words
        unknown = [f"“{word}”" for word in said if word not in words]
        if unknown:
            raise BadOption(
                f"The dataset “{match.dataset.name}” does not read {' and '.join(unknown)} as empty.",
                hint="Its null words hold for all of its files: change them on the dataset's page first.",
            )
        return words

    def _applied(self, place: Placement) -> AppliedOptions:
        return applied_options(
            dialect=self._table.found.dialect,
            options=self._work.file.options,
            defaults=self._defaults,
            has_types=place.dataset.pk not in self._work.typed,
            is_reading=self._work.file.version_of_id is not None,
        )

    def _unapplied(self, dataset: Dataset, notes: Sequence[Note]) -> Iterator[Note]:
        """What would have held had the file named its dataset: known by its columns, that comes when it is read."""
        file = self._work.file
        is_remembered = defaults_of(dataset).options.get("one_table") and "one_table" not in file.options
        if is_remembered and not file.dataset_wanted and any(note.is_on_rows_left_out for note in notes):
            yield Note.of(NoteKind.ONE_TABLE_NOT_APPLIED)

    def _prepare(self, place: Placement) -> tuple[Load, str]:
        """Commit the load's row and its empty part, so that whatever is on disk has an owner from its first byte."""
        found, dataset, applied = self._table.found, place.dataset, self._applied(place)
        part = partition_name(file_id=self._work.attempt.file_id, dataset_id=dataset.pk, fence=self._work.attempt.fence)
        with transaction.atomic():
            hold_file(attempt=self._work.attempt)
            hold_dataset(
                match=Match(dataset=dataset, planned=None if place.creating_dataset else place.columns),
                labels=found.labels,
            )
            load = Load.objects.create(
                file=self._work.file,
                dataset=dataset,
                position=self._position,
                source=storable(found.source or "")[:500],
                part=part,
                fence=self._work.attempt.fence,
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
                columns=[] if place.creating_dataset else [_storable(column) for column in place.columns],
                preamble=found.preamble,
                started_at=Now() - timedelta(seconds=time.monotonic() - self._began),
            )
            if dataset.pk not in self._work.parts:
                create_partition(part=part, table=dataset.slug, file_id=self._work.attempt.file_id)
                self._work.parts[dataset.pk] = part
            begin_load(part=part, load_id=load.pk)
        return load, part

    def _write(self, load: Load, part: str, columns: tuple[Column, ...]) -> RowCounts:
        writer = WRITERS[self._work.file.writer](
            part=part, columns=columns, slice_rows=settings.CHUNK_DB_WRITE, copy_format=self._table.copy_format
        )
        loaded = rejected = blank = 0
        try:
            for read in self._table.chunks(slice_rows=writer.slice_rows):
                self._work.check()
                writer.write(read)
                load.last_row = read.last_row if read.last_row is not None else load.last_row
                _keep_rejects(load, read.rejects)
                loaded += read.rows
                rejected += len(read.rejects)
                blank += read.blank
                self._work.lease.rows_done += read.rows
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


def _of_dataset(dataset: Dataset, column: Column) -> Evidence:
    return Evidence.of(EvidenceKind.OF_DATASET, type=column.type.value, dataset=dataset.slug)


def _storable(column: Column) -> dict[str, object]:
    return {
        **column_to_json(column),
        "label": storable(column.label),
        "evidence": storable_json(column.evidence and column.evidence.as_json()),
    }
