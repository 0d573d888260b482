"""How long a file that a visitor sent is kept if nobody ever activates it: ``KEEP_VISITOR_FILES_DAYS``, said before.

The days are counted anew whenever something happens to it: it is read again, declined, taken up. What was active once,
and what people with an account or the operator sent, is kept until somebody deletes it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from uploads.models import UploadedFile
from uploads.states import FileState

ENDING = frozenset({FileState.LOADED, FileState.FAILED, FileState.DUPLICATE})
_OF_OPERATORS = frozenset({UploadedFile.Via.COMMAND, UploadedFile.Via.TABLE})
_NEVER_ACTIVE = Q(activated_at=None, uploaded_by=None, state__in=ENDING) & ~Q(via__in=_OF_OPERATORS)


def kept_until(file: UploadedFile) -> datetime | None:
    """When it is deleted by itself, if nobody activates it; ``None``: never."""
    days: int = settings.KEEP_VISITOR_FILES_DAYS
    is_kept = file.activated_at is not None or file.uploaded_by_id is not None or file.via in _OF_OPERATORS
    if not days or is_kept or file.state not in ENDING:
        return None
    return max(file.state_changed_at, file.review_at or file.state_changed_at) + timedelta(days=days)


def files_kept_long_enough() -> QuerySet[UploadedFile]:
    """Those whose time is over."""
    days: int = settings.KEEP_VISITOR_FILES_DAYS
    if not days:
        return UploadedFile.objects.none()
    since = Greatest(F("state_changed_at"), Coalesce("review_at", "state_changed_at"))
    return UploadedFile.objects.filter(_NEVER_ACTIVE).alias(since=since).filter(since__lt=Now() - timedelta(days=days))
