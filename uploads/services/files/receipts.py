"""The receipt of a file: what it was taken for, what became of every row, how far it is; JSON as in the contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from uploads.models import Load, UploadedFile
from uploads.services.datasets.outlook import NameOutlook, name_outlooks
from uploads.services.errors import FileNotFound
from uploads.services.files.progress import Progress, awaits_review, progress_of
from uploads.services.files.same_content import (
    Alike,
    SameContent,
    alike_to,
    files_with_content,
    replaced_by,
    same_content_of,
)
from uploads.services.merging.overlap import Overlap
from uploads.services.options.catalogue import given_options
from uploads.services.visibility import ANYBODY, Viewer
from uploads.states import FileState
from uploads.tabular.evidence import Evidence
from uploads.tabular.line_sum import LineSum
from uploads.tabular.notes import ON_OTHER_TABLES, Note, NoteKind
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import RowCounts, row_word_of


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadReceipt:
    """One table of the file."""

    load_id: int
    dataset: str | None
    """Its slug; as long as the table is a draft that of the dataset that it is to join or to become."""
    address: str | None
    """The slug under which it is found now."""
    is_draft: bool
    """No row of it has been active yet."""
    part: str | None
    source: str | None
    format: str
    encoding: str | None
    delimiter: str | None
    quote: str | None
    escape: str | None
    line_end: str | None
    header_row: int | None
    columns: tuple[dict[str, Any], ...]
    notes: tuple[Note, ...]
    applied_options: tuple[dict[str, Any], ...] = ()
    """The reading options that applied, and who said them."""
    read: int
    loaded: int
    rejected: int
    blank: int
    preamble: int
    header: int
    blank_above: int
    footer: int
    line_breaks: int
    left_out: int
    lines: int | None
    seconds: float | None
    hidden: int = 0
    """Loaded rows that later active files hide, or that delete their keys."""
    may_delete: bool = False
    """Some value in a column of its dataset says that a row deletes its key."""
    outlook: NameOutlook | None = None
    """Of a draft of a loaded file: what it will be called; looked up for one file alone, not in lists."""

    @property
    def naming(self) -> str:
        """How its name is settled when it is activated; empty where there is nothing to say beside the name."""
        return "" if self.outlook is None else self.outlook.sentence

    @property
    def place(self) -> str | None:
        """The dataset that it would be in if its file were activated now."""
        return self.dataset if self.outlook is None else self.outlook.slug

    @property
    def sentences(self) -> tuple[str, ...]:
        """The notes for people."""
        return sentences_of(self.notes)

    def may_be_one_table(self, widths: Collection[int]) -> bool:
        """Whether its rows and what was told from them may be one table; ``widths`` of all tables of the file.

        Other tables with more or fewer columns are none of its rows: read as such, most would be rejected.
        """
        told = {note.kind for note in self.notes if note.is_on_rows_left_out}
        return bool(told - ON_OTHER_TABLES) or (bool(told) and len(set(widths)) == 1)

    @property
    def has_hidden_cells(self) -> bool:
        """Rows or columns that the sheet hides were loaded."""
        return self._says_and_did_not(NoteKind.HIDDEN_CELLS, "left_out")

    @property
    def has_merged_cells(self) -> bool:
        """Cells are blank because they are merged with the one above."""
        return self._says_and_did_not(NoteKind.MERGED_CELLS, "filled")

    def _says_and_did_not(self, kind: NoteKind, done: str) -> bool:
        return any(note.kind is kind and not note.figures[done] for note in self.notes)

    @property
    def table(self) -> str | None:
        """Where active rows are read."""
        return f"data.{self.dataset}" if self.dataset else None

    @property
    def qualified_part(self) -> str | None:
        return f"data.{self.part}" if self.part else None

    @property
    def counts(self) -> RowCounts:
        return RowCounts(read=self.read, loaded=self.loaded, rejected=self.rejected, blank=self.blank)

    @property
    def sum_in_words(self) -> str:
        return self.account.sentence

    @property
    def account(self) -> LineSum:
        """What became of every line."""
        return LineSum(
            unit=row_word_of(self.format),
            preamble=self.preamble,
            header=self.header,
            blank_above=self.blank_above,
            loaded=self.loaded,
            rejected=self.rejected,
            blank=self.blank,
            footer=self.footer,
            line_breaks=self.line_breaks,
            left_out=self.left_out,
            lines=self.lines,
            is_kept=self.part is not None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReceipt:
    """A file and its loads, for one who looks at it."""

    file_id: int
    token: str
    name: str
    size: int
    sha256: str
    state: FileState
    error: dict[str, str] | None
    uploaded_at: datetime
    rows_loaded: int
    rows_rejected: int
    same_content: SameContent | None
    version_of: int | None
    """The file that was sent, of which this one is another reading."""
    other_versions: tuple[int, ...]
    """The other readings of this file."""
    replaced: tuple[int, ...]
    """The files whose place it took and that can be put back; only those of which whoever looks may know."""
    options: Mapping[str, Any]
    """The options given for reading it."""
    sender_id: int | None
    visitor: str
    via: str
    """Who sent it: a user, or the browser of somebody who was not signed in; and how. For deciding, not for showing."""
    was_active: bool
    """It is now, or was once."""
    awaits_review: bool
    """A visitor sent it, and it has not been active yet."""
    loads: tuple[LoadReceipt, ...]
    overlaps: tuple[Overlap, ...] = ()
    """What it has in common with its datasets, where somebody is to say how it joins them."""
    joins: tuple[str, ...] = ()
    """Names of the datasets that it is to join when it is activated for the first time."""
    is_full: bool = False
    """It has all rows of its datasets, where these merge."""
    progress: Progress

    def is_own(self, *, user_id: int | None, visitor: str) -> bool:
        """Whether this user sent it or, where nobody was signed in, this browser; also of a file that is deleted."""
        return Viewer(user_id=user_id, visitor=visitor).is_sender(visitor=self.visitor, user_id=self.sender_id)

    @property
    def has_bytes(self) -> bool:
        """Whether there ever was a file; else it was a table of the database."""
        return self.via != UploadedFile.Via.TABLE

    @property
    def state_word(self) -> str:
        """The state as a page shows it."""
        return self.state.badge_for(awaits_review=self.awaits_review)

    @property
    def same_content_as(self) -> int | None:
        return self.same_content.file_id if self.same_content else None

    @property
    def counts(self) -> RowCounts:
        """Of all its tables."""
        return RowCounts(loaded=self.rows_loaded, rejected=self.rows_rejected)


def without_content(receipt: FileReceipt) -> FileReceipt:
    """The same for staff who may act on a file and not look into it: without address, fingerprint and what was read."""
    return replace(
        receipt,
        token="",
        sha256="",
        error=None,
        same_content=None,
        other_versions=(),
        replaced=(),
        options={},
        loads=(),
        overlaps=(),
        joins=(),
    )


def describe_file(*, file_id: int, viewer: Viewer = ANYBODY) -> FileReceipt:
    """The receipt of one file; raises ``FileNotFound``."""
    receipts = describe_files(files=UploadedFile.objects.filter(pk=file_id), viewer=viewer)
    if not receipts:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    return _with_outlooks(receipts[0], viewer)


def describe_token(*, token: str, viewer: Viewer = ANYBODY) -> FileReceipt:
    """The receipt for whoever holds its token; raises ``FileNotFound``."""
    receipts = describe_files(files=UploadedFile.objects.filter(token=token), viewer=viewer)
    if not receipts:
        raise FileNotFound("There is no receipt at this address.", hint="Check that the address is complete.")
    return _with_outlooks(receipts[0], viewer)


def _with_outlooks(receipt: FileReceipt, viewer: Viewer) -> FileReceipt:
    if receipt.state is not FileState.LOADED or not any(load.is_draft for load in receipt.loads):
        return receipt
    outlooks = name_outlooks(file_id=receipt.file_id, viewer=viewer)
    loads = tuple(replace(load, outlook=outlooks.get(load.address or "")) for load in receipt.loads)
    return replace(receipt, loads=loads)


def describe_files(*, files: QuerySet[UploadedFile], viewer: Viewer = ANYBODY) -> tuple[FileReceipt, ...]:
    """The receipts of some files, in four queries however many they are.

    Of other files each tells only what the ``viewer`` may know; one that is forgotten is nobody.
    """
    loads = Load.objects.select_related("dataset__typed_by").order_by("position")
    found = list(files.select_related("uploaded_by").prefetch_related(Prefetch("loads", queryset=loads)))
    hashes = {file.sha256 for file in found if file.sha256}
    alike = files_with_content(hashes, viewer, rows={file.rows_hash for file in found if file.rows_hash})
    replaced = replaced_by({file.pk for file in found if file.state == FileState.ACTIVE}, viewer)
    return tuple(_receipt(file, alike_to(file, alike), tuple(replaced.get(file.pk, ()))) for file in found)


def _receipt(file: UploadedFile, alike: Sequence[Alike], replaced: tuple[int, ...]) -> FileReceipt:
    state = FileState(file.state)
    root = file.version_of_id or file.pk
    versions = tuple(
        other.content.file_id for other in alike if other.version_of == root and other.content.file_id != file.pk
    )
    homes = {home.name for load in file.loads.all() if load.dataset and (home := load.dataset.typed_by)}
    error = {"code": file.error_code, "message": file.error_message, "hint": file.error_hint}
    return FileReceipt(
        file_id=file.pk,
        token=file.token,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        state=state,
        error=error if file.error_code else None,
        uploaded_at=file.created_at,
        rows_loaded=file.rows_loaded,
        rows_rejected=file.rows_rejected,
        same_content=same_content_of(file, alike),
        version_of=file.version_of_id,
        other_versions=versions,
        replaced=replaced,
        options=given_options(file.options),
        sender_id=file.uploaded_by_id,
        visitor=file.visitor,
        via=file.via,
        was_active=file.activated_at is not None,
        awaits_review=awaits_review(file),
        loads=tuple(describe_load(load) for load in file.loads.all()),
        overlaps=tuple(map(Overlap.from_json, file.overlaps)) if state is FileState.LOADED else (),
        joins=tuple(sorted(homes)),
        is_full=file.full,
        progress=progress_of(file, state),
    )


def describe_load(load: Load) -> LoadReceipt:
    """The receipt of one table."""
    finished = load.finished_at
    return LoadReceipt(
        load_id=load.pk,
        dataset=load.dataset.public_slug if load.dataset else None,
        address=load.dataset.slug if load.dataset else None,
        is_draft=load.dataset is not None and load.dataset.is_draft,
        part=load.part or None,
        source=load.source or None,
        format=load.format,
        encoding=load.encoding or None,
        delimiter=load.delimiter or None,
        quote=load.quotechar or None,
        escape="\\" if load.escape else load.quotechar if load.doubled else None,
        line_end=load.line_end or None,
        header_row=load.header_row,
        columns=tuple(
            {
                "name": column["name"],
                "label": column["label"],
                "type": column["type"],
                "description": column.get("description", ""),
                "evidence": evidence_in_words(evidence := Evidence.from_json(column["evidence"])),
                "evidence_kind": evidence and evidence.kind.value,
                "suggestion": column.get("suggestion"),
                "alternatives": column.get("alternatives", []),
            }
            for column in load.columns
        ),
        notes=tuple(map(Note.from_json, load.notes)),
        applied_options=tuple(load.applied_options),
        read=load.rows_read,
        loaded=load.rows_loaded,
        rejected=load.rows_rejected,
        blank=load.rows_blank,
        preamble=load.preamble,
        header=load.header_rows,
        blank_above=load.blank_above,
        footer=load.footer,
        line_breaks=load.line_breaks,
        left_out=load.rows_left_out,
        lines=load.lines,
        hidden=load.rows_hidden,
        may_delete=load.dataset is not None and "mark" in load.dataset.merge_choices,
        seconds=round((finished - load.started_at).total_seconds(), 3) if finished else None,
    )
