"""What cannot be done to rows that were a table of the database: no file has them, and they go back as they came."""

from collections.abc import Collection

from uploads.models import Dataset, UploadedFile
from uploads.services.errors import StateConflict


def check_has_bytes(*, file_id: int, why: str = "") -> None:
    """Raise ``StateConflict`` for what cannot be read again; ``why`` it was to be, for a person."""
    table = _adopted([file_id])
    if table is not None:
        raise StateConflict(
            f"“{table.name}” was a table of the database: there is no file of it that could be {why or 'read again'}.",
            hint="Deactivate it, or release the table to have it back as it was.",
        )


def check_not_adopted(*, file_ids: Collection[int]) -> None:
    """Raise ``StateConflict`` where a table would be lost that nobody can send again."""
    table = _adopted(file_ids)
    if table is not None:
        raise StateConflict(
            f"“{table.name}” was a table of the database, and is deleted by nobody here: its rows are in no file.",
            hint="Deactivate it, or release the table and drop it in the database.",
        )


def check_keeps_columns(dataset: Dataset) -> None:
    """Raise ``StateConflict`` where the types are those of a table that is to go back as it came."""
    if dataset.adopted:
        raise StateConflict(
            f"“{dataset.name}” was a table of the database, so its columns stay as they are.",
            hint="Release the table, change it in the database, and adopt it again.",
        )


def _adopted(file_ids: Collection[int]) -> UploadedFile | None:
    files = UploadedFile.objects.filter(pk__in=file_ids, via=UploadedFile.Via.TABLE)
    return files.order_by("pk").first()
