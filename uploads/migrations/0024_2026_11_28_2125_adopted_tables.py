"""Tables of the database that become datasets: what they were, and a file without bytes."""

from typing import Any

from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_adopted(apps: Any, schema_editor: Any) -> None:
    """Before: there was nobody to say what such a table had been."""
    adopted = apps.get_model("uploads", "Dataset").objects.filter(adopted__isnull=False).order_by("slug")
    if adopted.exists():
        slugs = ", ".join(adopted.values_list("slug", flat=True)[:10])
        raise CommandError(
            f"{adopted.count():,} dataset(s) that were tables of the database ({slugs}) keep migration 0024 from being"
            " undone: release them first (manage.py release_table SLUG)."
        )
    apps.get_model("uploads", "UploadedFile").objects.filter(via="table").update(via="command")


class Migration(migrations.Migration):
    dependencies = [("uploads", "0023_2026_11_28_2109_second_file")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="adopted",
            field=models.JSONField(
                editable=False,
                help_text="The table of the database that it was before, to be given back as it was.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="uploadedfile",
            name="via",
            field=models.CharField(
                choices=[
                    ("page", "page"),
                    ("tus", "resumable upload"),
                    ("form", "form"),
                    ("api", "API"),
                    ("command", "command"),
                    ("table", "existing table"),
                ],
                default="form",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="uploadedfile", name="file_received_has_hash"),
        migrations.AddConstraint(
            model_name="uploadedfile",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["receiving", "failed", "deleted"]) | ~Q(sha256="") | Q(via="table"),
                name="file_received_has_hash",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_adopted),
    ]
