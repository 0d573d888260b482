"""How far a file is, and how long it waits for somebody's answer.

Something is open about its columns, about how it joins, or because of a guard, or its sender was asked. Without an
answer for ``ANSWER_EXPIRY_DAYS`` such a file is declined by itself: it is said before, its rows and bytes stay, and it
can be taken up again, from which moment on the days are counted anew. What only waits to be looked at does not expire.

What a visitor sent is deleted by itself if nobody ever activates it for ``KEEP_VISITOR_FILES_DAYS``. The days are
counted anew whenever something happens to it. What was active once, and what people with an account or the operator
sent, is kept until somebody deletes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from uploads.models import UploadedFile
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState, Phase, Review

_ASKS = ~Q(columns_open=[]) | ~Q(overlaps=[]) | ~Q(guards_tripped=[])
FOR_REVIEW = Q(state=FileState.LOADED) & (Q(activated_at=None) | ~Q(review=Review.NONE) | _ASKS)
"""That of the index ``file_for_review``: what was active once is decided on, unless it was taken up again, or loaded
again and something is asked of it then."""
_IS_OPEN = _ASKS | Q(review=Review.ASKED)

ENDING = frozenset({FileState.LOADED, FileState.FAILED, FileState.DUPLICATE})
_NEVER_ACTIVE = Q(activated_at=None, uploaded_by=None, state__in=ENDING) & ~Q(via__in=WITHOUT_SENDER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """A phase with figures of the server's own; ``total`` bytes belong to ``done``, 0 where nobody knows them yet."""

    phase: str
    """uploading, duplicate, waiting, checking, loading, publishing, published, loaded, failed or deleted"""
    done: int
    total: int
    rows: int


def progress_of(file: UploadedFile, state: FileState) -> Progress:
    """The figures of a file in this state."""
    match state:
        case FileState.RECEIVING:
            return Progress(phase="uploading", done=file.received, total=file.size if file.size_known else 0, rows=0)
        case FileState.LOADING:
            phase = file.phase or Phase.CHECKING
            return Progress(phase=str(phase), done=file.bytes_done, total=file.size, rows=file.rows_done)
        case FileState.ACTIVE:
            phase = "published"
        case _:
            phase = state.value
    done = 0 if state is FileState.WAITING else file.size
    return Progress(phase=str(phase), done=done, total=file.size, rows=file.rows_loaded)


def awaits_review(file: UploadedFile) -> bool:
    """Whether no staff have had a say in it yet: nobody of them sent it, and it has never been active."""
    if file.activated_at is not None or file.via in WITHOUT_SENDER:
        return False
    return file.uploaded_by is None or not file.uploaded_by.is_staff


def answer_by(file: UploadedFile) -> datetime | None:
    """When a file is declined by itself if nobody answers; ``None``: it waits for no answer, or for ever."""
    is_open = file.columns_open or file.overlaps or file.guards_tripped or file.review == Review.ASKED
    if file.state != FileState.LOADED or not is_open or file.review == Review.DECLINED:
        return None
    if not settings.ANSWER_EXPIRY_DAYS:
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


def kept_until(file: UploadedFile) -> datetime | None:
    """When it is deleted by itself, if nobody activates it; ``None``: never."""
    days: int = settings.KEEP_VISITOR_FILES_DAYS
    is_kept = file.activated_at is not None or file.uploaded_by_id is not None or file.via in WITHOUT_SENDER
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
