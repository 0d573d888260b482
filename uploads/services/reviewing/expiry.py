"""Decline files that nobody answered about in time: said before, nothing lost, and taken up again by one click."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from uploads.models import ReviewMessage
from uploads.services.files.history import note_event
from uploads.services.files.progress import files_unanswered
from uploads.services.news.outbox import note_news
from uploads.states import FileState, NewsEvent, Review

AT_ONCE = 1_000
"""In one sweep; the next one comes in seconds."""


def decline_unanswered() -> int:
    """Returns how many. Of a person who answers at the same moment and this one does; the other changes nothing."""
    declined = 0
    for file_id in list(files_unanswered().values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            moved = files_unanswered().filter(pk=file_id).update(review=Review.DECLINED, review_at=Now())
            if moved:
                days = settings.ANSWER_EXPIRY_DAYS
                said = f"nobody answered for {days:,} day{'s' * (days != 1)}"
                ReviewMessage.objects.create(
                    file_id=file_id, kind=ReviewMessage.Kind.DECLINE, text=f"{said[:1].upper()}{said[1:]}."
                )
                note_event(file_id=file_id, state=FileState.LOADED, text=f"declined: {said}")
                note_news(file_id=file_id, event=NewsEvent.DECLINED)
        declined += moved
    return declined
