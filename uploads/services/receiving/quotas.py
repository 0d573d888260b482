"""How much may be on its way at once, from one address and in all, and how much one address may leave in a day."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Now

from uploads.database.locks import Lock, lock_transaction
from uploads.models import UploadedFile
from uploads.services.errors import TooManyUploads
from uploads.services.sender_network import sent_from
from uploads.states import FileState

_LATER = "Finish or cancel what is on its way, or come back later."


def check_quotas(*, size: int, address: str | None) -> None:
    """Raise ``TooManyUploads`` if one more upload of ``size`` bytes is too many; within the caller's transaction.

    Senders without an address count as one, and so do all addresses of an IPv6 network. Staff are not asked: they can
    fill the disk by other means.
    """
    lock_transaction(Lock.RECEIVING)
    receiving = UploadedFile.objects.filter(state=FileState.RECEIVING)
    if receiving.count() >= settings.MAX_OPEN_UPLOADS:
        raise TooManyUploads(f"{settings.MAX_OPEN_UPLOADS:,} uploads are on their way already.", hint=_LATER)
    theirs = UploadedFile.objects.filter(**sent_from(address))
    if theirs.filter(state=FileState.RECEIVING).count() >= settings.MAX_OPEN_UPLOADS_PER_ADDRESS:
        raise TooManyUploads(
            f"{settings.MAX_OPEN_UPLOADS_PER_ADDRESS:,} uploads from your address are on their way already.",
            hint=_LATER,
        )
    kept = theirs.exclude(stored_as="").filter(created_at__gt=Now() - timedelta(days=1))
    if (kept.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > settings.MAX_SIZE_PER_ADDRESS:
        raise TooManyUploads(
            f"Your address has sent {settings.MAX_SIZE_PER_ADDRESS / 2**20:,.0f} MB within a day; more is not taken.",
            hint="Come back tomorrow, or ask the people who run this site.",
        )
