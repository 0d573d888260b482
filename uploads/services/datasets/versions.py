"""The readings of one file: the same bytes, read in several ways, of which one at most is active."""

from django.db.models import Q, QuerySet

from uploads.models import UploadedFile
from uploads.states import FileState


def readings_of(file: UploadedFile) -> QuerySet[UploadedFile]:
    """The file that was sent and all its readings, from any of them, oldest first."""
    root = file.version_of_id or file.pk
    return UploadedFile.objects.filter(Q(pk=root) | Q(version_of_id=root)).order_by("pk")


def active_versions(file: UploadedFile) -> list[int]:
    """The other readings that are active; the first one is locked by the caller where there are others.

    That lock lets one reading after the other become active, so that of two at once the later sees the earlier.
    """
    family = readings_of(file)
    found = list(family.values_list("pk", flat=True))
    if len(found) == 1:
        return []
    UploadedFile.objects.select_for_update(no_key=True).get(pk=found[0])
    return list(family.filter(state=FileState.ACTIVE).exclude(pk=file.pk).values_list("pk", flat=True))
