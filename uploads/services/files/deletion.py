"""Give back the space of a deleted file. What readers see is settled before; this may be done twice, or later."""

import logging

from uploads.database.statements import TableBusy, TableInUse
from uploads.models import Load, RejectedRow, UploadedFile
from uploads.services.files.partitions import discard_partitions, partitions_of
from uploads.states import FileState
from uploads.store import stored_files

logger = logging.getLogger(__name__)


def purge_file(*, file_id: int) -> None:
    """Drop a deleted file's parts and rejects and remove its stored bytes.

    Apart from the deletion itself, for the file system takes 60 ms to let go of 5,000,000 rows. A part that somebody
    still reads is left to the sweep.
    """
    file = UploadedFile.objects.filter(pk=file_id, state=FileState.DELETED).first()
    if file is None:
        return
    if file.stored_as:
        stored_files.delete(file.stored_as)
        UploadedFile.objects.filter(pk=file_id).update(stored_as="")
    RejectedRow.objects.filter(load__file_id=file_id).delete()
    try:
        discard_partitions(parts=partitions_of(file_id=file_id))
    except (TableBusy, TableInUse) as error:
        logger.warning("a table of the deleted file %s is left for now: %s", file_id, error)


def purge_deleted_files() -> int:
    """Free what a process that was killed in the middle of it left; returns how many files that were."""
    deleted = UploadedFile.objects.filter(state=FileState.DELETED)
    left = set(deleted.exclude(stored_as="").values_list("pk", flat=True))
    left |= set(Load.objects.filter(file__in=deleted).exclude(part="").values_list("file_id", flat=True))
    for file_id in left:
        purge_file(file_id=file_id)
    return len(left)
