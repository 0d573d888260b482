"""Which dataset does a table belong to? An established one of the same columns, the one that was asked for, or none."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import Exists, OuterRef, Q, QuerySet

from uploads.database.datasets import table_exists
from uploads.database.rows import storable
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.datasets.joinable import established, homes_of, is_among
from uploads.services.datasets.nameless import (
    OwnColumns,
    agrees,
    has_nameless,
    is_headerless,
    is_of_same_types,
    misfit_by_place,
)
from uploads.services.datasets.versions import readings_of
from uploads.services.plans.plan import ColumnPlan
from uploads.services.plans.proposal import find_plan
from uploads.services.read_only import check_takes_files
from uploads.states import FileState
from uploads.tabular.errors import BadOption, ColumnMismatch
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.names import column_names, dataset_slug, header_key
from uploads.tabular.place import TablePlace
from uploads.tabular.table import Column, ColumnType, Format

_DULL_SHEET = re.compile(
    r"(sheet|s|table|tabelle|feuil|feuille|hoja|folha|foglio|blad|ark|лист|シート)?[ _-]*(\d*)", re.IGNORECASE
)
"""Names that spreadsheet programs give to a sheet when nobody does."""
_SHOWN = 10
ON_ITS_WAY = (FileState.WAITING, FileState.LOADING)
MAX_STEM = 48
"""Characters of a workbook's name that are kept before a sheet's, for the slug is cut at 50 bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The dataset that a table is to join, or in whose stead it is to be."""

    dataset: Dataset
    planned: tuple[Column, ...] | None
    """Its columns in the table's order; ``None`` where it has no rows but those of this file's own readings, whose
    types the file may find anew."""
    by_place: bool = False
    """No column of the table has a name: they are those of the dataset in the same places."""
    plan: ColumnPlan | None = None
    """Its columns are not quite those of the dataset, and it is settled what becomes of each."""

    @property
    def has_types(self) -> bool:
        """Whether the table's columns have the types of the dataset."""
        return self.planned is not None or self.plan is not None


def match_dataset(
    *, file: UploadedFile, labels: Sequence[str], hint: str, source: str, own: OwnColumns, join: Callable[[int], bool]
) -> Match | None:
    """Find the dataset for a table of ``file`` with these header cells; ``None``: it becomes a new one.

    ``source``: its place in the file; ``own``: its columns as its own values show them, where no header names them;
    ``join`` keeps the columns of a dataset, by its number, as they are, and says whether others could change them until
    then. Raises ``ColumnMismatch`` when the dataset that a person chose has other columns, ``BadOption`` when its name
    is that of a table which is none of ours.
    """
    key = header_key(labels)
    slug, bare = dataset_slug(hint), is_headerless(labels)
    try:
        match = _match_exactly(file=file, labels=labels, slug=slug, source=source, own=own, join=join)
    except ColumnMismatch:
        plan = plan_by_names(file=file, labels=labels)
        if plan is None or plan.is_refused:
            raise
        match = None
    match = match or _match_by_plan(file, labels, join)
    if match is not None or file.version_of_id is None:
        return match
    lies = {"loads__file__in": readings_of(file), **({"loads__source": source} if bare else {})}
    drafts = Dataset.objects.filter(established_at=None, header_key=key, **lies)
    before = drafts.order_by("pk").first()
    return None if before is None else Match(dataset=before, planned=None)


def _match_exactly(
    *, file: UploadedFile, labels: Sequence[str], slug: str, source: str, own: OwnColumns, join: Callable[[int], bool]
) -> Match | None:
    key, bare = header_key(labels), is_headerless(labels)
    homes = homes_of(file)
    while dataset := find_established(
        file=file, key=key, labels=labels, slug=slug, source=source, own=own, homes=homes
    ):
        if join(dataset.pk):
            continue  # since it was found its columns may have changed, or it may be gone
        if not has_rows_of_others(dataset=dataset, file=file):
            return Match(dataset=dataset, planned=None)
        planned = columns_by_place(dataset) if bare else planned_columns(dataset, labels)
        if planned:
            return Match(dataset=dataset, planned=planned, by_place=bare)
    return None


