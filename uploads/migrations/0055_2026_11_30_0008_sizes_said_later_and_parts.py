"""The size of an upload may be said later, and a file may be sent in parts at the same time (tus: concatenation)."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uploads.models.files
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0054_2026_11_29_2125_worker_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartialUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=uploads.models.files.new_token, editable=False, max_length=43, unique=True)),
                ('size', models.BigIntegerField(help_text='Bytes, as announced; checked against what arrives.')),
                ('size_known', models.BooleanField(default=True, help_text='Unless its sender says it later; until then its size is what has arrived.')),
                ('received', models.BigIntegerField(default=0, help_text='Bytes that are durable.')),
                ('stored_as', models.CharField(help_text='Generated name in the spool.', max_length=255)),
                ('visitor', models.CharField(blank=True, help_text='Browser of an anonymous sender.', max_length=43)),
                ('address', models.GenericIPAddressField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(help_text='It is swept after this.')),
                ('position', models.PositiveIntegerField(default=0, help_text='Its place in that file.')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='uploadedfile',
            name='size_known',
            field=models.BooleanField(db_default=True, default=True, editable=False, help_text='Unless its sender says it later; until then its size is what has arrived.'),
        ),
        migrations.AddConstraint(
            model_name='uploadedfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['receiving', 'failed', 'deleted']), ('size_known', True), _connector='OR'), name='file_size_known'),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='joined_into',
            field=models.ForeignKey(help_text='The file it is a part of.', null=True, on_delete=django.db.models.deletion.DB_CASCADE, related_name='parts', to='uploads.uploadedfile'),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='partialupload',
            constraint=models.CheckConstraint(condition=models.Q(('received__gte', 0), ('received__lte', models.F('size'))), name='part_received'),
        ),
        migrations.AddConstraint(
            model_name='partialupload',
            constraint=models.CheckConstraint(condition=models.Q(('joined_into', None), models.Q(('received', models.F('size')), ('size_known', True)), _connector='OR'), name='part_joined_is_whole'),
        ),
    ]
