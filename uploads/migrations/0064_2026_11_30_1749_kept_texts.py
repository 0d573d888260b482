"""Texts that the stored values do not print back are kept from now on; of tables that are there already they are not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0063_2026_11_30_1450_hidden_rows_by_key'),
    ]

    operations = [
        migrations.AddField(
            model_name='load',
            name='keeps_texts',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='load',
            name='keeps_texts',
            field=models.BooleanField(default=True, editable=False, help_text='Whether texts are kept that the stored values do not print back; not of tables that an earlier version loaded.'),
        ),
        migrations.CreateModel(
            name='KeptText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_row', models.BigIntegerField(help_text='The least line or row number among them.')),
                ('last_row', models.BigIntegerField()),
                ('cells', models.BinaryField(help_text='KeptCells as bytes.')),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='kept_texts', to='uploads.load')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
