"""The tables in a zip archive, read member by member as streams; nothing is extracted by name."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from uploads.domain.detection_content import Kind, content_kind
from uploads.domain.errors import DamagedFile, EmptyFile, FileError, LimitExceeded, NestedArchive, NoDataRows, NotATable
from uploads.domain.reading.csv_opening import further_tables, open_csv
from uploads.domain.reading.csv_table import CsvTable
from uploads.domain.reading.streams import Budget, ByteSource, CountedFile, Readable, UnpackedStream, encrypted
from uploads.domain.reading.transcoding import printable
from uploads.domain.table import Account, Dialect, Limits, ReadOptions, SourceTable, TextChunk
from uploads.domain.workbooks import open_sheets

_HEAD = 4096
_TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".txt", ".ssv", ".psv", ".dat", ".asc", ".data", ".gz", ""}
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_AES = 99
_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd"}
"""Packing methods that people meet and Python's zipfile doesn't know (APPNOTE 4.4.5); Windows takes 9 past 2 GB."""
_PROSE = {"readme", "license", "licence", "copying", "changelog", "notice"}


@dataclass(frozen=True, slots=True)
class MemberTable:
    """A table from within an archive: the member's name comes before the sheet's."""

    table: SourceTable
    member: str
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str | None:
        return f"{self.member}/{self.table.source}" if self.table.source else self.member

    @property
    def dialect(self) -> Dialect:
        dialect = self.table.dialect
        return replace(dialect, notes=(*self.notes, *dialect.notes)) if self.notes else dialect

    @property
    def labels(self) -> tuple[str, ...]:
        return self.table.labels

    @property
    def preamble(self) -> int:
        return self.table.preamble

    @property
    def footer(self) -> int:
        return self.table.footer

    @property
    def account(self) -> Account:
        return self.table.account

    def chunks(self) -> Iterator[TextChunk]:
        return self.table.chunks()


@dataclass(kw_only=True, slots=True)
class _Archive:
    path: Path
    name: str
    options: ReadOptions
    limits: Limits
    progress: Callable[[int], None]
    unpacked: int = 0
    """Real unpacked bytes of the members looked at so far."""


@dataclass(kw_only=True, slots=True)
class _Found:
    """An archive's members, sorted."""

    texts: list[tuple[zipfile.ZipInfo, SourceTable]] = field(default_factory=list)
    books: list[zipfile.ZipInfo] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    problems: list[FileError] = field(default_factory=list)

    def leave(self, info: zipfile.ZipInfo, error: FileError) -> None:
        """Leave out what holds no table. A damaged member fails the archive: half of one would look like all of it."""
        self.problems.append(error)
        self.skipped.append(_shown(info))


def open_archive(
    path: Path, *, name: str, options: ReadOptions, limits: Limits, progress: Callable[[int], None]
) -> Iterator[SourceTable]:
    """Yield each table in a zip; what is no table is named in the notes of the first one."""
    archive = _Archive(path=path, name=name, options=options, limits=limits, progress=progress)
    found = _look_through(archive)
    held: MemberTable | None = None
    # One table is held back, so that whatever the next member turns out to be can still be said with it.
    for table in _tables(archive, found):
        if held is not None:
            yield replace(held, notes=_left_out(name, found.skipped))
            yield from _further(archive, held)
            found.skipped.clear()
        held = table
    if held is None:
        raise _no_table(name, found.problems)
    yield replace(held, notes=_left_out(name, found.skipped))
    yield from _further(archive, held)


def _further(archive: _Archive, member: MemberTable) -> Iterator[MemberTable]:
    """Other tables in a member that is a text; they show once it has been read."""
    if isinstance(member.table, CsvTable):
        for table in further_tables(member.table, options=archive.options, limits=archive.limits):
            yield MemberTable(table, member.member)


def _look_through(archive: _Archive) -> _Found:
    """All members: texts are opened, workbooks only told, the rest is left out."""
    found = _Found()
    for info in _members(archive):
        if _is_hidden(info.filename):
            found.skipped.append(_shown(info))
            continue
        try:
            kind = _member_kind(archive, info)
            if kind is None:
                found.skipped.append(_shown(info))
            elif kind is Kind.TEXT:
                found.texts.append((info, _open_text(archive, info)))
            else:
                found.books.append(info)
        except (NotATable, EmptyFile, NoDataRows) as error:
            found.leave(info, error)
    return found


def _tables(archive: _Archive, found: _Found) -> Iterator[MemberTable]:
    for info, table in found.texts:
        yield MemberTable(table, _shown(info))
    for info in found.books:
        try:
            for table in _open_book(archive, info):
                yield MemberTable(table, _shown(info))
        except (NotATable, EmptyFile, NoDataRows) as error:
            found.leave(info, error)


def _no_table(name: str, problems: Sequence[FileError]) -> FileError:
    if len(problems) == 1:
        return problems[0]
    return NotATable(f"{name} holds no table.", hint="Pack the CSV or Excel files themselves.")


def _left_out(name: str, members: Sequence[str]) -> tuple[str, ...]:
    return (f"Left out of {name}: {_listed(members)}.",) if members else ()


def _members(archive: _Archive) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(archive.path) as zipped:
            infos = [info for info in zipped.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged(archive.name) from error
    if len(infos) > archive.limits.members:
        raise LimitExceeded(
            f"{archive.name} has {len(infos):,} members; at most {archive.limits.members:,} are read.",
            hint="Split the archive into smaller ones.",
        )
    if not infos:
        raise EmptyFile(f"{archive.name} is an empty archive.", hint="Pack the tables again.")
    return infos


def _is_hidden(member: str) -> bool:
    parts = [part for part in PurePosixPath(member.replace("\\", "/")).parts if part not in {".", ".."}]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1:] in (
        ["Thumbs.db"],
        ["desktop.ini"],
    )


