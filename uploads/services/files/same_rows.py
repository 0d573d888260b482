"""The same rows in other bytes: the workbook of a CSV, another order of columns or rows, another delimiter.

Told by a hash of the typed rows that no order changes. It is computed only where another file has as many rows and
the same columns, and kept then: nobody else's load takes longer for it.
"""

import hashlib
import json

from uploads.database.lookups.hashes import hash_of_rows
from uploads.models import Load, UploadedFile
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.switching import bases_aside
from uploads.states import HAS_DATA

MOST_COMPARED = 20
"""Files of as many rows that are looked at, the newest first."""


def files_of_same_rows(*, file: UploadedFile, rows: int) -> list[int]:
    """Files that have data and the very rows of one that was just loaded; other readings of it are none."""
    others = UploadedFile.objects.filter(state__in=HAS_DATA, rows_loaded=rows).exclude(sha256=file.sha256)
    others = others.exclude(pk__in=readings_of(file).values("pk")).order_by("-pk")
    found: list[int] = []
    mine: list[tuple[str, ...]] = []
    for other in others[:MOST_COMPARED] if rows else ():
        mine = mine or _columns(file.pk)
        if _columns(other.pk) == mine and rows_hash(other) == rows_hash(file):
            found.append(other.pk)
    return found


def rows_hash(file: UploadedFile) -> str:
    """Of all rows of a file, by its tables; kept with the file."""
    if file.rows_hash:
        return file.rows_hash
    sums = []
    for load in Load.objects.filter(file=file).exclude(part="").select_related("dataset"):
        names = sorted(column["name"] for column in load.kept_columns)
        aside = bases_aside(load.dataset).get(load.part, "") if load.dataset is not None else ""
        sums.append([names, *hash_of_rows(part=load.part, load_id=load.pk, names=names, aside=aside, file_id=file.pk)])
    file.rows_hash = hashlib.sha256(json.dumps(sorted(sums)).encode()).hexdigest()
    UploadedFile.objects.filter(pk=file.pk).update(rows_hash=file.rows_hash)
    return file.rows_hash


def _columns(file_id: int) -> list[tuple[str, ...]]:
    """Names and types of the columns of each table, in an order that does not tell where they stood."""
    loads = Load.objects.filter(file=file_id).exclude(part="").only("columns")
    return sorted(tuple(sorted(f"{column['name']} {column['type']}" for column in load.kept_columns)) for load in loads)
