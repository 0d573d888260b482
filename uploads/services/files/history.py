"""What happened to a file, in order: kept when its data are deleted. What a person did is in Django's record too."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from uploads.models import FileEvent, UploadedFile
from uploads.services.admin_log import ADDITION, CHANGE, DELETION, log_act
from uploads.states import FileState

_BEGAN = {FileState.ACTIVE: "activated", FileState.DELETED: "deleted"}
"""What was done, where the state that began says it all."""
_FLAGS = {FileState.RECEIVING: ADDITION, FileState.DELETED: DELETION}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A state began; who brought it about is for the admin, not for whoever holds a receipt."""

    at: datetime
    state: FileState
    text: str


def note_event(
    *,
    file_id: int,
    state: FileState,
    user_id: int | None = None,
    text: str = "",
    words: str = "",
    is_act: bool = True,
    about: int | None = None,
) -> None:
    """Write down that something happened to a file; ``is_act``: a person wanted it, it did not just follow.

    ``words`` are for Django's record, where the text says too little without the state, or more than is to last there.
    ``about`` is the number of another file that the text tells of.
    """
    FileEvent.objects.create(file_id=file_id, user_id=user_id, state=state, text=text, about_id=about)
    if is_act and user_id is not None:
        file = UploadedFile.objects.only("name").get(pk=file_id)
        log_event(file=file, state=state, user_id=user_id, text=words or text)


def log_event(*, file: UploadedFile, state: FileState, user_id: int | None, text: str) -> None:
    """Have Django's record say what a person did to a file; nobody's act is none."""
    if user_id is not None:
        words = text or _BEGAN.get(state, state.label)
        log_act(user_id=user_id, to=file, words=words, flag=_FLAGS.get(state, CHANGE))


def list_events(*, file_id: int) -> tuple[Event, ...]:
    """The history of one file, oldest first."""
    events = FileEvent.objects.filter(file_id=file_id).order_by("id")
    return tuple(Event(at=event.at, state=FileState(event.state), text=event.text) for event in events)


def read_again_as(file_id: int) -> str:
    """How the words begin that a file's history has of its new reading; how it was read follows behind a comma."""
    return f"read again as file {file_id}"


def fitting_asked(*, file_id: int) -> int:
    """The number of the event with which a file that is being fitted was sent to be: before that it was loaded."""
    events = FileEvent.objects.filter(file=file_id)
    loaded = events.filter(state=FileState.LOADED).aggregate(last=Max("pk"))["last"]
    asked: int = events.filter(state=FileState.WAITING, pk__gt=loaded).aggregate(first=Min("pk"))["first"]
    return asked


def last_asker(*, file_id: int) -> int | None:
    """Who sent the file to be loaded, or had it read again since; ``None`` for a visitor."""
    asked = FileEvent.objects.filter(file=file_id, state=FileState.WAITING, user__isnull=False)
    return asked.order_by("-id").values_list("user_id", flat=True).first()
