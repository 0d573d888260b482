"""What a backup says of itself, in ``backup.json``. It is written last: a folder without it is no backup."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from uploads.tabular.errors import UploaderError

FORMAT = 1
NAME = "backup.json"
DATABASE = "database"
"""The folder of the dump."""
FILES = "files"
"""The folder of the stored bytes, under the names that the store has them by."""
SUMS = "SHA256SUMS"
"""Of the stored bytes; ``sha256sum --check`` reads it."""


class NoBackup(UploaderError):
    """The folder holds no backup, half of one, or one that this program cannot read."""

    code = "no_backup"


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """Figures of one moment."""

    made_at: str
    """ISO 8601 with its offset."""
    server: int
    """Version of PostgreSQL."""
    migration: str
    """The last one of the program itself that its database has."""
    datasets: int
    files: int
    """Those whose bytes are in it."""
    bytes: int
    """Of these files, as they were sent."""
    without_bytes: tuple[int, ...] = ()
    """Numbers of files whose bytes were not in the store."""
    damaged: tuple[int, ...] = ()
    """Numbers of files whose bytes are not those that were sent."""
    unfinished: int = 0
    """Uploads that were still arriving; their bytes are not in it."""
    readers: tuple[str, ...] = ()
    """Roles made by ``make_reader``; they belong to the server, and are made again there."""
    format: int = field(default=FORMAT)


def datasets_in(backup: Backup) -> str:
    """``1 dataset``."""
    return f"{backup.datasets:,} dataset{'s' * (backup.datasets != 1)}"


def write_manifest(backup: Backup, *, folder: Path) -> None:
    """In one step, once all the rest is on the disk."""
    partial = folder / f"{NAME}.partial"
    with partial.open("w", encoding="utf-8") as target:
        json.dump(asdict(backup), target, indent=2)
        target.write("\n")
        target.flush()
        os.fsync(target.fileno())
    partial.replace(folder / NAME)


def read_manifest(folder: Path) -> Backup:
    """Raises ``NoBackup``."""
    try:
        said: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        known = said["format"]
        if known == FORMAT:
            said |= {name: tuple(said[name]) for name in ("without_bytes", "damaged", "readers")}
            return Backup(**said)
    except FileNotFoundError as error:
        raise NoBackup(
            f"There is no whole backup in {folder}: {NAME} is missing.",
            hint="It is written last. Choose the folder that manage.py backup wrote to its end.",
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(f"{folder / NAME} cannot be read: {error}.", hint="Choose another backup.") from error
    raise NoBackup(
        f"The backup in {folder} has the format {known}; this program reads {FORMAT}.",
        hint="Restore it with the program that made it, or a newer one.",
    )
