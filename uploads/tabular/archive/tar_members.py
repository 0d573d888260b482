"""The members of a tar archive, in the shape in which those of a zip are read."""

import tarfile
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, BinaryIO, cast

from uploads.tabular.archive.zip_members import OpenZip
from uploads.tabular.errors import DamagedFile
from uploads.tabular.files.streams import CountedFile
from uploads.tabular.table import Limits

_UTF8 = 0x800
"""The flag of a zip's member whose name is decoded."""
_UNIX = 3


class OpenTar(OpenZip):
    """A tar, open as long as somebody reads in it. Links, devices and folders are no members: nothing is followed."""

    def __init__(self, path: Path, progress: Callable[[int], None], *, name: str, limits: Limits) -> None:
        super().__init__(path, progress)
        self._name = name
        self._limits = limits

    def acquire(self) -> zipfile.ZipFile:
        """What of a zip's methods is asked of it, ``infolist`` and ``open``; to be released as often as acquired."""
        if self._zip is None:
            with ExitStack() as opening:
                file = opening.enter_context(closing(CountedFile(self._path.open("rb"), self._progress)))
                members = opening.enter_context(closing(_Members(cast("BinaryIO", file), self._name, self._limits)))
                self._zip = cast("zipfile.ZipFile", members)
                self._open = opening.pop_all()
        self._users += 1
        return self._zip


class _Members:
    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self._name = name
        self._found: dict[int, tuple[zipfile.ZipInfo, tarfile.TarInfo]] = {}
        try:
            self._tar = tarfile.TarFile(fileobj=file)
            for member in self._tar:
                if member.isreg():
                    info = _info(member.name)
                    info.file_size = info.compress_size = member.size
                    self._found[id(info)] = (info, member)
                if len(self._found) > limits.members:
                    break
        except (tarfile.TarError, OSError, ValueError, EOFError, OverflowError) as error:
            raise self._damaged() from error

    def infolist(self) -> list[zipfile.ZipInfo]:
        return [info for info, _ in self._found.values()]

    def open(self, info: zipfile.ZipInfo) -> "_Member":
        stream = self._tar.extractfile(self._by_name(info))
        if stream is None:
            raise self._damaged()
        return _Member(stream)

    def _by_name(self, info: zipfile.ZipInfo) -> tarfile.TarInfo:
        if id(info) in self._found:
            return self._found[id(info)][1]
        return next(member for known, member in self._found.values() if known.filename == info.filename)

    def close(self) -> None:
        self._tar.close()

    def _damaged(self) -> DamagedFile:
        return DamagedFile(
            f"{self._name} is damaged: it begins like a tar archive but cannot be read as one.",
            hint="It may have been cut off on its way. Pack it again and upload it once more.",
        )


def _info(name: str) -> zipfile.ZipInfo:
    """A name that is not in UTF-8 is judged with the others like it, as those of a zip are."""
    try:
        name.encode()
    except UnicodeEncodeError:
        info = zipfile.ZipInfo(name.encode("utf-8", "surrogateescape").decode("cp437"))
        info.create_system = _UNIX
        return info
    info = zipfile.ZipInfo(name)
    info.flag_bits = _UTF8
    return info


class _Member:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @property
    def closed(self) -> bool:
        return self._stream.closed

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except tarfile.TarError as error:
            raise EOFError(str(error)) from error

    def close(self) -> None:
        self._stream.close()
