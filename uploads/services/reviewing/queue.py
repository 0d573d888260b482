"""What waits for staff: loaded files that never were active and that nobody declined, oldest first or by their names.

A file of which something is asked waits for its sender instead; once that person answers, it comes before all others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Lower

from uploads.models import FileEvent, UploadedFile
from uploads.services.files.progress import FOR_REVIEW
from uploads.states import FileState, Review


class Shelf(StrEnum):
    """For whom a file waits."""

    STAFF = "staff"
    SENDER = "sender"
    DECLINED = "declined"


class Order(StrEnum):
    """In which files stand on a shelf."""

    ARRIVAL = "arrival"
    NAME = "name"
    """As a person sorts them: ``prices_2.csv`` before ``prices_10.csv``."""


_DIGITS = 20
"""To which a number in a name is filled up, so that it is compared as one; of a longer one the last count."""
_REVIEWS = {
    Shelf.STAFF: (Review.NONE, Review.ANSWERED, Review.TAKEN_UP),
    Shelf.SENDER: (Review.ASKED,),
    Shelf.DECLINED: (Review.DECLINED,),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a file stands among those that wait for staff."""

    number: int
    """From 1 on; 0: it doesn't wait for staff."""
    of: int
    previous: int | None
    next: int | None


def files_on(shelf: Shelf, order: Order = Order.ARRIVAL) -> QuerySet[UploadedFile]:
    """In their order: what was answered first, then as they came; declined ones the latest first. By name, only what
    was answered still comes before the others."""
    files = UploadedFile.objects.filter(FOR_REVIEW, review__in=_REVIEWS[shelf])
    by_name: list[Any] = [_name_to_sort_by(), "pk"] if order is Order.NAME else []
    if shelf is Shelf.STAFF:
        answered = Case(When(review=Review.ANSWERED, then=Value(0)), default=Value(1))
        since = Case(When(review=Review.ANSWERED, then=F("review_at")))
        return files.order_by(answered, *(by_name or [since, "created_at", "pk"]))
    return files.order_by(*(by_name or ["-review_at" if shelf is Shelf.DECLINED else "review_at", "pk"]))


def _name_to_sort_by() -> Func:
    """Every number in it with zeros in front of it, then cut to its last digits."""
    filled = _replaced(Lower("name"), r"(\d+)", "0" * _DIGITS + r"\1")
    return _replaced(filled, rf"\d*(\d{{{_DIGITS}}})", r"\1")


def _replaced(text: Func, pattern: str, by: str) -> Func:
    return Func(text, Value(pattern), Value(by), Value("g"), function="regexp_replace", output_field=TextField())


def count_waiting() -> int:
    """How many wait for staff; by an index of those alone."""
    return files_on(Shelf.STAFF).order_by().count()


def place_of(*, file_id: int, order: Order = Order.ARRIVAL) -> Place:
    """The neighbours of a file; of one that doesn't wait for staff the first one is next."""
    ids = list(files_on(Shelf.STAFF, order).values_list("pk", flat=True))
    if file_id not in ids:
        return Place(number=0, of=len(ids), previous=None, next=ids[0] if ids else None)
    at = ids.index(file_id)
    return Place(
        number=at + 1,
        of=len(ids),
        previous=ids[at - 1] if at else None,
        next=ids[at + 1] if at + 1 < len(ids) else None,
    )


def next_waiting(*, after: Place, but: int, order: Order = Order.ARRIVAL) -> int | None:
    """The file to look at when one is done with: the next one as it was, else the first that still waits."""
    waiting = files_on(Shelf.STAFF, order).exclude(pk=but)
    for file_id in filter(None, (after.next, after.previous)):
        if waiting.filter(pk=file_id).exists():
            return file_id
    return waiting.values_list("pk", flat=True).first()


def words_of_loading(file_ids: Sequence[int]) -> dict[int, str]:
    """By file, what its history says of the moment when it was loaded: why it did not become active by itself."""
    found: dict[int, str] = {}
    loading: set[int] = set()
    for file_id, state, text in _events(file_ids):
        if state == FileState.LOADING:
            loading.add(file_id)
        elif file_id in loading:  # what is said of it later is another matter
            loading.discard(file_id)
            found[file_id] = text
    return {file_id: text for file_id, text in found.items() if text}


def _events(file_ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    states = (FileState.LOADING, FileState.LOADED)
    events = FileEvent.objects.filter(file__in=file_ids, state__in=states).order_by("pk")
    yield from events.values_list("file_id", "state", "text")
