"""Receive a file: begin, gather its bytes, hand it over to the workers once it is whole, or give it up."""

import hashlib
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Unpack

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from uploads.database.locks import Lock, lock_transaction
from uploads.database.sessions import commit_without_waiting
from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict, UploadGone
from uploads.services.files.history import log_event, note_event
from uploads.services.files.same_bytes import HELD_BACK, is_here_already
from uploads.services.files.transitions import change_state
from uploads.services.news.senders import keep_address
from uploads.services.queueing import enqueue_load
from uploads.services.receiving.announcing import Wishes, announce_file, check_size, full_time
from uploads.services.receiving.crowding import begin_with_room
from uploads.services.receiving.giving_up import cancel_upload
from uploads.services.receiving.quotas import check_quotas
from uploads.services.receiving.sender import Sender
from uploads.states import FileState
from uploads.store import spool, stored_files

type Upload = UploadedFile | PartialUpload

COPY_BYTES = 2**20
RECEIVING = frozenset({FileState.RECEIVING})
HANDED_OVER = ("state", "state_changed_at", "sha256", "received", "received_at", "expires_at")
"""What the hand-over to the workers writes."""
SILENT = timedelta(minutes=10)
"""An upload of which no byte comes is given up after it: a client that means it sends the first at once."""


def begin_upload(
    *,
    name: str,
    size: int | None,
    uploader: Sender,
    via: UploadedFile.Via,
    patience: timedelta | None = None,
    **wishes: Unpack[Wishes],
) -> UploadedFile:
    """Announce a file of ``size`` bytes; the row that comes back is ``receiving`` and its spool file is empty.

    ``size`` is ``None`` where the sender says it later (``state_size``); ``patience``: how long its first byte is
    waited for. Raises what ``announce_file`` does, ``TooManyUploads`` or ``DiskFull``.
    """
    file = announce_file(name=name, size=size, uploader=uploader, via=via, patience=patience, **wishes)
    spool.create(file.stored_as, size=file.size)
    try:
        begin_with_room(lambda: save_begun(file, uploader, email=wishes.get("email", "")), address=uploader.address)
    except BaseException:
        spool.remove(file.stored_as)
        raise
    return file


def save_begun(file: UploadedFile, uploader: Sender, *, email: str = "", parts: Sequence[int] = ()) -> None:
    """Save an announced file, unless its sender has too many; ``email``: where its outcome is told; ``parts``: those
    whose place it takes.

    Nobody waits for the disk, as of an upload without a byte nothing is promised, and what is promised later is written
    after it; with parts it is, for their bytes go then.
    """
    with transaction.atomic():
        if not parts:
            commit_without_waiting()
        if email.strip():
            lock_transaction(Lock.RECEIVING)
        if not uploader.is_staff:
            check_quotas(size=file.size if file.size_known else None, address=uploader.address, without=parts)
        file.save(force_insert=True)
        keep_address(file=file, address=email, is_staff=uploader.is_staff)
        way, began = f"by {file.get_via_display()}", FileState.RECEIVING
        note_event(file_id=file.pk, user_id=file.uploaded_by_id, state=began, text=way, is_act=False)
        log_event(file=file, state=began, user_id=file.uploaded_by_id, text=f"sent {way}")
        for position, part in enumerate(parts):
            PartialUpload.objects.filter(pk=part).update(
                joined_into=file, position=position, received=F("size"), expires_at=Now() + full_time()
            )


def note_arrival(*, upload: Upload, received: int) -> None:
    """Show how many bytes are durable, and give the upload its full time again; one that has none gets no more."""
    if received or upload.received:  # or all of it was taken back
        upload.received, upload.expires_at = received, timezone.now() + full_time()
        if not upload.size_known:
            upload.size = received
        _unfinished(upload).update(received=received, size=upload.size, expires_at=upload.expires_at)


def state_size(*, upload: Upload, size: int) -> None:
    """Take down the size of an upload that was begun without one. Its writer alone may call this.

    Raises ``FileTooLarge``. It counted as the largest file against the quotas, so none of them can be passed by it.
    """
    check_size(size)
    upload.size, upload.size_known = size, True
    _unfinished(upload).update(size=size, size_known=True)


def learn_size(*, upload: Upload) -> None:
    """Look up what another request may have said of its size since it was found. Once said, it stays."""
    if not upload.size_known:
        upload.refresh_from_db(fields=("size", "size_known", "received"))


