"""With which files a file may be compared: those that have columns like its own."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from uploads.models import Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.comparison.tables import active_counterparts, tables_of
from uploads.services.errors import FileNotFound
from uploads.services.visibility import Viewer, shown_files
from uploads.states import HAS_DATA, FileState

MOST_OFFERED = 50
ALIKE = 0.5
"""Part of its columns that another file has as well: a column that is new or misspelt does not part them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterpart:
    """A file to compare with."""

    file_id: int
    name: str
    rows: int
    state: FileState
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterparts:
    """What there is to compare a file with."""

    active: tuple[str, ...]
    """Names of its datasets that show rows of other files."""
    files: tuple[Counterpart, ...]
    """The newest first."""
    columns: tuple[tuple[str, str], ...]
    """Of the file: name and label of each, that of a key to be chosen."""
    rows: int
    """Of the file."""


def counterparts_of(*, file_id: int, viewer: Viewer) -> Counterparts:
    """What this person may see of it; raises ``FileNotFound``."""
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    tables = tables_of(file) if file.state in HAS_DATA else ()
    shown = {old.home: old.name for old, _ in active_counterparts(file, tables, viewer).pairs}
    others = UploadedFile.objects.filter(state=FileState.ACTIVE).exclude(pk=file_id)
    active = others.filter(loads__dataset__in=shown).values_list("loads__dataset", flat=True).distinct()
    loads = Load.objects.filter(file=file).exclude(part="").order_by("position") if tables else ()
    columns = {column["name"]: column["label"] for load in loads for column in load.kept_columns}
    found = _files_beside(file, columns, viewer)
    return Counterparts(
        active=tuple(shown[home] for home in active if home in shown),
        files=tuple(
            Counterpart(
                file_id=each.pk,
                name=each.name,
                rows=each.rows_loaded,
                state=FileState(each.state),
                since=each.state_changed_at,
            )
            for each in found
        ),
        columns=tuple(columns.items()),
        rows=file.rows_loaded,
    )


def _files_beside(file: UploadedFile, columns: Collection[str], viewer: Viewer) -> list[UploadedFile]:
    """Files with rows in tables that have half of the columns or more, those of the same columns first."""
    if not columns:
        return []
    known = DatasetColumn.objects.filter(name__in=columns).order_by().values("dataset").annotate(shared=Count("*"))
    alike = known.filter(shared__gte=math.ceil(len(columns) * ALIKE)).values("dataset")
    same = Dataset.objects.filter(loads__file=file).exclude(loads__part="").values("header_key")
    files = UploadedFile.objects.filter(state__in=HAS_DATA).exclude(pk=file.pk)
    if not viewer.sees_all:
        files = files.filter(shown_files(viewer) | viewer.owns())
    loads = Load.objects.exclude(part="").filter(file=OuterRef("pk"))
    found = files.filter(Exists(loads.filter(dataset__in=alike))).annotate(
        is_same=Exists(loads.filter(dataset__header_key__in=same))
    )
    return list(found.order_by("-is_same", "-pk")[:MOST_OFFERED])
