"""Exports in the background can be cancelled: by the browser or account that asked, unless somebody else waits too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0046_2026_11_29_2050_rows_repeated")]

    operations = [
        migrations.AddField(
            model_name="preparedexport",
            name="visitor",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The browser of whoever asked first, without an account.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="preparedexport",
            name="is_shared",
            field=models.BooleanField(
                default=False,
                help_text="Somebody else asked for the same meanwhile: it is no longer one person's to cancel.",
            ),
        ),
        migrations.AlterField(
            model_name="preparedexport",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("running", "being prepared"),
                    ("ready", "ready"),
                    ("failed", "failed"),
                    ("ended", "ended"),
                    ("cancelled", "cancelled"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="preparedexport", name="prepared_export_state"),
        migrations.AddConstraint(
            model_name="preparedexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "running", "ready", "failed", "ended", "cancelled"])),
                name="prepared_export_state",
            ),
        ),
    ]
