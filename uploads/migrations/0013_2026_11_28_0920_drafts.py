"""Files that have never been active get drafts of their own, and datasets without any other file stop being there."""

import secrets
from typing import Any

import django.db.models.deletion
from django.core.management.base import CommandError
from django.db import migrations, models
from psycopg import sql


def evidence_in_files(loads: Any) -> dict[tuple[int, str], Any]:
    """What each file's own values said of a column, by file and name."""
    return {
        (load.file_id, column["name"]): column.get("evidence")
        for load in loads
        for column in load.columns
        if column.get("evidence")
    }


def is_read_by_views(cursor: Any, slug: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_rewrite'::regclass AND refobjid = to_regclass(%s))",
        [sql.Identifier("data", slug).as_string(None)],
    )
    [is_read] = cursor.fetchone()
    return bool(is_read)


def note_activations(apps: Any) -> None:
    """When each file was active for the first time, by its history."""
    FileEvent = apps.get_model("uploads", "FileEvent")
    UploadedFile = apps.get_model("uploads", "UploadedFile")
    first = {}
    for file_id, at in FileEvent.objects.filter(state="active").order_by("-id").values_list("file_id", "at"):
        first[file_id] = at
    for file in UploadedFile.objects.filter(models.Q(pk__in=first) | models.Q(state="active")):
        UploadedFile.objects.filter(pk=file.pk).update(activated_at=first.get(file.pk, file.state_changed_at))


def set_apart(apps: Any, schema_editor: Any) -> None:
    """What was never active moves out of the datasets; a dataset that only held such files loses its table."""
    Dataset = apps.get_model("uploads", "Dataset")
    DatasetColumn = apps.get_model("uploads", "DatasetColumn")
    Load = apps.get_model("uploads", "Load")
    cursor = schema_editor.connection.cursor()

    note_activations(apps)
    for dataset in Dataset.objects.order_by("pk"):
        loads = Load.objects.filter(dataset=dataset).exclude(part="")
        # a file that was active and is about to be loaded again has no rows now, and comes back to its dataset
        holds = ~models.Q(part="") | models.Q(file__state__in=("waiting", "loading"))
        seen = Load.objects.filter(holds, dataset=dataset, file__activated_at__isnull=False)
        since = seen.order_by("file__activated_at").values_list("file__activated_at", flat=True).first()
        if since is None and is_read_by_views(cursor, dataset.slug):
            since = dataset.created_at  # a table that somebody's view reads cannot go
        found = evidence_in_files(Load.objects.filter(dataset=dataset).order_by("pk"))
        for file_id in set(loads.filter(file__activated_at=None).values_list("file_id", flat=True)):
            draft = Dataset.objects.create(
                slug=f"_draft_{secrets.token_hex(8)}",
                planned=dataset.slug,
                typed_by=dataset if since else None,
                name=dataset.name,
                header_key=dataset.header_key,
                null_words=dataset.null_words,
                read_options=dataset.read_options,
            )
            DatasetColumn.objects.bulk_create(
                DatasetColumn(
                    dataset=draft,
                    evidence=found.get((file_id, column.name)),  # the dataset's shows values of others
                    evidence_file_id=file_id,
                    **{name: getattr(column, name) for name in ("position", "label", "name", "type", "format")},
                )
                for column in DatasetColumn.objects.filter(dataset=dataset)
            )
            Load.objects.filter(dataset=dataset, file_id=file_id).update(dataset=draft)
        if since:
            Dataset.objects.filter(pk=dataset.pk).update(established_at=since)
            for column in DatasetColumn.objects.filter(dataset=dataset):
                files = [file for (file, name), evidence in found.items() if (name, evidence) == (column.name, column.evidence)]
                DatasetColumn.objects.filter(pk=column.pk).update(evidence_file_id=files[0] if files else None)
        else:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("data", dataset.slug)))
            dataset.delete()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end would keep the table from being altered


def refuse_drafts(apps: Any, schema_editor: Any) -> None:
    """Before: every dataset had a table, and a draft has none."""
    Load = apps.get_model("uploads", "Load")
    drafts = apps.get_model("uploads", "Dataset").objects.filter(established_at=None)
    if not drafts.exists():
        return
    files = Load.objects.filter(dataset__in=drafts).values_list("file_id", flat=True).distinct().order_by("file_id")
    ids = ", ".join(map(str, files[:10]))
    raise CommandError(
        f"{drafts.count():,} draft(s) of files that are not active (files {ids or 'that are gone'}) keep migration 0013"
        " from being undone: activate or delete these files first (manage.py list_files shows them)."
    )


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0012_2026_11_28_0605_reasons_and_evidence_are_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="established_at",
            field=models.DateTimeField(
                editable=False, help_text="When its first file became active; before that it is a draft.", null=True
            ),
        ),
        migrations.AddField(
            model_name="dataset",
            name="planned",
            field=models.CharField(
                blank=True, default="", editable=False, help_text="The slug that a draft asks for.", max_length=50
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dataset",
            name="typed_by",
            field=models.ForeignKey(
                editable=False,
                help_text="The established dataset whose types a draft's table was read with.",
                null=True,
                on_delete=django.db.models.deletion.DB_SET_NULL,
                related_name="drafts",
                to="uploads.dataset",
            ),
        ),
        migrations.AddField(
            model_name="datasetcolumn",
            name="evidence_file",
            field=models.ForeignKey(
                editable=False,
                help_text="The file whose values the evidence shows.",
                null=True,
                on_delete=django.db.models.deletion.DB_SET_NULL,
                related_name="+",
                to="uploads.uploadedfile",
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="activated_at",
            field=models.DateTimeField(
                editable=False, help_text="When it first became active; before that it binds nobody.", null=True
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="fit_rejects",
            field=models.BigIntegerField(
                editable=False,
                help_text="It is read again with the types of its dataset, to be activated unless more rows than these are"
                " rejected.",
                null=True,
            ),
        ),
        migrations.RunPython(set_apart, refuse_drafts),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=models.Q(("established_at__isnull", True))
                ^ models.Q(("slug__startswith", "_draft_"), _negated=True),
                name="dataset_draft_slug",
            ),
        ),
    ]
