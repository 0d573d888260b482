"""The one function through which a file changes its state."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from uploads.models import UploadedFile
from uploads.services.errors import FileNotFound, LeaseLost, StateConflict
from uploads.services.files.history import note_event
from uploads.states import FileState, Review, sources

_WHY_NOT = {
    FileState.ACTIVE: "Only a file that is loaded and not active can be activated",
    FileState.LOADED: "Only an active file can be deactivated",
    FileState.WAITING: "Only a file that has failed, or is loaded and not active, can be loaded again",
}


def change_state(
    *,
    file_id: int,
    to: FileState,
    user_id: int | None = None,
    fence: int | None = None,
    among: frozenset[FileState] = frozenset(FileState),
    text: str = "",
    is_act: bool = True,
    **changes: Any,
) -> None:
    """Move a file to state ``to`` and note it in its history, together with other ``changes`` to the row.

    The update says from which states the move is allowed and, for a worker, under which fence: of two competing acts
    one changes a row and the other raises ``StateConflict`` (a worker: ``LeaseLost``). ``among`` narrows the states
    from which this caller may move it; ``is_act`` is that of ``note_event``.
    """
    if to is not FileState.FAILED:
        changes = {"error_code": "", "error_message": "", "error_hint": "", **changes}
    if to in (FileState.ACTIVE, FileState.DELETED):
        changes = {"review": Review.NONE, "review_at": None, **changes}
    with transaction.atomic(savepoint=False):  # nothing is done where no row changes, so nothing is to be undone
        files = UploadedFile.objects.filter(pk=file_id, state__in=sources(to) & among)
        if to is not FileState.DELETED:  # what was declined stays off, whatever an old tab asks for
            files = files.exclude(review=Review.DECLINED)
        if fence is not None:
            files = files.filter(fence=fence)
        moved = files.update(state=to, state_changed_at=Now(), **changes)
        if moved:
            note_event(file_id=file_id, state=to, user_id=user_id, text=text, is_act=is_act)
    if not moved:
        raise _conflict(file_id, to, fence)


def _conflict(file_id: int, to: FileState, fence: int | None) -> Exception:
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        return FileNotFound(f"There is no file {file_id}.")
    if fence is not None:
        return LeaseLost(f"File {file_id} was taken over: it is {file.get_state_display()} under attempt {file.fence}.")
    if file.state == FileState.DELETED:
        return StateConflict(
            f"“{file.name}” is deleted already.",
            hint="Only its record is kept. Send the file again to have its rows back.",
        )
    if file.review == Review.DECLINED:
        return StateConflict(f"“{file.name}” was declined, so it stays as it is.", hint="Take it up again first.")
    verb = "has" if file.state == FileState.FAILED else "is"
    return StateConflict(
        f"{_WHY_NOT.get(to, f'It cannot become {to.label}')}; “{file.name}” {verb} {file.get_state_display()}.",
        hint="Look at its state again: somebody else may have changed it.",
    )
