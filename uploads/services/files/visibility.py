"""Which files a person may see, and of which they may know at all: their own, those that are public, or all."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from uploads.models import UploadedFile
from uploads.states import FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Whoever looks: nobody known unless something is said."""

    user_id: int | None = None
    visitor: str = ""
    sees_all: bool = False

    def may_know(self, *, state: str, visitor: str, user_id: int | None) -> bool:
        """Whether this person may be told that a file is there: its number, its state and since when.

        ``state``, ``visitor`` and ``user_id`` are the file's. Everybody can read the rows of an active file: that it is
        there is no secret. That any other one came is for its sender and staff to know.
        """
        is_own = bool(visitor and visitor == self.visitor) or (user_id is not None and user_id == self.user_id)
        return self.sees_all or is_own or state == FileState.ACTIVE


ANYBODY = Viewer()
OPERATOR = Viewer(sees_all=True)
"""Whoever has the shell of the server."""


def visible_files(*, user_id: int | None, visitor: str, sees_all: bool) -> QuerySet[UploadedFile]:
    """The files that a person may see in a list, newest first: their own or, for staff, all; never deleted ones."""
    files = UploadedFile.objects.exclude(state=FileState.DELETED).order_by("-id")
    if sees_all:
        return files
    own = Q(visitor=visitor) if visitor else Q(pk__in=[])
    if user_id is not None:
        own |= Q(uploaded_by_id=user_id)
    return files.filter(own)


def is_own(*, file_id: int, user_id: int | None, visitor: str) -> bool:
    """Whether this person, or this browser, sent the file."""
    return visible_files(user_id=user_id, visitor=visitor, sees_all=False).filter(pk=file_id).exists()
