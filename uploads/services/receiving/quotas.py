"""How much may be on its way at once, from one address and in all, and how much one address may leave in a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    GenericIPAddressField,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Now

from uploads.database.locks import Lock, lock_transaction
from uploads.database.prepared import Prepared
from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import TooManyUploads
from uploads.services.sender_network import sent_from
from uploads.states import FileState

_LATER = "Finish or cancel what is on its way, or come back later."
_HOUR = 3600
_SAY_SIZE = "Say its size at its beginning (Upload-Length): one that is said later counts as the largest allowed."


def check_quotas(*, size: int | None, address: str | None, without: Collection[int] = ()) -> None:
    """Raise ``TooManyUploads`` if one more upload of ``size`` bytes is too many; within the caller's transaction.

    An upload whose size is said later (``None``) counts as the largest file. Partial uploads count as any other until
    a file takes their place: those ``without`` which its bytes would be counted twice.

    Senders without an address count as one, and so do all addresses of an IPv6 network. Staff are not asked: they can
    fill the disk by other means.
    """
    lock_transaction(Lock.RECEIVING)
    counted = _count(address=address, without=without)
    if counted.open >= settings.MAX_OPEN_UPLOADS:
        raise TooManyUploads(
            f"{settings.MAX_OPEN_UPLOADS:,} uploads are on their way already.", hint=_LATER, is_full=True
        )
    if counted.theirs >= settings.MAX_OPEN_UPLOADS_PER_ADDRESS:
        raise TooManyUploads(
            f"{settings.MAX_OPEN_UPLOADS_PER_ADDRESS:,} uploads from your address are on their way already.",
            hint=_LATER,
        )
    wanted = settings.MAX_FILE_SIZE if size is None else size
    if counted.size + wanted > settings.MAX_SIZE_PER_ADDRESS:
        raise TooManyUploads(
            f"Your address has sent {settings.MAX_SIZE_PER_ADDRESS / 2**20:,.0f} MB within a day; more is not taken.",
            hint=_SAY_SIZE if size is None else "Come back tomorrow, or ask the people who run this site.",
            seconds=_HOUR,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted:
    open: int
    theirs: int
    """Of those that are open."""
    size: int
    """Bytes that theirs of the last day have, or may come to have."""


def _count(*, address: str | None, without: Collection[int]) -> _Counted:
    """Files and parts in one query: each upload waits for the answer while it keeps the others waiting."""
    theirs, largest = sent_from(address), settings.MAX_FILE_SIZE
    if address is not None and not without:
        rows = _BY_ADDRESS.rows(least=theirs["address__gte"] or "", most=theirs["address__lte"] or "", largest=largest)
    else:
        rows = _asked(Q(**theirs), largest, without)
    count, theirs_open, size = (sum(column) for column in zip(*rows, strict=True))
    return _Counted(open=count, theirs=theirs_open, size=size)


def _asked(theirs: Q, largest: int, without: Collection[int] = ()) -> "QuerySet[Any, tuple[int, int, int]]":
    parts = PartialUpload.objects.filter(joined_into=None).exclude(pk__in=without)
    files = _counts(UploadedFile.objects.all(), theirs, largest, is_open=Q(state=FileState.RECEIVING))
    return files.union(_counts(parts, theirs, largest, is_open=Q(joined_into=None)), all=True).order_by()


def _counts(
    uploads: QuerySet[UploadedFile] | QuerySet[PartialUpload], theirs: Q, largest: int, *, is_open: Q
) -> "QuerySet[Any, tuple[int, int, int]]":
    """One row, in the order of ``_Counted``."""
    kept = theirs & Q(created_at__gt=Now() - timedelta(days=1)) & ~Q(stored_as="")
    size = Case(When(size_known=True, then=F("size")), default=Value(largest, output_field=BigIntegerField()))
    return (
        uploads.filter(is_open | kept)
        .order_by()
        .values(all=Value(True))
        .annotate(
            open=Count("pk", filter=is_open),
            theirs=Count("pk", filter=is_open & theirs),
            bytes=Coalesce(Sum(size, filter=kept, output_field=BigIntegerField()), 0),
        )
        .values_list("open", "theirs", "bytes")
    )


def _ask_by_address(*, least: str, most: str, largest: int) -> "QuerySet[Any, tuple[int, int, int]]":
    return _asked(Q(address__gte=_address(least), address__lte=_address(most)), largest)


def _address(text: str) -> Cast:
    return Cast(Value(text, output_field=TextField()), GenericIPAddressField())


_BY_ADDRESS = Prepared(_ask_by_address)
