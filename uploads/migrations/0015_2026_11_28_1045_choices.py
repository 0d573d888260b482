"""What a person chose for a column holds; what was changed by hand before there was this record is a choice too."""

from django.db import migrations, models

CHANGED_BY_HAND = """
UPDATE uploads_datasetcolumn SET chosen = '{"chooser": "staff", "name": "", "at": null}'
WHERE evidence ->> 'kind' = 'changed'
"""


class Migration(migrations.Migration):
    dependencies = [("uploads", "0014_2026_11_28_1030_the_same_bytes_twice")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="words_chosen",
            field=models.JSONField(editable=False, help_text="Who said so, and when.", null=True),
        ),
        migrations.AddField(
            model_name="datasetcolumn",
            name="chosen",
            field=models.JSONField(
                editable=False, help_text="Who chose the type, and when; it holds then.", null=True
            ),
        ),
        migrations.RunSQL(CHANGED_BY_HAND, migrations.RunSQL.noop),
    ]
