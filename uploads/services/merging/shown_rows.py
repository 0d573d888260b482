"""A file's rows into its datasets' tables and out again, in whatever way the files of each dataset join.

Every function runs in the caller's transaction. It locks the rows of the file's datasets, in one order for all, so that
acts on files that merge come one after the other; whoever calls has locked the file's own row before.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Q

from uploads.database.merging import by_key, folding
from uploads.database.merging.by_key import MergingTable, Order, Shown
from uploads.database.merging.folding import FoldedTable
from uploads.database.partitions import attach_partition, attached_partitions, detach_partition, hold_off_autovacuum
from uploads.database.prepared import Prepared
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import TooManyActiveFiles
from uploads.services.merging.changes import NotedChanges, add_hidden, changes_of_full, note_changes
from uploads.services.merging.choices import MergeChoices, fold_of
from uploads.services.merging.keys import ensure_keyed
from uploads.services.merging.situation import situation_of
from uploads.services.merging.standing import Standing
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

RANK_STEP = timedelta(microseconds=1)
"""Between two files of which nothing else says which one is the later."""
BASE_ROWS = 500_000
"""A file of so many rows keeps a partition of its own; the rows that are seen of smaller ones lie together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPart:
    """A part of a file and the dataset that it is for, whose row is locked."""

    dataset: Dataset
    part: str


def held_parts(*, file_id: int) -> list[HeldPart]:
    """A file's parts, by dataset, which stay as they are until the caller's transaction ends."""
    found = {part: values for *values, part in _HELD.rows(file=file_id)}
    return [
        HeldPart(dataset=Dataset.from_db(connection.alias, _FIELDS, values), part=part)
        for part, values in found.items()
    ]


_FIELDS = [field.attname for field in Dataset._meta.concrete_fields]  # noqa: SLF001 - documented
_HELD = Prepared(
    lambda file: (
        Dataset.objects.select_for_update(no_key=True, of=("self",))
        .filter(loads__file=file, loads__part__gt="")
        .order_by("pk", "loads__part")
        .values_list(*_FIELDS, "loads__part")
    )
)


def show_parts(held: Iterable[HeldPart], *, file_id: int) -> None:
    """Let readers see the rows of a file that has just become active, whose ``held_parts`` these are. Raises
    ``TooManyActiveFiles``, ``NeedsFitting`` where its rows cannot be told apart by the key, and ``TableBusy``."""
    for each in held:
        show_part(each, file_id=file_id)


def show_part(held: HeldPart, *, file_id: int) -> None:
    """The same for one of its parts."""
    dataset, part = held.dataset, held.part
    if dataset.mode != Mode.MERGE:
        attach_partition(table=dataset.slug, part=part, file_id=file_id)
        _check_cap(dataset, active=len(attached_partitions(table=dataset.slug)))
        return
    situation = situation_of(dataset, part=part, file_id=file_id)
    standing, loads = situation.standing, [load.load_id for load in situation.loads]
    ensure_keyed(part=part, key=dataset.key, known=[load.key for load in situation.loads])
    check_full(dataset, file_id=file_id, is_full=standing.is_full)
    if standing.is_covered:
        count_hidden(dataset, covered=standing.covered | {file_id})
        note_changes(loads=loads, noted=None)
    else:
        noted = changes_of_full(situation.table, dataset, part=part, standing=standing)
        attached = _cover(dataset, standing) if standing.covers else situation.attached
        is_large = sum(load.rows for load in situation.loads) >= BASE_ROWS
        place = _Place(table=situation.table, attached=attached, is_large=is_large)
        shown = _show_rows(held, place, file_id=file_id, order=standing.order)
        if standing.has_full:
            count_hidden(dataset, covered=standing.covered.union(standing.covers))
        noted = noted if standing.covers else NotedChanges(by_load=shown.changes)
        note_changes(loads=loads, noted=noted, hidden={} if standing.has_full else shown.hidden)
    _check_cap(dataset, active=len(standing.others) + 1)


def hide_file(*, file_id: int) -> None:
    """Take the rows of a file that has just ceased to be active out of sight."""
    parts = held_parts(file_id=file_id)
    hold_off_autovacuum(parts=[held.part for held in parts if held.dataset.mode != Mode.MERGE])
    for held in parts:
        hide_part(held, file_id=file_id)


