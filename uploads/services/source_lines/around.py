"""A line of a file with some around it, from the stored bytes: for whoever sent the file, and for staff."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from uploads.models import ADOPTED_FORMAT, LineOffsets, Load, UploadedFile
from uploads.services.errors import FileNotFound, LineNotFound, LinesUnread, NotAllowed, NotSignedIn
from uploads.services.source_lines.keeping import keep_index, kept_index
from uploads.services.visibility import Viewer
from uploads.states import FileState
from uploads.store import stored_files
from uploads.tabular.errors import LineOutOfReach, UploaderError
from uploads.tabular.line_index import LineIndex
from uploads.tabular.notes import NoteKind
from uploads.tabular.source_lines.around import LinesFound, RecordsInLines, SourceLine, lines_around
from uploads.tabular.source_lines.decoding import decode_line
from uploads.tabular.source_lines.line_ends import line_endings
from uploads.tabular.source_lines.opening import UNPACKED_BYTES, is_packed, open_text
from uploads.tabular.table import row_word_of

AROUND = 10
"""Lines above and below."""
MOST_AROUND = 100
FETCHED_BYTES = 256 * 2**20
"""Of a file in a remote store, which is fetched whole."""
_HEAD = 4096
_WAIT_SECONDS = 10
_unpacking = threading.Lock()
"""Reaching a line in what is packed takes up to a second of computing: one at a time in each process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLine:
    """A line of the file."""

    number: int
    text: str
    """Its beginning, if it is long. Bytes that cannot be decoded stand in it as lone surrogates (U+DC00 plus byte)."""
    length: int | None
    """In bytes, without its end; ``None``: more than were read."""
    is_cut: bool

    @property
    def whole_text(self) -> str:
        """``text`` as Unicode throughout: such a byte as ``\\xff``."""
        marked = (f"\\x{ord(c) & 0xFF:02x}" if "\udc00" <= c <= "\udcff" else c for c in self.text)
        return "".join(marked).encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, kw_only=True, slots=True)
class LinesAround:
    """``line`` is among ``lines``, which follow each other."""

    file_id: int
    load_id: int
    name: str
    source: str
    """Archive member, or lines in which the table stands; empty: the file is the table."""
    line: int
    lines: tuple[TextLine, ...]
    has_more: bool
    """Whether lines follow."""
    total: int | None
    """Lines of the whole text, where that is known."""
    encoding: str


def find_lines(
    *, file_id: int, load_id: int | None = None, line: int, viewer: Viewer, holds: bool = False, around: int = AROUND
) -> LinesAround:
    """``load_id``: one of the file's tables, the first where it isn't said; ``holds``: the viewer has its token.

    Raises ``FileNotFound``, ``NotAllowed``, ``LineNotFound`` where the file has fewer lines or none, ``BytesMissing``,
    ``LineOutOfReach`` where it lies too deep in what is packed, and ``LinesUnread`` where more has to be counted than
    is counted at once: the next look goes on from there.
    """
    load = load_seen(file_id, load_id, viewer, holds=holds)
    _check(load, line)
    around = max(0, min(around, MOST_AROUND))
    first, last = max(1, line - around), line + around
    if load.file.size > FETCHED_BYTES and not stored_files.is_on_this_machine():
        raise LineOutOfReach(
            f"{load.file.name} lies in another store and is too large to be fetched for a line.",
            hint="Look into the file itself.",
        )
    with stored_files.local_path(load.file.stored_as) as path:
        found = _find(path, load, first=first, last=last + 1, line=line)
    lines = tuple(_text_line(each, load) for each in found.lines if each.number <= last)
    if not any(each.number == line for each in lines):
        raise _missing(load, line, found)
    return LinesAround(
        file_id=load.file_id,
        load_id=load.pk,
        name=load.file.name,
        source=load.source,
        line=line,
        lines=lines,
        has_more=len(found.lines) > len(lines) or not found.is_within_limit,
        total=found.total if found.total is not None else load.lines if _is_alone(load) else None,
        encoding=load.encoding or "utf-8",
    )


def sees_lines(*, file: UploadedFile, viewer: Viewer, holds: bool = False) -> bool:
    """Whether this person may see the lines of the file: its sender and staff, not those who only read its rows."""
    if viewer.sees_all:
        return True
    return viewer.speaks_for(visitor=file.visitor, user_id=file.uploaded_by_id, via=file.via, holds=holds)


def files_seen(*, load_ids: Iterable[int], viewer: Viewer) -> dict[int, str]:
    """The token of the file, by table, of those whose lines this person may see."""
    if not (viewer.sees_all or viewer.visitor or viewer.user_id is not None):
        return {}
    loads = Load.objects.filter(pk__in=set(load_ids)).exclude(file__stored_as="").exclude(format=ADOPTED_FORMAT)
    loads = loads.select_related("file").defer("columns", "notes")
    return {load.pk: load.file.token for load in loads if sees_lines(file=load.file, viewer=viewer)}


def has_lines(*, format_: str) -> bool:
    """Whether tables of this format stand in lines."""
    return format_ != ADOPTED_FORMAT and row_word_of(format_) == "line"


