"""Indexes for readers: wanted by a person or by many slow pages, made part by part, dropped when nobody uses them."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from uploads.database.locks import Lock, try_lock, unlock
from uploads.database.merging import SHARED_PREFIX
from uploads.database.partitions import attached_partitions
from uploads.database.reading.giving_way import GaveWay, giving_way
from uploads.database.reading.indexes import (
    PartIndex,
    ValueTooLong,
    analyze_column,
    drop_index,
    make_index,
    part_indexes,
)
from uploads.database.reading.terms import Condition, Field, Filter
from uploads.database.rows import storable
from uploads.database.statements import TableBusy
from uploads.models import ColumnUse, Dataset, DatasetColumn, Load
from uploads.services.admin_log import log_act
from uploads.services.column_locks import columns_held
from uploads.services.queueing import files_wait, nudge_indexes
from uploads.services.read_only import check_takes_files
from uploads.services.reading.view import View
from uploads.states import HAS_DATA
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 10
"""When somebody was in the way, or files wait to be loaded."""
TOO_LONG = "It has values too long for an index."


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnIndex:
    """Whether a column has an index for readers, and in how many of its dataset's parts."""

    name: str
    label: str
    is_wanted: bool
    since: datetime | None
    by_person: bool
    parts: int
    """Parts that have it."""
    all_parts: int
    bytes: int
    used_at: datetime | None
    """When a statement used it last, as far as PostgreSQL remembers."""
    obstacle: str


def indexes_of(dataset: Dataset) -> tuple[ColumnIndex, ...]:
    """Of every column, in order."""
    parts = _parts_of(dataset)
    made: dict[int, list[PartIndex]] = {}
    for index in part_indexes(parts=parts):
        made.setdefault(index.column_id, []).append(index)
    columns = DatasetColumn.objects.filter(dataset=dataset).select_related("use").order_by("position")
    return tuple(_described(column, made.get(column.pk, []), len(parts)) for column in columns)


def _described(column: DatasetColumn, made: Sequence[PartIndex], parts: int) -> ColumnIndex:
    use: ColumnUse | None = getattr(column, "use", None)
    return ColumnIndex(
        name=column.name,
        label=column.label or column.name,
        is_wanted=use is not None and use.indexed_at is not None,
        since=use.indexed_at if use else None,
        by_person=use is not None and use.indexed_by_id is not None,
        parts=len(made),
        all_parts=parts,
        bytes=sum(index.bytes for index in made),
        used_at=max((index.used_at for index in made if index.used_at), default=None),
        obstacle=use.obstacle if use else "",
    )


def want_index(*, dataset: Dataset, name: str, user_id: int | None = None) -> str:
    """Have a column indexed in the background, also in files to come; gives the column's name as people read it.

    Raises ``BadOption`` for a column that is none, ``ReadOnlyDataset``.
    """
    check_takes_files(dataset)
    column = _column(dataset, name)
    with transaction.atomic():
        wanted = {"indexed_by_id": user_id, "is_refused": False, "obstacle": "", "slow_pages": 0}
        ColumnUse.objects.bulk_create([ColumnUse(column=column)], ignore_conflicts=True)
        ColumnUse.objects.filter(pk=column.pk, indexed_at=None).update(indexed_at=Now(), **wanted)
        nudge_indexes(dataset_id=dataset.pk)
        log_act(user_id=user_id, to=dataset, words=f"index on “{column.label or column.name}” asked for")
    return column.label or column.name


def refuse_index(*, dataset: Dataset, name: str, user_id: int | None = None) -> str:
    """Drop a column's index, and make none again before a person asks. Raises ``BadOption``, ``ReadOnlyDataset``.

    A part that somebody reads right now is left to the sweep.
    """
    check_takes_files(dataset)
    column = _column(dataset, name)
    with transaction.atomic():
        ColumnUse.objects.bulk_create([ColumnUse(column=column)], ignore_conflicts=True)
        ColumnUse.objects.filter(pk=column.pk).update(indexed_at=None, indexed_by=None, is_refused=True, slow_pages=0)
        log_act(user_id=user_id, to=dataset, words=f"index on “{column.label or column.name}” dropped")
    _drop([index for index in part_indexes(parts=_parts_of(dataset)) if index.column_id == column.pk])
    return column.label or column.name


def _column(dataset: Dataset, said: str) -> DatasetColumn:
    columns = list(dataset.columns.all())
    found = next((column for column in columns if said in (column.name, column.label)), None)
    if found is None:
        raise BadOption(
            f"The dataset “{dataset.name}” has no column “{storable(said)}”.",
            hint=f"Its columns are {', '.join(column.name for column in columns)}.",
        )
    return found


def with_indexes(*, dataset: Dataset, view: View) -> View:
    """The view with its filters told of the indexes that there are: the way in which rows are read goes by them."""
    compared = {each.field.name for each in view.filters if isinstance(each, Filter)}
    if not compared or dataset.is_read_only:
        return view
    wanted = ColumnUse.objects.filter(
        column__dataset=dataset, column__name__in=compared, indexed_at__isnull=False, obstacle=""
    )
    names = set(wanted.values_list("column__name", flat=True))
    if not names:
        return view
    return replace(view, filters=tuple(_told(each, names) for each in view.filters))


def _told(each: Condition, names: Collection[str]) -> Condition:
    if isinstance(each, Filter) and each.field.name in names:
        return replace(each, field=replace(each.field, is_indexed=True))
    return each


