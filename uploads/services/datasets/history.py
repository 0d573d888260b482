"""What happened to a dataset, newest first: the states of its files, and what people did to the dataset itself.

Both are recorded already (``FileEvent``, Django's record of acts); nothing is written down for this a second time.
Whoever may not see all files is told what could be seen from outside: that a file's rows came, went or were deleted,
and that somebody changed the dataset. The words of an act may have values and names in them, and are for staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F, Q, QuerySet, Value, Window
from django.db.models.functions import Lag

from uploads.models import Dataset, FileEvent, Load
from uploads.services.admin_log import acts_on
from uploads.services.visibility import Viewer
from uploads.states import IN_PROGRESS, FileState

EVENTS_ON_A_PAGE = 50
MOST_PAGES = 1_000
_FILE, _ACT = "file", "act"


class Happened(StrEnum):
    """What it was."""

    ACTIVATED = "activated"
    SWITCHED_OFF = "switched_off"
    DELETED = "deleted"
    FILE = "file"
    """Something else with a file: its state, or what was noted, says what."""
    DATASET = "dataset"
    """Somebody changed the dataset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastEvent:
    at: datetime
    happened: Happened
    file_name: str = ""
    """Empty where it is no file, or one of which this person may not know."""
    state: FileState | None = None
    """Of a file: the one that began, or in which it was."""
    words: str = ""
    """What was noted, for staff."""
    who: str = ""
    """The name of an account, for staff; empty: nobody who was signed in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    events: tuple[PastEvent, ...]
    has_more: bool


def history_of(*, dataset: Dataset, viewer: Viewer, number: int = 1) -> History:
    """A page of it; ``number`` counts from 1, of at most ``MOST_PAGES``."""
    files = _events(dataset)
    if not viewer.sees_all:
        files = files.exclude(state=F("before")).filter(Q(state=FileState.ACTIVE) | Q(before=FileState.ACTIVE))
    acts = acts_on(dataset).order_by()
    first = (number - 1) * EVENTS_ON_A_PAGE
    both = (
        files.order_by()
        .annotate(kind=Value(_FILE))
        .values_list("at", "kind", "id", "before")
        .union(
            acts.annotate(kind=Value(_ACT), before=Value("")).values_list("action_time", "kind", "id", "before"),
            all=True,
        )
        .order_by("-at", "-id")
    )
    found = list(both[first : first + EVENTS_ON_A_PAGE + 1])
    return History(
        events=tuple(_in_words(found[:EVENTS_ON_A_PAGE], dataset, viewer)), has_more=len(found) > EVENTS_ON_A_PAGE
    )


def _events(dataset: Dataset) -> QuerySet[FileEvent]:
    """Of the files whose rows the dataset has or had, each with the state before it.

    What it passes through on its way is for its receipt.
    """
    files = Load.objects.filter(dataset=dataset).values("file_id")
    before = Window(Lag("state", default=Value("")), partition_by=F("file_id"), order_by=F("id").asc())
    return FileEvent.objects.filter(file_id__in=files).exclude(state__in=IN_PROGRESS).annotate(before=before)


def _in_words(found: Iterable[tuple[datetime, str, int, str]], dataset: Dataset, viewer: Viewer) -> Iterable[PastEvent]:
    lines = list(found)
    files = FileEvent.objects.select_related("file", "user").in_bulk([pk for _, kind, pk, _ in lines if kind == _FILE])
    acts = acts_on(dataset).select_related("user").in_bulk([pk for _, kind, pk, _ in lines if kind == _ACT])
    for at, kind, pk, before in lines:
        if kind == _ACT:
            act = acts[pk]
            yield PastEvent(
                at=at,
                happened=Happened.DATASET,
                words=act.change_message if viewer.sees_all else "",
                who=act.user.get_username() if viewer.sees_all else "",
            )
        else:
            yield _of_file(files[pk], before, viewer)


def _of_file(event: FileEvent, before: str, viewer: Viewer) -> PastEvent:
    file = event.file
    shown = file.state == FileState.ACTIVE  # in a dataset whose history this person sees
    knows = viewer.may_know(is_shown=shown, visitor=file.visitor, user_id=file.uploaded_by_id)
    return PastEvent(
        at=event.at,
        happened=_happened(FileState(event.state), before),
        file_name=file.name if knows else "",
        state=FileState(event.state),
        words=event.text if viewer.sees_all else "",
        who=event.user.get_username() if viewer.sees_all and event.user is not None else "",
    )


def _happened(state: FileState, before: str) -> Happened:
    if state == before:
        return Happened.FILE
    if state is FileState.ACTIVE:
        return Happened.ACTIVATED
    if state is FileState.DELETED:
        return Happened.DELETED
    return Happened.SWITCHED_OFF if before == FileState.ACTIVE else Happened.FILE
