"""Where a table's rows go: into a draft of its file, typed by the established dataset that it is to join, if any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from uploads.database.rows import storable
from uploads.models import SOURCE_KEPT, Dataset, Load
from uploads.services.datasets.joinable import established
from uploads.services.datasets.matching import (
    Match,
    check_columns,
    check_null_words,
    check_one_header,
    chosen_columns,
    columns_by_place,
    match_dataset,
    of_dataset,
    planned_columns,
)
from uploads.services.datasets.nameless import OwnColumns, is_headerless
from uploads.services.loading.context import Ledger, LoadContext
from uploads.services.options.catalogue import OF_VALUES
from uploads.services.options.remembered import DatasetDefaults, defaults_of
from uploads.tabular.errors import ColumnMismatch
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.names import column_names, header_key, table_key
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.sandbox.client import ReadTable
from uploads.tabular.table import Column

_NAMED = 5
"""Columns that a note names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a table's rows go."""

    key: str
    """What it shares with the tables of its file that go to the same draft."""
    header_key: str
    """Of the draft, and of the dataset that it is to join."""
    draft: Dataset | None
    """The draft that an earlier table of the file has made for these columns; else one is to be made."""
    match: Match | None
    """The dataset that it is to join, or in whose stead it is to be."""
    columns: tuple[Column, ...]
    """In the table's own order."""
    null_words: tuple[str, ...]
    is_ours: bool
    """Whether the draft's types are this table's to decide."""
    types_hold: bool
    """Whether the types are those of an established dataset."""
    defaults: DatasetDefaults
    """What the dataset remembers of how its files are read, as far as it applies to this one."""
    notes: tuple[Note, ...] = ()
    """How it was found, where that is to be said."""


def find_placement(table: ReadTable, *, hint: str, context: LoadContext, ledger: Ledger) -> Placement:
    """Find where a table goes, and how its columns are typed.

    The columns of an established dataset stay as they are from now on until the attempt is over. Raises
    ``ColumnMismatch`` or ``BadOption`` where it cannot go where it is to.
    """
    labels = table.found.labels
    is_named = bool(context.file.dataset_wanted)
    key = table_key(labels, table.found.source, is_named=is_named)
    draft = ledger.drafts.get(key)
    if draft is None:
        match = _match(table, hint, context, ledger)
    else:
        match = ledger.matches[key]
        if match is not None and match.by_place:
            _check_by_place(match.dataset, table, context)
    ledger.matches[key] = match
    defaults = context.defaults
    if match is not None and not context.file.dataset_wanted:
        # Known by its columns, a dataset says how values are read; for all else the file had to be read before.
        defaults = defaults_of(match.dataset).without(context.file.options).only(OF_VALUES)
    words = _null_words(context.file.options, match)
    typing: Mapping[str, Any] = {**defaults.only(OF_VALUES).options, "null_words": list(words)}
    ledger.typing[key] = typing
    holds = match is not None and match.planned is not None
    planned = _planned(draft, match, labels, together=context.together)
    by_place = holds and match is not None and match.by_place
    return Placement(
        key=key,
        header_key=match.dataset.header_key if by_place and match is not None else header_key(labels),
        draft=draft,
        match=match,
        columns=table.columns(
            planned,
            chosen=_held(match),
            own=draft is not None and not holds,
            typing=typing,
        ),
        null_words=words,
        is_ours=draft is None and not holds,
        types_hold=holds,
        defaults=defaults,
        notes=_notes(match, planned, labels, context),
    )


def _held(match: Match | None) -> tuple[Column, ...]:
    """Columns whose types are not this table's to decide, where it decides about the others."""
    if match is None or match.planned is not None:
        return ()
    if match.plan is None:
        return chosen_columns(match.dataset)
    theirs = {column.name: column for column in columns_by_place(match.dataset)}
    return tuple(
        replace(
            theirs[name],
            label=own.label,
            name=own.name,
            evidence=of_dataset(match.dataset, theirs[name].type),
        )
        for name, own in match.plan.matched.items()
    )


