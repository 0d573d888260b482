"""Which state of its rows an export is of, and whether all that is in it may still be given away."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from uploads.models import Dataset, DatasetColumn, PreparedExport, UploadedFile
from uploads.services.exporting.source import loads_shown, whole_stamp
from uploads.states import EndReason, FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class DataState:
    """What an export is made of."""

    stamp: str
    """Equal for as long as the file would be the same; empty where nobody can tell: a table that is shown as it is."""
    files: tuple[int, ...]
    columns: tuple[int, ...]


def state_of(dataset: Dataset, names: Sequence[str] = ()) -> DataState:
    """As it is now; ``names`` of the columns in it, none: all."""
    if dataset.is_read_only:
        return DataState(stamp="", files=(), columns=())
    columns = list(DatasetColumn.objects.filter(dataset=dataset).order_by("position"))
    shown = (dataset.slug, dataset.name, *((column.name, column.label, column.description) for column in columns))
    said = repr((whole_stamp(dataset), shown))
    return DataState(
        stamp=hashlib.sha256(said.encode()).hexdigest(),
        files=tuple(sorted(set(loads_shown(dataset).values_list("file_id", flat=True)))),
        columns=tuple(column.pk for column in columns if not names or column.name in names),
    )


def is_current(export: PreparedExport) -> bool:
    """Whether the same export would have the same rows now; where nobody can tell, it is called so."""
    return export.dataset is not None and export.stamp in ("", state_of(export.dataset).stamp)


def why_ended(export: PreparedExport) -> EndReason:
    """Of one that has ended, whether its bytes are gone yet or not."""
    if export.error_code in EndReason:
        return EndReason(export.error_code)
    is_over = export.expires_at is not None and export.expires_at <= timezone.now()
    return EndReason.TIME_OVER if is_over else EndReason.TAKEN_BACK


def may_be_given(export: PreparedExport) -> bool:
    """False once anything that may be in it was taken back: a file switched off or deleted, a column removed."""
    return not taken_back([export])


def taken_back(exports: Sequence[PreparedExport]) -> list[PreparedExport]:
    """Those that may not be given any more; two questions for however many."""
    held = {file_id for export in exports for file_id in export.held_files}
    named = {column_id for export in exports for column_id in export.held_columns}
    active = set(UploadedFile.objects.filter(pk__in=held, state=FileState.ACTIVE).values_list("pk", flat=True))
    homes = dict(DatasetColumn.objects.filter(pk__in=named).values_list("pk", "dataset_id"))
    return [
        export
        for export in exports
        if export.dataset_id is None
        or not active.issuperset(export.held_files)
        or any(homes.get(column_id) != export.dataset_id for column_id in export.held_columns)
    ]
