"""The migration that gave drafts to files which had never been active."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.models import Dataset, DatasetColumn, FileEvent, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file

set_apart = import_module("uploads.migrations.0013_2026_11_28_0920_drafts").set_apart


def before(pipeline: Pipeline, *texts: str) -> list[int]:
    """Files that share a dataset and have never been active, as there were before drafts."""
    ids = [pipeline.load(text, "old.csv").file_id for text in texts]
    for file_id in ids:
        deactivate_file(file_id=file_id)
    FileEvent.objects.filter(state="active").delete()
    UploadedFile.objects.update(activated_at=None)
    return ids


def migrate() -> None:
    with connection.schema_editor() as editor:
        set_apart(apps, editor)


def test_draft_shows_no_value_of_another_file(pipeline: Pipeline) -> None:
    _, second = before(pipeline, "p;q\n1;x\nSECRET;y\n", "p;q\n7;x\n8;y\n")
    migrate()
    theirs = DatasetColumn.objects.filter(evidence_file_id=second)
    assert theirs.count() == 2
    assert not [column for column in theirs if "SECRET" in str(column.evidence)]
    assert activate_file(file_id=second).datasets == ("old",)
    assert rows("SELECT p, q FROM data.old") == [("7", "x"), ("8", "y")]


def test_evidence_of_a_dataset_stays_that_of_the_file_that_gave_it(pipeline: Pipeline) -> None:
    first, second = before(pipeline, "p;q\n1;x\nSECRET;y\n", "p;q\n7;x\n8;y\n")
    activate_file(file_id=second)
    migrate()
    [column] = DatasetColumn.objects.filter(dataset__slug="old", name="p")
    assert column.evidence_file_id == first


def test_dataset_that_a_view_reads_stays(pipeline: Pipeline) -> None:
    before(pipeline, "p;q\n1;x\n")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW data.report AS SELECT p FROM data.old")
    migrate()
    assert Dataset.objects.get(slug="old").established_at is not None
    assert "old" in data_tables()