def _unfinished(upload: Upload) -> QuerySet[UploadedFile] | QuerySet[PartialUpload]:
    if isinstance(upload, PartialUpload):
        return PartialUpload.objects.filter(pk=upload.pk, joined_into=None)
    return UploadedFile.objects.filter(pk=upload.pk, state=FileState.RECEIVING)


def complete_upload(*, file_id: int, sha256: str = "") -> bool:
    """Hand a whole file over to the workers, unless its bytes are here already; true if this call did it.

    However often and from wherever it is called, there is one load: of the callers whose bytes are all there, one
    changes the state. ``sha256``: that of the bytes, where their writer took it as they came.

    Raises ``StateConflict`` while bytes are missing and ``UploadGone`` when they were lost.
    """
    return hand_over(UploadedFile.objects.get(pk=file_id), sha256=sha256)


def hand_over(file: UploadedFile, *, sha256: str) -> bool:
    """The same by whoever knows the hash of the bytes in the spool already, where they are durable; ``file`` is then as
    its row is."""
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
        try:
            moved = _queue(file, sha256, is_first=True)
        except AlreadyEnqueued:  # a job is left of the file that had this number until a backup was restored
            moved = _queue(file, sha256, is_first=False)
    except StateConflict:
        now = UploadedFile.objects.filter(pk=file.pk, stored_as=file.stored_as)
        if not now.exclude(state=FileState.DELETED).exists():
            stored_files.delete(file.stored_as)  # it was deleted meanwhile
        return False
    for name in HANDED_OVER:
        setattr(file, name, getattr(moved, name))
    return True


def _queue(file: UploadedFile, sha256: str, *, is_first: bool) -> UploadedFile:
    """Its row as it is then, in ``HANDED_OVER``. Raises ``StateConflict``, ``AlreadyEnqueued``."""
    with transaction.atomic():
        is_new = file.again or not is_here_already(file=file, sha256=sha256)
        moved = change_state(
            file_id=file.pk,
            to=FileState.WAITING if is_new else FileState.DUPLICATE,
            among=RECEIVING,
            user_id=file.uploaded_by_id,
            text="received" if is_new else f"received; {HELD_BACK}",
            is_act=False,
            fields=HANDED_OVER,
            sha256=sha256,
            received=file.size,
            received_at=Now(),
            expires_at=None,
        )
        if is_new:
            enqueue_load(file_id=file.pk, size=file.size, is_first=is_first)
    return moved


def _stored(file: UploadedFile, sha256: str) -> str:
    """Move the bytes from the spool into the store and return their hash."""
    path = spool.path_of(file.stored_as)
    try:
        sha256 = _hash(path, file, known=sha256)
        stored_files.adopt(path, file.stored_as)
    except FileNotFoundError:  # moved already: before a crash, or by a caller who is a little ahead
        with stored_files.local_path(file.stored_as) as stored:
            return _hash(stored, file)
    return sha256


def _hash(path: Path, file: UploadedFile, *, known: str = "") -> str:
    with path.open("rb") as content:
        arrived = os.fstat(content.fileno()).st_size
        if not file.size_known:
            raise StateConflict(f"The size of “{file.name}” was not said yet.", hint="Say it with Upload-Length.")
        if arrived != file.size:
            raise StateConflict(
                f"{arrived:,} of the {file.size:,} bytes of “{file.name}” are here.", hint="Send the rest first."
            )
        if known:
            return known
        os.fsync(content.fileno())
        return hashlib.file_digest(content, "sha256").hexdigest()


def receive_file(
    *,
    content: IO[bytes],
    size: int | None,
    name: str,
    uploader: Sender,
    via: UploadedFile.Via,
    **wishes: Unpack[Wishes],
) -> UploadedFile:
    """Take in a whole file that can be read now; it comes back ``waiting``, or as a ``duplicate``.

    With ``size=None`` it must be seekable.

    Raises what ``begin_upload`` does; after an error nothing is left of the file but its record.
    """
    if size is None:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
    file = begin_upload(name=name, size=size, uploader=uploader, via=via, **wishes)
    try:
        is_done = hand_over(file, sha256=_copy(content, file))
    except BaseException as error:
        cancel_upload(file_id=file.pk, text=f"could not be received: {error}")
        raise
    if not is_done:
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