def _match_by_plan(file: UploadedFile, labels: Sequence[str], join: Callable[[int], bool]) -> Match | None:
    """The dataset that a table joins although its columns are not quite those: it is settled what becomes of each."""
    while True:
        plan = plan_by_names(file=file, labels=labels)
        if plan is None or not plan.is_settled:
            return None
        dataset = homes_of(file).filter(pk=plan.dataset_id).first()
        if dataset is not None and not join(dataset.pk):
            return Match(dataset=dataset, planned=None, plan=plan)


def plan_by_names(*, file: UploadedFile, labels: Sequence[str]) -> ColumnPlan | None:
    """The plan for a table of which nothing but its header is known yet."""
    columns = [
        Column(label=label, name=name, type=ColumnType.TEXT)
        for label, name in zip(labels, column_names(labels), strict=True)
    ]
    return find_plan(file=file, key=header_key(labels), columns=columns, homes=homes_of(file))


def find_established(
    *,
    file: UploadedFile,
    key: str,
    labels: Sequence[str],
    slug: str,
    source: str,
    own: OwnColumns,
    homes: QuerySet[Dataset] | None = None,
) -> Dataset | None:
    """The established dataset that was asked for, or that has the columns of this ``header_key``; of several the one
    named ``slug``, or one with active files. Without a header it is only one that the file itself, or one whose place
    it takes, has been in. Where ``homes`` are given, no other is there. The other arguments are those of
    ``match_dataset``, as is what is raised.
    """
    wanted = file.dataset_wanted
    if not wanted and is_headerless(labels):
        held = _held_before(file, key=key, slug=slug, source=source) or _of_replaced(file, key, own)
        return held if held is None or is_among(held, homes) else None
    if not wanted:
        active = Exists(Load.objects.filter(dataset=OuterRef("pk"), file__state=FileState.ACTIVE))
        found = (established() if homes is None else homes).filter(header_key=key).order_by(active.desc(), "-id")
        same = [dataset for dataset in found if agrees(dataset, labels, own)]
        return next((dataset for dataset in same if dataset.slug == slug), same[0] if same else None)
    dataset = Dataset.objects.filter(slug=wanted).order_by().first()
    if dataset is not None and dataset.established_at is not None and not is_among(dataset, homes):
        return None
    if dataset is not None:
        check_takes_files(dataset)
    if dataset is not None and dataset.established_at is None:
        dataset = None
    if dataset is None and table_exists(name=wanted):
        raise BadOption(
            f"The database has a table “data.{wanted}” already, and it is none of this site's datasets.",
            hint="Choose another name for the dataset.",
        )
    if dataset is not None:
        try:
            check_columns(dataset, key=key, labels=labels, own=own)
        except ColumnMismatch:
            if has_rows_of_others(dataset=dataset, file=file):
                raise
    return dataset


def check_columns(dataset: Dataset, *, key: str, labels: Sequence[str], own: OwnColumns) -> None:
    """Raise ``ColumnMismatch`` unless the names are those of the dataset, and what has no name fits in its place."""
    by_place = is_headerless(labels) and len(labels) == dataset.columns.count()
    if dataset.header_key != key and not by_place:
        raise _mismatch(dataset, labels)
    misfit = misfit_by_place(dataset, labels, own) if has_nameless(labels) else None
    if misfit is not None:
        raise ColumnMismatch(
            f"The file does not name its columns, and by their place they are not those of the dataset"
            f" “{dataset.name}”: {misfit}.",
            hint="Give the file a header with the dataset's names, or send it without choosing a dataset.",
        )


def _held_before(file: UploadedFile, *, key: str, slug: str, source: str) -> Dataset | None:
    """The dataset in which a table of the file without a header lies in another reading, or lay until it was loaded
    again: then it has no rows, and what it shows of its columns is of this file."""
    lies = Load.objects.filter(file__in=readings_of(file), source=source, dataset__header_key=key).exclude(part="")
    load = lies.filter(dataset__established_at__isnull=False).order_by("-pk").first()
    if load is not None:
        return load.dataset
    rows = Load.objects.filter(dataset=OuterRef("pk")).exclude(part="")
    left = established().filter(~Exists(rows), header_key=key, columns__evidence_file__in=readings_of(file))
    same = list(left.distinct())
    return next((dataset for dataset in same if dataset.slug == slug), same[0] if len(same) == 1 else None)


