"""The history of a file is read by whoever holds its receipt: it names no machine and no process any more."""

from django.db import migrations

WITHOUT_WORKER = """
UPDATE uploads_fileevent SET text = split_part(text, ' by ', 1)
WHERE state = 'loading' AND text LIKE 'attempt % by %'
"""


class Migration(migrations.Migration):
    dependencies = [("uploads", "0018_2026_11_28_1355_rows_left_out")]

    operations = [migrations.RunSQL(WITHOUT_WORKER, migrations.RunSQL.noop)]
