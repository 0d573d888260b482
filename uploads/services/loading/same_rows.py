"""The same rows in other bytes: the workbook of a CSV, another order of columns or rows, another delimiter.

Told by a hash of the typed rows that no order changes. It is computed only where another file has as many rows and
the same columns, and kept then: nobody else's load takes longer for it.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from uploads.database.lookups.hashes import hash_of_rows
from uploads.models import Load, UploadedFile
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.shown_rows import bases_aside
from uploads.states import HAS_DATA, FileState

MOST_COMPARED = 20
"""Files of as many rows that are looked at, the newest first; of older ones those whose hash is known."""


def others_of_as_many(*, file: UploadedFile, rows: int) -> QuerySet[UploadedFile]:
    """Files of other bytes that have data and as many rows; other readings of this one are none."""
    others = UploadedFile.objects.filter(state__in=HAS_DATA, rows_loaded=rows).exclude(sha256=file.sha256)
    return others.exclude(pk__in=readings_of(file).values("pk"))


@dataclass(frozen=True, kw_only=True, slots=True)
class SameRows:
    """What was found of a file's rows in other bytes."""

    files: tuple[int, ...] = ()
    """Files that have the very rows, oldest first."""
    active: tuple[int, ...] = ()
    """Those of them that are active."""
    looked_at: frozenset[int] = frozenset()
    """All active files of as many rows."""


def find_same_rows(*, file: UploadedFile, rows: int) -> SameRows:
    """Of a file that was just loaded, ``rows`` in all of its tables."""
    if not rows:
        return SameRows()
    others = others_of_as_many(file=file, rows=rows)
    states: dict[int, str] = dict(others.order_by("-pk").values_list("pk", "state"))
    newest = list(states)[:MOST_COMPARED]
    found = _of_same_rows(file, newest)
    if len(newest) == MOST_COMPARED and file.rows_hash:
        found.update(others.filter(rows_hash=file.rows_hash).values_list("pk", flat=True))
    active = frozenset(pk for pk, state in states.items() if state == FileState.ACTIVE)
    return SameRows(files=tuple(sorted(found)), active=tuple(sorted(found & active)), looked_at=active)


def has_same_rows(file: UploadedFile, other: UploadedFile) -> bool:
    """The same of two that have as many; nothing is kept, so no row of a file is locked for it."""
    columns = _columns([file.pk, other.pk])
    return columns.get(file.pk) == columns.get(other.pk) and _hash(file) == _hash(other)


def _of_same_rows(file: UploadedFile, others: Collection[int]) -> set[int]:
    columns = _columns([file.pk, *others]) if others else {}
    alike = [pk for pk in others if columns.get(pk) == columns.get(file.pk)]
    if not alike:
        return set()
    mine = rows_hash(file)
    return {other.pk for other in UploadedFile.objects.filter(pk__in=alike) if rows_hash(other) == mine}


def rows_hash(file: UploadedFile) -> str:
    """Of all rows of a file, by its tables; kept with the file."""
    if not file.rows_hash:
        file.rows_hash = _hash(file)
        UploadedFile.objects.filter(pk=file.pk).update(rows_hash=file.rows_hash)
    return file.rows_hash


def _hash(file: UploadedFile) -> str:
    if file.rows_hash:
        return file.rows_hash
    sums = []
    for load in Load.objects.filter(file=file).exclude(part="").select_related("dataset"):
        names = sorted(column["name"] for column in load.kept_columns)
        aside = bases_aside(load.dataset).get(load.part, "") if load.dataset is not None else ""
        sums.append([names, *hash_of_rows(part=load.part, load_id=load.pk, names=names, aside=aside, file_id=file.pk)])
    return hashlib.sha256(json.dumps(sorted(sums)).encode()).hexdigest()


def _columns(file_ids: Collection[int]) -> dict[int, list[tuple[str, ...]]]:
    """By file, names and types of the columns of each table, in an order that does not tell where they stood."""
    tables: dict[int, list[tuple[str, ...]]] = {}
    for load in Load.objects.filter(file__in=file_ids).exclude(part="").only("file_id", "columns"):
        names = sorted(f"{column['name']} {column['type']}" for column in load.kept_columns)
        tables.setdefault(load.file_id, []).append(tuple(names))
    return {file_id: sorted(found) for file_id, found in tables.items()}
