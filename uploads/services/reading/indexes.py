"""Indexes for readers: wanted by a person or by many slow pages, made part by part, dropped when nobody uses them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from uploads.database.locks import Lock, try_lock, unlock
from uploads.database.merging.by_key import SHARED_PREFIX
from uploads.database.partitions import attached_partitions
from uploads.database.prepared import Prepared
from uploads.database.reading.giving_way import GaveWay, giving_way
from uploads.database.reading.indexes import (
    PartIndex,
    ValueTooLong,
    analyze_column,
    drop_index,
    make_index,
    part_indexes,
    remembers_use,
)
from uploads.database.reading.terms import Field
from uploads.database.reading.trigrams import TrigramsMissing, make_trigrams
from uploads.database.rows import storable
from uploads.database.statements import TableBusy
from uploads.models import ColumnUse, Dataset, DatasetColumn, Load
from uploads.services.admin_log import log_act
from uploads.services.column_locks import columns_held
from uploads.services.queueing import files_wait, nudge_indexes
from uploads.services.read_only import check_takes_files
from uploads.services.reading.serving import Helper, compared_in, told
from uploads.services.reading.view import View
from uploads.states import HAS_DATA, IndexKind
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
    kind: IndexKind
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
    """Of every column, in order; of a text two."""
    parts = _parts_of(dataset)
    made: dict[tuple[int, str], list[PartIndex]] = {}
    for index in part_indexes(parts=parts):
        made.setdefault((index.column_id, index.kind), []).append(index)
    uses = {(use.column_id, use.kind): use for use in ColumnUse.objects.filter(column__dataset=dataset)}
    columns = DatasetColumn.objects.filter(dataset=dataset).order_by("position")
    return tuple(
        _described(column, kind, uses.get((column.pk, kind)), made.get((column.pk, kind), []), len(parts))
        for column in columns
        for kind in kinds_of(column)
    )


def kinds_of(column: DatasetColumn) -> tuple[IndexKind, ...]:
    """Words are searched in texts; numbers and dates are found whole."""
    return (IndexKind.ORDER, IndexKind.SEARCH) if column.type == ColumnType.TEXT else (IndexKind.ORDER,)


def _described(
    column: DatasetColumn, kind: IndexKind, use: ColumnUse | None, made: Sequence[PartIndex], parts: int
) -> ColumnIndex:
    return ColumnIndex(
        name=column.name,
        label=column.label or column.name,
        kind=kind,
        is_wanted=use is not None and use.indexed_at is not None,
        since=use.indexed_at if use else None,
        by_person=use is not None and use.indexed_by_id is not None,
        parts=len(made),
        all_parts=parts,
        bytes=sum(index.bytes for index in made),
        used_at=max((index.used_at for index in made if index.used_at), default=None),
        obstacle=use.obstacle if use else "",
    )


def want_index(*, dataset: Dataset, name: str, kind: IndexKind = IndexKind.ORDER, user_id: int | None = None) -> str:
    """Have a column indexed in the background, also in files to come; gives the column's name as people read it.

    Raises ``BadOption`` for a column that is none or that nobody searches in, ``TrigramsMissing``,
    ``ReadOnlyDataset``.
    """
    check_takes_files(dataset)
    column = _column(dataset, name, kind)
    if kind is IndexKind.SEARCH:
        make_trigrams()
    with transaction.atomic():
        wanted = {"indexed_by_id": user_id, "is_refused": False, "obstacle": "", "slow_pages": 0}
        _use_of(column, kind).filter(indexed_at=None).update(indexed_at=Now(), **wanted)
        nudge_indexes(dataset_id=dataset.pk)
        log_act(user_id=user_id, to=dataset, words=f"{_called(column, kind)} asked for")
    return column.label or column.name


def refuse_index(*, dataset: Dataset, name: str, kind: IndexKind = IndexKind.ORDER, user_id: int | None = None) -> str:
    """Drop a column's index, and make none again before a person asks. Raises ``BadOption``, ``ReadOnlyDataset``.

    A part that somebody reads right now is left to the sweep.
    """
    check_takes_files(dataset)
    column = _column(dataset, name, kind)
    with transaction.atomic():
        _use_of(column, kind).update(indexed_at=None, indexed_by=None, is_refused=True, slow_pages=0)
        log_act(user_id=user_id, to=dataset, words=f"{_called(column, kind)} dropped")
    made = part_indexes(parts=_parts_of(dataset))
    _drop([index for index in made if (index.column_id, index.kind) == (column.pk, kind)])
    return column.label or column.name


def _use_of(column: DatasetColumn, kind: IndexKind) -> QuerySet[ColumnUse]:
    """What is known of it, which is there from now on."""
    ColumnUse.objects.bulk_create([ColumnUse(column=column, kind=kind)], ignore_conflicts=True)
    return ColumnUse.objects.filter(column=column, kind=kind)


def _called(column: DatasetColumn, kind: IndexKind) -> str:
    what = "index for searches in" if kind is IndexKind.SEARCH else "index on"
    return f"{what} “{column.label or column.name}”"


def _column(dataset: Dataset, said: str, kind: IndexKind) -> DatasetColumn:
    columns = list(dataset.columns.all())
    found = next((column for column in columns if said in (column.name, column.label)), None)
    if found is None:
        raise BadOption(
            f"The dataset “{dataset.name}” has no column “{storable(said)}”.",
            hint=f"Its columns are {', '.join(column.name for column in columns)}.",
        )
    if kind not in kinds_of(found):
        raise BadOption(
            f"“{found.label or found.name}” is no text: nobody searches within its values.",
            hint="Its other index makes it quick to find and to sort by.",
        )
    return found


def with_indexes(*, dataset: Dataset, view: View) -> View:
    """The view with its filters told of the indexes that there are: the way in which rows are read goes by them. One
    that was told is taken as it is."""
    if view.knows_indexes:
        return view
    compared = {each.field.name for each in compared_in(view.filters)}
    if not compared or dataset.is_read_only:
        return view
    found = WANTED.rows(dataset=dataset.pk)
    there = frozenset(Helper(name=name, kind=IndexKind(kind)) for name, kind in found if name in compared)
    filters = tuple(told(each, there) for each in view.filters) if there else view.filters
    return replace(view, filters=filters, knows_indexes=True)


def _wanted_uses() -> QuerySet[ColumnUse]:
    return ColumnUse.objects.filter(indexed_at__isnull=False, obstacle="")


WANTED = Prepared(lambda dataset: _wanted_uses().filter(column__dataset=dataset).values_list("column__name", "kind"))


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
    for part, use in _missing(dataset) if dataset is not None else ():
        with columns_held(dataset_id=dataset_id) as held:
            if not held or (gives_way and files_wait()):
                return made, False
            try:
                made += _make_on_attached(part, use, gives_way=gives_way)
            except (GaveWay, TableBusy) as error:
                why = str(error) or "somebody waited"
                logger.info("the index on %s of %s is made later: %s", use.column.name, part, why)
                return made, False
    return made, True


def _make_on_attached(part: str, use: ColumnUse, *, gives_way: bool) -> bool:
    if not Load.objects.filter(part=part).exists() and not part.startswith(SHARED_PREFIX):
        return False  # dropped, or made anew, since
    with giving_way(to=files_wait if gives_way else lambda: False):
        return _make(part, use, type_=ColumnType(use.column.type))


def _make(part: str, use: ColumnUse, *, type_: ColumnType) -> bool:
    """Whether it is there now; a column that can have none has none from then on, and says why."""
    kind, field = IndexKind(use.kind), Field(name=use.column.name, type=type_)
    if kind is IndexKind.SEARCH and type_ is not ColumnType.TEXT:
        return False
    try:
        make_index(part=part, field=field, column_id=use.column_id, kind=kind)
    except (ValueTooLong, TrigramsMissing) as error:
        obstacle = TOO_LONG if isinstance(error, ValueTooLong) else f"{error.message} {error.hint}"
        ColumnUse.objects.filter(pk=use.pk).update(indexed_at=None, indexed_by=None, obstacle=obstacle)
        return False
    if type_ is ColumnType.TEXT:
        analyze_column(part=part, field=field)
    return True


def has_indexes(*, dataset_id: int) -> bool:
    """Whether any column of the dataset is to have one."""
    return ColumnUse.objects.filter(column__dataset=dataset_id, indexed_at__isnull=False).exists()


def index_new_part(*, part: str, dataset_id: int, types: Mapping[str, str]) -> None:
    """Make those of a part that nobody knows of yet, before it joins the dataset; ``types`` of its columns, by name.

    What is too long for one keeps no file out: the column has none from then on.
    """
    for use in _wanted(dataset_id):
        if use.column.name in types:
            _make(part, use, type_=ColumnType(types[use.column.name]))


def _missing(dataset: Dataset) -> list[tuple[str, ColumnUse]]:
    wanted = _wanted(dataset.pk)
    parts = _parts_of(dataset) if wanted else []
    there = {(index.part, index.column_id, index.kind) for index in part_indexes(parts=parts)} if parts else set()
    return [(part, use) for use in wanted for part in parts if (part, use.column_id, use.kind) not in there]


def _wanted(dataset_id: int) -> list[ColumnUse]:
    """One to search in is for texts alone: a column that is none any more keeps the wish, for it may be one again."""
    uses = _wanted_uses().filter(column__dataset_id=dataset_id).select_related("column")
    texts = Q(kind=IndexKind.ORDER) | Q(column__type=ColumnType.TEXT)
    return list(uses.filter(texts).order_by("indexed_at", "pk"))


def _parts_of(dataset: Dataset) -> list[str]:
    """All that hold its rows: those of files that are switched off too, and what files that merge share."""
    loads = Load.objects.filter(dataset=dataset, file__state__in=HAS_DATA).exclude(part="")
    shared = {name for name in attached_partitions(table=dataset.slug) if name.startswith(SHARED_PREFIX)}
    return sorted({*loads.values_list("part", flat=True), *shared})


def tend_indexes() -> int:
    """Drop what nobody wants or uses any more, and have made what is missing; gives how many were dropped."""
    made = part_indexes()
    if made and remembers_use():
        _let_go_of_unused(made)
    found = _wanted_uses().values_list("column_id", "kind", "column__dataset_id")
    wanted = {(column_id, kind): dataset_id for column_id, kind, dataset_id in found}
    if wanted:
        for dataset in Dataset.objects.filter(pk__in=set(wanted.values()), established_at__isnull=False):
            if _missing(dataset):
                nudge_indexes(dataset_id=dataset.pk)
    return _drop([index for index in made if (index.column_id, index.kind) not in wanted])


def _let_go_of_unused(made: Sequence[PartIndex]) -> None:
    """Forget the wish where no statement has used any of its indexes for ``INDEX_UNUSED_DAYS``.

    When they were used is kept here too: PostgreSQL forgets it in a crash.
    """
    used: dict[tuple[int, str], datetime] = {}
    for index in made:
        if index.used_at is not None:
            key = index.column_id, index.kind
            used[key] = max(index.used_at, used.get(key, index.used_at))
    for use in ColumnUse.objects.filter(column__in={column_id for column_id, _ in used}):
        at = used.get((use.column_id, use.kind))
        if at is not None and (use.used_at is None or use.used_at < at - timedelta(days=1)):
            ColumnUse.objects.filter(pk=use.pk).update(used_at=at)
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
