"""What cannot be done to rows that were a table of the database: no file has them, and they go back as they came."""

from collections.abc import Collection, Sequence

from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.matching import loads_that_hold
from uploads.services.errors import StateConflict

_SHOWN = 20


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
    """Raise ``StateConflict`` where the columns are those of a table that is to go back as it came.

    To change a type, every part is written anew; of an adopted table that would leave nothing of its indexes, defaults
    and privileges, and the view in its old place keeps PostgreSQL from it.
    """
    if not dataset.adopted:
        return
    others = loads_that_hold(dataset).exclude(file__via=UploadedFile.Via.TABLE)
    ids = sorted(set(others.values_list("file_id", flat=True)))
    delete = f"Delete what was loaded into it since ({_files(ids)}), release" if ids else "Release"
    again = ", and load those files again" if ids else ""
    raise StateConflict(
        f"“{dataset.name}” was a table of the database, and goes back as it came: its columns stay as they are.",
        hint=f"{delete} the table, change the column in the database (ALTER TABLE … ALTER COLUMN … TYPE …), adopt it"
        f" again{again}.",
    )


def _files(ids: Sequence[int]) -> str:
    shown = ", ".join(map(str, ids[:_SHOWN]))
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return f"file{'s' * (len(ids) != 1)} {shown}{more}"


def _adopted(file_ids: Collection[int]) -> UploadedFile | None:
    files = UploadedFile.objects.filter(pk__in=file_ids, via=UploadedFile.Via.TABLE)
    return files.order_by("pk").first()
