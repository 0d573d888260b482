"""Partial uploads: bytes that become a file only together with others."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from uploads.models.files import UploadedFile, new_token


class PartialUpload(models.Model):
    """One of several uploads, sent at the same time, whose bytes are one file in the end (tus: concatenation).

    It is no file: no list shows it and no worker sees it. Its bytes wait in the spool until a final upload names it, or
    its time is over. After that the row stays for a while, so that a sender who missed the answer gets it again.
    """

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    size = models.BigIntegerField(help_text="Bytes, as announced; checked against what arrives.")
    size_known = models.BooleanField(
        default=True, help_text="Unless its sender says it later; until then its size is what has arrived."
    )
    received = models.BigIntegerField(default=0, help_text="Bytes that are durable.")
    stored_as = models.CharField(max_length=255, help_text="Generated name in the spool.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )
    visitor = models.CharField(max_length=43, blank=True, help_text="Browser of an anonymous sender.")
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(help_text="It is swept after this.")
    joined_into = models.ForeignKey(
        UploadedFile,
        on_delete=models.DB_CASCADE,
        null=True,
        related_name="parts",
        help_text="The file it is a part of.",
    )
    position = models.PositiveIntegerField(default=0, help_text="Its place in that file.")

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=F("size")), name="part_received"),
            models.CheckConstraint(
                condition=Q(joined_into=None) | Q(size_known=True, received=F("size")), name="part_joined_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"part of {self.size:,} bytes"
