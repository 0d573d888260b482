"""How far the database is migrated, beside the migrations that the program has.

Django's own answer imports every migration and builds a graph of them; here names are compared, in a millisecond.
"""

import functools
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import ProgrammingError, connection


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationState:
    """Numbers of migrations, those of Django and of the queue among them."""

    applied: int
    """0: the database is empty."""
    pending: int
    ahead: int
    """Those that a newer program applied and this one doesn't have."""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do; empty where nothing is."""
        if self.ahead:
            return (
                f"The database is {_migrations(self.ahead)} ahead of this program. "
                "Install the newer program again, or undo them with it first."
            )
        if self.pending:
            return f"The database has {_migrations(self.pending)} to come. Run: python manage.py migrate"
        return ""


def find_migration_state() -> MigrationState:
    """Compare what the database says was applied with what is there to apply."""
    applied, known = _applied(), _known()
    # Unknown ones of before the last known one are no concern: packages fold their old migrations into one.
    ahead = [name for app, name in applied if known.get(app) and name > max(known[app])]
    return MigrationState(
        applied=len(applied),
        pending=sum((app, name) not in applied for app, names in known.items() for name in names),
        ahead=len(ahead),
    )


def newest_migration() -> str:
    """The last migration of the program itself that the database has."""
    return max((name for app, name in _applied() if app == "uploads"), default="")


def knows_migration(name: str) -> bool:
    """Whether this program has a migration of its own of that name."""
    return name in _known()["uploads"]


def _applied() -> frozenset[tuple[str, str]]:
    """Each with its app."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT app, name FROM django_migrations")
        except ProgrammingError as error:
            if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
                return frozenset()
            raise
        return frozenset(cursor.fetchall())


@functools.cache
def _known() -> Mapping[str, frozenset[str]]:
    """The names of the migration files of each app; a process keeps the code that it started with."""
    return {
        app.label: frozenset(
            found.name
            for found in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
            if not found.ispkg and not found.name.startswith(("_", "~"))
        )
        for app in apps.get_app_configs()
    }


def _migrations(number: int) -> str:
    return f"{number:,} migration{'s' * (number != 1)}"
