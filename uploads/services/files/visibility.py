"""Which files a person may see: their own, or all."""

from django.db.models import Q, QuerySet

from uploads.models import UploadedFile
from uploads.states import FileState


def visible_files(*, user_id: int | None, visitor: str, sees_all: bool) -> QuerySet[UploadedFile]:
    """The files that a person may see in a list, newest first: their own or, for staff, all; never deleted ones."""
    files = UploadedFile.objects.exclude(state=FileState.DELETED).order_by("-id")
    if sees_all:
        return files
    # what somebody sent who was signed in is not the next one's at the same browser
    own = Q(visitor=visitor, uploaded_by=None) if visitor else Q(pk__in=[])
    if user_id is not None:
        own |= Q(uploaded_by_id=user_id)
    return files.filter(own)


def is_own(*, file_id: int, user_id: int | None, visitor: str) -> bool:
    """Whether this person, or this browser, sent the file."""
    return visible_files(user_id=user_id, visitor=visitor, sees_all=False).filter(pk=file_id).exists()
