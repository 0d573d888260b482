"""Who gives way when every place for an upload is taken: the network that holds most of them.

An address may have some uploads open, and whoever has many addresses many of them. Refusing all others would close the
site to everybody until those expire.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict, TooManyUploads
from uploads.services.receiving.announcing import full_time
from uploads.services.receiving.giving_up import cancel_part, cancel_upload
from uploads.services.sender_network import wide_network_of
from uploads.states import FileState
from uploads.store import spool

QUIET = timedelta(seconds=30)
"""One whose bytes came later than that is on its way."""
FAIR_SHARE = 20
"""Of all places a network may hold one in so many, whoever waits."""

_FIELDS = ("pk", "stored_as", "size", "size_known", "address")
GAVE_WAY = "given up: every place was taken, and most of them by one network"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    pk: int
    stored_as: str
    size: int | None
    """``None`` as long as it was not said."""
    network: str
    quiet_since: datetime
    is_part: bool


def begin_with_room(begin: Callable[[], None], *, address: str | None) -> None:
    """What ``begin`` does; where all places are taken, once more if one was given up for a sender from ``address``."""
    try:
        begin()
    except TooManyUploads as refusal:
        if not refusal.is_full or not _make_room(address):
            raise
    else:
        return
    begin()


def _make_room(address: str | None) -> bool:
    """Have the network that holds most give up the upload that was quiet longest; false if nobody has to."""
    found = list(_open())
    [(network, held)] = Counter(one.network for one in found).most_common(1) or [("", 0)]
    if held * FAIR_SHARE <= settings.MAX_OPEN_UPLOADS or network == wide_network_of(address):
        return False
    late = timezone.now() - QUIET
    theirs = sorted((one for one in found if one.network == network), key=lambda one: one.quiet_since)
    quiet = (one for one in theirs if one.quiet_since < late)
    return any(map(_give_up, quiet))


def _open() -> Iterator[_Open]:
    """Staff's are none of them: no quota counts them."""
    files = UploadedFile.objects.filter(state=FileState.RECEIVING)
    parts = PartialUpload.objects.filter(joined_into=None)
    since = Greatest(F("created_at"), F("expires_at") - full_time())
    for uploads, is_part in ((files, False), (parts, True)):
        rows = uploads.exclude(uploaded_by__is_staff=True)
        for pk, stored_as, size, size_known, address, quiet_since in rows.values_list(*_FIELDS, since):
            yield _Open(
                pk=pk,
                stored_as=stored_as,
                size=size if size_known else None,
                network=wide_network_of(address),
                quiet_since=quiet_since,
                is_part=is_part,
            )


def _give_up(one: _Open) -> bool:
    with suppress(FileNotFoundError, StateConflict), spool.SpoolFile(one.stored_as) as arriving:
        if not arriving.try_lock() or arriving.size == one.size:
            return False  # a request is at work on it, or it is whole
        if one.is_part:
            cancel_part(part_id=one.pk)
        else:
            cancel_upload(file_id=one.pk, text=GAVE_WAY)
        return True
    return False  # it was handed over meanwhile, or somebody was faster
