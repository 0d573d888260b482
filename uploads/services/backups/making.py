"""Make a backup while the site runs: the database of one moment, and the bytes of the files that it knew then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from uploads.database.dumps import dump_database, one_moment, server_version
from uploads.database.locks import Lock, locked
from uploads.database.querying.roles import plain_readers
from uploads.models import Dataset, PartialUpload, UploadedFile
from uploads.services.backups.manifest import DATABASE, FILES, SUMS, Backup, datasets_in, write_manifest
from uploads.services.upkeep.migration_state import newest_migration
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.tabular.errors import UploaderError

NOT_STORED = (FileState.RECEIVING, FileState.DELETED)


class FolderTaken(UploaderError):
    """The folder for a backup has something in it, or cannot be made."""

    code = "folder_taken"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stored:
    file_id: int
    name: str
    sha256: str


def make_backup(*, folder: Path, say: Callable[[str], None]) -> Backup:
    """Write database and stored files into ``folder``, which is new or empty.

    Loads and activations go on meanwhile. What is deleted stays on the disk until the backup is done, and a file whose
    table is being written out cannot be switched off for so long: that is refused, as beside any long reader.

    Raises ``FolderTaken``, ``ProgramMissing``, ``DumpFailed``, ``DiskFull``. Until it is done the folder has no
    ``backup.json``, and no ``restore_backup`` takes it.
    """
    _make_folder(folder)
    with locked(Lock.BACKING_UP), spool.full_disk_explained():
        with one_moment() as snapshot:
            backup, stored = _survey()
            say(f"Database: {datasets_in(backup)} …")
            dump_database(folder=folder / DATABASE, snapshot=snapshot)
        say(f"Stored files: {len(stored):,} …")
        backup = _copy_files(stored, backup, folder=folder)
    write_manifest(backup, folder=folder)
    return backup


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if next(folder.iterdir(), None) is None:
            return
    except OSError as error:
        raise FolderTaken(f"{folder} cannot be written: {error.strerror}.", hint="Name another folder.") from error
    raise FolderTaken(f"{folder} is not empty.", hint="Name a new folder for each backup, such as backup-2026-11-29.")


def _survey() -> tuple[Backup, list[_Stored]]:
    """What there is at the moment that the caller's transaction sees."""
    files = UploadedFile.objects.exclude(state__in=NOT_STORED).exclude(stored_as="").order_by("pk")
    stored = [
        _Stored(file_id=file_id, name=name, sha256=sha256)
        for file_id, name, sha256 in files.values_list("pk", "stored_as", "sha256")
    ]
    return Backup(
        made_at=timezone.now().isoformat(timespec="seconds"),
        server=server_version(),
        migration=newest_migration(),
        datasets=Dataset.objects.exclude(established_at=None).count(),
        files=0,
        bytes=0,
        unfinished=UploadedFile.objects.filter(state=FileState.RECEIVING).count()
        + PartialUpload.objects.filter(joined_into=None).count(),
        readers=plain_readers(),
    ), stored


def _copy_files(stored: list[_Stored], backup: Backup, *, folder: Path) -> Backup:
    """Each with its hash, in the form that ``sha256sum --check`` reads."""
    missing: list[int] = []
    damaged: list[int] = []
    copied = size = 0
    with _sums(folder) as add:
        for each in stored:
            target = folder / FILES / each.name
            try:
                sha256 = stored_files.copy_out(each.name, target)
            except stored_files.BytesMissing:
                missing.append(each.file_id)
                continue
            if each.sha256 and sha256 != each.sha256:
                damaged.append(each.file_id)
            copied += 1
            size += target.stat().st_size
            add(f"{sha256}  {FILES}/{each.name}\n")
    return replace(backup, files=copied, bytes=size, without_bytes=tuple(missing), damaged=tuple(damaged))


@contextmanager
def _sums(folder: Path) -> Iterator[Callable[[str], object]]:
    with (folder / SUMS).open("x", encoding="utf-8") as target:
        yield target.write
