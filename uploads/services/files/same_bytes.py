"""The same bytes twice: nothing is spent on them, and no row is shown twice, until a person asks for it.

Of two files that come at the same moment neither is there when the other ends. The one that a worker takes second is
held back then; where two workers take them at once both are loaded, and the later is not activated by itself.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from uploads.database.prepared import Prepared
from uploads.database.retrying import retry_while_locked
from uploads.models import FileEvent, UploadedFile
from uploads.services.errors import LeaseLost, StateConflict
from uploads.services.files.activation import activate_in_transaction, exchange_in_transaction
from uploads.services.files.history import fitting_asked
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.files.transitions import change_state
from uploads.services.queueing import enqueue_load
from uploads.services.visibility import is_own, sender_of, shown_files
from uploads.states import HAS_DATA, FileState

HELD_BACK = "the same bytes are here already, so nothing is loaded"
NOT_ACTIVATED = "loaded, but not activated: the same bytes are active already"


def is_here_already(*, file: UploadedFile, sha256: str) -> bool:
    """Whether a file of the same bytes is loaded or active of which the sender may know. One query as a rule.

    What others have pending does not count for a visitor: if it did, it would tell that it is there.
    """
    if not _ALIKE.rows(file=file.pk, sha256=sha256):
        return False
    sender = sender_of(file)
    if sender.sees_all:
        return True
    return _others(file=file.pk, sha256=sha256).filter(shown_files(sender) | sender.owns()).exists()


def _others(*, file: int, sha256: str) -> QuerySet[UploadedFile]:
    return UploadedFile.objects.filter(sha256=sha256, state__in=HAS_DATA).exclude(pk=file)


_ALIKE = Prepared(lambda file, sha256: _others(file=file, sha256=sha256).order_by().values_list("pk")[:1])


def hold_back(*, file_id: int) -> bool:
    """Hold back a file that was never loaded and whose bytes have come to be here since it arrived; whether it is so.

    One that a person asked to be loaded, be it again, is not.
    """
    new = UploadedFile.objects.filter(pk=file_id, state=FileState.WAITING, fence=0, again=False)
    same = UploadedFile.objects.filter(sha256=OuterRef("sha256"), state__in=HAS_DATA).exclude(pk=file_id)
    file = new.filter(Exists(same)).first()
    if file is None or not is_here_already(file=file, sha256=file.sha256):
        return False
    try:
        change_state(
            file_id=file_id,
            to=FileState.DUPLICATE,
            fence=0,
            among=frozenset({FileState.WAITING}),
            text=HELD_BACK,
            is_act=False,
        )
    except LeaseLost:
        return False  # somebody was faster
    return True


def is_active_already(*, file: UploadedFile) -> bool:
    """Whether a file of the same bytes is active, so that this one must not be activated by itself.

    Within the transaction that is to activate it: the rows of all files of these bytes are locked, in one order, so
    that of two that are loaded at the same time the later sees the earlier. Other readings of the same file do not
    count, for they make way; nor, for one that is fitted, do those that were active when that was asked for.
    """
    if file.again:
        return False
    alike = UploadedFile.objects.select_for_update(no_key=True).filter(sha256=file.sha256)
    found = alike.filter(state__in=[*HAS_DATA, FileState.LOADING]).order_by("pk")
    family = file.version_of_id or file.pk
    active = [
        file_id
        for file_id, version_of, state in found.values_list("pk", "version_of_id", "state")
        if state == FileState.ACTIVE and family not in (file_id, version_of)
    ]
    if file.fit_rejects is None:
        return bool(active)
    events = FileEvent.objects.filter(state=FileState.ACTIVE, file__in=active)
    return events.filter(pk__gt=fitting_asked(file_id=file.pk)).exists()


def check_may_add(*, file_id: int, rights: Rights, visitor: str) -> None:
    """Staff may with the permission, and whoever has sent the file. Raises ``NotSignedIn`` or ``NotAllowed``."""
    if not is_own(file_id=file_id, user_id=rights.user_id, visitor=visitor):
        rights.require(FileAction.ADD)


def add_duplicate(*, file_id: int, user_id: int | None = None, replaces: Sequence[int] = ()) -> None:
    """Have a file loaded although its bytes are here already, and activated if that was asked for when it was sent.

    With ``replaces`` it is activated in any case, and takes the place of these files in the same moment. Raises
    ``FileNotFound``, or ``StateConflict`` when somebody has decided already.
    """
    listed = sorted(set(replaces))
    wanted: dict[str, Any] = {"activate": True, "replaces": listed} if listed else {}
    text = f"to take the place of file {', '.join(map(str, listed))}" if listed else "to be loaded anyway"

    def act() -> None:
        now = UploadedFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
        if now is not None and now.state not in (FileState.DUPLICATE, FileState.DELETED):
            raise StateConflict(
                f"“{now.name}” is not held back: it is {now.get_state_display()}.",
                hint="Look at it again: somebody else may have changed it.",
            )
        change_state(
            file_id=file_id,
            to=FileState.WAITING,
            user_id=user_id,
            among=frozenset({FileState.DUPLICATE}),
            text=text,
            again=True,
            attempts=0,
            **wanted,
        )
        enqueue_load(file_id=file_id)

    retry_while_locked(act)


def activate_loaded(*, file: UploadedFile, user_id: int | None, has_drafts: bool) -> None:
    """Activate a file that has just been loaded, in the place of those that it was to replace; in a transaction.

    One of them that is not active any more has made way already. ``file`` is as it was when the load began;
    ``has_drafts`` is that of ``activate_in_transaction``.
    """
    if not file.replaces:
        activate_in_transaction(file_id=file.pk, user_id=user_id, has_drafts=has_drafts)
        return
    still = UploadedFile.objects.filter(pk__in=file.replaces, state=FileState.ACTIVE)
    exchange_in_transaction(off=list(still.values_list("pk", flat=True)), on=[file.pk], user_id=user_id)
