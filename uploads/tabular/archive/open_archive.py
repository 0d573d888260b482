"""The tables in a zip archive, read member by member as streams; nothing is extracted by name."""

import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from uploads.tabular.archive.member_names import name_members
from uploads.tabular.archive.tar_members import OpenTar
from uploads.tabular.archive.zip_members import Archive, Counting, OpenZip, acquired, place_of, shown, source_of
from uploads.tabular.chunks import SourceTable, TextChunk
from uploads.tabular.errors import EmptyFile, FileError, LimitExceeded, NestedArchive, NoDataRows, NotATable
from uploads.tabular.files.kind import MARKUP, RECORDS, Kind, content_kind
from uploads.tabular.files.packings import PACKED
from uploads.tabular.files.sources_said import check_sources
from uploads.tabular.files.streams import encrypted
from uploads.tabular.files.temporary_files import path_of, temporary_file
from uploads.tabular.formats import PACKINGS, RECORD_SUFFIXES, TEXT_SUFFIXES, WORKBOOK_SUFFIXES
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.records.open_columnar import open_columnar
from uploads.tabular.records.open_json import open_json
from uploads.tabular.table import Dialect, Limits, LineAccount, ReadOptions
from uploads.tabular.text.open_text import further_tables, open_csv
from uploads.tabular.text.text_table import CsvTable
from uploads.tabular.workbook.open_workbook import open_sheets

_HEAD = 4096
_NAMED = 5
"""Members left out that are named."""
_TEXT_SUFFIXES = TEXT_SUFFIXES | {*PACKINGS, ""}
_PAGES = {".html", ".htm"}
"""In an archive they describe the tables."""
_PROSE = {"readme", "license", "licence", "copying", "changelog", "notice"}


@dataclass(frozen=True, slots=True)
class MemberTable:
    """A table from within an archive: the member's name comes before the sheet's."""

    table: SourceTable
    member: str
    has_others: bool
    """Whether the archive has more members."""
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> TablePlace:
        place = self.table.place
        return replace(place, member=self.member, has_others=place.has_others or self.has_others)

    @property
    def source(self) -> str | None:
        return self.place.source

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
    def account(self) -> LineAccount:
        return self.table.account

    def chunks(self) -> Iterator[TextChunk]:
        return self.table.chunks()


