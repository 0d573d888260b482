"""The order of a dataset's active files: of rows with the same key those of the later file are seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from uploads.database.retrying import retry_while_locked
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.admin_log import log_act
from uploads.services.errors import DatasetNotFound, StateConflict
from uploads.services.merging.modes import begin_merging, take_apart
from uploads.services.merging.shown_rows import (
    RANK_STEP,
    HeldPart,
    active_in_order,
    held_parts,
    hide_part,
    parts_of,
    show_part,
)
from uploads.services.read_only import check_takes_files
from uploads.states import Mode
from uploads.tabular.errors import BadOption


def order_files(
    *, slug: str, file_ids: Sequence[int], seen: Sequence[int] = (), user_id: int | None = None
) -> list[int]:
    """Put a dataset's active files in this order, the lowest first; returns all of them in the order that holds.

    Files that are not named keep their places among the others. Raises ``DatasetNotFound``, ``ReadOnlyDataset``,
    ``BadOption``, and ``StateConflict`` where by now it is another order than was ``seen`` or this one.
    """

    def act() -> list[int]:
        dataset = Dataset.objects.filter(slug=slug, established_at__isnull=False).first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")
        check_takes_files(dataset)
        theirs = Load.objects.filter(dataset=dataset).exclude(part="").values("file")
        locked = UploadedFile.objects.select_for_update(no_key=True).filter(pk__in=theirs)
        list(locked.order_by("pk").values_list("pk"))
        dataset = Dataset.objects.select_for_update(no_key=True).get(pk=dataset.pk)
        before = active_in_order(dataset)
        after = _ordered(before, file_ids)
        if after != before:
            if seen and list(seen) != before:
                raise StateConflict(
                    "The order of these files has changed since you looked. Nothing was changed.",
                    hint="Look at the order that holds now, and move the file there.",
                )
            _rank(after)
            log_act(user_id=user_id, to=dataset, words=f"order of files: {', '.join(map(str, after))}")
        return after

    return retry_while_locked(act)


def _ordered(before: Sequence[int], named: Sequence[int]) -> list[int]:
    """The named ones take the places that they have together."""
    unknown = [file_id for file_id in named if file_id not in before]
    if unknown:
        raise BadOption(
            f"File {unknown[0]} is not active in this dataset.", hint=f"Its active files are {_listed(before)}."
        )
    if len(set(named)) != len(named):
        raise BadOption("A file is named twice.", hint="Name each file once, the lowest first.")
    following = iter(named)
    return [next(following) if file_id in named else file_id for file_id in before]


def _rank(order: Sequence[int]) -> None:
    """Give the files the ranks that they have together, in this order; what readers see follows in all datasets."""
    known = dict(UploadedFile.objects.filter(pk__in=order).values_list("pk", "ranked_at"))
    ranks = sorted(rank for rank in known.values() if rank is not None)
    new = {}
    last = None
    for file_id, rank in zip(order, ranks, strict=True):
        last = rank if last is None or rank > last else last + RANK_STEP
        new[file_id] = last
    moved = [file_id for file_id in order if new[file_id] != known[file_id]]
    parts = {file_id: held_parts(file_id=file_id) for file_id in sorted(moved)}
    merging = {file_id: [part for part in held if part.dataset.mode == Mode.MERGE] for file_id, held in parts.items()}
    if UploadedFile.objects.filter(pk__in=order, full=True).exists():
        _move_all(merging, new)
    else:
        _move(merging, moved, new)


def _move(merging: Mapping[int, Sequence[HeldPart]], moved: Sequence[int], ranks: Mapping[int, datetime]) -> None:
    """Those that are moved out of sight, and in again where they belong."""
    for file_id, held in merging.items():
        for part in held:
            hide_part(part, file_id=file_id)
    _write({file_id: ranks[file_id] for file_id in moved})
    for file_id in moved:
        for part in merging[file_id]:
            show_part(part, file_id=file_id)


def _move_all(merging: Mapping[int, Sequence[HeldPart]], ranks: Mapping[int, datetime]) -> None:
    """What a full file covers may change altogether: all files out of sight, and in again in their order."""
    datasets = {part.dataset.pk: part.dataset for held in merging.values() for part in held}
    for _, dataset in sorted(datasets.items()):
        take_apart(dataset, parts_of(dataset, file_ids=active_in_order(dataset)))
    _write(ranks)
    for _, dataset in sorted(datasets.items()):
        _show_all(dataset)


def _write(ranks: Mapping[int, datetime]) -> None:
    for file_id, rank in ranks.items():
        UploadedFile.objects.filter(pk=file_id).update(ranked_at=rank)


def _show_all(dataset: Dataset) -> None:
    begin_merging(dataset)
    files = active_in_order(dataset)
    parts = parts_of(dataset, file_ids=files)
    for file_id in files:
        show_part(HeldPart(dataset=dataset, part=parts[file_id]), file_id=file_id)


def _listed(file_ids: Sequence[int]) -> str:
    return ", ".join(map(str, file_ids)) or "none"
