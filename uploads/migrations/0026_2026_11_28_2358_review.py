"""The review: which files wait for staff or for their sender, which were declined, and what was said of it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0025_2026_11_28_2348_columns_matched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('decline', 'declined'), ('question', 'question'), ('answer', 'answer')], max_length=8)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ('file', 'id'),
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='uploadedfile',
            name='review',
            field=models.CharField(blank=True, choices=[('', '–'), ('asked', 'asked, waiting for its sender'), ('answered', 'answered by its sender'), ('declined', 'declined'), ('taken_up', 'taken up again')], editable=False, help_text='What staff said while it waits for them.', max_length=8),
        ),
        migrations.AddField(
            model_name='uploadedfile',
            name='review_at',
            field=models.DateTimeField(editable=False, help_text='When that was said.', null=True),
        ),
        migrations.AddIndex(
            model_name='uploadedfile',
            index=models.Index(condition=models.Q(('state', 'loaded'), models.Q(('activated_at', None), models.Q(('review', ''), _negated=True), _connector='OR')), fields=['created_at', 'id'], name='file_for_review'),
        ),
        migrations.AddConstraint(
            model_name='uploadedfile',
            constraint=models.CheckConstraint(condition=models.Q(('review__in', ['', 'asked', 'answered', 'declined', 'taken_up'])), name='file_review'),
        ),
        migrations.AddConstraint(
            model_name='uploadedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('review', ''), _connector='OR'), name='file_active_is_reviewed'),
        ),
        migrations.AddField(
            model_name='reviewmessage',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='review_messages', to='uploads.uploadedfile'),
        ),
        migrations.AddField(
            model_name='reviewmessage',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='reviewmessage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['decline', 'question', 'answer'])), name='review_message_kind'),
        ),
        migrations.AddConstraint(
            model_name='reviewmessage',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='review_message_says_something'),
        ),
    ]
