"""The first rows of each table of a file, as stored and as read; until it is active for its sender and for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from uploads.database.lookups.first_rows import first_rows
from uploads.models import ADOPTED_FORMAT, Load, UploadedFile
from uploads.services.visibility import Viewer, is_shown
from uploads.states import HAS_DATA, FileState
from uploads.tabular.notes import Note
from uploads.tabular.table import ColumnType, row_word_of

ROWS = 20
MOST_COLUMNS = 300
"""Of a table that are shown."""
FEWER_COLUMNS = 60
"""The same where there are more than ``FEW_TABLES``: 20 rows of each are more cells than a page can take."""
FEW_TABLES = 3
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
    format: str
    row_word: str
    """What the source calls a row: line or row."""
    columns: tuple[StoredColumn, ...]
    more_columns: int
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    as_read: tuple[tuple[str | None, ...], ...]
    """The same cells as they were read; ``None`` where that was not kept, or the file has no such column."""
    more_rows: int
    changed: tuple[Note, ...] = ()
    """How cells were changed as they were read."""


def first_rows_of(*, file_id: int, viewer: Viewer, holds: bool = False, limit: int = ROWS) -> tuple[FirstRows, ...]:
    """One for each table that has rows; empty for whoever may not see them, and of what was a table of the database.

    ``holds``: the viewer has the file's token. How the cells were read is for its sender and staff, also where
    everybody may read what is stored.
    """
    file = UploadedFile.objects.filter(pk=file_id, state__in=HAS_DATA).first()
    if file is None:
        return ()
    sender: dict[str, Any] = {"visitor": file.visitor, "user_id": file.uploaded_by_id}
    sees_read = viewer.sees_all or viewer.speaks_for(**sender, via=file.via, holds=holds)
    if not sees_read and not viewer.may_know(is_shown=is_shown(file_id, viewer), **sender):
        return ()
    loads = list(_loads(file))
    most = MOST_COLUMNS if len(loads) <= FEW_TABLES else FEWER_COLUMNS
    is_active = file.state == FileState.ACTIVE
    found = (_first_rows(load, is_active=is_active, limit=limit, most_columns=most) for load in loads)
    return tuple(found if sees_read else (replace(each, as_read=_nothing(each)) for each in found))


def _loads(file: UploadedFile) -> QuerySet[Load]:
    loads = Load.objects.filter(file=file, rows_loaded__gt=0, dataset__isnull=False).exclude(part="")
    return (
        loads.exclude(format=ADOPTED_FORMAT).select_related("dataset", "first_rows").order_by("position")[:MOST_TABLES]
    )


def rows_between(*, load: Load, first: int, last: int) -> FirstRows:
    """Those of a table that have these numbers, the first and the last among them, for whoever may see all of it."""
    is_active = load.file.state == FileState.ACTIVE
    limit, most = last - first + 1, MOST_COLUMNS
    return _first_rows(load, is_active=is_active, after=first - 1, last=last, limit=limit, most_columns=most)


def _first_rows(
    load: Load, *, is_active: bool, limit: int, most_columns: int, after: int = 0, last: int | None = None
) -> FirstRows:
    """An active file is read through its dataset: of rows that merge some lie elsewhere, and some are hidden."""
    stored = list(load.dataset.columns.values_list("name", "label", "type")) if load.dataset is not None else []
    shown = [StoredColumn(name=name, label=label, type=type_) for name, label, type_ in stored[:most_columns]]
    found = first_rows(
        table=load.dataset.slug if is_active and load.dataset is not None else load.part,
        columns=[(column.name, column.type == ColumnType.TEXT) for column in shown],
        file_id=load.file_id,
        load_id=load.pk,
        after=after,
        last=load.last_row if last is None else last,
        limit=limit,
        characters=CHARACTERS,
    )
    return FirstRows(
        load_id=load.pk,
        source=load.source,
        format=load.format,
        row_word=row_word_of(load.format),
        columns=tuple(shown),
        more_columns=len(stored) - len(shown),
        rows=tuple((row, tuple(values)) for row, *values in found),
        as_read=_as_read(load, [column.name for column in shown], [row for row, *_ in found]),
        more_rows=max(0, load.rows_loaded - load.rows_hidden - len(found)),
        changed=tuple(note for note in map(Note.from_json, load.notes) if note.is_on_cells_changed),
    )


def _as_read(load: Load, names: Sequence[str], rows: Sequence[int]) -> tuple[tuple[str | None, ...], ...]:
    """The cells of these rows as they were read, by the columns that are shown."""
    kept: Mapping[int, Sequence[str]] = dict(load.first_rows.rows) if hasattr(load, "first_rows") else {}
    places = {column["name"]: place for place, column in enumerate(load.columns)}
    at = [places.get(name) for name in names]
    return tuple(
        tuple(None if cells is None or place is None or place >= len(cells) else cells[place] for place in at)
        for cells in map(kept.get, rows)
    )


def _nothing(first: FirstRows) -> tuple[tuple[str | None, ...], ...]:
    return tuple((None,) * len(first.columns) for _ in first.rows)
