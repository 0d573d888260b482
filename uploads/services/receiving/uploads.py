"""Receive a file: begin, gather its bytes, hand it over to the workers once it is whole, or give it up."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from uploads.models import UploadedFile
from uploads.services.errors import FileTooLarge, MissingScope, NotAllowed, NotSignedIn, StateConflict, UploadGone
from uploads.services.files.duplicates import HELD_BACK, is_here_already
from uploads.services.files.history import note_event
from uploads.services.files.permissions import rights_of
from uploads.services.files.transitions import change_state
from uploads.services.joining.modes import require_to_join
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import check_mode, parse_mode
from uploads.services.options.catalogue import parse_options
from uploads.services.queueing import enqueue_load
from uploads.services.read_only import check_slug_takes_files
from uploads.services.receiving.quotas import check_quotas
from uploads.services.receiving.sender import Sender
from uploads.services.scopes import ScopeKind
from uploads.services.visibility import Viewer
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.tabular.errors import BadOption
from uploads.tabular.files.file_name import clean_file_name
from uploads.tabular.names import dataset_slug

COPY_BYTES = 2**20
RECEIVING = frozenset({FileState.RECEIVING})
SILENT = timedelta(minutes=10)
"""An upload of which no byte comes is given up after it: a client that means it sends the first at once."""


def begin_upload(
    *,
    name: str,
    size: int,
    uploader: Sender,
    via: UploadedFile.Via,
    options: Mapping[str, Any] | None = None,
    dataset: str = "",
    activate: bool | None = None,
    again: bool = False,
    writer: str | None = None,
    mode: str = "",
    key: str | Sequence[str] = (),
    full: bool = False,
    choices: SaidChoices | None = None,
    patience: timedelta | None = None,
) -> UploadedFile:
    """Announce a file of ``size`` bytes; the row that comes back is ``receiving`` and its spool file is empty.

    ``again``: to be loaded, and activated, also where its bytes are here already; ``mode``, ``key``, ``choices``: how
    it joins; ``patience``: how long its first byte is waited for.
    Raises ``NotAllowed``, ``FileTooLarge``, ``TooManyUploads``, ``BadOption``, ``ReadOnlyDataset`` or ``DiskFull``.
    """
    _check_may_send(uploader, activate=activate)
    check_size(size)
    file = UploadedFile(
        **_wish_to_join(uploader, mode, key, full=full, choices=choices or SaidChoices()),
        name=clean_file_name(name),
        size=size,
        stored_as=stored_files.new_name(),
        via=via,
        uploaded_by_id=uploader.user_id,
        visitor=uploader.visitor,
        address=uploader.address,
        expires_at=Now() + (patience or _full_time()),
        options=parse_options(options or {}),
        dataset_wanted=_dataset_wanted(dataset, uploader),
        activate=uploader.activates and (settings.ACTIVATE_STAFF_UPLOADS if activate is None else activate),
        again=again,
        writer=_checked_writer(writer),
    )
    _begin(file, uploader)
    file.refresh_from_db()
    return file


def _begin(file: UploadedFile, uploader: Sender) -> None:
    spool.create(file.stored_as, size=file.size)
    try:
        with transaction.atomic():
            if not uploader.is_staff:
                check_quotas(size=file.size, address=uploader.address)
            file.save(force_insert=True)
            _note_begin(file)
    except BaseException:
        spool.remove(file.stored_as)
        raise


def _dataset_wanted(said: str, uploader: Sender) -> str:
    """The slug of the dataset that the sender named, if any; it must be one that takes files. What a token sends that
    is for one dataset goes there."""
    wanted = dataset_slug(said) if said.strip() else ""
    if uploader.only is not None and not wanted and len(uploader.only) == 1:
        (wanted,) = uploader.only
    if uploader.only is not None and wanted not in uploader.only:
        listed = " and ".join(f"“{slug}”" for slug in sorted(uploader.only))
        raise MissingScope(
            f"This token may send files to {listed} alone.",
            hint="Say so with the field “dataset”.",
            scope=f"{ScopeKind.UPLOAD}:{wanted}" if wanted else str(ScopeKind.UPLOAD),
        )
    sender = Viewer(user_id=uploader.user_id, visitor=uploader.visitor, sees_all=uploader.is_staff)
    check_slug_takes_files(wanted, viewer=sender)
    return wanted


def _checked_writer(writer: str | None) -> str:
    if writer is not None and writer not in ("copy", "bulk_create"):
        raise BadOption(f"There is no writer “{writer}”.", hint="The writers are copy and bulk_create.")
    return writer or settings.WRITER


def _wish_to_join(
    uploader: Sender, mode: str, key: str | Sequence[str], *, full: bool, choices: SaidChoices
) -> dict[str, Any]:
    if not (mode or key or full or choices.says_something):
        return {}
    if not uploader.is_staff:
        raise NotAllowed(
            "Only staff may say how a file joins its dataset.",
            hint="Leave that out: staff see to it when they look at the file.",
        )
    wanted = parse_mode(mode) if mode else ""
    columns = parse_key(key)
    check_mode(wanted, columns, key_may_be_known=True, said=choices, is_full=full)
    if wanted and uploader.user_id is not None:
        require_to_join(rights_of(get_user_model().objects.get(pk=uploader.user_id)), wanted)
    return {"mode": wanted, "key": columns, "full": full, "merge_said": choices.as_json()}


def _note_begin(file: UploadedFile) -> None:
    way = f"by {file.get_via_display()}"
    note_event(file_id=file.pk, user_id=file.uploaded_by_id, state=FileState.RECEIVING, text=way, words=f"sent {way}")


def _check_may_send(uploader: Sender, *, activate: bool | None) -> None:
    if not (settings.ANONYMOUS_UPLOAD or uploader.is_staff or uploader.user_id):
        raise NotSignedIn("Uploading is closed to visitors here.", hint="Sign in first.")
    if activate and not uploader.activates:
        raise NotAllowed(
            "Only staff may activate a file.",
            hint="Leave that option out: the file is loaded and then waits for staff.",
        )


def check_size(size: int) -> None:
    """Raise ``FileTooLarge`` for more bytes than a file may have."""
    if size > settings.MAX_FILE_SIZE:
        raise FileTooLarge(
            f"The file has {size / 2**20:,.1f} MB; {settings.MAX_FILE_SIZE / 2**20:,.0f} MB are allowed.",
            hint="Split it, or compress it with gzip or zip.",
        )


def note_arrival(*, file: UploadedFile, received: int) -> None:
    """Show how many bytes are durable, and give the upload its full time again; one that has none gets no more."""
    if received:
        file.expires_at = timezone.now() + _full_time()
        UploadedFile.objects.filter(pk=file.pk, state=FileState.RECEIVING).update(
            received=received, expires_at=file.expires_at
        )


def _full_time() -> timedelta:
    return timedelta(hours=settings.UPLOAD_EXPIRY_HOURS)


def complete_upload(*, file_id: int) -> bool:
    """Hand a whole file over to the workers, unless its bytes are here already; true if this call did it.

    However often and from wherever it is called, there is one load: of the callers whose bytes are all there, one
    changes the state. Raises ``StateConflict`` while bytes are missing and ``UploadGone`` when they were lost.
    """
    return _hand_over(UploadedFile.objects.get(pk=file_id), sha256="")


def _hand_over(file: UploadedFile, *, sha256: str) -> bool:
    if file.state != FileState.RECEIVING:
        return False
    try:
        sha256 = _stored(file, sha256)
    except FileNotFoundError as error:
        file.refresh_from_db()
        if file.state != FileState.RECEIVING:
            return False  # somebody was faster
        raise UploadGone(f"The bytes of “{file.name}” were lost.", hint="Upload it again.") from error
    try:
        with transaction.atomic():
            is_new = file.again or not is_here_already(file=file, sha256=sha256)
            change_state(
                file_id=file.pk,
                to=FileState.WAITING if is_new else FileState.DUPLICATE,
                among=RECEIVING,
                user_id=file.uploaded_by_id,
                text="received" if is_new else f"received; {HELD_BACK}",
                is_act=False,
                sha256=sha256,
                received=file.size,
                received_at=Now(),
                expires_at=None,
            )
            if is_new:
                enqueue_load(file_id=file.pk)
    except StateConflict:
        now = UploadedFile.objects.filter(pk=file.pk, stored_as=file.stored_as)
        if not now.exclude(state=FileState.DELETED).exists():
            stored_files.delete(file.stored_as)  # it was deleted meanwhile
        return False
    return True


def _stored(file: UploadedFile, sha256: str) -> str:
    """Move the bytes from the spool into the store and return their hash."""
    path = spool.path_of(file.stored_as)
    try:
        sha256 = sha256 or _hash(path, file)
        stored_files.adopt(path, file.stored_as)
    except FileNotFoundError:  # moved already: before a crash, or by a caller who is a little ahead
        with stored_files.local_path(file.stored_as) as stored:
            return _hash(stored, file)
    return sha256


def _hash(path: Path, file: UploadedFile) -> str:
    with path.open("rb") as content:
        arrived = os.fstat(content.fileno()).st_size
        if arrived != file.size:
            raise StateConflict(
                f"{arrived:,} of the {file.size:,} bytes of “{file.name}” are here.", hint="Send the rest first."
            )
        os.fsync(content.fileno())
        return hashlib.file_digest(content, "sha256").hexdigest()


def receive_file(
    *,
    content: IO[bytes],
    size: int | None,
    name: str,
    uploader: Sender,
    via: UploadedFile.Via,
    options: Mapping[str, Any] | None = None,
    dataset: str = "",
    activate: bool | None = None,
    again: bool = False,
    writer: str | None = None,
    mode: str = "",
    key: str | Sequence[str] = (),
    full: bool = False,
    choices: SaidChoices | None = None,
) -> UploadedFile:
    """Take in a whole file that can be read now; it comes back ``waiting``, or as a ``duplicate``.

    With ``size=None`` it must be seekable.

    Raises what ``begin_upload`` does; after an error nothing is left of the file but its record.
    """
    if size is None:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
    file = begin_upload(
        name=name,
        size=size,
        uploader=uploader,
        via=via,
        options=options,
        dataset=dataset,
        activate=activate,
        again=again,
        writer=writer,
        mode=mode,
        key=key,
        full=full,
        choices=choices,
    )
    try:
        _hand_over(file, sha256=_copy(content, file))
    except BaseException as error:
        cancel_upload(file_id=file.pk, text=f"could not be received: {error}")
        raise
    file.refresh_from_db()
    return file


def _copy(content: IO[bytes], file: UploadedFile) -> str:
    """Copy into the spool and return the SHA-256."""
    digest = hashlib.sha256()
    left = file.size
    with spool.SpoolFile(file.stored_as) as arriving:
        while chunk := content.read(COPY_BYTES):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            arriving.append(chunk)
        arriving.sync()
    if left:
        raise StateConflict(f"“{file.name}” changed while it was read.", hint="Send it again.")
    return digest.hexdigest()


def cancel_upload(*, file_id: int, user_id: int | None = None, text: str = "cancelled by its sender") -> None:
    """Give an unfinished upload up: its bytes go, its record stays. Raises ``StateConflict`` once it is whole."""
    file = UploadedFile.objects.get(pk=file_id)
    change_state(
        file_id=file_id,
        to=FileState.DELETED,
        among=RECEIVING,
        user_id=user_id,
        text=text.replace("\0", ""),
        stored_as="",
        expires_at=None,
    )
    stored_files.delete(file.stored_as)  # they may have been moved to the store already, before the hand-over failed
