"""Put a backup into an installation that is empty, so that nothing of anybody's is ever overwritten."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.functions import Now

from uploads.database.dumps import foreign_tables, other_sessions, restore_database, server_version, tables_in_public
from uploads.models import Dataset, PartialUpload, PreparedExport, UploadedFile
from uploads.services.backups.manifest import DATABASE, FILES, NAME, SUMS, Backup, NoBackup, datasets_in, read_manifest
from uploads.services.news.holding import HOLD, hold_news
from uploads.services.preparing.ending import end_export
from uploads.services.upkeep.migration_state import knows_migration
from uploads.states import EndReason, ExportState, FileState
from uploads.store import spool, stored_files
from uploads.tabular.errors import UploaderError

_QUEUE = "procrastinate_"
_SHOWN = 5
"""Names that a sentence lists."""


class NotEmpty(UploaderError):
    """There is something here that a backup would take the place of."""

    code = "not_empty"


class SiteRuns(UploaderError):
    """Something else is connected to the database."""

    code = "site_runs"


class NewerBackup(UploaderError):
    """The backup was made by a newer program, or of a newer server, than there is here."""

    code = "newer_backup"


class BackupDamaged(UploaderError):
    """Bytes in the backup are not those that were put into it."""

    code = "backup_damaged"


def restore_backup(*, folder: Path, say: Callable[[str], None]) -> Backup:
    """Put the backup in ``folder`` in place of this installation's empty database, and its files into the store.

    All is checked before anything changes; the database changes in one transaction, and tells nobody of files from
    then on: whoever reads the news of one site would have those of two. Afterwards the database is as old
    as the backup: it is to be migrated, and then ``settle_restored`` is to be called.

    Raises ``NoBackup``, ``NewerBackup``, ``NotEmpty``, ``SiteRuns``, ``BackupDamaged``, ``ProgramMissing``,
    ``DumpFailed``, ``DiskFull``.
    """
    backup = read_manifest(folder)
    _check_versions(backup)
    _check_empty()
    _check_alone()
    sums = _read_sums(folder)
    say(f"Stored files: {len(sums):,} …")
    copied: list[str] = []
    try:
        with spool.full_disk_explained():
            _copy_files(sums, folder=folder, copied=copied)
        say(f"Database: {datasets_in(backup)} …")
        restore_database(folder=folder / DATABASE, then=HOLD)
    except BaseException:
        for name in copied:
            stored_files.delete(name)
        raise
    connection.close()  # what it knows of tables and types is of those that are gone
    return backup


def settle_restored() -> None:
    """End what the backup could not have: files made ready for a download, and uploads that were still arriving. Hold
    the news of a backup that is too old to have done so by itself."""
    hold_news()
    for export in PreparedExport.objects.filter(state=ExportState.READY):
        end_export(export, EndReason.RESTORED)
    UploadedFile.objects.filter(state=FileState.RECEIVING).update(expires_at=Now())
    PartialUpload.objects.update(expires_at=Now())


def _check_versions(backup: Backup) -> None:
    if not knows_migration(backup.migration):
        raise NewerBackup(
            f"The backup was made by a newer version of this program (its database has {backup.migration}).",
            hint="Install that version, or a newer one, and restore again.",
        )
    if backup.server > (here := server_version()):
        raise NewerBackup(
            f"The backup is of PostgreSQL {backup.server}; the server here is PostgreSQL {here}.",
            hint=f"Restore it into a server of version {backup.server} or newer.",
        )


def _check_empty() -> None:
    here = {
        "file": UploadedFile.objects.count(),
        "dataset": Dataset.objects.count(),
        "further account": max(0, get_user_model().objects.count() - 1),  # the first administrator is made by itself
    }
    found = [f"{count:,} {name}{'s' * (count != 1)}" for name, count in here.items() if count]
    if found:
        raise NotEmpty(
            f"Here are {' and '.join(found)} already, and a backup takes the place of nothing.",
            hint="Restore into an empty installation: a new clone, or a new database (DATABASE_URL) and VAR_DIR.",
        )
    ours = set(connection.introspection.django_table_names(only_existing=False)) | {"django_migrations"}
    others = sorted(each for each in tables_in_public() - ours if not each.startswith(_QUEUE))
    if others := [*others, *foreign_tables()]:
        more = f" and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
        raise NotEmpty(
            f"The database has tables that are not this program's: {', '.join(others[:_SHOWN])}{more}.",
            hint="Restore into a database of its own.",
        )


def _check_alone() -> None:
    if others := other_sessions():
        raise SiteRuns(
            f"The database is in use by {len(others):,} more: {', '.join(sorted(set(others))[:_SHOWN])}.",
            hint="Stop the site and its workers, restore, and start them again.",
        )


def _read_sums(folder: Path) -> dict[str, str]:
    """SHA-256 by the name in the store."""
    sums: dict[str, str] = {}
    try:
        with (folder / SUMS).open(encoding="utf-8") as lines:
            for line in lines:
                sha256, _, path = line.rstrip("\n").partition("  ")
                name = path.removeprefix(f"{FILES}/")
                if not name or ".." in Path(name).parts or Path(name).is_absolute():
                    raise NoBackup(
                        f"{folder / SUMS} names “{path}”, which no backup has.", hint="Choose another backup."
                    )
                sums[name] = sha256
    except FileNotFoundError as error:
        raise NoBackup(f"{folder / SUMS} is missing, {NAME} is not.", hint="Choose another backup.") from error
    return sums


def _copy_files(sums: dict[str, str], *, folder: Path, copied: list[str]) -> None:
    for name, sha256 in sums.items():
        source = folder / FILES / name
        if not source.is_file():
            raise BackupDamaged(f"{source} is missing.", hint="Choose another backup; nothing was changed.")
        if stored_files.exists(name):
            raise NotEmpty(
                f"The store has a file {name} already: it is that of another installation.",
                hint="Restore with a VAR_DIR (or STORAGE_BUCKET) of its own; nothing was changed.",
            )
        copied.append(name)
        if stored_files.copy_in(source, name) != sha256:
            raise BackupDamaged(
                f"The bytes of {source} are not those that were put there.",
                hint="Choose another backup; nothing was changed.",
            )
