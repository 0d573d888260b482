"""The text that a table was read from, opened among the stored bytes: the file, what is packed in it, or a member.

What is packed has no places to begin at, so all bytes above a line are unpacked, up to a bound.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from uploads.tabular.errors import DamagedFile, LineOutOfReach
from uploads.tabular.files.kind import Kind, content_kind
from uploads.tabular.files.packings import PACKED
from uploads.tabular.files.streams import Budget, Readable, UnpackedStream
from uploads.tabular.source_lines.around import Positioned, SeekableBytes, StreamedBytes
from uploads.tabular.table import Limits, ReadOptions

PLAIN_BYTES = 2 * 2**30
"""That are looked through for line ends at once where no index helps: about a second."""
UNPACKED_BYTES = 256 * 2**20
"""That are unpacked to reach a line."""
_SLOW_BYTES = 32 * 2**20
"""The same where unpacking is ten times slower."""
_SLOW = frozenset({Kind.BZIP2, Kind.XZ})
_HEAD = 4096


@contextmanager
def open_text(path: Path, *, name: str, member: str) -> Iterator[tuple[Positioned, int]]:
    """The bytes of the text, and how many of them may be read.

    ``member``: the archive's, with or without the place of a table in it behind a slash. Raises ``FileError`` where the
    text isn't there or can't be unpacked.
    """
    with path.open("rb") as file:
        kind = content_kind(file.read(_HEAD), name=name)
        file.seek(0)
        if kind in PACKED:
            most = _SLOW_BYTES if kind in _SLOW else UNPACKED_BYTES
            yield StreamedBytes(_unpacked(file, kind, path=path, name=name), most_bytes=most), most
        elif kind in (Kind.ZIP, Kind.TAR):
            with _open_member(path, name=name, member=member, is_tar=kind is Kind.TAR) as stream:
                yield StreamedBytes(stream, most_bytes=UNPACKED_BYTES), UNPACKED_BYTES
        else:
            yield SeekableBytes(file), PLAIN_BYTES


def is_packed(head: bytes, *, name: str) -> bool:
    """Whether reaching a line takes unpacking."""
    return content_kind(head, name=name) in {*PACKED, Kind.ZIP, Kind.TAR}


def _unpacked(file: BinaryIO, kind: Kind, *, path: Path, name: str) -> Readable:
    def unpack() -> Readable:
        file.seek(0)
        return UnpackedStream(PACKED[kind](file), name=name, packed=path.stat().st_size, budget=Budget(Limits()))

    if content_kind(unpack().read(_HEAD), name=name) in {*PACKED, Kind.ZIP, Kind.TAR}:
        raise LineOutOfReach(
            f"{name} is packed twice, so its lines are not shown here.", hint="Unpack it and look into the file itself."
        )
    return unpack()


@contextmanager
def _open_member(path: Path, *, name: str, member: str, is_tar: bool) -> Iterator[Readable]:
    from uploads.tabular.archive.member_names import name_members  # noqa: PLC0415 - they load numpy
    from uploads.tabular.archive.tar_members import OpenTar  # noqa: PLC0415
    from uploads.tabular.archive.zip_members import Archive, OpenZip, acquired, shown, source_of  # noqa: PLC0415

    limits = Limits()
    opened = OpenTar(path, _ignore, name=name, limits=limits) if is_tar else OpenZip(path, _ignore)
    archive = Archive(name=name, options=ReadOptions(), limits=limits, zip=opened)
    members = acquired(archive)
    try:
        infos = [info for info in members.infolist() if not info.is_dir()]
        name_members(infos)
        stream = source_of(archive, infos[_place_of(member, [shown(info) for info in infos], name=name)]).open()
        try:
            yield stream
        finally:
            stream.close()
    finally:
        archive.zip.release()


def _place_of(member: str, names: Sequence[str], *, name: str) -> int:
    """Which of the members it is; of two of one name the first, as they were read."""
    exact = [place for place, each in enumerate(names) if each == member]
    begun = [place for place, each in enumerate(names) if member.startswith(f"{each}/") or each.startswith(member)]
    if member and (found := exact or begun):
        return found[0]
    if len(names) == 1:
        return 0
    raise DamagedFile(f"{name} has no member “{member}” any more.", hint="Send the file again.")


def _ignore(_count: int) -> None:
    """Progress that nobody asked for."""
