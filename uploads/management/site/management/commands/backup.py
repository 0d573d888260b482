"""``manage.py backup``: database and stored files of one moment in a folder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.backups.making import make_backup
from uploads.services.backups.manifest import Backup

_LISTED = 20
"""Numbers of files that a sentence names."""


class Command(OperatorCommand):
    help = """\
Write the database and the stored files of one moment into a new folder, while the site runs. Check it at any time by
sha256sum --check SHA256SUMS in that folder; restore puts it into an empty installation.

Not in it: .env and var/secret_key, uploads that are still arriving, files prepared for a download, passwords of roles
that make_reader made.

examples:
  manage.py backup /backups/2026-11-29
  manage.py backup /backups/2026-11-29 --json

exit status: 0 done, 1 not done, or bytes of a file are missing or damaged in the store."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="new, or empty")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, folder: Path, **said: Any) -> None:
        with refusing():
            backup = make_backup(folder=folder, say=self.stderr.write)
        if said["json"]:
            self.stdout.write(json.dumps({"folder": str(folder), **asdict(backup)}, ensure_ascii=False))
        else:
            self.stdout.write(self.style.SUCCESS(f"{folder} has {_figures(backup)}."))
        self._complain(backup)

    def _complain(self, backup: Backup) -> None:
        """The backup is as good as the store; what is wrong with that must not pass in silence."""
        found = []
        if backup.without_bytes:
            found.append(f"The stored bytes of {_named(backup.without_bytes)} are missing on this machine.")
        if backup.damaged:
            found.append(f"The stored bytes of {_named(backup.damaged)} are not those that were sent.")
        if found:
            hint = "Their tables are in the backup. Send these files again to have their bytes, too."
            raise CommandError(" ".join([*found, hint]), returncode=ExitStatus.NOT_DONE)


def _figures(backup: Backup) -> str:
    datasets = f"{backup.datasets:,} dataset{'s' * (backup.datasets != 1)}"
    files = f"{backup.files:,} stored file{'s' * (backup.files != 1)}, {backup.bytes:,} bytes"
    if backup.unfinished:
        return f"{datasets} and {files}; {backup.unfinished:,} still arriving are not in it"
    return f"{datasets} and {files}"


def _named(numbers: tuple[int, ...]) -> str:
    listed = ", ".join(str(number) for number in numbers[:_LISTED])
    if len(numbers) > _LISTED:
        return f"{len(numbers):,} files ({listed}, …)"
    return f"file {listed}" if len(numbers) == 1 else f"files {listed}"
