"""Columns that a file brought into a dataset, and that stay, empty, after its activation was undone.

They are not dropped by that: the values of the file would go with them, and whoever reads the table by its columns
would be told of nothing. Somebody who may change the dataset removes them.
"""

from dataclasses import dataclass

from uploads.models import Load, UploadedFile
from uploads.services.plans.lessons import UNDONE
from uploads.states import FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnLeft:
    """A column that no other file of the dataset has."""

    slug: str
    dataset: str
    name: str
    label: str


def columns_left_by(*, file_id: int) -> tuple[ColumnLeft, ...]:
    """Of a file whose activation was undone; of others nothing."""
    file = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).first()
    if file is None or UNDONE not in file.taught:
        return ()
    mine = Load.objects.filter(file=file, dataset__established_at__isnull=False).exclude(part="")
    found: dict[tuple[str, str], ColumnLeft] = {}
    for load in mine.select_related("dataset").order_by("position"):
        dataset = load.dataset
        others = Load.objects.filter(dataset=dataset).exclude(part="").exclude(file=file)
        lacking = [set(names) for names in others.values_list("columns_missing", flat=True)]
        if dataset is None or not lacking:  # it has no other file
            continue
        for column in dataset.columns.filter(evidence_file=file, optional=True):
            if all(column.name in names for names in lacking):
                found[dataset.slug, column.name] = ColumnLeft(
                    slug=dataset.slug, dataset=dataset.name, name=column.name, label=column.label or column.name
                )
    return tuple(found.values())
