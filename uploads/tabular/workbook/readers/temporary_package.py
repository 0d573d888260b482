"""A package (zip) written anew for a reader that would not take the file as it is."""

import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from uploads.tabular.files.temporary_files import path_of, temporary_file


class TemporaryPackage:
    """The package, as long as it is open."""

    def __init__(self, write: Callable[[zipfile.ZipFile], None]) -> None:
        """``write``: puts the parts in; what it raises leaves no file behind."""
        with ExitStack() as unless_written:
            self._file: IO[bytes] = unless_written.enter_context(temporary_file())
            with zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
                write(package)
            self._file.flush()
            unless_written.pop_all()

    @property
    def path(self) -> Path:
        """Where it can be read."""
        return path_of(self._file)

    def close(self) -> None:
        """Forget it."""
        self._file.close()
