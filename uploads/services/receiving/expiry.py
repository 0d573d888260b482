"""What becomes of uploads that nobody finishes: late ones, lost hand-overs, spool files without an owner."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.receiving.giving_up import cancel_upload
from uploads.services.receiving.uploads import complete_upload
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.store.stored_files import StoreAway

logger = logging.getLogger(__name__)

SETTLING_SECONDS = 60.0
"""An upload that is whole is left alone this long: a request may be at work to hand it over."""


def expire_uploads() -> int:
    """Give up uploads whose time is over, finish those that miss only their hand-over; return how many it mended."""
    receiving = UploadedFile.objects.filter(state=FileState.RECEIVING)
    mended = _settle_quiet(receiving)
    parts = PartialUpload.objects.filter(joined_into=None)
    owned = {*receiving.values_list("stored_as", flat=True), *parts.values_list("stored_as", flat=True)}
    # One that nobody owns may belong to another database that uses this folder, until its time is over there, too.
    for name in spool.abandoned(owned=owned, older_than_seconds=settings.UPLOAD_EXPIRY_HOURS * 3600):
        spool.remove(name)
        mended += 1
    return mended


def _settle_quiet(receiving: QuerySet[UploadedFile]) -> int:
    mended = 0
    lasting = timedelta(hours=settings.UPLOAD_EXPIRY_HOURS) - timedelta(seconds=SETTLING_SECONDS)
    try:
        for file in receiving.filter(expires_at__lt=Now()):
            mended += _settle(file, expired=True)
        for file in receiving.filter(expires_at__lt=Now() + lasting).exclude(expires_at__lt=Now()):
            mended += _settle(file, expired=False)
    except StoreAway as away:  # must not keep all else from being swept; the next sweep tries again
        logger.warning("whole uploads wait: %s", away)
    return mended


def _settle(file: UploadedFile, *, expired: bool) -> bool:
    """Finish, give up or leave alone one upload that has been quiet; true if something was done."""
    try:
        arriving = spool.SpoolFile(file.stored_as)
    except FileNotFoundError:
        whole = stored_files.exists(file.stored_as)  # a crash came between the move and the hand-over
    else:
        with arriving:
            if not arriving.try_lock():
                return False
            is_whole = file.size_known and arriving.current and arriving.size == file.size
            if expired and not UploadedFile.objects.filter(pk=file.pk, expires_at__lt=Now()).exists():
                return False  # it went on since we looked
            return _end(file, whole=is_whole, expired=expired)
    return _end(file, whole=whole, expired=expired)


def _end(file: UploadedFile, *, whole: bool, expired: bool) -> bool:
    try:
        if whole:
            return complete_upload(file_id=file.pk)
        if expired:
            cancel_upload(file_id=file.pk, text="given up: the rest did not arrive in time")
    except StateConflict:
        return False  # somebody was faster
    return expired
