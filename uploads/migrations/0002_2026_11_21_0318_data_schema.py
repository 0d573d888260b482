"""The schema in which data tables live, apart from the application's own tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("uploads", "0001_2026_11_21_0317_initial")]

    operations = [
        migrations.RunSQL(sql="CREATE SCHEMA IF NOT EXISTS data", reverse_sql="DROP SCHEMA IF EXISTS data"),
    ]
