"""A loaded file is activated in the way that somebody says it is to join its dataset."""

from collections.abc import Sequence
from typing import Any

from uploads.models import Dataset, UploadedFile
from uploads.services.choice import Choice, Chooser
from uploads.services.errors import JoinUndecided, ModeDecided
from uploads.services.files.activation import ActionResult, activate_file
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.joining.seen import check_seen
from uploads.services.merging.asked import forget_answered, parse_seen
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import check_mode
from uploads.services.merging.overlap import Overlap, ask_again
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode, Review


def require_to_join(rights: Rights, mode: Mode | str) -> None:
    """Raise ``NotSignedIn`` or ``NotAllowed`` unless a person may have a file join so: to replace others is one thing,
    and a key holds for the whole dataset."""
    if mode == Mode.REPLACE:
        rights.require(FileAction.REPLACE)
    elif mode == Mode.MERGE:
        rights.require_change_dataset()


def activate_unasked(*, file_id: int, user_id: int | None = None, seen: str = "") -> ActionResult:
    """Activate a file as its datasets say. ``seen``: as ``activation_seen`` gave it when whoever activates it looked.

    Raises ``JoinUndecided`` where somebody is to say first how it joins, ``ForecastChanged`` where it does something
    else by now than was seen, and what ``activate_file`` raises.
    """
    forget_answered(file_id=file_id)
    undone = UploadedFile.objects.filter(pk=file_id, review=Review.TAKEN_UP, activated_at__isnull=False, overlaps=[])
    if undone.exists():  # whoever undid it may have been killed before it was asked
        ask_again(file_id=file_id)
    asked = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).exclude(overlaps=[]).first()
    if asked is not None and _meets_others(asked):
        if all(Overlap.from_json(overlap).empties_unasked for overlap in asked.overlaps):
            raise JoinUndecided(
                f"“{asked.name}” has no values where rows that it updates have some, and nobody has said what"
                " becomes of those.",
                hint="Say whether a blank, or a column that it lacks, leaves the old values or empties them.",
            )
        raise JoinUndecided(
            f"Rows of “{asked.name}” are there already, and nobody has said how it joins them.",
            hint="Say whether it replaces the others, updates them by key, or all of its rows are added.",
        )
    said: dict[str, Any] = {"mode_seen": check_seen(file_id=file_id, seen=seen)} if seen else {}
    return activate_file(file_id=file_id, user_id=user_id, **said)


def _meets_others(file: UploadedFile) -> bool:
    """Whether other files are active in a dataset of which it is asked; they may have been switched off since."""
    homes = Dataset.objects.filter(slug__in=[overlap["dataset"] for overlap in file.overlaps])
    return any(other != file.pk for home in homes for other in active_in_order(home))


def join_file(
    *,
    file_id: int,
    mode: Mode,
    key: Sequence[str] = (),
    full: bool | None = None,
    remember: bool = False,
    choices: SaidChoices | None = None,
    seen: str = "",
    user_id: int | None = None,
) -> ActionResult:
    """Activate a file: all of its rows beside the others, in their place, or updating them by key.

    ``full``: it has all rows, so keys of the others that it lacks are not seen while it is active; ``None``: as it was
    said with the file, if it updates by key. ``remember``: later
    files of its datasets join in the same way, from the moment on in which it is active. ``choices``: of rows with the
    same key, for its datasets too. ``seen``: as ``JoinQuestion`` gives it, for an answer to it.

    Raises what ``activate_file`` raises, and ``ModeDecided`` where somebody else answered first; then nothing is
    changed.
    """
    columns = parse_key(key)
    check_mode(mode, columns, key_may_be_known=True, said=choices, is_full=bool(full))
    choice = Choice.now(chooser=Chooser.STAFF, user_id=user_id)
    said: dict[str, Any] = {"mode": mode, "key": columns, "mode_choice": None, "mode_seen": parse_seen(seen)}
    said["merge_said"] = (choices or SaidChoices()).as_json()
    if remember:
        said["mode_choice"] = {**choice.as_json(), "user_id": user_id}
    if full is not None or mode != Mode.MERGE:
        said["full"] = bool(full)
    try:
        return activate_file(file_id=file_id, user_id=user_id, **said)
    except ModeDecided:
        forget_answered(file_id=file_id)  # nobody is to answer that again
        raise
