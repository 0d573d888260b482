"""What the texts of the history alone have told so far: who took a file back, and of which reading a text tells.

Django's record keeps no words of a reading from now on: they stand in the history, from where they go with the reading.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WITHDRAWN = """
UPDATE uploads_uploadedfile AS file SET withdrawn = true
WHERE state = 'deleted' AND EXISTS (
    SELECT FROM uploads_fileevent WHERE file_id = file.id AND state = 'deleted' AND text = 'withdrawn by its sender'
)"""
ABOUT = r"""
UPDATE uploads_fileevent AS event SET about_id = reading.id
FROM uploads_uploadedfile AS reading
WHERE event.text ~ '^read again as file \d+(,|$)' AND reading.id::text = substring(event.text FROM 'file (\d+)')"""
LOGGED = r"""
UPDATE django_admin_log SET change_message = substring(change_message FROM '^Read again as file \d+') || '.'
WHERE change_message ~ '^Read again as file \d+,'
AND content_type_id = (SELECT id FROM django_content_type WHERE app_label = 'uploads' AND model = 'uploadedfile')"""


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('uploads', '0061_2026_11_30_0433_words_of_subscriptions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='fileevent',
            name='about',
            field=models.ForeignKey(editable=False, help_text='The reading that was made of this file then: what is said of it goes when that one is deleted.', null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to='uploads.uploadedfile'),
        ),
        migrations.AddField(
            model_name='uploadedfile',
            name='withdrawn',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Its sender took it back, so it is deleted.'),
        ),
        migrations.AddConstraint(
            model_name='uploadedfile',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn', False), ('state', 'deleted'), _connector='OR'), name='file_withdrawn_is_deleted'),
        ),
        migrations.RunSQL([WITHDRAWN, ABOUT, LOGGED], migrations.RunSQL.noop),
    ]
