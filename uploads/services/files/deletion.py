"""Give back the space of a deleted file. What readers see is settled before; this may be done twice, or later."""

import logging

from uploads.database.locks import Lock, try_share, unshare
from uploads.database.statements import TableBusy, TableInUse
from uploads.models import Load, RejectedRow, UploadedFile
from uploads.services.files.partitions import discard_partitions, partitions_of
from uploads.states import FileState
from uploads.store import stored_files

logger = logging.getLogger(__name__)


def purge_file(*, file_id: int) -> None:
    """Drop a deleted file's parts and rejects and remove its stored bytes.

    Apart from the deletion itself, for the file system takes 60 ms to let go of 5,000,000 rows. A part that somebody
    still reads is left to the sweep, and so is all of it while a backup is made, which has the file, or the bucket that
    its bytes are in does not answer.
    """
    try:
        _purge(file_id)
    except stored_files.StoreAway as away:
        logger.warning("the bytes of the deleted file %s are left for now: %s", file_id, away)


def _purge(file_id: int) -> None:
    file = UploadedFile.objects.filter(pk=file_id, state=FileState.DELETED).first()
    if file is None or not try_share(Lock.BACKING_UP):
        return
    try:
        _free(file)
    finally:
        unshare(Lock.BACKING_UP, 0)


def _free(file: UploadedFile) -> None:
    if file.stored_as:
        stored_files.delete(file.stored_as)
        UploadedFile.objects.filter(pk=file.pk).update(stored_as="")
    RejectedRow.objects.filter(load__file_id=file.pk).delete()
    try:
        discard_partitions(parts=partitions_of(file_id=file.pk))
    except (TableBusy, TableInUse) as error:
        logger.warning("a table of the deleted file %s is left for now: %s", file.pk, error)


def purge_deleted_files() -> int:
    """Free what a process that was killed in the middle of it left; returns how many files that were."""
    deleted = UploadedFile.objects.filter(state=FileState.DELETED)
    left = set(deleted.exclude(stored_as="").values_list("pk", flat=True))
    left |= set(Load.objects.filter(file__in=deleted).exclude(part="").values_list("file_id", flat=True))
    freed = 0
    for file_id in left:
        try:
            _purge(file_id)
        except stored_files.StoreAway as away:  # must not keep all else from being swept; the next sweep tries again
            logger.warning("the bytes of deleted files stay: %s", away)
            break
        freed += 1
    return freed
