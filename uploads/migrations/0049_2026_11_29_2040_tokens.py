import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0048_2026_11_29_2045_indexes_for_searches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('start', models.CharField(editable=False, help_text='Its first letters, to know it again by.', max_length=20)),
                ('name', models.CharField(help_text='What it is for.', max_length=100)),
                ('scopes', models.JSONField(help_text='What it may do, as upload:prices.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(help_text='To a minute.', null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'token',
                'ordering': ('-id',),
                'permissions': (('revoke_accesstoken', 'Can revoke access tokens'),),
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('revoked_by', None), ('revoked_at__isnull', False), _connector='OR'), name='token_revoked_by'), models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user', 'name'), name='token_name')],
            },
        ),
    ]
