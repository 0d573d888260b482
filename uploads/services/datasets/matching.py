"""Which dataset does a table belong to? One of the same columns, the one that was asked for, or a new one."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import Exists, OuterRef

from uploads.database.datasets import change_types, create_dataset_table, table_exists
from uploads.database.locks import Lock, lock_transaction, number_of, try_lock, unlock
from uploads.database.partitions import drop_table
from uploads.database.rows import storable, storable_json
from uploads.models import Dataset, DatasetColumn, Load
from uploads.services.errors import DatasetChanged
from uploads.states import FileState
from uploads.tabular.column_json import column_to_json
from uploads.tabular.errors import BadOption, ColumnMismatch
from uploads.tabular.evidence import Evidence
from uploads.tabular.names import column_names, dataset_slug, header_key
from uploads.tabular.place import TablePlace
from uploads.tabular.table import Column, ColumnType, Format

_DULL_SHEET = re.compile(
    r"(sheet|table|tabelle|feuil|feuille|hoja|folha|foglio|blad|ark|лист|シート)?[ _-]*(\d*)", re.IGNORECASE
)
"""Names that spreadsheet programs give to a sheet when nobody does."""
_SHOWN = 10
LOOK_SECONDS = 0.05
"""How often a load looks whether it may found its dataset now."""
MAX_STEM = 48
"""Characters of a workbook's name that are kept before a sheet's, for the slug is cut at 50 bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """An existing dataset for a table; ``planned`` are its columns in the table's order, ``None`` when it is empty."""

    dataset: Dataset
    planned: tuple[Column, ...] | None


def match_dataset(*, labels: Sequence[str], wanted: str, hint: str) -> Match | None:
    """Find the dataset that a table with these header cells joins; ``None``: it founds a new one.

    ``wanted`` is the slug that a person chose, or empty. Raises ``ColumnMismatch`` when that dataset has other columns.
    """
    key = header_key(labels)
    if wanted:
        dataset = Dataset.objects.filter(slug=wanted).first()
        if dataset is not None and dataset.header_key != key:
            raise _mismatch(dataset, labels)
    else:
        active = Exists(Load.objects.filter(dataset=OuterRef("pk"), file__state=FileState.ACTIVE))
        same = list(Dataset.objects.filter(header_key=key).order_by(active.desc(), "-id"))
        slug = dataset_slug(hint)
        dataset = next((d for d in same if d.slug == slug), same[0] if same else None)
    if dataset is None:
        return None
    return Match(dataset=dataset, planned=_planned(dataset, labels))


def _planned(dataset: Dataset, labels: Sequence[str]) -> tuple[Column, ...] | None:
    """The dataset's types hold as long as any file's rows are in it; an empty one takes those of the next file.

    A load that is founding it, or died at that, has no columns yet: its types are not those of a whole table.
    """
    if not Load.objects.filter(dataset=dataset).exclude(part="").exclude(columns=[]).exists():
        return None
    stored = {column.name: column for column in dataset.columns.all()}
    return tuple(
        Column(
            label=label,
            name=name,
            type=ColumnType(stored[name].type),
            format=Format(**stored[name].format),
            evidence=Evidence.from_json(stored[name].evidence),
        )
        for label, name in zip(labels, column_names(labels), strict=True)
    )


def hold_dataset(*, match: Match, labels: Sequence[str]) -> None:
    """Keep others from removing or retyping the dataset until the caller's transaction puts a load into it.

    Raises ``DatasetChanged`` when somebody was faster.
    """
    dataset = Dataset.objects.select_for_update().filter(pk=match.dataset.pk).first()
    if dataset is not None:
        now = _planned(dataset, labels)
        same_words = dataset.null_words == match.dataset.null_words
        same_types = match.planned is None or (
            now and same_words and [c.type for c in now] == [c.type for c in match.planned]
        )
        if same_types and dataset.slug == match.dataset.slug:
            return
    raise DatasetChanged(f"The dataset “{match.dataset.name}” was changed meanwhile.", hint="Load the file again.")


@contextmanager
def creating_dataset(*, labels: Sequence[str], while_waiting: Callable[[], None]) -> Iterator[None]:
    """Let one load at a time found, or give new types to, a dataset with these columns.

    A session lock, for the types are certain only when the last row is in; it ends with the session if the worker is
    killed. ``while_waiting`` is called a few times a second and may raise.
    """
    number = number_of(header_key(labels))
    while not try_lock(Lock.CREATING, number):
        while_waiting()
        time.sleep(LOOK_SECONDS)
    try:
        yield
    finally:
        unlock(Lock.CREATING, number)


