"""A database that is ready for a command: it answers, and is migrated as far as this program."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from psycopg import pq
from psycopg.conninfo import make_conninfo

from uploads.database.locks import Lock, locked
from uploads.management.exit_status import ExitStatus
from uploads.services.upkeep.migration_state import MigrationState, find_migration_state

AGAIN_SECONDS = 0.5
PING_SECONDS = 10


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


def wait_until_open(*, say: Callable[[str], None]) -> None:
    """While the server is there and lets nobody in, for it starts, recovers or stops, wait, and ``say`` so once.

    Raises ``CommandError`` where an embedded server cannot be started.
    """
    if not is_opening():
        return
    say("The database is starting or recovering, and lets nobody in yet. Waiting for it; Ctrl-C ends that.")
    while is_opening():
        time.sleep(AGAIN_SECONDS)


def is_unready(error: CommandError) -> bool:
    """Whether a command could not begin because of its database."""
    return error.returncode == ExitStatus.UNREADY


def is_opening() -> bool:
    """What PostgreSQL calls rejecting; the error of a connection that is refused then has no SQLSTATE to tell by."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    with reaching_database():
        params = {name: value for name, value in connection.get_connection_params().items() if name in known}
    conninfo = make_conninfo(**{**params, "connect_timeout": PING_SECONDS})
    return pq.PGconn.ping(conninfo.encode()) == pq.Ping.REJECT


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
