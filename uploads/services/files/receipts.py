"""The receipt of a file: what it was taken for, what became of every row, how far it is; JSON as in the contract."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.conversation import SILENCE, Conversation, conversations_of
from uploads.services.datasets.outlook import name_outlooks
from uploads.services.errors import FileNotFound
from uploads.services.files.load_receipt import LoadReceipt, describe_loads, without_home
from uploads.services.files.progress import Progress, answer_by, awaits_review, kept_until, progress_of
from uploads.services.files.same_content import (
    Alike,
    SameContent,
    alike_to,
    files_with_content,
    replaced_by,
    same_content_of,
)
from uploads.services.merging.guards import Tripped
from uploads.services.merging.overlap import Overlap
from uploads.services.options.catalogue import given_options
from uploads.services.plans.plan import OpenColumns
from uploads.services.visibility import ANYBODY, Viewer, hidden_slugs, hides_any, home_of
from uploads.states import FileState, Review, Visibility
from uploads.tabular.errors import EmptyFile, EncryptedFile, NestedArchive
from uploads.tabular.names import dataset_slug
from uploads.tabular.table import RowCounts

_UNREADABLE = frozenset({EmptyFile.code, EncryptedFile.code, NestedArchive.code})
COULD_NOT_JOIN = {
    "code": "column_mismatch",
    "message": "The file could not be loaded as it is.",
    "hint": "Staff see why; ask them, or send it without choosing a dataset.",
}
"""Of a file that failed on its way into such a dataset: its own words would name the columns there."""


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
    columns_open: tuple[OpenColumns, ...] = ()
    """Columns of which somebody is to say what becomes of them before it is seen."""
    guards: tuple[Tripped, ...] = ()
    """Why guards of its datasets have it wait for a person."""
    joins: tuple[str, ...] = ()
    """Names of the datasets that it is to join when it is activated for the first time."""
    readers: frozenset[Visibility] = frozenset()
    """Who reads the datasets that its rows are in or are to be in, as far as the viewer may know."""
    review: Review = Review.NONE
    conversation: Conversation = SILENCE
    """What was said of it while it waits, as far as the viewer may read it."""
    answer_by: datetime | None = None
    """When it is declined by itself, if nobody answers what it waits for."""
    kept_until: datetime | None = None
    """When it is deleted by itself, if nobody activates it."""
    withdrawn: bool = False
    """It is deleted, and it was its sender who took it back."""
    is_full: bool = False
    """It has all rows of its datasets, where these merge."""
    progress: Progress

    def is_own(self, *, user_id: int | None, visitor: str) -> bool:
        """Whether this user sent it or, where nobody was signed in, this browser; also of a file that is deleted."""
        return Viewer(user_id=user_id, visitor=visitor).is_sender(visitor=self.visitor, user_id=self.sender_id)

    def is_spoken_for_by(self, viewer: Viewer, *, holds: bool) -> bool:
        """Whether this person acts as its sender; ``holds``: its token."""
        return viewer.speaks_for(visitor=self.visitor, user_id=self.sender_id, via=self.via, holds=holds)

    def shows_lines_to(self, viewer: Viewer, *, holds: bool) -> bool:
        """Whether this person may see what stands in the lines of the file: its sender and staff."""
        return self.state is not FileState.DELETED and (viewer.sees_all or self.is_spoken_for_by(viewer, holds=holds))

    @property
    def is_spoken_for_by_its_token(self) -> bool:
        """Whether everybody who has its token acts as its sender: it came without account and cookie."""
        return self.is_spoken_for_by(ANYBODY, holds=True)

    @property
    def has_bytes(self) -> bool:
        """Whether there ever was a file; else it was a table of the database."""
        return self.via != UploadedFile.Via.TABLE

    @property
    def is_readable(self) -> bool:
        """Whether the file may be read in some way: it did not fail by what no option of reading mends."""
        return self.error is None or self.error["code"] not in _UNREADABLE

    @property
    def state_word(self) -> str:
        """The state as a page shows it."""
        return self.state.badge_for(
            awaits_review=self.awaits_review,
            review=self.review,
            is_asked=self.is_open,
            is_withdrawn=self.withdrawn,
        )

    @property
    def is_asked(self) -> bool:
        """Whether somebody has to say something of it before its rows are seen."""
        return self.state is FileState.LOADED and bool(self.overlaps or self.columns_open)

    @property
    def is_open(self) -> bool:
        """The same, or a guard of its datasets has it wait for somebody."""
        return self.is_asked or bool(self.guards)

    @property
    def same_content_as(self) -> int | None:
        return self.same_content.file_id if self.same_content else None

    @property
    def counts(self) -> RowCounts:
        """Of all its tables."""
        return RowCounts(loaded=self.rows_loaded, rejected=self.rows_rejected)


def describe_file(*, file_id: int, viewer: Viewer = ANYBODY) -> FileReceipt:
    """The receipt of one file; raises ``FileNotFound``."""
    receipts = describe_files(files=UploadedFile.objects.filter(pk=file_id), viewer=viewer)
    if not receipts:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    return with_outlooks(receipts[0], viewer)


def describe_token(*, token: str, viewer: Viewer = ANYBODY) -> FileReceipt:
    """The receipt for whoever holds its token; raises ``FileNotFound``."""
    receipts = describe_files(files=UploadedFile.objects.filter(token=token), viewer=viewer, holds=True)
    if not receipts:
        raise FileNotFound("There is no receipt at this address.", hint="Check that the address is complete.")
    return with_outlooks(receipts[0], viewer)


def with_outlooks(receipt: FileReceipt, viewer: Viewer) -> FileReceipt:
    """The same with what becomes of its tables, were it activated now: one of ``describe_files`` does not say it."""
    if receipt.state is not FileState.LOADED or not any(load.is_draft for load in receipt.loads):
        return receipt
    outlooks = name_outlooks(file_id=receipt.file_id, viewer=viewer)
    loads = tuple(replace(load, outlook=outlooks.get(load.address or "")) for load in receipt.loads)
    return replace(receipt, loads=loads)


def describe_files(
    *, files: QuerySet[UploadedFile], viewer: Viewer = ANYBODY, holds: bool = False
) -> tuple[FileReceipt, ...]:
    """The receipts of some files, in six queries however many they are; ``holds``: the token of each.
    Of other files each tells only what the ``viewer`` may know; one that is forgotten is nobody."""
    loads = Load.objects.select_related("dataset__typed_by").order_by("position")
    found = list(files.select_related("uploaded_by").prefetch_related(Prefetch("loads", queryset=loads)))
    if not found:
        return ()
    hashes = {file.sha256 for file in found if file.sha256}
    alike = files_with_content(hashes, viewer, rows={file.rows_hash for file in found if file.rows_hash})
    replaced = replaced_by({file.pk for file in found if file.state == FileState.ACTIVE}, viewer)
    said = conversations_of(found, viewer=viewer, holds=holds)
    hidden = hidden_slugs(found, viewer)
    receipts = (
        _receipt(file, alike_to(file, alike), tuple(replaced.get(file.pk, ())), said.get(file.pk, SILENCE))
        for file in found
    )
    return tuple(
        _failed_to_fit(_without_hidden(receipt, file, hidden) if hidden else receipt, file, viewer)
        for receipt, file in zip(receipts, found, strict=True)
    )


def _without_hidden(receipt: FileReceipt, file: UploadedFile, hidden: frozenset[str]) -> FileReceipt:
    """The same where it is about datasets that the viewer does not read."""
    homes = {load.pk: home for load in file.loads.all() if (home := home_of(load.dataset)) is not None}
    apart = {number for number, home in homes.items() if home.slug in hidden}
    joins = {home.name for load in file.loads.all() if load.dataset and (home := load.dataset.typed_by)}
    hidden_names = {home.name for home in homes.values() if home.slug in hidden}
    known = {load.pk: _named_by_sender(file, load, homes[load.pk]) for load in file.loads.all() if load.pk in apart}
    return replace(
        receipt,
        error=COULD_NOT_JOIN if receipt.error is not None and apart else receipt.error,
        loads=tuple(
            without_home(load, asked=known[load.load_id]) if load.load_id in apart else load for load in receipt.loads
        ),
        overlaps=tuple(each for each in receipt.overlaps if each.dataset not in hidden),
        columns_open=tuple(each for each in receipt.columns_open if each.dataset not in hidden),
        guards=tuple(each for each in receipt.guards if each.dataset not in hidden),
        joins=tuple(sorted(joins - hidden_names)),
        readers=_readers(each for each in map(_place_of, file.loads.all()) if each and each.slug not in hidden),
    )


def _named_by_sender(file: UploadedFile, load: Load, home: Dataset) -> str:
    """The dataset that the sender named, or one that is called as the file or its sheet is; empty: neither."""
    if file.dataset_wanted:
        return file.dataset_wanted
    return home.slug if home.slug in {dataset_slug(name) for name in (file.name, load.source) if name} else ""


def _failed_to_fit(receipt: FileReceipt, file: UploadedFile, viewer: Viewer) -> FileReceipt:
    """Of a file that was read with the types of the dataset that it was to join, and failed: which one that is nobody
    knows any more, so the words are for those who read all datasets."""
    if receipt.error is None or file.fit_rejects is None or viewer.sees_all or receipt.loads or not hides_any(viewer):
        return receipt
    return replace(receipt, error=COULD_NOT_JOIN)


def _place_of(load: Load) -> Dataset | None:
    """The dataset in which its rows are, or are to be; a draft that joins none is one itself."""
    return home_of(load.dataset) or load.dataset


def _readers(datasets: Iterable[Dataset]) -> frozenset[Visibility]:
    return frozenset(Visibility(dataset.visibility) for dataset in datasets)


def _receipt(
    file: UploadedFile, alike: Sequence[Alike], replaced: tuple[int, ...], conversation: Conversation
) -> FileReceipt:
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
        withdrawn=file.withdrawn,
        awaits_review=awaits_review(file),
        review=Review(file.review),
        conversation=conversation,
        loads=describe_loads(file.loads.all(), file=file),
        overlaps=tuple(map(Overlap.from_json, file.overlaps)) if state is FileState.LOADED else (),
        columns_open=tuple(map(OpenColumns.from_json, file.columns_open)) if state is FileState.LOADED else (),
        guards=tuple(map(Tripped.from_json, file.guards_tripped)) if state is FileState.LOADED else (),
        joins=tuple(sorted(homes)),
        readers=_readers(filter(None, map(_place_of, file.loads.all()))),
        answer_by=answer_by(file),
        kept_until=kept_until(file),
        is_full=file.full,
        progress=progress_of(file, state),
    )
