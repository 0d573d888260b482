"""Tables and views of the database that are shown as they are, as read-only datasets."""

from typing import Any

from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_published(apps: Any, schema_editor: Any) -> None:
    """Before: a dataset had a table of its own."""
    published = apps.get_model("uploads", "Dataset").objects.exclude(relation="").order_by("slug")
    if published.exists():
        slugs = ", ".join(published.values_list("slug", flat=True)[:10])
        raise CommandError(
            f"{published.count():,} dataset(s) that show tables of the database as they are ({slugs}) keep migration"
            " 0029 from being undone: unpublish them first (manage.py unpublish_table SLUG)."
        )


class Migration(migrations.Migration):
    dependencies = [("uploads", "0030_2026_11_29_0335_kept_readings")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="relation",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="The table or view of the database that it shows as it is, as SQL writes it; empty: it has"
                " files.",
                max_length=300,
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.UniqueConstraint(
                fields=["relation"], condition=~Q(relation=""), name="dataset_relation"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=Q(relation="")
                | Q(established_at__isnull=False, adopted__isnull=True, header_key="", mode="append"),
                name="dataset_read_only",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_published),
    ]