def hide_part(held: HeldPart, *, file_id: int) -> None:
    """The same for one of its parts."""
    dataset, part = held.dataset, held.part
    if dataset.mode != Mode.MERGE:
        detach_partition(table=dataset.slug, part=part)
        return
    situation = situation_of(dataset, part=part, file_id=file_id)
    standing = situation.standing
    if part in situation.attached:  # of others autovacuum is in nobody's way
        hold_off_autovacuum(parts=[part])
    place = _Place(table=situation.table, attached=situation.attached)
    shown = _hide_rows(held, place, file_id=file_id, order=standing.order)  # of one that is covered there are none
    _uncover(dataset, standing)
    if standing.has_full:
        count_hidden(dataset, covered=standing.covered)
    else:
        add_hidden({load_id: -rows for load_id, rows in shown.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where rows are switched."""

    table: MergingTable
    attached: Collection[str]
    """The parts of bases, at this moment."""
    is_large: bool = False
    """The part that is to be shown; it is to be a base."""


def _show_rows(held: HeldPart, place: _Place, *, file_id: int, order: Order) -> Shown:
    """With the files of ``order`` in sight, or about to be."""
    dataset, part = held.dataset, held.part
    table = _folded_table(dataset, place, (*order.below, file_id, *order.above))
    if table is None:
        is_base = not place.attached or place.is_large
        return by_key.show(place.table, part=part, file_id=file_id, order=order, is_base=is_base)
    return _show_folded(table, held, file_id=file_id, order=order)


def _show_folded(table: FoldedTable, held: HeldPart, *, file_id: int, order: Order) -> Shown:
    """Only the lowest file is a base there; one that is a base no longer makes room for the one below it."""
    base, hidden = table.base, Counter[int]()
    if base is not None and base in order.above:
        part = parts_of(held.dataset, file_ids=[base])[base]
        known = tuple(other for other in table.order if other != file_id)
        without = tuple(other for other in known if other != base)
        hidden.subtract(folding.hide(replace(table, order=without, base=None), part=part, file_id=base, is_base=True))
        again = folding.show(replace(table, order=known, base=None), part=part, file_id=base, is_base=False)
        hidden.update(again.hidden)
        base = None
    is_base = base is None and not order.below
    shown = folding.show(replace(table, base=base), part=held.part, file_id=file_id, is_base=is_base)
    hidden.update(shown.hidden)
    return replace(shown, hidden=hidden)


def _hide_rows(held: HeldPart, place: _Place, *, file_id: int, order: Order) -> Counter[int]:
    """Gives how many fewer rows of each load are hidden."""
    part = held.part
    is_base = part in place.attached
    others = replace(place, attached=[each for each in place.attached if each != part])
    table = _folded_table(held.dataset, others, (*order.below, *order.above))
    if table is None:
        return by_key.hide(place.table, part=part, file_id=file_id, order=order, is_base=is_base)
    return folding.hide(table, part=part, file_id=file_id, is_base=is_base)


def _folded_table(dataset: Dataset, place: _Place, order: tuple[int, ...]) -> FoldedTable | None:
    """``None`` where rows merge whole."""
    fold = fold_of(dataset)
    if fold is None:
        return None
    base = Load.objects.filter(part__in=place.attached).values_list("file_id", flat=True).first()
    return FoldedTable(merging=place.table, fold=fold, order=order, base=base)


def _place_now(dataset: Dataset, *, part: str) -> _Place:
    table = merging_table(dataset)
    attached = attached_partitions(table=dataset.slug) - {table.shared}
    rows = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
    return _Place(table=table, attached=attached, is_large=rows >= BASE_ROWS)


def _cover(dataset: Dataset, standing: Standing) -> frozenset[str]:
    """Take what a full file covers out of sight, the lowest first: then nothing comes back meanwhile. Gives the parts
    of the bases that are left."""
    parts = parts_of(dataset, file_ids=standing.covers)
    if not standing.order.above:  # then all that is seen is theirs
        attached = attached_partitions(table=dataset.slug)
        bases = {other: part for other, part in parts.items() if part in attached}
        by_key.empty_stores(merging_table(dataset), bases=bases)
        for part in bases.values():
            detach_partition(table=dataset.slug, part=part)
    else:
        for number, other in enumerate(standing.covers, start=1):
            order = Order(below=(), above=(*standing.covers[number:], *standing.order.above))
            held = HeldPart(dataset=dataset, part=parts[other])
            _hide_rows(held, _place_now(dataset, part=held.part), file_id=other, order=order)
    return frozenset(attached_partitions(table=dataset.slug) - {merging_table(dataset).shared})


def _uncover(dataset: Dataset, standing: Standing) -> None:
    """Let what a full file covered be seen again, the lowest first."""
    parts = parts_of(dataset, file_ids=standing.covers) if standing.covers else {}
    for number, other in enumerate(standing.covers):
        order = Order(below=standing.covers[:number], above=standing.order.above)
        held = HeldPart(dataset=dataset, part=parts[other])
        _show_rows(held, _place_now(dataset, part=held.part), file_id=other, order=order)


def check_full(dataset: Dataset, *, file_id: int, is_full: bool) -> None:
    """A full file says what there is, blanks too; where these keep old values it would say two things at once."""
    if is_full and MergeChoices.of(dataset).keeps:
        raise BadOption(
            f"File {file_id} is a full one, and in “{dataset.name}” what a file lacks leaves the old values.",
            hint="Say that a blank and a missing column empty the old value, or that the file is no full one any more.",
        )


@contextmanager
def rows_at_rest(*, file: UploadedFile, part: str) -> Iterator[None]:
    """Have all rows of a part lie in it while some are added or taken out; what readers see follows at the end.

    A part whose rows don't merge is what readers see: it can be written to as it is.
    """
    held = next((each for each in held_parts(file_id=file.pk) if each.part == part), None)
    merges = held is not None and held.dataset.mode == Mode.MERGE and file.state == FileState.ACTIVE
    if held is None or not merges:
        yield
        return
    hide_part(held, file_id=file.pk)
    yield
    show_part(held, file_id=file.pk)
    if situation_of(
        held.dataset, part=part, file_id=file.pk
    ).standing.is_covered:  # none of them is seen, and their count changes later
        for load_id, rows in folding.rows_by_load(part=part).items():
            Load.objects.filter(pk=load_id).update(rows_hidden=rows)


def merging_table(dataset: Dataset) -> MergingTable:
    """The dataset's table for ``uploads.database.merging.by_key``."""
    names = tuple(column.name for column in dataset.columns.all())
    return MergingTable(dataset_id=dataset.pk, table=dataset.slug, key=tuple(dataset.key), names=names)


def bases_aside(dataset: Dataset) -> dict[str, str]:
    """The parts of a dataset that are not whole while they are shown, with the table of their hidden rows."""
    if dataset.mode != Mode.MERGE:
        return {}
    table = merging_table(dataset)
    return dict.fromkeys(attached_partitions(table=dataset.slug) - {table.shared}, table.aside)


def active_in_order(dataset: Dataset) -> list[int]:
    """The dataset's active files, lowest first."""
    theirs = Load.objects.filter(dataset=dataset).exclude(part="").values("file")
    active = UploadedFile.objects.filter(pk__in=theirs, state=FileState.ACTIVE)
    return list(active.order_by(F("ranked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))


def count_hidden(dataset: Dataset, *, covered: Collection[int] = ()) -> None:
    """Note with each load how many of its rows are hidden, for lists that count no rows; of ``covered`` files all."""
    count = folding.unseen_rows if fold_of(dataset) is not None else by_key.hidden_rows
    hidden = count(merging_table(dataset))
    loads = list(Load.objects.filter(dataset=dataset).only("rows_hidden", "rows_loaded", "file_id", "part"))
    hidden |= {load.pk: load.rows_loaded for load in loads if load.file_id in covered and load.part}
    changed = [load for load in loads if load.rows_hidden != hidden.get(load.pk, 0)]
    for load in changed:
        load.rows_hidden = hidden.get(load.pk, 0)
    Load.objects.bulk_update(changed, ["rows_hidden"], batch_size=500)


def _check_cap(dataset: Dataset, *, active: int) -> None:
    """After the attachment, which takes turns with others': of two at the border one is taken back."""
    if active > settings.MAX_ACTIVE_FILES:
        raise TooManyActiveFiles(
            f"The dataset “{dataset.slug}” has {settings.MAX_ACTIVE_FILES:,} active files, as many as it may have.",
            hint="Deactivate files that are no longer needed, or send the rows of several files as one.",
        )


def take_rank(*, file_id: int, of: int) -> None:
    """Let a file that takes the place of another one stand right above it in the order; of several the highest."""
    rank = UploadedFile.objects.values_list("ranked_at", flat=True).get(pk=of)
    mine = UploadedFile.objects.filter(pk=file_id)
    first = Q(ranked_at=None) | Q(ranked_at=F("activated_at"), state_changed_at=F("activated_at"))
    if rank is not None and not mine.filter(first).update(ranked_at=rank + RANK_STEP):
        mine.filter(ranked_at__lt=rank).update(ranked_at=rank + RANK_STEP)


def parts_of(dataset: Dataset, *, file_ids: Sequence[int]) -> dict[int, str]:
    """The part of each file in the dataset."""
    loads = Load.objects.filter(dataset=dataset, file_id__in=file_ids).exclude(part="")
    return dict(loads.values_list("file_id", "part"))
