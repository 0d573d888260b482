"""``manage.py makemigrations``, with dated names."""

from django.core.management.commands import makemigrations

from uploads.management.migration_names import DatedAutodetector


class Command(makemigrations.Command):
    autodetector = DatedAutodetector
