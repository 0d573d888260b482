"""Rejected rows keep the figures of their reason, columns the evidence for their type; what was stored before are
sentences, kept as they are."""

from django.db import migrations, models

TO_FACTS = """
ALTER TABLE uploads_datasetcolumn
    ALTER COLUMN evidence DROP NOT NULL,
    ALTER COLUMN evidence TYPE jsonb USING CASE evidence WHEN '' THEN NULL ELSE
        jsonb_build_object('kind', 'sentence', 'figures', jsonb_build_object('text', evidence)) END
"""
TO_SENTENCES = """
ALTER TABLE uploads_datasetcolumn
    ALTER COLUMN evidence TYPE text USING coalesce(evidence #>> '{figures,text}', ''),
    ALTER COLUMN evidence SET NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0011_2026_11_28_0524_notes_are_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="rejectedrow",
            name="figures",
            field=models.JSONField(
                default=dict, help_text="What the reason is made from; empty for what is older than it."
            ),
        ),
        migrations.AlterField(
            model_name="rejectedrow",
            name="reason",
            field=models.TextField(help_text="In words, made from code and figures."),
        ),
        migrations.RunSQL(
            TO_FACTS,
            TO_SENTENCES,
            state_operations=[
                migrations.AlterField(
                    model_name="datasetcolumn",
                    name="evidence",
                    field=models.JSONField(
                        null=True, help_text="What the type was decided on: kind and figures."
                    ),
                ),
            ],
        ),
    ]
