"""What a file is decides how it is opened: text, workbook, gzip, or an archive of those."""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from uploads.tabular.archive.open_archive import open_archive
from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import DamagedFile, EmptyFile, NestedArchive, NotATable
from uploads.tabular.files.kind import MARKUP, Kind, content_kind
from uploads.tabular.files.streams import Budget, ByteSource, CountedFile, Readable, UnpackedStream
from uploads.tabular.formats import WORKBOOK_SUFFIXES
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.text.open_text import open_texts
from uploads.tabular.workbook.kind import is_workbook
from uploads.tabular.workbook.open_workbook import open_sheets
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK

Progress = Callable[[int], None]
_HEAD = 4096


def _ignore(_count: int) -> None:
    """Progress that nobody asked for."""


def open_tables(
    path: Path, *, name: str, options: ReadOptions, limits: Limits, progress: Progress = _ignore
) -> Iterator[SourceTable]:
    """Yield each table of the stored file ``path``, which was uploaded under ``name``.

    Content decides before the extension. ``progress`` gets the number of stored bytes read so far in the current pass.
    Raises ``FileError`` with a sentence for people where the file, as a whole or in a member, cannot be read.
    """
    if path.stat().st_size == 0:
        raise EmptyFile(f"{name} is empty.", hint="Check that the export worked and upload the file again.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = content_kind(head, name=name)
    if kind is Kind.TEXT:
        yield from open_texts(_plain_source(path, name, progress), options=options, limits=limits)
    elif kind is Kind.GZIP:
        yield from open_texts(_gzip_source(path, name, progress, limits), options=options, limits=limits)
    elif kind is Kind.CFB or kind in MARKUP or _is_workbook(path, name):
        yield from open_sheets(path, name=name, options=options, limits=limits, markup=MARKUP.get(kind))
    else:
        yield from open_archive(path, name=name, options=options, limits=limits, progress=progress)


def _plain_source(path: Path, name: str, progress: Progress) -> ByteSource:
    return ByteSource(name=name, open=lambda: CountedFile(path.open("rb", buffering=0), progress))


def _gzip_source(path: Path, name: str, progress: Progress, limits: Limits) -> ByteSource:
    packed = path.stat().st_size

    def unpack() -> Readable:
        file = CountedFile(path.open("rb"), progress)
        stream = gzip.GzipFile(fileobj=file, mode="rb")
        return UnpackedStream(stream, name=name, packed=packed, budget=Budget(limits), below=file)

    source = ByteSource(name=name, open=unpack)
    _check_packed_head(source, within=name)
    return source


def _check_packed_head(source: ByteSource, *, within: str) -> None:
    """Refuse what is no text inside a packing."""
    stream = source.open()
    try:
        head = stream.read(_HEAD)
    finally:
        stream.close()
    if not head:
        raise EmptyFile(f"{source.name} is empty.", hint="Check that the export worked and upload the file again.")
    kind = content_kind(head, name=source.name)
    if kind in (Kind.ZIP, Kind.GZIP):
        raise NestedArchive(
            f"{within} holds another archive or a packed workbook.", hint="Unpack it once and upload what is in it."
        )
    if kind is Kind.CFB:
        raise NotATable(f"{within} holds a packed workbook.", hint="Unpack it and upload the workbook itself.")


def _is_workbook(path: Path, name: str) -> bool:
    """Whether a zip is a workbook: an Office or OpenDocument package by its members, not by its name."""
    try:
        with zipfile.ZipFile(path) as package:
            return is_workbook(package, name=name)
    except HARD_TO_UNPACK as error:
        if PurePosixPath(name).suffix.lower() in WORKBOOK_SUFFIXES:
            return True
        raise _damaged(name) from error


def _damaged(name: str) -> DamagedFile:
    return DamagedFile(
        f"{name} is damaged: it begins like a zip archive but cannot be read as one.",
        hint="It may have been cut off on its way. Pack or export it again and upload it once more.",
    )
