"""How much may be on its way at once, from one address and in all, and how much one address may leave in a day."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import BigIntegerField, Case, F, QuerySet, Sum, Value, When
from django.db.models.functions import Now

from uploads.database.locks import Lock, lock_transaction
from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import TooManyUploads
from uploads.services.sender_network import sent_from
from uploads.states import FileState

_LATER = "Finish or cancel what is on its way, or come back later."
_SAY_SIZE = "Say its size at its beginning (Upload-Length): one that is said later counts as the largest allowed."


def check_quotas(*, size: int | None, address: str | None, without: Collection[int] = ()) -> None:
    """Raise ``TooManyUploads`` if one more upload of ``size`` bytes is too many; within the caller's transaction.

    An upload whose size is said later (``None``) counts as the largest file. Partial uploads count as any other until
    a file takes their place: those ``without`` which its bytes would be counted twice.

    Senders without an address count as one, and so do all addresses of an IPv6 network. Staff are not asked: they can
    fill the disk by other means.
    """
    lock_transaction(Lock.RECEIVING)
    receiving = UploadedFile.objects.filter(state=FileState.RECEIVING)
    parts = PartialUpload.objects.filter(joined_into=None).exclude(pk__in=without)
    if receiving.count() + parts.count() >= settings.MAX_OPEN_UPLOADS:
        raise TooManyUploads(f"{settings.MAX_OPEN_UPLOADS:,} uploads are on their way already.", hint=_LATER)
    theirs = UploadedFile.objects.filter(**sent_from(address))
    their_parts = parts.filter(**sent_from(address))
    if theirs.filter(state=FileState.RECEIVING).count() + their_parts.count() >= settings.MAX_OPEN_UPLOADS_PER_ADDRESS:
        raise TooManyUploads(
            f"{settings.MAX_OPEN_UPLOADS_PER_ADDRESS:,} uploads from your address are on their way already.",
            hint=_LATER,
        )
    wanted = settings.MAX_FILE_SIZE if size is None else size
    if _bytes_of(theirs.exclude(stored_as="")) + _bytes_of(their_parts) + wanted > settings.MAX_SIZE_PER_ADDRESS:
        raise TooManyUploads(
            f"Your address has sent {settings.MAX_SIZE_PER_ADDRESS / 2**20:,.0f} MB within a day; more is not taken.",
            hint=_SAY_SIZE if size is None else "Come back tomorrow, or ask the people who run this site.",
        )


def _bytes_of(uploads: QuerySet[UploadedFile] | QuerySet[PartialUpload]) -> int:
    """How many bytes those of the last day have, or may come to have."""
    counted = Case(When(size_known=True, then=F("size")), default=Value(settings.MAX_FILE_SIZE))
    today = uploads.filter(created_at__gt=Now() - timedelta(days=1))
    return today.aggregate(bytes=Sum(counted, output_field=BigIntegerField()))["bytes"] or 0
