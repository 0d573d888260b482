"""Notes carry a kind and figures. What was stored before are sentences, kept as they are; nothing is parsed but for the
ending that offers to read the file as one table: by it alone a receipt has known so far whether to show that button."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OFFER = "read the file again as one table."
LOADS_AT_ONCE = 1_000


def sentences_to_notes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rewrite_notes(apps, as_note)


def notes_to_sentences(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    from uploads.tabular.sentences.notes import sentence_of  # noqa: PLC0415 - only this way back needs today's code
    from uploads.tabular.notes import Note  # noqa: PLC0415

    rewrite_notes(apps, lambda note: sentence_of(Note.from_json(note)))


def as_note(sentence: str) -> dict[str, Any]:
    kind = "sentence_on_rows_left_out" if sentence.endswith(OFFER) else "sentence"
    return {"kind": kind, "figures": {"text": sentence}}


def rewrite_notes(apps: Apps, rewrite: Any) -> None:
    loads = apps.get_model("uploads", "Load").objects
    changed = []
    for load in loads.exclude(notes=[]).only("notes").order_by("pk").iterator(chunk_size=LOADS_AT_ONCE):
        load.notes = [rewrite(note) for note in load.notes]
        changed.append(load)
        if len(changed) == LOADS_AT_ONCE:
            loads.bulk_update(changed, ["notes"])
            changed.clear()
    loads.bulk_update(changed, ["notes"])


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0010_2026_11_28_0450_versions_and_applied_options"),
    ]

    operations = [
        migrations.AlterField(
            model_name="load",
            name="notes",
            field=models.JSONField(
                default=list, help_text="What was decided on what evidence: kind and figures of each."
            ),
        ),
        migrations.RunPython(sentences_to_notes, notes_to_sentences),
    ]