def _shown(info: zipfile.ZipInfo) -> str:
    """A member's name as its packer meant it: without the UTF-8 flag, zipfile reads every name as cp437."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return printable(info.filename)
    raw = info.orig_filename.encode("cp437")
    for codec in ("utf-8", "cp932", "gb18030"):
        try:
            name = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or any("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in name):
            return printable(name)
    return printable(info.filename)


def _member_kind(archive: _Archive, info: zipfile.ZipInfo) -> Kind | None:
    """How to open a member; ``None``: it is not meant as a table."""
    pure = PurePosixPath(info.filename.lower())
    if info.flag_bits & 0x1:
        if pure.suffix not in _TEXT_SUFFIXES | _WORKBOOK_SUFFIXES:
            return None
        raise encrypted(_place(archive, info))
    stream = _source(archive, info).open()
    try:
        head = stream.read(_HEAD)
    finally:
        stream.close()
    if not head:
        raise EmptyFile(
            f"{_place(archive, info)} is empty.", hint="Check that the export worked and upload the file again."
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and pure.suffix in _WORKBOOK_SUFFIXES:
        return Kind.ZIP
    kind = content_kind(head, name=_place(archive, info))
    if kind in (Kind.ZIP, Kind.GZIP):
        raise NestedArchive(
            f"{archive.name} holds another archive, {_shown(info)}.",
            hint="Unpack it once and upload what is in it.",
        )
    if kind is Kind.CFB:
        return Kind.CFB if pure.suffix in _WORKBOOK_SUFFIXES else None
    return Kind.TEXT if pure.suffix in _TEXT_SUFFIXES and pure.stem not in _PROSE else None


def _source(archive: _Archive, info: zipfile.ZipInfo) -> ByteSource:
    before = archive.unpacked

    def unpack() -> Readable:
        budget = Budget(archive.limits, before=before)
        return UnpackedStream(
            _MemberStream(archive, info), name=_place(archive, info), packed=info.compress_size, budget=budget
        )

    return ByteSource(name=_place(archive, info), source=None, open=unpack)


def _place(archive: _Archive, info: zipfile.ZipInfo) -> str:
    """A member, for messages."""
    return f"{_shown(info)} in {archive.name}"


class _MemberStream:
    """A member's bytes, with the archive held open as long as they are read."""

    def __init__(self, archive: _Archive, info: zipfile.ZipInfo) -> None:
        file = CountedFile(archive.path.open("rb"), archive.progress)
        self._zip: zipfile.ZipFile | None = None
        try:
            self._zip = zipfile.ZipFile(cast("BinaryIO", file))
            self._stream = self._zip.open(info)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
            file.close()
            raise _damaged(archive.name) from error
        except NotImplementedError as error:
            file.close()
            raise _unread_packing(archive, info) from error
        self._file = file
        self._name = _place(archive, info)

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except zipfile.BadZipFile as error:
            raise DamagedFile(
                f"{self._name} is damaged: its content does not match its checksum.",
                hint="Pack the file again and upload it once more.",
            ) from error

    def close(self) -> None:
        self._stream.close()
        if self._zip is not None:
            self._zip.close()
        self._file.close()


def _unread_packing(archive: _Archive, info: zipfile.ZipInfo) -> FileError:
    if info.compress_type == _AES:
        return encrypted(_place(archive, info))
    method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
    return DamagedFile(
        f"{_place(archive, info)} is packed with {method}, which is not read here.",
        hint="Pack it as an ordinary zip (method Deflate) or as .gz, or upload it unpacked.",
    )


def _open_text(archive: _Archive, info: zipfile.ZipInfo) -> SourceTable:
    counting = _Counting(_source(archive, info))
    table = open_csv(counting.source, options=archive.options, limits=archive.limits)
    archive.unpacked += counting.size
    return table


class _Counting:
    """A byte source that remembers how many bytes its longest pass gave."""

    def __init__(self, source: ByteSource) -> None:
        self.size = 0
        self.source = replace(source, open=lambda: _CountingStream(source.open(), self))


class _CountingStream:
    def __init__(self, stream: Readable, counting: _Counting) -> None:
        self._stream = stream
        self._counting = counting
        self._read = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._read += len(data)
        self._counting.size = max(self._counting.size, self._read)
        return data

    def close(self) -> None:
        self._stream.close()


def _open_book(archive: _Archive, info: zipfile.ZipInfo) -> Iterator[SourceTable]:
    """Spool a workbook to a temporary file (its format needs random access) and open its sheets."""
    with tempfile.NamedTemporaryFile(suffix=PurePosixPath(info.filename).suffix) as spool:
        stream = _source(archive, info).open()
        try:
            shutil.copyfileobj(cast("BinaryIO", stream), spool, 2**20)
        finally:
            stream.close()
        spool.flush()
        archive.unpacked += spool.tell()
        yield from open_sheets(
            Path(spool.name), name=_place(archive, info), options=archive.options, limits=archive.limits
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 5 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _damaged(name: str) -> DamagedFile:
    return DamagedFile(
        f"{name} is damaged: it begins like a zip archive but cannot be read as one.",
        hint="It may have been cut off on its way. Pack it again and upload it once more.",
    )
