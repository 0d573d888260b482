"""``manage.py migrate``; it must look for changes as ``makemigrations`` does (system check ``commands.E001``)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from uploads.database.locks import Lock, locked
from uploads.management.migration_names import DatedAutodetector
from uploads.management.readiness import reaching_database


class Command(migrate.Command):
    autodetector = DatedAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        """One at a time: two that begin on an empty database at the same moment would make each table twice."""
        with reaching_database():
            connection.ensure_connection()
        with locked(Lock.MIGRATING):
            super().handle(*args, **options)
