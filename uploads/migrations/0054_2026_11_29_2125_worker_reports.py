"""Workers say which guards confine the processes that read files, and what they swept."""

import django.db.models.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0053_2026_11_29_2040_wrong_passwords")]

    operations = [
        migrations.CreateModel(
            name="WorkerReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("machine", models.CharField(max_length=200, unique=True)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.Now())),
                (
                    "guards",
                    models.JSONField(default=list, help_text="What confines the processes that read files."),
                ),
                ("swept_at", models.DateTimeField(null=True)),
                (
                    "swept",
                    models.JSONField(default=dict, help_text="How often each thing was mended since it started."),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