def create_dataset(
    *, labels: Sequence[str], columns: Sequence[Column], wanted: str, hint: str, null_words: Sequence[str] = ()
) -> Dataset:
    """Make a dataset and its table. The caller holds ``creating_dataset``.

    Raises ``ColumnMismatch`` when a table of other columns has taken the ``wanted`` name a moment ago, ``BadOption``
    when a table that is no dataset has it.
    """
    with transaction.atomic():
        lock_transaction(Lock.NAMING)
        taken = Dataset.objects.filter(slug=wanted).first() if wanted else None
        if taken is not None:
            raise _mismatch(taken, labels)
        if wanted and table_exists(name=wanted):
            raise BadOption(
                f"The database has a table “data.{wanted}” already, and it is none of this site's datasets.",
                hint="Choose another name for the dataset.",
            )
        dataset = Dataset.objects.create(
            slug=wanted or _free_slug(dataset_slug(hint)),
            name=wanted or _display_name(hint),
            header_key=header_key(labels),
            null_words=list(null_words),
        )
        _store_columns(dataset, columns)
        create_dataset_table(table=dataset.slug, columns=columns)
    return dataset


def retype_dataset(*, dataset: Dataset, columns: Sequence[Column], null_words: Sequence[str] | None = None) -> None:
    """Give an empty dataset the types of the file that is about to fill it. The caller holds ``creating_dataset``."""
    with transaction.atomic():
        if null_words is not None:
            dataset.null_words = list(null_words)
            dataset.save(update_fields=["null_words"])
        stored = {column.name: column for column in dataset.columns.all()}
        change_types(
            table=dataset.slug, columns=[column for column in columns if stored[column.name].type != column.type]
        )
        for column in columns:
            new = column_to_json(column)
            row = stored[column.name]
            row.type, row.format, row.evidence = new["type"], new["format"], storable_json(new["evidence"])
            row.save()


def discard_dataset(*, dataset_id: int) -> None:
    """Take back a dataset that was founded by an attempt that failed, unless another file has joined it since."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().filter(pk=dataset_id).first()
        if dataset is None or Load.objects.filter(dataset=dataset).exclude(part="").exists():
            return
        dataset.delete()
        drop_table(name=dataset.slug)


def dataset_hint(*, file_name: str, place: TablePlace) -> str:
    """The name that a new dataset takes: that of the file, of the archive's member, or of the sheet.

    ``Sheet1`` says nothing, so its workbook's name is taken; further dull sheets get both.
    """
    stem = PurePosixPath(place.member or file_name).stem
    if not place.sheet:
        # Another table in the same text has no name of its own.
        return f"{stem} {place.within}" if place.within else place.member.split("/")[-1] or file_name
    dull = _DULL_SHEET.fullmatch(place.sheet.strip())
    if dull is None:
        return place.in_member
    if dull[2] not in ("", "1"):
        last = place.in_member
    elif place.within:
        last = place.within
    else:
        return stem
    return f"{stem[: MAX_STEM - len(last)]} {last}"


def _store_columns(dataset: Dataset, columns: Sequence[Column]) -> None:
    DatasetColumn.objects.bulk_create(
        DatasetColumn(
            dataset=dataset,
            position=position,
            label=storable(column.label),
            name=column.name,
            type=column.type.value,
            format=column_to_json(column)["format"],
            evidence=storable_json(column.evidence and column.evidence.as_json()),
        )
        for position, column in enumerate(columns, start=1)
    )


def _free_slug(slug: str) -> str:
    taken = set(Dataset.objects.filter(slug__startswith=slug[:40]).values_list("slug", flat=True))
    candidate, number = slug, 2
    while candidate in taken or table_exists(name=candidate):
        suffix = f"_{number}"
        candidate = slug.encode()[: 50 - len(suffix)].decode(errors="ignore") + suffix
        number += 1
    return candidate


def _display_name(hint: str) -> str:
    path = PurePosixPath(hint.replace("\\", "/"))
    while path.suffix.lower() in {".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}:
        path = path.with_suffix("")
    return storable(path.name or hint)[:255]


def _mismatch(dataset: Dataset, labels: Sequence[str]) -> ColumnMismatch:
    theirs = {column.name: column.label or column.name for column in dataset.columns.all()}
    ours = {name: label or name for name, label in zip(column_names(labels), labels, strict=True)}
    missing = [label for name, label in theirs.items() if name not in ours]
    extra = [label for name, label in ours.items() if name not in theirs]
    parts = [f"missing: {_listed(missing)}"] * bool(missing) + [f"extra: {_listed(extra)}"] * bool(extra)
    return ColumnMismatch(
        f"The file's columns are not those of the dataset “{dataset.name}” ({'; '.join(parts)}).",
        hint="Rename the columns in the file, or send it without choosing a dataset.",
    )


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(f"“{storable(label)}”" for label in labels[:_SHOWN])
    return shown if len(labels) <= _SHOWN else f"{shown} and {len(labels) - _SHOWN:,} more"
