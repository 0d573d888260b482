"""``manage.py migrate``; it must look for changes as ``makemigrations`` does (system check ``commands.E001``)."""

from django.core.management.commands import migrate

from uploads.management.migration_names import DatedAutodetector


class Command(migrate.Command):
    autodetector = DatedAutodetector
