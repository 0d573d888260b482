"""``manage.py restore``: a backup comes back, in an installation that is empty."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser

from uploads.database.locks import Lock, locked
from uploads.database.querying.roles import RolesMissing
from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.backups.manifest import Backup
from uploads.services.backups.restoring import restore_backup, settle_restored
from uploads.services.news.holding import HeldNews, held_news
from uploads.services.querying.readers import let_readers_read
from uploads.web.news.sentences import RESUME, held_sentence


class Command(OperatorCommand):
    help = f"""\
Put a backup into an empty installation: a new clone, or a new database and VAR_DIR. Stop the site and its workers
first. Everything is checked before anything changes, each stored file by its hash; a backup of an older version is
migrated. People sign in as they did when the backup was made. Nobody is told of files by webhook or mail until
{RESUME} says that this site takes the place of the other one.

examples:
  manage.py restore /backups/2026-11-29

exit status: 0 done, 1 refused or not done."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="that manage.py backup wrote")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, folder: Path, **said: Any) -> None:
        with refusing():
            backup = restore_backup(folder=folder, say=self.stderr.write)
            with locked(Lock.MIGRATING):
                call_command("migrate", verbosity=0, interactive=False)
            settle_restored()
            held, readers = held_news(), _let_readers_read()
        if said["json"]:
            self.stdout.write(
                json.dumps({"folder": str(folder), **asdict(backup), "held_news": asdict(held)}, ensure_ascii=False)
            )
            return
        self.stdout.write(self.style.SUCCESS(f"{folder}, made {backup.made_at}, is restored. Start the site again."))
        for sentence in [*readers, *_left(backup, held)]:
            self.stdout.write(sentence)


def _let_readers_read() -> list[str]:
    """The backup is in its place already: where roles cannot be made, that is said beside it."""
    try:
        let_readers_read()
    except RolesMissing as error:
        return [f"{error.message} {error.hint}"]
    return []


def _left(backup: Backup, held: HeldNews) -> list[str]:
    """What a person has to do, if anything."""
    left = []
    if backup.readers:
        left.append(f"Make the roles that read by SQL again, by make_reader: {', '.join(backup.readers)}.")
    if backup.unfinished:
        left.append(f"{backup.unfinished:,} uploads had not arrived whole: their senders have to send them again.")
    if held:
        left.append(f"{held_sentence(held)} Where this site takes the place of the other: {RESUME}.")
    return left
