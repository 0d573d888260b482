"""Staff say what tells the rows of a published view apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0057_2026_11_30_0008_administrators_manage_news")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="relation_key",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Columns that tell the rows of that table or view apart, as staff said; empty: its own key, if any.",
            ),
        ),
    ]
