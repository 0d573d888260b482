"""What a file is decides how it is opened: text, workbook, records, one of them packed, or an archive of those."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from uploads.tabular.archive.open_archive import open_archive
from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import DamagedFile, EmptyFile, NestedArchive
from uploads.tabular.files.kind import MARKUP, RECORDS, Kind, content_kind
from uploads.tabular.files.packings import PACKED
from uploads.tabular.files.sources_said import check_sources
from uploads.tabular.files.streams import Budget, ByteSource, CountedFile, Readable, UnpackedStream
from uploads.tabular.files.temporary_files import path_of, temporary_file
from uploads.tabular.formats import WORKBOOK_SUFFIXES
from uploads.tabular.records.open_columnar import open_columnar
from uploads.tabular.records.open_json import open_json_lists
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
    if kind in PACKED:
        yield from _open_packed(path, name=name, kind=kind, options=options, limits=limits, progress=progress)
        return
    source = ByteSource(name=name, open=lambda: CountedFile(path.open("rb", buffering=0), progress))
    yield from _open_plain(path, source, kind=kind, options=options, limits=limits, progress=progress)


def _open_plain(
    path: Path, source: ByteSource, *, kind: Kind, options: ReadOptions, limits: Limits, progress: Progress
) -> Iterator[SourceTable]:
    """Open what is not packed, or has been unpacked: a text, or JSON, by its ``source``, all others by ``path``."""
    name = source.name
    if kind is Kind.TEXT or kind in RECORDS:
        check_sources(options, name=name, known=())
    if kind is Kind.TEXT:
        yield from open_texts(source, options=options, limits=limits)
    elif kind is Kind.JSON:
        yield from open_json_lists(source, file=name, options=options, limits=limits)
    elif kind in RECORDS:
        yield open_columnar(path, name=name, kind=RECORDS[kind], options=options, limits=limits)
    elif kind is Kind.CFB or kind in MARKUP or (kind is Kind.ZIP and _is_workbook(path, name)):
        yield from open_sheets(path, name=name, options=options, limits=limits, markup=MARKUP.get(kind))
    else:
        is_tar = kind is Kind.TAR
        yield from open_archive(path, name=name, options=options, limits=limits, progress=progress, is_tar=is_tar)


def _open_packed(
    path: Path, *, name: str, kind: Kind, options: ReadOptions, limits: Limits, progress: Progress
) -> Iterator[SourceTable]:
    """Open what a packing holds: a stream of text as it comes, what needs random access from a temporary file."""
    packed = path.stat().st_size

    def unpack() -> Readable:
        file = CountedFile(path.open("rb"), progress)
        stream = PACKED[kind](cast("BinaryIO", file))
        return UnpackedStream(stream, name=name, packed=packed, budget=Budget(limits), below=file)

    source = ByteSource(name=name, open=unpack)
    head = _first_bytes(source)
    if not head:
        raise EmptyFile(f"{name} is empty.", hint="Check that the export worked and upload the file again.")
    inner = content_kind(head, name=name)
    if inner in PACKED:
        raise _nested(name)
    if inner in _AS_STREAMS:
        yield from _open_plain(path, source, kind=inner, options=options, limits=limits, progress=progress)
        return
    with temporary_file() as spool:
        stream = source.open()
        try:
            shutil.copyfileobj(cast("BinaryIO", stream), spool, 2**20)
        finally:
            stream.close()
        spool.flush()
        if inner is Kind.ZIP and not _is_workbook(path_of(spool), name):
            raise _nested(name)
        unpacked = path_of(spool)
        yield from _open_plain(unpacked, source, kind=inner, options=options, limits=limits, progress=_ignore)


_AS_STREAMS = frozenset({Kind.TEXT, Kind.JSON})


def _nested(name: str) -> NestedArchive:
    return NestedArchive(f"{name} holds another archive.", hint="Unpack it once and upload what is in it.")


def _first_bytes(source: ByteSource) -> bytes:
    stream = source.open()
    try:
        head = b""
        while len(head) < _HEAD and (block := stream.read(_HEAD - len(head))):
            head += block
        return head
    finally:
        stream.close()


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
