"""A database that is ready for a command: it answers, and is migrated as far as this program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from uploads.database.locks import Lock, locked
from uploads.management.exit_status import ExitStatus
from uploads.services.upkeep.migration_state import MigrationState, find_migration_state


def make_ready(*, say: Callable[[str], None]) -> None:
    """Make and migrate a database of our own and ``say`` so; of any other, say what to run, and end the command."""
    with reaching_database():
        state = find_migration_state()
    if not state.sentence:
        return
    own_folder = _own_folder()
    if own_folder is None or state.ahead:
        raise CommandError(state.sentence, returncode=ExitStatus.UNREADY)
    with locked(Lock.MIGRATING):
        before = find_migration_state()  # another command, which had the lock first, may have migrated by now
        if before.pending:
            call_command("migrate", verbosity=0, interactive=False)
            say(_message(before, own_folder()))


@contextmanager
def reaching_database() -> Iterator[None]:
    """A database that doesn't answer, or not to us, ends the command with a sentence."""
    try:
        yield
    except DatabaseError as error:
        raise CommandError(_reason(error), returncode=ExitStatus.UNREADY) from error


def _own_folder() -> Callable[[], Path] | None:
    """Only the embedded database has it, which nobody but this program looks after."""
    found: Callable[[], Path] | None = getattr(connection, "own_folder", None)
    return found


def _reason(error: DatabaseError) -> str:
    if not isinstance(error.__cause__, psycopg.Error):
        return str(error)  # the embedded server's own words, which say what to do
    database = "The database" if _own_folder() else "The database of DATABASE_URL"
    reason = str(error).partition("\n")[0].strip().rstrip(".")
    return f"{database} cannot be used: {reason}."


def _message(before: MigrationState, folder: Path) -> str:
    base = settings.BASE_DIR
    place = folder.relative_to(base) if folder.is_relative_to(base) else folder
    done = f"{before.pending:,} migration{'s' * (before.pending != 1)} applied."
    if before.applied:
        return f"Brought the database in {place} up to date: {done}"
    return f"Made the database in {place}: {done}"
