"""What a site that was restored from a backup does not send until somebody says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0058_2026_11_30_0030_keys_of_views")]

    operations = [
        migrations.AddField(
            model_name="newssubscription",
            name="is_held",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="senderaddress",
            name="is_held",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
