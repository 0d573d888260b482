"""Files whose columns are not quite those of a dataset: what was decided, and what they lack."""

from typing import Any

import django.db.models.deletion
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Replace


def refuse_matched(apps: Any, schema_editor: Any) -> None:
    """Before: each file had all columns of its dataset, and no others."""
    loads = apps.get_model("uploads", "Load").objects
    matched = loads.filter(~Q(columns_missing=[]) | Q(columns__contains=[{"left_out": True}]))
    files = sorted(set(matched.exclude(part="").values_list("file_id", flat=True)))
    if files:
        listed = ", ".join(map(str, files[:10]))
        raise CommandError(
            f"{len(files):,} file(s) whose columns are not those of their datasets ({listed}) keep migration 0025 from"
            " being undone: delete them first (manage.py delete_file ID)."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0024_2026_11_28_2125_adopted_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(db_index=True, help_text="Of the column in the file.", max_length=63)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="dataset",
            name="strictness",
            field=models.CharField(
                choices=[
                    ("grow", "new columns are added"),
                    ("ask", "somebody is asked"),
                    ("exact", "the columns must be the same"),
                ],
                default="ask",
                help_text="What becomes of a file whose columns are not quite the dataset's.",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="datasetcolumn",
            name="optional",
            field=models.BooleanField(default=False, help_text="Files may come without it: it is empty in their rows."),
        ),
        migrations.AddField(
            model_name="load",
            name="columns_missing",
            field=models.JSONField(
                default=list, help_text="Columns of its dataset, by name, that it lacks: they are empty in its rows."
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="column_answers",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What somebody said about columns that its datasets do not have, by the header of each table.",
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="columns_open",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Columns of which somebody is to say what becomes of them before it is seen, by dataset.",
            ),
        ),
        migrations.AddIndex(
            model_name="datasetcolumn",
            index=models.Index(Replace("name", models.Value("_"), models.Value("")), name="dataset_column_compact"),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=models.Q(("strictness__in", ["grow", "ask", "exact"])), name="dataset_strictness"
            ),
        ),
        migrations.AddField(
            model_name="columnalias",
            name="column",
            field=models.ForeignKey(
                help_text="The column that it is; empty: it is left out.",
                null=True,
                on_delete=django.db.models.deletion.DB_CASCADE,
                related_name="aliases",
                to="uploads.datasetcolumn",
            ),
        ),
        migrations.AddField(
            model_name="columnalias",
            name="dataset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DB_CASCADE, related_name="aliases", to="uploads.dataset"
            ),
        ),
        migrations.AddConstraint(
            model_name="columnalias",
            constraint=models.UniqueConstraint(fields=("dataset", "name"), name="column_alias_name"),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_matched),
    ]
