"""Files that wait for somebody's answer, and how long they do.

Something is open about its columns, about how it joins, or because of a guard, or its sender was asked. Without an
answer for ``ANSWER_EXPIRY_DAYS`` such a file is declined by itself: it is said before, its rows and bytes stay, and it
can be taken up again, from which moment on the days are counted anew. What only waits to be looked at does not expire.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from uploads.models import UploadedFile
from uploads.states import FileState, Review

FOR_REVIEW = Q(state=FileState.LOADED) & (Q(activated_at=None) | ~Q(review=Review.NONE))
"""That of the index ``file_for_review``: what was active once is decided on, unless it was taken up again."""
_IS_OPEN = ~Q(columns_open=[]) | ~Q(overlaps=[]) | ~Q(guards_tripped=[]) | Q(review=Review.ASKED)


def answer_by(file: UploadedFile) -> datetime | None:
    """When a file is declined by itself if nobody answers; ``None``: it waits for no answer, or for ever."""
    is_open = file.columns_open or file.overlaps or file.guards_tripped or file.review == Review.ASKED
    is_for_review = file.state == FileState.LOADED and (file.activated_at is None or bool(file.review))
    if not settings.ANSWER_EXPIRY_DAYS or not is_open or not is_for_review or file.review == Review.DECLINED:
        return None
    since = max(file.state_changed_at, file.review_at or file.state_changed_at)
    return since + timedelta(days=settings.ANSWER_EXPIRY_DAYS)


def files_unanswered() -> QuerySet[UploadedFile]:
    """Those whose time is over."""
    if not settings.ANSWER_EXPIRY_DAYS:
        return UploadedFile.objects.none()
    waiting = UploadedFile.objects.filter(FOR_REVIEW, _IS_OPEN).exclude(review=Review.DECLINED)
    since = Greatest(F("state_changed_at"), Coalesce("review_at", "state_changed_at"))
    return waiting.alias(since=since).filter(since__lt=Now() - timedelta(days=settings.ANSWER_EXPIRY_DAYS))
