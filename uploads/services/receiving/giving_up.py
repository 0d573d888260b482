"""Give up what is on its way: its bytes go."""

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.files.transitions import change_state
from uploads.states import FileState
from uploads.store import spool, stored_files


def cancel_upload(*, file_id: int, user_id: int | None = None, text: str = "cancelled by its sender") -> None:
    """Give an unfinished upload up: its bytes go, its record stays. Raises ``StateConflict`` once it is whole."""
    file = UploadedFile.objects.get(pk=file_id)
    change_state(
        file_id=file_id,
        to=FileState.DELETED,
        among=frozenset({FileState.RECEIVING}),
        user_id=user_id,
        text=text.replace("\0", ""),
        stored_as="",
        expires_at=None,
    )
    stored_files.delete(file.stored_as)  # they may have been moved to the store already, before the hand-over failed


def cancel_part(*, part_id: int) -> None:
    """Give a part up: its bytes go, and its row. Raises ``StateConflict`` once it belongs to a file."""
    part = PartialUpload.objects.filter(pk=part_id).first()
    if part is None:
        return
    deleted, _ = PartialUpload.objects.filter(pk=part_id, joined_into=None).delete()
    if not deleted:
        raise StateConflict("The part belongs to a file already.", hint="Staff can delete the file.")
    spool.remove(part.stored_as)
