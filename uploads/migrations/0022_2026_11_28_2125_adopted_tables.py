"""Tables of the database that become datasets: what they were, and a file without bytes."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("uploads", "0021_2026_11_28_2109_second_file")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="adopted",
            field=models.JSONField(
                editable=False,
                help_text="The table of the database that it was before, to be given back as it was.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="uploadedfile",
            name="via",
            field=models.CharField(
                choices=[
                    ("page", "page"),
                    ("tus", "resumable upload"),
                    ("form", "form"),
                    ("api", "API"),
                    ("command", "command"),
                    ("table", "existing table"),
                ],
                default="form",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="uploadedfile", name="file_received_has_hash"),
        migrations.AddConstraint(
            model_name="uploadedfile",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["receiving", "failed", "deleted"]) | ~Q(sha256="") | Q(via="table"),
                name="file_received_has_hash",
            ),
        ),
    ]
