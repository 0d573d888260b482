"""Which sheet or member a table stands in, as options name it."""

from django.db import migrations, models

WITHIN = r"( \((column [A-Z]+)?(, )?(row [0-9]+)?\)|/?lines [0-9]+ to [0-9]+)$"
"""What follows it in the name of a table that is not the first there."""
FILL = """
WITH known AS (SELECT id, file_id, regexp_replace(source, %s, '') AS origin FROM uploads_load)
UPDATE uploads_load l SET origin = k.origin FROM known k
WHERE k.id = l.id AND k.file_id IN (SELECT file_id FROM known GROUP BY file_id HAVING count(DISTINCT origin) > 1)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0028_2026_11_29_0311_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="load",
            name="origin",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Its sheet or member, where the file has others too.",
                max_length=500,
            ),
        ),
        migrations.RunSQL([(FILL, [WITHIN])], migrations.RunSQL.noop),
    ]
