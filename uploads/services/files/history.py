"""What happened to a file, in order: kept when its data are deleted."""

from dataclasses import dataclass
from datetime import datetime

from uploads.models import FileEvent
from uploads.states import FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A state began; who brought it about is for the admin, not for whoever holds a receipt."""

    at: datetime
    state: FileState
    text: str


def list_events(*, file_id: int) -> tuple[Event, ...]:
    """The history of one file, oldest first."""
    events = FileEvent.objects.filter(file_id=file_id).order_by("id")
    return tuple(Event(at=event.at, state=FileState(event.state), text=event.text) for event in events)


def last_asker(*, file_id: int) -> int | None:
    """Who sent the file to be loaded, or had it read again since; ``None`` for a visitor."""
    asked = FileEvent.objects.filter(file=file_id, state=FileState.WAITING, user__isnull=False)
    return asked.order_by("-id").values_list("user_id", flat=True).first()
