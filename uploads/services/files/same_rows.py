"""The same rows in other bytes: the workbook of a CSV, another order of columns or rows, another delimiter.

Told by a hash of the typed rows that no order changes. It is computed only where another file has as many rows and
the same columns, and kept then: nobody else's load takes longer for it.
"""

import hashlib
import json

from django.db.models import QuerySet

from uploads.database.lookups.hashes import hash_of_rows
from uploads.models import Load, UploadedFile
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.switching import bases_aside
from uploads.states import HAS_DATA

MOST_COMPARED = 20
"""Files of as many rows that are looked at, the newest first; of older ones those whose hash is known."""


def others_of_as_many(*, file: UploadedFile, rows: int) -> QuerySet[UploadedFile]:
    """Files of other bytes that have data and as many rows; other readings of this one are none."""
    others = UploadedFile.objects.filter(state__in=HAS_DATA, rows_loaded=rows).exclude(sha256=file.sha256)
    return others.exclude(pk__in=readings_of(file).values("pk"))


def files_of_same_rows(*, file: UploadedFile, rows: int) -> list[int]:
    """Those of them that have the very rows of one that was just loaded."""
    if not rows:
        return []
    others = others_of_as_many(file=file, rows=rows)
    newest = list(others.order_by("-pk")[:MOST_COMPARED])
    mine = _columns(file.pk) if newest else []
    found = {each.pk for each in newest if _columns(each.pk) == mine and rows_hash(each) == rows_hash(file)}
    if len(newest) == MOST_COMPARED and file.rows_hash:
        found.update(others.filter(rows_hash=file.rows_hash).values_list("pk", flat=True))
    return sorted(found)


def has_same_rows(file: UploadedFile, other: UploadedFile) -> bool:
    """The same of two that have as many; nothing is kept, so no row of a file is locked for it."""
    return _columns(file.pk) == _columns(other.pk) and _hash(file) == _hash(other)


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


def _columns(file_id: int) -> list[tuple[str, ...]]:
    """Names and types of the columns of each table, in an order that does not tell where they stood."""
    loads = Load.objects.filter(file=file_id).exclude(part="").only("columns")
    return sorted(tuple(sorted(f"{column['name']} {column['type']}" for column in load.kept_columns)) for load in loads)
