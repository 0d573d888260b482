"""Which dataset a table goes into: one that is there and has its columns, or one that is founded for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from uploads.models import Dataset
from uploads.services.datasets.matching import (
    Match,
    create_dataset,
    creating_dataset,
    dataset_hint,
    match_dataset,
    retype_dataset,
)
from uploads.services.datasets.version_names import inherit, match_reading
from uploads.services.loading.context import Ledger, LoadContext
from uploads.services.options.catalogue import OF_VALUES
from uploads.services.options.remembered import DatasetDefaults, defaults_of
from uploads.tabular.errors import BadOption, ColumnMismatch
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.names import header_key
from uploads.tabular.sandbox.client import ReadTable
from uploads.tabular.table import Column


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a table's rows go."""

    dataset: Dataset
    columns: tuple[Column, ...]
    """In the table's own order."""
    is_ours: bool
    """Whether the dataset's types are this table's to decide."""
    defaults: DatasetDefaults
    """What the dataset remembers of how its files are read, as far as it applies to this one."""


class PlacementSearch:
    """One table on its way to its dataset."""

    def __init__(self, table: ReadTable, *, context: LoadContext, ledger: Ledger) -> None:
        self._table = table
        self._context = context
        self._ledger = ledger
        self._defaults = context.defaults
        self._before: Dataset | None = None
        """The dataset in whose stead this table of another reading founds one."""

    @contextmanager
    def find(self) -> Iterator[Placement]:
        """Find or found the table's dataset; the columns come in the table's own order.

        Whoever founds it keeps others from joining until its rows are in, for until then its types may change.
        """
        labels = self._table.found.labels
        wanted = self._context.file.dataset_wanted
        hint = dataset_hint(file_name=self._context.file.name, place=self._table.found.place)
        match = self._join(hint)
        if match is not None and match.planned is not None:
            yield self._placed(match.dataset, self._columns(match), is_ours=False)
            return
        with creating_dataset(labels=labels, while_waiting=self._context.check):
            match = self._join(hint)  # somebody may have been faster
            columns = self._columns(match)
            words = self._null_words(match)
            if match is None:
                if self._before is not None:
                    wanted, hint = "", wanted or hint
                dataset = create_dataset(labels=labels, columns=columns, wanted=wanted, hint=hint, null_words=words)
                self._ledger.founded.append(dataset.pk)
                if self._before is not None:
                    inherit(dataset=dataset, before=self._before)
                self._ledger.join(dataset.pk, while_waiting=self._context.check)
            else:
                dataset = match.dataset
                if match.planned is None:
                    retype_dataset(dataset=dataset, columns=columns, null_words=words)
            is_ours = match is None or match.planned is None
            if is_ours:
                self._ledger.typed.add(dataset.pk)
            yield self._placed(dataset, columns, is_ours=is_ours)

    def _placed(self, dataset: Dataset, columns: tuple[Column, ...], *, is_ours: bool) -> Placement:
        return Placement(dataset=dataset, columns=columns, is_ours=is_ours, defaults=self._defaults)

    def _join(self, hint: str) -> Match | None:
        """Find the dataset, and keep its columns as they are from now on."""
        match = self._match(hint)
        while match is not None and not self._ledger.has_joined(match.dataset.pk):
            self._ledger.join(match.dataset.pk, while_waiting=self._context.check)
            match = self._match(hint)  # they may have been changed a moment ago
        return match

    def _match(self, hint: str) -> Match | None:
        file, labels = self._context.file, self._table.found.labels
        try:
            if file.version_of_id is None:
                return match_dataset(labels=labels, wanted=file.dataset_wanted, hint=hint)
            match, self._before = match_reading(file=file, labels=labels, hint=hint, founded=self._ledger.founded)
        except ColumnMismatch as error:
            if self._table.found.source is None:
                raise
            raise ColumnMismatch(f"“{self._table.found.source}”: {error.message}", hint=error.hint) from error
        return match

    def _columns(self, match: Match | None) -> tuple[Column, ...]:
        """The table's columns, typed as its dataset remembers where the header alone has brought it there."""
        dataset = match.dataset if match is not None else self._before
        if dataset is not None and not self._context.file.dataset_wanted:
            self._defaults = defaults_of(dataset).without(self._context.file.options).only(OF_VALUES)
        own = match is not None and match.dataset.pk in self._ledger.typed
        planned = None if match is None else match.planned
        if match is not None and planned is not None and not own:
            # The evidence was found in another file: its values and line numbers would mislead on this one's receipt.
            planned = tuple(replace(column, evidence=_of_dataset(match.dataset, column)) for column in planned)
        typing = {**self._defaults.only(OF_VALUES).options, "null_words": self._null_words(match)}
        self._ledger.typing[header_key(self._table.found.labels)] = typing
        return self._table.columns(planned, own=own, typing=typing)

    def _null_words(self, match: Match | None) -> list[str]:
        """The dataset's own; the file that gives a dataset its types may say them. Raises ``BadOption``."""
        said: list[str] = self._context.file.options.get("null_words") or []
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


def _of_dataset(dataset: Dataset, column: Column) -> Evidence:
    return Evidence.of(EvidenceKind.OF_DATASET, type=column.type.value, dataset=dataset.slug)
