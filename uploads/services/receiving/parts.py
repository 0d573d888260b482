"""Partial uploads: begun, joined into a file by a final upload, given up."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from typing import Unpack

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict, UploadGone
from uploads.services.receiving.announcing import Wishes, announce_file, check_may_send, check_size, full_time
from uploads.services.receiving.crowding import begin_with_room
from uploads.services.receiving.giving_up import cancel_part
from uploads.services.receiving.quotas import check_quotas
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import COPY_BYTES, hand_over, save_begun
from uploads.states import FileState
from uploads.store import spool, stored_files


def begin_part(*, size: int | None, uploader: Sender, patience: timedelta | None = None) -> PartialUpload:
    """Announce one of the parts of a file; ``size`` is ``None`` where it is said later.

    Raises ``NotSignedIn``, ``FileTooLarge``, ``TooManyUploads`` or ``DiskFull``.
    """
    check_may_send(uploader)
    check_size(size or 0)
    part = PartialUpload(
        size=size or 0,
        size_known=size is not None,
        stored_as=stored_files.new_name(),
        uploaded_by_id=uploader.user_id,
        visitor=uploader.visitor,
        address=uploader.address,
        expires_at=Now() + (patience or full_time()),
    )
    spool.create(part.stored_as, size=part.size)
    try:
        begin_with_room(lambda: _save(part, size, uploader), address=uploader.address)
    except BaseException:
        spool.remove(part.stored_as)
        raise
    return part


def _save(part: PartialUpload, size: int | None, uploader: Sender) -> None:
    with transaction.atomic():
        if not uploader.is_staff:
            check_quotas(size=size, address=uploader.address)
        part.save(force_insert=True)


def join_parts(
    *, parts: Sequence[int], name: str, uploader: Sender, via: UploadedFile.Via, **wishes: Unpack[Wishes]
) -> UploadedFile:
    """Make one file of the bytes of these parts, in this order, and hand it over to the workers.

    Its bytes are durable before the parts are given up, in the transaction that begins the file: after a crash before
    it the same call begins anew, and after it the sweep hands the file over. Repeated, it returns the file it made.

    Raises what ``begin_upload`` does; ``StateConflict`` while a part lacks bytes, is being written to or belongs to
    another file; ``UploadGone`` where the bytes of one were lost, or the file was deleted.
    """
    if (file := _file_of(parts)) is not None:
        return file
    size = sum(part.size for part in _rows(parts))
    file = announce_file(name=name, size=size, uploader=uploader, via=via, **wishes)
    with _all_held(parts) as sources:
        if (made := _file_of(parts)) is not None:
            return made  # by the same request, sent twice
        if sum(source.size for source in sources) != file.size:
            raise StateConflict("One of the parts has grown meanwhile.", hint="Try again.")
        file.received = file.size
        try:
            digest = _assemble(sources, file)
            save_begun(file, uploader, email=wishes.get("email", ""), parts=parts)
        except (OperationalError, InterfaceError):
            raise  # perhaps it was committed: its bytes stay until the sweep knows that nobody owns them
        except BaseException:
            spool.remove(file.stored_as)
            raise
    for part in _rows(parts):
        spool.remove(part.stored_as)
    hand_over(file, sha256=digest)
    file.refresh_from_db()
    return file


def _rows(parts: Sequence[int]) -> list[PartialUpload]:
    found = PartialUpload.objects.select_related("joined_into").in_bulk(list(parts))
    if len(found) < len(parts):
        raise UploadGone("One of the parts was given up, or is named twice.", hint="Send it again, as a new part.")
    return [found[part] for part in parts]


def _file_of(parts: Sequence[int]) -> UploadedFile | None:
    """The file that these parts, and no others, have become."""
    rows = _rows(parts)
    files = {part.joined_into for part in rows}
    if files == {None}:
        return None
    file = files.pop()
    if files or file is None or list(file.parts.order_by("position").values_list("pk", flat=True)) != list(parts):
        raise StateConflict("One of the parts belongs to another file already.", hint="Send it again, as a new part.")
    if file.state == FileState.DELETED:
        raise UploadGone(f"“{file.name}” was deleted.", hint="Send it again.")
    return file


@contextmanager
def _all_held(parts: Sequence[int]) -> Iterator[list[spool.SpoolFile]]:
    """The spool files of whole parts, with this caller as their only writer."""
    with ExitStack() as stack:
        sources = []
        for part in _rows(parts):
            try:
                source = stack.enter_context(spool.SpoolFile(part.stored_as))
            except FileNotFoundError as error:
                if _rows([part.pk])[0].joined_into is None:
                    raise UploadGone("The bytes of a part were lost.", hint="Send it again, as a new part.") from error
                continue  # by the same request, sent twice, as it seems
            if not source.try_lock():
                raise StateConflict("A request is still sending bytes for one of the parts.", hint="Try again soon.")
            if not part.size_known:
                raise StateConflict("The size of a part was not said yet.", hint="Say it with Upload-Length.")
            if source.size != part.size:
                raise StateConflict(
                    f"A part has {source.size:,} of its {part.size:,} bytes.", hint="Send the rest of it first."
                )
            sources.append(source)
        yield sources


def _assemble(sources: Sequence[spool.SpoolFile], file: UploadedFile) -> str:
    """Copy the parts one behind the other, durably, and return the SHA-256 of all."""
    digest = hashlib.sha256()
    spool.create(file.stored_as, size=file.size)
    with spool.SpoolFile(file.stored_as) as whole:
        for source in sources:
            for piece in source.pieces(COPY_BYTES):
                digest.update(piece)
                whole.append(piece)
        whole.sync()
    return digest.hexdigest()


def expire_parts() -> int:
    """Give up the parts whose time is over, and forget those of files; return how many."""
    ended = 0
    for part in PartialUpload.objects.filter(expires_at__lt=Now()):
        if part.joined_into_id is not None:
            ended += part.delete()[0]
            continue
        with ExitStack() as stack:
            with suppress(FileNotFoundError):
                if not stack.enter_context(spool.SpoolFile(part.stored_as)).try_lock():
                    continue
            if not PartialUpload.objects.filter(pk=part.pk, expires_at__lt=Now()).exists():
                continue  # it went on since we looked
            with suppress(StateConflict):  # a final upload was faster
                cancel_part(part_id=part.pk)
                ended += 1
    return ended
