"""Wrong passwords are counted before the next one is tried."""

import django.db.models.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0052_2026_11_29_2103_ready_groups")]

    operations = [
        migrations.CreateModel(
            name="PasswordFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.CharField(
                        help_text="A digest of the name, which may be none of an account.", max_length=64
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        blank=True, help_text="Address, or network where that is IPv6.", max_length=43
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.Now())),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["account", "at"], name="failure_account"),
                    models.Index(fields=["sender", "at"], name="failure_sender"),
                ],
            },
        ),
    ]
