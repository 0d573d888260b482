"""What readers of a dataset found and keep: its saved views."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.models.datasets import Dataset
from uploads.states import SavedKind


class SavedView(models.Model):
    """A name for a filter, sort and columns of a dataset's rows, or for a chart of them: the query of an address."""

    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, related_name="saved_views")
    slug = models.CharField(max_length=60, help_text="Its address; it stays when the view is renamed.")
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=400, editable=False, help_text="The name without letter case.")
    kind = models.CharField(max_length=5, choices=SavedKind)
    query = models.TextField(blank=True, help_text="What the address of its page said, checked then.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    dashboard_place = models.PositiveSmallIntegerField(null=True, help_text="On the dashboard; empty: not there.")
    is_wide = models.BooleanField(default=False, help_text="It takes the whole width of the dashboard.")

    class Meta:
        default_permissions = ()  # the admin shows it with its dataset
        ordering = ("dataset_id", "name_key")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "slug"], name="saved_view_slug"),
            models.UniqueConstraint(fields=["dataset", "name_key"], name="saved_view_name"),
            models.CheckConstraint(condition=Q(kind__in=SavedKind.values), name="saved_view_kind"),
        ]

    def __str__(self) -> str:
        return self.name
