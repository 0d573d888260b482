"""Take back what one has sent, as long as it never was active: a file is the public's once it was.

More goes than with a deletion by staff: the file's figures, its fingerprint, and what was done to it. Name, size and
date stay in the history.
"""

from functools import partial

from uploads.models import Load, UploadedFile
from uploads.services.admin_log import forget_acts
from uploads.services.datasets.drafts import drafts_of
from uploads.services.errors import StateConflict
from uploads.services.files.activation import ActionResult, delete_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.visibility import Viewer
from uploads.states import FileState

WITHDRAWN = "withdrawn by its sender"
_COUNTS = ("rows_read", "rows_loaded", "rows_rejected", "rows_blank")
_EMPTIED = {"sha256": "", "rows_done": 0, **dict.fromkeys(_COUNTS, 0)}
"""What else of the file's row tells of its content."""


def may_withdraw(*, receipt: FileReceipt, user_id: int | None, visitor: str, holds: bool = False) -> bool:
    """Whether this person sent the file, or ``holds`` the token of one that has no other sender; also once it is gone.

    That of other files may be passed on, to read; it takes nothing back.
    """
    return receipt.is_spoken_for_by(Viewer(user_id=user_id, visitor=visitor), holds=holds)


def withdraw_file(*, file_id: int, user_id: int | None = None) -> ActionResult:
    """Remove a file that never was active, and everything read from it.

    Raises ``FileNotFound``, or ``StateConflict`` where it was active or is gone already: of two who withdraw and
    activate at the same moment one wins.
    """
    drafts = drafts_of(file_id=file_id)
    done = delete_file(
        file_id=file_id,
        user_id=user_id,
        text=WITHDRAWN,
        check=partial(check_not_public, file_id=file_id),
        forget=partial(_forget, file_id=file_id),
        withdrawn=True,
        **_EMPTIED,
    )
    Load.objects.filter(file_id=file_id, part="").delete()  # one that a reader still holds goes with the sweep
    for draft in drafts:
        forget_acts(to=draft)
    return done


def check_not_public(*, file_id: int) -> None:
    """Raise ``StateConflict`` for a file that is active, or was."""
    file = UploadedFile.objects.filter(pk=file_id, activated_at__isnull=False).first()
    if file is not None:
        verb = "is" if file.state == FileState.ACTIVE else "was"
        raise StateConflict(
            f"“{file.name}” {verb} active, so its rows are the public’s: it can no longer be withdrawn.",
            hint="Ask the people who run this site to delete it.",
        )


def _forget(*, file_id: int) -> None:
    """Empty what else tells of its content; under the file's lock."""
    Load.objects.filter(file_id=file_id).update(lines=None, **dict.fromkeys(_COUNTS, 0))
    forget_acts(to=UploadedFile(pk=file_id))
