"""Read a file again in another way: from the bytes that are stored, with what a person says now.

A file that failed, or was held back because its bytes are here already, is read as itself. One that has rows stays as
it is, and the same bytes become a file of their own, a *reading*. Of a file and its readings one at most is active:
activating one deactivates the other in the same transaction, so that people see the old rows until the new ones are
in, and the old ones again if they want them back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from uploads.database.retrying import retry_while_locked
from uploads.models import FileEvent, UploadedFile
from uploads.services.datasets.adopted import check_has_bytes
from uploads.services.errors import FileNotFound, StateConflict, TooManyUploads
from uploads.services.files.history import note_event, read_again_as
from uploads.services.files.partitions import drop_partition, partitions_of
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.files.transitions import change_state
from uploads.services.options.catalogue import given_options, options_in_words
from uploads.services.options.remembered import remembered_options
from uploads.services.queueing import enqueue_load
from uploads.services.read_only import check_slug_takes_files
from uploads.services.receiving.quotas import check_quotas
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import WITHOUT_SENDER, is_own
from uploads.states import HAS_DATA, FileState
from uploads.store import stored_files
from uploads.tabular.names import dataset_slug

WITHOUT_DATA = frozenset({FileState.FAILED, FileState.DUPLICATE})
"""There is nothing to be kept: the file is read as itself."""
READABLE = HAS_DATA | WITHOUT_DATA
"""States in which a file can be read again."""
TRIES_A_DAY = 20
"""How often a file that fails is tried again within a day for somebody who is not staff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReimportRequest:
    """How to read it now. An option that isn't named stays as it was said, ``None`` has it found out."""

    options: Mapping[str, Any]
    dataset: str | None = None
    """Slug of the dataset; empty: the one of the same columns; ``None``: as it was said."""


def check_may_reimport(*, file_id: int, rights: Rights, visitor: str) -> None:
    """Staff may with the permission, and whoever has sent the file, as long as uploading is open to them.

    Raises ``NotSignedIn`` or ``NotAllowed``, and ``StateConflict`` where there is no file to be read.
    """
    check_has_bytes(file_id=file_id)
    sender_may = settings.ANONYMOUS_UPLOAD or rights.user_id is not None
    own = sender_may and is_own(file_id=file_id, user_id=rights.user_id, visitor=visitor)
    if not own:
        rights.require(FileAction.READ_AGAIN)


def reimport_file(*, file_id: int, wish: ReimportRequest, reader: Sender, via: UploadedFile.Via) -> UploadedFile:
    """Have a file read again, and return the file to follow: itself if it had failed, else its new reading.

    ``via``: which way a reading comes, unless it or the file is of nobody who could be asked: then the file's own.

    Raises ``FileNotFound``, ``StateConflict`` while it is on its way or once it is deleted, ``TooManyUploads``.
    """
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    check_has_bytes(file_id=file_id)
    if file.state not in READABLE:
        raise StateConflict(
            f"Only a file that is loaded, active, held back or failed can be read again; “{file.name}” is"
            f" {file.get_state_display()}.",
            hint="Wait until it is finished, then say how to read it.",
        )
    options = _merged(file, wish, reader)
    dataset = file.dataset_wanted if wish.dataset is None else wish.dataset.strip()
    wanted = dataset_slug(dataset) if dataset else ""
    check_slug_takes_files(wanted, viewer=reader.viewer)
    if file.state in WITHOUT_DATA:
        _try_again(file, options, wanted, reader)
        file.refresh_from_db()
        return file
    return _new_reading(file, options, wanted, reader, via)


def _merged(file: UploadedFile, wish: ReimportRequest, reader: Sender) -> dict[str, Any]:
    """What holds now. That an option be found out is kept only where the dataset would say otherwise."""
    merged = {**file.options, **wish.options}
    dataset = file.dataset_wanted if wish.dataset is None else wish.dataset.strip()
    slug = dataset_slug(dataset) if dataset else ""
    remembered = remembered_options(dataset=slug, viewer=reader.viewer).options
    joined = {load.dataset for load in file.loads.select_related("dataset") if load.dataset is not None}
    for each in joined:
        remembered |= each.read_options
    return {key: value for key, value in merged.items() if value is not None or key in remembered}


