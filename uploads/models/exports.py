"""Exports that are prepared in the background: what was asked for, how far it is, and where its bytes lie."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.models.datasets import Dataset
from uploads.models.files import new_token
from uploads.states import ExportState


class PreparedExport(models.Model):
    """A view of a dataset as a file that is made by a worker, kept for some hours, and fetched by a link."""

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    dataset = models.ForeignKey(
        Dataset, on_delete=models.DB_SET_NULL, null=True, related_name="+", help_text="Empty: it was deleted since."
    )
    format = models.CharField(max_length=20)
    query = models.TextField(blank=True, help_text="The view, in the one way in which an address says it.")
    stamp = models.CharField(max_length=64, blank=True, help_text="Tells the state of the rows; empty: nobody can.")
    held_files = models.JSONField(default=list, help_text="Files whose rows may be in it.")
    held_columns = models.JSONField(default=list, help_text="Columns that may be in it.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, related_name="+", verbose_name="asked for by"
    )
    address = models.GenericIPAddressField(null=True, help_text="Of whoever asked first, without an account.")
    visitor = models.CharField(
        max_length=64,
        blank=True,
        default="",
        editable=False,
        help_text="The browser of whoever asked first, without an account.",
    )
    is_shared = models.BooleanField(
        default=False, help_text="Somebody else asked for the same meanwhile: it is no longer one person's to cancel."
    )
    asked_at = models.DateTimeField(db_default=Now())

    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    fence = models.PositiveIntegerField(default=0, help_text="Raised by each attempt: an earlier one changes nothing.")
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True, help_text="By the stored counts; empty: under filters.")
    name = models.CharField(max_length=200, blank=True, help_text="As it is downloaded.")
    stored_as = models.CharField(max_length=100, blank=True, editable=False)
    bytes = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    error_hint = models.TextField(blank=True)

    class Meta:
        default_permissions = ()  # staff who see files see it, those who delete files delete it
        verbose_name = "prepared export"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="prepared_export_state"),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY) | Q(expires_at__isnull=False), name="prepared_export_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.format} of {self.dataset or 'a deleted dataset'}"