def _notes(
    match: Match | None, planned: tuple[Column, ...] | None, labels: tuple[str, ...], context: LoadContext
) -> tuple[Note, ...]:
    """What is to be said of a table whose columns have no names."""
    is_named = bool(context.file.dataset_wanted)
    if match is not None:
        return (_by_place_note(match.dataset, planned or ()),) if match.by_place and is_named else ()
    alike = is_headerless(labels) and not is_named and established().filter(header_key=header_key(labels)).exists()
    return (Note.of(NoteKind.NAMELESS_APART),) if alike else ()


def _by_place_note(dataset: Dataset, columns: tuple[Column, ...]) -> Note:
    names = [column.label or column.name for column in columns]
    return Note.of(NoteKind.MATCHED_BY_PLACE, dataset=dataset.public_slug, columns=len(names), names=names[:_NAMED])


def _match(table: ReadTable, hint: str, context: LoadContext, ledger: Ledger) -> Match | None:
    try:
        check_one_header(file=context.file, drafts=ledger.drafts.values(), labels=table.found.labels)
        return match_dataset(
            file=context.file,
            labels=table.found.labels,
            hint=hint,
            source=storable(table.found.source or "")[:SOURCE_KEPT],
            own=_own_columns(table, context),
            join=lambda dataset_id: ledger.join(dataset_id, while_waiting=context.check),
        )
    except ColumnMismatch as error:
        raise _of_source(table, error) from error


def _check_by_place(dataset: Dataset, table: ReadTable, context: LoadContext) -> None:
    """Raise ``ColumnMismatch`` where a further table of the file has other columns in the same places."""
    try:
        check_columns(dataset, key=dataset.header_key, labels=table.found.labels, own=_own_columns(table, context))
    except ColumnMismatch as error:
        raise _of_source(table, error) from error


def _own_columns(table: ReadTable, context: LoadContext) -> OwnColumns:
    words = context.file.options.get("null_words") or []
    return lambda: table.columns(None, typing={"null_words": list(words)})


def _of_source(table: ReadTable, error: ColumnMismatch) -> ColumnMismatch:
    source = table.found.source
    return error if source is None else ColumnMismatch(f"“{source}”: {error.message}", hint=error.hint)


def _planned(
    draft: Dataset | None, match: Match | None, labels: tuple[str, ...], *, together: bool
) -> tuple[Column, ...] | None:
    if match is not None and match.planned is not None and match.by_place:
        evidence = {column.name: of_dataset(match.dataset, column.type) for column in match.planned}
        return tuple(replace(column, evidence=evidence[column.name]) for column in match.planned)
    if match is not None and match.planned is not None:
        columns = {column.name: column for column in match.planned}  # in the order of the first table of this header
        return tuple(
            replace(columns[name], label=label, evidence=of_dataset(match.dataset, columns[name].type))
            for label, name in zip(labels, column_names(labels), strict=True)
        )
    if draft is None:
        return None
    own = planned_columns(draft, labels)
    if together:  # what all tables decide together names the table of its value
        return own
    # The values that decided stand in the first table: here they would be named at lines that hold others.
    first = Load.objects.filter(dataset=draft).order_by("position").values_list("source", flat=True).first() or ""
    return tuple(
        replace(
            column, evidence=Evidence.of(EvidenceKind.OF_OTHER_TABLE, type=column.type.value, source=storable(first))
        )
        for column in own
    )


def _null_words(options: Mapping[str, Any], match: Match | None) -> tuple[str, ...]:
    """The dataset's own; a file that gives a dataset its types may say them. Raises ``BadOption``."""
    said: list[str] = options.get("null_words") or []
    if match is None or match.planned is None:
        return tuple(said or ([] if match is None else match.dataset.null_words))
    check_null_words(said, dataset=match.dataset)
    return tuple(match.dataset.null_words)
