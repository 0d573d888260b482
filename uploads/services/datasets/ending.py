"""The end of a dataset when its last file is deleted: its name is free, and what it showed of values forgotten."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from uploads.database.datasets import check_free
from uploads.database.merging.by_key import drop_stores
from uploads.database.partitions import drop_table
from uploads.models import Dataset, DatasetColumn, Load
from uploads.services.datasets.matching import ON_ITS_WAY, loads_that_hold
from uploads.services.merging.shown_rows import merging_table
from uploads.services.options.remembered import forget_name
from uploads.services.read_only import check_takes_files
from uploads.states import Mode
from uploads.tabular.evidence import Evidence


def without_files() -> QuerySet[Dataset]:
    """Datasets and drafts that have no rows, and that none comes back to.

    A file that was active and is loaded again leaves its dataset until it is active again: its rows lie in a draft.
    """
    comes_back = Q(file__activated_at__isnull=False)
    loads = Load.objects.filter(~Q(part="") | comes_back & Q(file__state__in=ON_ITS_WAY))
    returning = loads.filter(comes_back, dataset__established_at=None, dataset__planned=OuterRef("slug"))
    with_files = Dataset.objects.filter(relation="")
    return with_files.filter(~Exists(loads.filter(dataset=OuterRef("pk"))), ~Exists(returning))


def datasets_ending_with(*, file_ids: Collection[int]) -> tuple[str, ...]:
    """The slugs of the datasets that end when these files are deleted, for they have no others."""
    theirs = _left_by(file_ids).filter(established_at__isnull=False).order_by("slug")
    return tuple(
        dataset.slug for dataset in theirs if not loads_that_hold(dataset).exclude(file_id__in=file_ids).exists()
    )


def _left_by(file_ids: Collection[int]) -> QuerySet[Dataset]:
    """The datasets and drafts in which files have or had rows, and those that they come back to."""
    mine = Load.objects.filter(file_id__in=file_ids)
    left = mine.filter(file__activated_at__isnull=False, dataset__established_at=None).values("dataset__planned")
    return Dataset.objects.filter(Q(pk__in=mine.values("dataset")) | Q(slug__in=left))


def leave_datasets_of(*, file_id: int) -> None:
    """End the datasets that had no file but this one, which is being deleted; the caller has the transaction.

    What the others show of its values is forgotten. Raises ``TableInUse`` where somebody's view reads a table.
    """
    ids = list(_left_by([file_id]).values_list("pk", flat=True))
    for dataset in Dataset.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        if not loads_that_hold(dataset).exclude(file_id=file_id).exists():
            _end(dataset)
        else:
            forget_name(dataset=dataset, file_id=file_id)
    _forget_values(file_id)


def discard_dataset(*, dataset_id: int) -> bool:
    """Take back a dataset that has no rows; whether it is gone. One that a file has joined, or comes back to, stays."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().filter(pk=dataset_id).first()
        if dataset is None:
            return True
        if loads_that_hold(dataset).exists():
            return False
        _end(dataset)
    return True


def _end(dataset: Dataset) -> None:
    """Free the name of a dataset without rows, and forget its columns; the caller has the transaction."""
    check_takes_files(dataset)
    if not dataset.is_draft:
        check_free(table=dataset.slug)
        if dataset.mode == Mode.MERGE:
            drop_stores(merging_table(dataset))
        drop_table(name=dataset.slug)
    dataset.delete()


def _forget_values(file_id: int) -> None:
    """Keep the kind of evidence that the file's values gave, and none of the values.

    Names, labels and descriptions stay: they stood in the header, and are those of the dataset as long as it is there.
    """
    rows = list(DatasetColumn.objects.filter(evidence_file_id=file_id))
    for row in rows:
        evidence = Evidence.from_json(row.evidence)
        row.evidence = None if evidence is None else evidence.without_values().as_json()
        row.evidence_file = None
    DatasetColumn.objects.bulk_update(rows, ["evidence", "evidence_file"], batch_size=500)