@dataclass(kw_only=True, slots=True)
class _Found:
    """An archive's members, sorted."""

    texts: list[tuple[zipfile.ZipInfo, SourceTable]] = field(default_factory=list)
    books: list[tuple[zipfile.ZipInfo, Kind]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    names_judged: str | None = None
    """The encoding that the names of members were judged to be in, where the archive doesn't say it."""
    problems: list[FileError] = field(default_factory=list)
    has_others: bool = False
    """Whether it has more members than one."""

    def leave(self, info: zipfile.ZipInfo, error: FileError) -> None:
        """Leave out what holds no table. A damaged member fails the archive: half of one would look like all of it."""
        self.problems.append(error)
        self.skipped.append(shown(info))


def open_archive(
    path: Path,
    *,
    name: str,
    options: ReadOptions,
    limits: Limits,
    progress: Callable[[int], None],
    is_tar: bool = False,
) -> Iterator[SourceTable]:
    """Yield each table in a zip or tar; what is no table is named in the notes of the first one."""
    opened = OpenTar(path, progress, name=name, limits=limits) if is_tar else OpenZip(path, progress)
    archive = Archive(name=name, options=options, limits=limits, zip=opened)
    acquired(archive)
    try:
        yield from _with_notes(archive)
    finally:
        archive.zip.release()


def _with_notes(archive: Archive) -> Iterator[SourceTable]:
    found = _look_through(archive)
    texts, books = ([shown(info) for info, _ in members] for members in (found.texts, found.books))
    check_sources(archive.options, name=archive.name, known=[*texts, *found.skipped], holders=books)
    held: MemberTable | None = None
    # One table is held back, so that whatever the next member turns out to be can still be said with it.
    for table in _tables(archive, found):
        if held is not None:
            yield replace(held, notes=_notes(archive.name, found))
            yield from _further(archive, held)
            found.skipped.clear()
            found.names_judged = None
        held = table
    if held is None:
        raise _no_table(archive.name, found.problems)
    yield replace(held, notes=_notes(archive.name, found))
    yield from _further(archive, held)


def _further(archive: Archive, member: MemberTable) -> Iterator[MemberTable]:
    """Other tables in a member that is a text; they show once it has been read."""
    if isinstance(member.table, CsvTable):
        options = archive.options.within(member.member)
        for table in further_tables(member.table, options=options, limits=archive.limits):
            yield MemberTable(table, member.member, member.has_others)


def _look_through(archive: Archive) -> _Found:
    """All members: texts are opened, workbooks only told, the rest is left out."""
    infos = _members(archive)
    found = _Found(names_judged=name_members(infos, given=archive.options.encoding))
    found.has_others = sum(1 for info in infos if not _is_hidden(info.filename)) > 1
    for info in infos:
        if _is_hidden(info.filename):
            found.skipped.append(shown(info))
            continue
        try:
            kind = _member_kind(archive, info)
            if kind is None:
                found.skipped.append(shown(info))
            elif kind is Kind.TEXT:
                found.texts.append((info, _open_text(archive, info)))
            elif kind is Kind.JSON:
                found.texts.append((info, _open_json(archive, info)))
            else:
                found.books.append((info, kind))
        except (NotATable, EmptyFile, NoDataRows) as error:
            found.leave(info, error)
    return found


def _tables(archive: Archive, found: _Found) -> Iterator[MemberTable]:
    for info, table in found.texts:
        yield MemberTable(table, shown(info), found.has_others)
    for info, kind in found.books:
        try:
            for table in _open_book(archive, info, kind):
                yield MemberTable(table, shown(info), found.has_others)
        except (NotATable, EmptyFile, NoDataRows) as error:
            found.leave(info, error)


def _no_table(name: str, problems: Sequence[FileError]) -> FileError:
    if len(problems) == 1:
        return problems[0]
    return NotATable(f"{name} holds no table.", hint="Pack the CSV or Excel files themselves.")


def _notes(name: str, found: _Found) -> tuple[Note, ...]:
    """What is to be said of the archive since the last table."""
    judged = found.names_judged
    names = () if judged is None else (Note.of(NoteKind.MEMBER_NAMES, archive=name, encoding=judged),)
    return (*names, *_left_out(name, found.skipped))


def _left_out(name: str, members: Sequence[str]) -> tuple[Note, ...]:
    if not members:
        return ()
    named = list(members[:_NAMED])
    return (Note.of(NoteKind.MEMBERS_LEFT_OUT, archive=name, members=named, more=len(members) - len(named)),)


def _members(archive: Archive) -> list[zipfile.ZipInfo]:
    zipped = acquired(archive)
    infos = [info for info in zipped.infolist() if not info.is_dir()]
    archive.zip.release()
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


def _member_kind(archive: Archive, info: zipfile.ZipInfo) -> Kind | None:
    """How to open a member; ``None``: it is not meant as a table."""
    pure = PurePosixPath(info.filename.lower())
    if info.flag_bits & 0x1:
        if pure.suffix not in _TEXT_SUFFIXES | WORKBOOK_SUFFIXES:
            return None
        raise encrypted(place_of(archive, info))
    stream = source_of(archive, info).open()
    try:
        head = stream.read(_HEAD)
    finally:
        stream.close()
    if not head:
        raise EmptyFile(
            f"{place_of(archive, info)} is empty.", hint="Check that the export worked and upload the file again."
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and pure.suffix in WORKBOOK_SUFFIXES:
        return Kind.ZIP
    kind = content_kind(head, name=place_of(archive, info))
    if kind in PACKED or kind in (Kind.ZIP, Kind.TAR):
        raise NestedArchive(
            f"{archive.name} holds another archive, {shown(info)}.",
            hint="Unpack it once and upload what is in it.",
        )
    if kind in RECORDS:
        return kind if pure.suffix in RECORD_SUFFIXES else None
    if kind in MARKUP:
        return kind if pure.suffix in WORKBOOK_SUFFIXES - _PAGES else None
    if kind is Kind.CFB:
        return Kind.CFB if pure.suffix in WORKBOOK_SUFFIXES else None
    return Kind.TEXT if pure.suffix in _TEXT_SUFFIXES and pure.stem not in _PROSE else None


def _open_text(archive: Archive, info: zipfile.ZipInfo) -> SourceTable:
    counting = Counting(source_of(archive, info))
    table = open_csv(counting.source, options=archive.options.within(shown(info)), limits=archive.limits)
    archive.unpacked += counting.size
    return table


def _open_json(archive: Archive, info: zipfile.ZipInfo) -> SourceTable:
    counting = Counting(source_of(archive, info))
    options, limits = archive.options, archive.limits
    table = open_json(counting.source, file=info.filename, options=options, limits=limits, is_member=True)
    archive.unpacked += counting.size
    return table


def _open_book(archive: Archive, info: zipfile.ZipInfo, kind: Kind) -> Iterator[SourceTable]:
    """Spool what needs random access, a workbook or a Parquet file, to a temporary file and open its tables."""
    with temporary_file() as spool:
        stream = source_of(archive, info).open()
        try:
            shutil.copyfileobj(cast("BinaryIO", stream), spool, 2**20)
        finally:
            stream.close()
        spool.flush()
        archive.unpacked += spool.tell()
        path, name = path_of(spool), place_of(archive, info)
        options, limits = archive.options.within(shown(info)), archive.limits
        if kind in RECORDS:
            yield open_columnar(path, name=name, kind=RECORDS[kind], options=options, limits=limits)
        else:
            markup = MARKUP.get(kind)
            yield from open_sheets(path, name=name, options=options, limits=limits, markup=markup, is_member=True)
