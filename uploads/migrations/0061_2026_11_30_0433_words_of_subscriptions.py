"""What columns of subscriptions are called."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0060_2026_11_30_0421_news_of_questions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='newssubscription',
            name='is_on',
            field=models.BooleanField(default=True, verbose_name='switched on'),
        ),
        migrations.AlterField(
            model_name='newssubscription',
            name='way',
            field=models.CharField(choices=[('webhook', 'webhook'), ('mail', 'mail')], default='webhook', max_length=7, verbose_name='way'),
        ),
    ]
