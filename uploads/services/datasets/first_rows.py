"""The first rows of each table of a file, as stored; until it is active for its sender and for staff."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from uploads.database.lookups.first_rows import first_rows
from uploads.models import ADOPTED_FORMAT, Load, UploadedFile
from uploads.services.visibility import Viewer
from uploads.states import HAS_DATA, FileState
from uploads.tabular.table import ColumnType

ROWS = 20
MOST_COLUMNS = 100
"""Of a table that are shown."""
MOST_TABLES = 30
"""Of a workbook or archive."""
CHARACTERS = 301
"""Of a text: one more than a page shows, so that it knows that there are more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredColumn:
    name: str
    label: str
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstRows:
    """Of one table; a row is its line or row number in the source, and its values by column."""

    load_id: int
    source: str
    columns: tuple[StoredColumn, ...]
    more_columns: int
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    more_rows: int


def first_rows_of(*, file_id: int, viewer: Viewer, limit: int = ROWS) -> tuple[FirstRows, ...]:
    """One for each table that has rows; empty for whoever may not see them, and of what was a table of the database."""
    file = UploadedFile.objects.filter(pk=file_id, state__in=HAS_DATA).first()
    if file is None or not viewer.may_know(state=file.state, visitor=file.visitor, user_id=file.uploaded_by_id):
        return ()
    return tuple(_first_rows(load, is_active=file.state == FileState.ACTIVE, limit=limit) for load in _loads(file))


def _loads(file: UploadedFile) -> QuerySet[Load]:
    loads = Load.objects.filter(file=file, rows_loaded__gt=0, dataset__isnull=False).exclude(part="")
    return loads.exclude(format=ADOPTED_FORMAT).select_related("dataset").order_by("position")[:MOST_TABLES]


def _first_rows(load: Load, *, is_active: bool, limit: int) -> FirstRows:
    """An active file is read through its dataset: of rows that merge some lie elsewhere, and some are hidden."""
    stored = list(load.dataset.columns.values_list("name", "label", "type")) if load.dataset is not None else []
    shown = [StoredColumn(name=name, label=label, type=type_) for name, label, type_ in stored[:MOST_COLUMNS]]
    found = first_rows(
        table=load.dataset.slug if is_active and load.dataset is not None else load.part,
        columns=[(column.name, column.type == ColumnType.TEXT) for column in shown],
        file_id=load.file_id,
        load_id=load.pk,
        last=load.last_row,
        limit=limit,
        characters=CHARACTERS,
    )
    return FirstRows(
        load_id=load.pk,
        source=load.source,
        columns=tuple(shown),
        more_columns=len(stored) - len(shown),
        rows=tuple((row, tuple(values)) for row, *values in found),
        more_rows=max(0, load.rows_loaded - load.rows_hidden - len(found)),
    )
