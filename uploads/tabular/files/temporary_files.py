"""Temporary files without a name, where the system can open such: a reader that is killed leaves nothing behind."""

import tempfile
from pathlib import Path
from typing import IO

_DESCRIPTORS = Path("/proc/self/fd")
"""Where Linux lets open files be opened again, each with a position of its own."""


def temporary_file() -> IO[bytes]:
    """An empty file that is gone once it is closed."""
    return tempfile.TemporaryFile() if _DESCRIPTORS.is_dir() else tempfile.NamedTemporaryFile()


def path_of(file: IO[bytes]) -> Path:
    """Where it can be opened once more, as long as it is open."""
    return _DESCRIPTORS / str(file.fileno()) if _DESCRIPTORS.is_dir() else Path(file.name)