def _try_again(file: UploadedFile, options: dict[str, Any], wanted: str, reader: Sender) -> None:
    def act() -> None:
        if not reader.is_staff:
            _check_patience(file)
        change_state(
            file_id=file.pk,
            to=FileState.WAITING,
            user_id=reader.user_id,
            among=WITHOUT_DATA,
            text=f"read again, {in_words(options)}",
            again=file.again or file.state == FileState.DUPLICATE,
            options=options,
            dataset_wanted=wanted,
            attempts=0,
            finished_at=None,
            # an answer of before is of the dataset that was meant then
            column_answers=file.column_answers if wanted == file.dataset_wanted else {},
        )
        for part in partitions_of(file_id=file.pk):
            drop_partition(part=part)
        enqueue_load(file_id=file.pk)

    retry_while_locked(act)


def _check_patience(file: UploadedFile) -> None:
    tried = FileEvent.objects.filter(file=file, state=FileState.WAITING, at__gt=Now() - timedelta(days=1))
    if tried.count() > TRIES_A_DAY:
        raise TooManyUploads(
            f"“{file.name}” was tried {TRIES_A_DAY} times within a day.",
            hint="Come back tomorrow, or ask the people who run this site.",
        )


def _new_reading(
    file: UploadedFile, options: dict[str, Any], wanted: str, reader: Sender, via: UploadedFile.Via
) -> UploadedFile:
    """The same bytes as a file of their own: announced, linked, handed over, so that a crash leaves nothing unowned."""
    reading = _same_bytes(file, options, wanted, reader, via)
    with transaction.atomic():
        if not reader.is_staff:
            check_quotas(size=file.size, address=file.address)
        reading.save(force_insert=True)
        said = in_words(options)
        by, again = reader.user_id, read_again_as(reading.pk)
        text = f"file {file.pk} read again, {said}"
        note_event(file_id=reading.pk, user_id=by, state=FileState.RECEIVING, text=text)
        state, text = FileState(file.state), f"{again}, {said}"
        note_event(file_id=file.pk, user_id=by, state=state, text=text, words=again, about=reading.pk)
    try:
        stored_files.duplicate(file.stored_as, reading.stored_as)
        with transaction.atomic():
            change_state(
                file_id=reading.pk,
                to=FileState.WAITING,
                among=frozenset({FileState.RECEIVING}),
                user_id=reader.user_id,
                text="bytes are there",
                is_act=False,
                received=file.size,
                received_at=Now(),
                expires_at=None,
            )
            enqueue_load(file_id=reading.pk)
    except BaseException:
        # first: no sweep looks into the store, and somebody may have deleted the reading meanwhile
        stored_files.delete(reading.stored_as)
        change_state(
            file_id=reading.pk, to=FileState.DELETED, text="its bytes could not be had", stored_as="", expires_at=None
        )
        raise
    reading.refresh_from_db()
    return reading


def _same_bytes(
    file: UploadedFile, options: dict[str, Any], wanted: str, reader: Sender, via: UploadedFile.Via
) -> UploadedFile:
    """The row of a reading, not saved yet: whoever sent the file has sent it, and nobody if nobody did."""
    has_sender = {UploadedFile.Via(file.via), via}.isdisjoint(WITHOUT_SENDER)
    return UploadedFile(
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        stored_as=stored_files.new_name(),
        via=via if has_sender else file.via,
        uploaded_by_id=file.uploaded_by_id,
        visitor=file.visitor,
        address=file.address,
        expires_at=Now() + timedelta(hours=settings.UPLOAD_EXPIRY_HOURS),
        options=options,
        dataset_wanted=wanted,
        activate=file.state == FileState.ACTIVE and reader.activates,
        again=True,
        kept_readings=file.kept_readings,
        writer=file.writer,
        version_of_id=file.version_of_id or file.pk,
        full=file.full,
    )


def in_words(options: Mapping[str, Any]) -> str:
    """``with delimiter “;”, day first``"""
    words = options_in_words(given_options(options))
    return f"with {words}" if words else "with everything detected automatically"