def load_seen(file_id: int, load_id: int | None, viewer: Viewer, *, holds: bool) -> Load:
    """The table, for whoever may see what stands in its file, as long as that is there."""
    loads = Load.objects.filter(file_id=file_id).select_related("file", "dataset").order_by("position")
    load = (loads if load_id is None else loads.filter(pk=load_id)).first()
    if load is None:
        raise FileNotFound("This file has no such table.", hint="Open its receipt to see which it has.")
    if not sees_lines(file=load.file, viewer=viewer, holds=holds):
        refusal = NotSignedIn if viewer.user_id is None else NotAllowed
        raise refusal(
            "Only whoever sent the file, and staff, can see its lines.",
            hint="Open its receipt in the browser that it was sent with, or sign in.",
        )
    if not load.file.stored_as or load.file.state == FileState.DELETED:
        raise stored_files.BytesMissing(
            f"{load.file.name} was deleted, so its lines can't be shown.", hint="Send the file again."
        )
    return load


def _check(load: Load, line: int) -> None:
    """Refuse what cannot be there before anything is read."""
    file = load.file
    if not has_lines(format_=load.format):
        raise LineNotFound(
            f"The rows of {file.name} are numbered; they don't stand in lines.",
            hint="Look for the row by its number in the dataset.",
        )
    if line < 1:
        raise LineNotFound("Lines are counted from 1.", hint="Give the number of a line.")


def _find(path: Path, load: Load, *, first: int, last: int, line: int) -> LinesFound:
    """Look into the stored bytes, and keep what was learned of the places of lines."""
    with path.open("rb") as file:
        packed = is_packed(file.read(_HEAD), name=load.file.name)
    if packed and not _unpacking.acquire(timeout=_WAIT_SECONDS):
        raise LinesUnread("Other lines are being looked for.", hint="Load this page again in a few seconds.")
    try:
        found = _look(path, load, first=first, last=last)
    finally:
        if packed:
            _unpacking.release()
    if packed and not found.is_within_limit and not any(each.number == line for each in found.lines):
        raise LineOutOfReach(
            f"Line {line:,} lies more than {UNPACKED_BYTES // 2**20:,} MB deep in what is packed, or near to that.",
            hint=f"Unpack {load.file.name} and look there, or send it unpacked.",
        )
    return found


def _look(path: Path, load: Load, *, first: int, last: int) -> LinesFound:
    known = _index_owner(load)
    index = kept_index(load_id=known)
    ends = line_endings(load.encoding)
    with open_text(path, name=load.file.name, member=load.origin or load.source) as (stored, most):
        source = RecordsInLines(stored) if _ends_by_separators(load) else stored
        found = lines_around(source, index=index, ends=ends, first=first, last=last, most_bytes=most)
    if len(found.index.offsets) > len(index.offsets):
        _keep(known, found.index)
    return found


def _ends_by_separators(load: Load) -> bool:
    """Whether record separators end the lines of its text; of several tables in one the first says so."""
    same = Load.objects.filter(file_id=load.file_id, origin=load.origin)
    return same.filter(notes__contains=[{"kind": NoteKind.RECORD_SEPARATORS}]).exists()


def _index_owner(load: Load) -> int:
    """The first table of the same text: with it the index is kept."""
    same = Load.objects.filter(file_id=load.file_id, origin=load.origin).order_by("position")
    kept = LineOffsets.objects.filter(load__in=same.values("pk")).values_list("load_id", flat=True).first()
    if kept is not None:
        return kept
    return same.values_list("pk", flat=True)[0]


def _keep(load_id: int, index: LineIndex) -> None:
    """Unless the table, or what stood in it, is gone meanwhile."""
    with transaction.atomic():
        there = Load.objects.select_for_update().filter(pk=load_id).exclude(file__state=FileState.DELETED)
        if there.exists():
            keep_index(load_id=load_id, index=index)


def _is_alone(load: Load) -> bool:
    return not Load.objects.filter(file_id=load.file_id).exclude(pk=load.pk).exists()


def _missing(load: Load, line: int, found: LinesFound) -> UploaderError:
    if found.total is None:
        counted = found.index.lines[-1]
        return LinesUnread(
            f"Line {line:,} lies further down: {counted:,} lines have been counted so far.",
            hint="Load this page again to go on counting.",
        )
    number = f"{found.total:,} line{'s' * (found.total != 1)}"
    return LineNotFound(f"{load.file.name} has {number}, so there is no line {line:,}.", hint="Look at the last one.")


def _text_line(line: SourceLine, load: Load) -> TextLine:
    is_cut = line.length is None or line.length > len(line.data)
    text = decode_line(line.data, codec=load.encoding or "utf-8", other=_other_encoding(load), is_cut=is_cut)
    return TextLine(number=line.number, text=text, length=line.length, is_cut=is_cut)


def _other_encoding(load: Load) -> str | None:
    """Of lines that are no UTF-8 in a text that is UTF-8 else."""
    notes: list[Mapping[str, Any]] = load.notes
    return next((note["figures"]["encoding"] for note in notes if note["kind"] == NoteKind.TWO_ENCODINGS), None)
