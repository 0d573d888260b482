"""A loaded file is activated in the way that somebody says it is to join its dataset."""

from collections.abc import Sequence

from uploads.models import UploadedFile
from uploads.services.choice import Chooser
from uploads.services.files.activation import ActionResult, activate_file
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import change_mode, check_mode
from uploads.services.merging.overlap import homes_of
from uploads.states import FileState, Mode


def require_to_join(rights: Rights, mode: Mode | str) -> None:
    """Raise ``NotSignedIn`` or ``NotAllowed`` unless a person may have a file join so: to replace others is one thing,
    and a key holds for the whole dataset."""
    if mode == Mode.REPLACE:
        rights.require(FileAction.REPLACE)
    elif mode == Mode.MERGE:
        rights.require_change_dataset()


def join_file(
    *,
    file_id: int,
    mode: Mode,
    key: Sequence[str] = (),
    full: bool = False,
    remember: bool = False,
    user_id: int | None = None,
) -> ActionResult:
    """Activate a file: all of its rows beside the others, in their place, or updating them by key.

    ``full``: it has all rows, so keys of the others that it lacks are not seen while it is active. ``remember``: later
    files of its datasets join in the same way. Raises what ``change_mode`` and ``activate_file`` raise; nothing of it
    is undone by a later failure but said of the file.
    """
    columns = parse_key(key)
    check_mode(mode, columns, key_may_be_known=True, is_full=full)
    waiting = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED)
    if full or mode != Mode.MERGE:
        waiting.update(full=full)
    if remember:
        for home in homes_of(file_id=file_id):
            change_mode(
                slug=home.slug,
                mode=mode,
                key=(columns or home.key) if mode == Mode.MERGE else (),
                user_id=user_id,
                chooser=Chooser.STAFF,
            )
        waiting.update(mode="", key=[])
    else:
        waiting.update(mode=mode, key=columns)
    return activate_file(file_id=file_id, user_id=user_id)
