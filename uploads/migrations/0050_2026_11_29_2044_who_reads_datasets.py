"""Who reads a dataset. Those that are there stay what they were: everybody's; for new ones the setting says it."""

import django.db.models.deletion
import uploads.models.datasets
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('uploads', '0049_2026_11_29_2040_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='visibility',
            field=models.CharField(choices=[('public', 'everybody'), ('signed_in', 'people who are signed in'), ('groups', 'people in some groups')], default='public', help_text='Who reads its rows, and knows of it.', max_length=9),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='visibility',
            field=models.CharField(choices=[('public', 'everybody'), ('signed_in', 'people who are signed in'), ('groups', 'people in some groups')], default=uploads.models.datasets.visibility_at_first, help_text='Who reads its rows, and knows of it.', max_length=9),
        ),
        migrations.CreateModel(
            name='DatasetGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='uploads.dataset')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='auth.group')),
            ],
            options={'default_permissions': ()},
        ),
        migrations.AddConstraint(
            model_name='datasetgroup',
            constraint=models.UniqueConstraint(fields=('dataset', 'group'), name='dataset_group_once'),
        ),
        migrations.AddField(
            model_name='dataset',
            name='groups',
            field=models.ManyToManyField(blank=True, help_text='Whose people read it, where it is for groups; none: staff alone.', related_name='+', through='uploads.DatasetGroup', to='auth.group'),
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(('visibility__in', ['public', 'signed_in', 'groups'])), name='dataset_visibility'),
        ),
    ]
