import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0009_2026_11_21_0917_header_lines'),
    ]

    operations = [
        migrations.RenameField(model_name='uploadedfile', old_name='reading_of', new_name='version_of'),
        migrations.AlterField(
            model_name='uploadedfile',
            name='version_of',
            field=models.ForeignKey(blank=True, help_text='The file that was sent, where this one is the same bytes read again in another way.', null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='versions', to='uploads.uploadedfile'),
        ),
        migrations.RenameField(model_name='load', old_name='told', new_name='applied_options'),
    ]
