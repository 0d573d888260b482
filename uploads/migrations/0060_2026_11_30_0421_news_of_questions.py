"""That staff ask the sender of a file something is news too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0059_2026_11_30_0420_held_news'),
    ]

    operations = [
        migrations.AlterField(
            model_name='filenews',
            name='event',
            field=models.CharField(choices=[('file.loaded', 'is loaded'), ('file.rows_rejected', 'has rejected rows'), ('file.waiting_for_review', 'waits for review, or for an answer'), ('file.asked', 'is asked about by staff'), ('file.activated', 'is activated'), ('file.declined', 'is declined'), ('file.failed', 'cannot be loaded'), ('file.duplicate', 'is here already'), ('test', 'a test')], max_length=30),
        ),
        migrations.AlterField(
            model_name='newsdelivery',
            name='event',
            field=models.CharField(choices=[('file.loaded', 'is loaded'), ('file.rows_rejected', 'has rejected rows'), ('file.waiting_for_review', 'waits for review, or for an answer'), ('file.asked', 'is asked about by staff'), ('file.activated', 'is activated'), ('file.declined', 'is declined'), ('file.failed', 'cannot be loaded'), ('file.duplicate', 'is here already'), ('test', 'a test')], max_length=30),
        ),
    ]
