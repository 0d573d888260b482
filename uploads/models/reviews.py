"""What staff and the sender of a file say to each other while it waits."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.models.files import UploadedFile


class ReviewMessage(models.Model):
    """A question, its answer, or why a file was declined. Never changed; gone with the file's content."""

    class Kind(models.TextChoices):
        DECLINE = "decline", "declined"
        QUESTION = "question", "question"
        ANSWER = "answer", "answer"

    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="review_messages")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField()

    class Meta:
        ordering = ("-file_id", "id")
        default_permissions = ()  # who says and reads what is decided by the file
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["decline", "question", "answer"]), name="review_message_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="review_message_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of file {self.file_id}"