def _of_replaced(file: UploadedFile, key: str, own: OwnColumns) -> Dataset | None:
    """The dataset of the files whose place it takes, where their tables without a header are of one kind with its."""
    replaced = UploadedFile.objects.filter(Q(replaced_by=file) | Q(pk__in=file.replaces))
    lies = Load.objects.filter(file__in=replaced).exclude(part="")
    datasets = list(established().filter(header_key=key, loads__in=lies).distinct())
    return datasets[0] if len(datasets) == 1 and is_of_same_types(datasets[0], own) else None


def has_rows_of_others(*, dataset: Dataset, file: UploadedFile) -> bool:
    """Whether any file but this one and its other readings has rows in the dataset, or comes back to it."""
    own = readings_of(file).values("pk")
    # The index finds these at once, where those that come back to it are looked for among all.
    if Load.objects.filter(dataset=dataset).exclude(part="").exclude(file__in=own).exists():
        return True
    return loads_that_hold(dataset).exclude(file__in=own).exists()


def loads_that_hold(dataset: Dataset) -> QuerySet[Load]:
    """Those with rows in the dataset, and those of a file that was active and comes back to it.

    While such a file waits to be loaded again its rows are gone; from then on until it is active they lie in a draft,
    which is younger than the dataset. An older one is what the dataset was before it made way for another reading.
    """
    returns = Q(file__activated_at__isnull=False)
    waits = returns & Q(file__state__in=ON_ITS_WAY)
    drafts = returns & Q(dataset__established_at=None, dataset__planned=dataset.slug, dataset__gt=dataset.pk)
    return Load.objects.filter(~Q(part="") | waits).filter(Q(dataset=dataset) | drafts)


def chosen_columns(dataset: Dataset) -> tuple[Column, ...]:
    """The columns for which a person chose a type: it holds for every file, whatever the dataset has rows of."""
    return tuple(
        Column(
            label=column.label,
            name=column.name,
            type=ColumnType(column.type),
            format=Format(**column.format),
            evidence=of_dataset(dataset, column.type),
        )
        for column in dataset.columns.filter(chosen__isnull=False)
    )


def of_dataset(dataset: Dataset, type_: str) -> Evidence:
    """Why a column has its type where the dataset has it: values and lines of other files would mislead."""
    return Evidence.of(EvidenceKind.OF_DATASET, type=type_, dataset=dataset.public_slug)


def planned_columns(dataset: Dataset, labels: Sequence[str]) -> tuple[Column, ...]:
    """The dataset's columns in the order of a table that has them; none where its last file was deleted just now."""
    stored = {column.name: column for column in dataset.columns.all()}
    if not stored:
        return ()
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


def columns_by_place(dataset: Dataset) -> tuple[Column, ...]:
    """The dataset's columns in its own order, with its labels."""
    return tuple(
        Column(
            label=stored.label,
            name=stored.name,
            type=ColumnType(stored.type),
            format=Format(**stored.format),
            evidence=Evidence.from_json(stored.evidence),
        )
        for stored in dataset.columns.all()
    )


def check_null_words(said: list[str], *, dataset: Dataset) -> None:
    """Raise ``BadOption`` where words were said of a file that mean something in the files of its dataset."""
    unknown = [f"“{word}”" for word in said if word not in dataset.null_words]
    if unknown:
        raise BadOption(
            f"The dataset “{dataset.name}” does not read {' and '.join(unknown)} as empty.",
            hint="Its null words hold for all of its files: change them on the dataset's page first.",
        )


def check_one_header(*, file: UploadedFile, drafts: Collection[Dataset], labels: Sequence[str]) -> None:
    """Raise ``ColumnMismatch`` where a file that names its dataset has a table of other columns than those before."""
    if file.dataset_wanted and drafts:
        raise _mismatch(next(iter(drafts)), labels)


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


def joint_hint(*, file_name: str, places: Sequence[TablePlace]) -> str | None:
    """The name of a new dataset that several tables of a file join: that of the workbook or archive that holds them.

    ``None``: all stand in one sheet or one text, after which it is named as if there were one table.
    """
    members = {place.member for place in places}
    if len(members) > 1:
        return file_name
    if len({place.sheet for place in places}) > 1:
        return members.pop().split("/")[-1] or file_name
    return None


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
