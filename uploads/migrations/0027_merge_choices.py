"""How the rows of one key become one, and files that have all rows of their dataset."""

from typing import Any

from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_choices(apps: Any, schema_editor: Any) -> None:
    """Before: of the rows of one key the latest was seen as it is."""
    folded = apps.get_model("uploads", "Dataset").objects.exclude(merge_choices={})
    full = apps.get_model("uploads", "UploadedFile").objects.filter(full=True, state="active")
    slugs = sorted({*folded.values_list("slug", flat=True), *full.values_list("loads__dataset__slug", flat=True)} - {None})
    if slugs:
        raise CommandError(
            f"{len(slugs):,} dataset(s) with choices of their merge, or with full files ({', '.join(slugs[:10])}), keep"
            " migration 0027 from being undone: have their files added instead (manage.py dataset_mode SLUG append),"
            " and deactivate full files."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0026_2026_11_28_2358_review"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="merge_choices",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="How the rows of one key become one; empty: the latest is seen as it is.",
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="full",
            field=models.BooleanField(
                default=False,
                help_text="It has all rows: where files merge, keys of earlier ones that it lacks are not seen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=Q(mode="merge") | Q(merge_choices={}), name="dataset_choices_of_merge"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_choices),
    ]
