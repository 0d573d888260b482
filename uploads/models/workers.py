"""What the workers of each machine say of themselves."""

from django.db import models
from django.db.models.functions import Now


class WorkerReport(models.Model):
    """The latest of a machine's workers."""

    machine = models.CharField(max_length=200, unique=True)
    started_at = models.DateTimeField(db_default=Now())
    guards = models.JSONField(default=list, help_text="What confines the processes that read files.")
    swept_at = models.DateTimeField(null=True)
    swept = models.JSONField(default=dict, help_text="How often each thing was mended since it started.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.machine