def make_indexes(*, dataset_id: int, gives_way: bool = True) -> int:
    """Make those that are wanted and missing, part by part; gives how many. Where somebody is in the way, it goes on
    later by itself.

    ``gives_way`` also to files that wait to be loaded: the worker that does this is theirs.
    """
    if not try_lock(Lock.INDEXING, dataset_id):
        return 0
    try:
        made, is_done = _make_missing(dataset_id, gives_way=gives_way)
    finally:
        unlock(Lock.INDEXING, dataset_id)
    if not is_done:
        nudge_indexes(dataset_id=dataset_id, in_seconds=AGAIN_SECONDS)
    return made


def _make_missing(dataset_id: int, *, gives_way: bool) -> tuple[int, bool]:
    dataset = Dataset.objects.filter(pk=dataset_id, established_at__isnull=False, relation="").first()
    made = 0
    for part, column in _missing(dataset) if dataset is not None else ():
        with columns_held(dataset_id=dataset_id) as held:
            if not held or (gives_way and files_wait()):
                return made, False
            try:
                made += _make_on_attached(part, column, gives_way=gives_way)
            except (GaveWay, TableBusy) as error:
                logger.info(
                    "the index on %s of %s is made later: %s", column.name, part, str(error) or "somebody waited"
                )
                return made, False
    return made, True


def _make_on_attached(part: str, column: DatasetColumn, *, gives_way: bool) -> bool:
    if not Load.objects.filter(part=part).exists() and not part.startswith(SHARED_PREFIX):
        return False  # dropped, or made anew, since
    with giving_way(to=files_wait if gives_way else lambda: False):
        return _make(part, column.pk, Field(name=column.name, type=ColumnType(column.type)))


def _make(part: str, column_id: int, field: Field) -> bool:
    try:
        make_index(part=part, field=field, column_id=column_id)
    except ValueTooLong:
        ColumnUse.objects.filter(pk=column_id).update(indexed_at=None, indexed_by=None, obstacle=TOO_LONG)
        return False
    if field.type is ColumnType.TEXT:
        analyze_column(part=part, field=field)
    return True


def has_indexes(*, dataset_id: int) -> bool:
    """Whether any column of the dataset is to have one."""
    return ColumnUse.objects.filter(column__dataset=dataset_id, indexed_at__isnull=False).exists()


def index_new_part(*, part: str, dataset_id: int, types: Mapping[str, str]) -> None:
    """Make those of a part that nobody knows of yet, before it joins the dataset; ``types`` of its columns, by name.

    What is too long for one keeps no file out: the column has none from then on.
    """
    for column in _wanted(dataset_id):
        if column.name in types:
            _make(part, column.pk, Field(name=column.name, type=ColumnType(types[column.name])))


def _missing(dataset: Dataset) -> list[tuple[str, DatasetColumn]]:
    wanted = _wanted(dataset.pk)
    parts = _parts_of(dataset) if wanted else []
    there = {(index.part, index.column_id) for index in part_indexes(parts=parts)} if parts else set()
    return [(part, column) for column in wanted for part in parts if (part, column.pk) not in there]


def _wanted(dataset_id: int) -> list[DatasetColumn]:
    wanted = DatasetColumn.objects.filter(dataset_id=dataset_id, use__indexed_at__isnull=False, use__obstacle="")
    return list(wanted.order_by("use__indexed_at"))


def _parts_of(dataset: Dataset) -> list[str]:
    """All that hold its rows: those of files that are switched off too, and what files that merge share."""
    loads = Load.objects.filter(dataset=dataset, file__state__in=HAS_DATA).exclude(part="")
    shared = {name for name in attached_partitions(table=dataset.slug) if name.startswith(SHARED_PREFIX)}
    return sorted({*loads.values_list("part", flat=True), *shared})


def tend_indexes() -> int:
    """Drop what nobody wants or uses any more, and have made what is missing; gives how many were dropped."""
    made = part_indexes()
    if made:
        _let_go_of_unused(made)
    wanted: Mapping[int, int] = dict(
        DatasetColumn.objects.filter(use__indexed_at__isnull=False, use__obstacle="").values_list("pk", "dataset_id")
    )
    if wanted:
        for dataset in Dataset.objects.filter(pk__in=set(wanted.values()), established_at__isnull=False):
            if _missing(dataset):
                nudge_indexes(dataset_id=dataset.pk)
    return _drop([index for index in made if index.column_id not in wanted])


def _let_go_of_unused(made: Sequence[PartIndex]) -> None:
    """Forget the wish where no statement has used any of its indexes for ``INDEX_UNUSED_DAYS``.

    When they were used is kept here too: PostgreSQL forgets it in a crash.
    """
    used: dict[int, datetime] = {}
    for index in made:
        if index.used_at is not None:
            used[index.column_id] = max(index.used_at, used.get(index.column_id, index.used_at))
    for use in ColumnUse.objects.filter(pk__in=used):
        if use.used_at is None or use.used_at < used[use.pk] - timedelta(days=1):
            ColumnUse.objects.filter(pk=use.pk).update(used_at=used[use.pk])
    if settings.INDEX_UNUSED_DAYS:
        before = timezone.now() - timedelta(days=settings.INDEX_UNUSED_DAYS)
        unused = ColumnUse.objects.filter(Q(used_at=None) | Q(used_at__lt=before), indexed_at__lt=before)
        unused.update(indexed_at=None, indexed_by=None, slow_pages=0)


def _drop(indexes: Sequence[PartIndex]) -> int:
    dropped = 0
    for index in indexes:
        try:
            with transaction.atomic():
                drop_index(name=index.name)
        except TableBusy:
            continue  # somebody reads that part; the next sweep comes in seconds
        dropped += 1
    return dropped
