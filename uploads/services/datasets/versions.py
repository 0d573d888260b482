"""The readings of one file: the same bytes, read in several ways, of which one at most is active."""

from django.db.models import Q, QuerySet
from psycopg import sql

from uploads.database.statements import fetch_rows
from uploads.models import UploadedFile
from uploads.states import FileState

_FAMILY = sql.SQL("SELECT id FROM uploads_uploadedfile WHERE id = %s OR version_of_id = %s ORDER BY id LIMIT 2")
"""What every file that is activated asks, though few have readings: Django takes longer to word it than PostgreSQL to
answer."""


def readings_of(file: UploadedFile) -> QuerySet[UploadedFile]:
    """The file that was sent and all its readings, from any of them, oldest first."""
    root = file.version_of_id or file.pk
    return UploadedFile.objects.filter(Q(pk=root) | Q(version_of_id=root)).order_by("pk")


def active_versions(file: UploadedFile) -> list[int]:
    """The other readings that are active; the first one is locked by the caller where there are others.

    That lock lets one reading after the other become active, so that of two at once the later sees the earlier.
    """
    root = file.version_of_id or file.pk
    found = fetch_rows(_FAMILY, [root, root])
    if len(found) == 1:
        return []
    UploadedFile.objects.select_for_update(no_key=True).get(pk=found[0][0])
    return list(readings_of(file).filter(state=FileState.ACTIVE).exclude(pk=file.pk).values_list("pk", flat=True))
