"""What becomes of a file whose attempt did not end well: another try, back to the queue, or failed with its reason."""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now

from uploads.database.rows import storable
from uploads.models import Load, UploadedFile
from uploads.services.errors import LeaseLost, LoadStopped
from uploads.services.files.partitions import Attempt
from uploads.services.files.transitions import change_state
from uploads.services.queueing import enqueue_load
from uploads.states import FileState, Phase
from uploads.store.stored_files import StoreAway
from uploads.tabular.errors import ReaderDied, UploaderError

logger = logging.getLogger(__name__)

MINE = frozenset({FileState.LOADING})
"""Once a sweep or a person has moved the file on, it is no longer this attempt's to decide."""
AGAIN = "Load the file again; if it fails again, tell the people who run this site."


def record_outcome(attempt: Attempt, error: Exception) -> None:
    """Decide what becomes of a file whose attempt ended with ``error``, if it is still this attempt's to decide."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    may_pass = isinstance(error, ReaderDied | OperationalError | InterfaceError | StoreAway)
    try:
        match error:
            case LeaseLost():
                logger.warning("%s", error)
            case LoadStopped():
                _hand_back(attempt, "the worker was asked to stop", counted=False)
            case _ if may_pass and _attempts(attempt) < settings.MAX_ATTEMPTS:
                _hand_back(attempt, str(error), counted=True)
            case UploaderError():
                _fail(attempt, error.code, error.message, error.hint)
            case OperationalError() | InterfaceError():
                _fail(attempt, "database_error", f"The database ended the load {settings.MAX_ATTEMPTS} times.", AGAIN)
            case _:
                _fail(
                    attempt,
                    "internal_error",
                    "Something went wrong that nobody foresaw; the log has the details.",
                    AGAIN,
                )
    except LeaseLost as lost:
        logger.warning("%s", lost)


def _attempts(attempt: Attempt) -> int:
    return UploadedFile.objects.values_list("attempts", flat=True).get(pk=attempt.file_id)


def _hand_back(attempt: Attempt, why: str, *, counted: bool) -> None:
    """Let another attempt have the file."""
    logger.warning("file %s goes back to the queue: %s", attempt.file_id, why)
    with transaction.atomic():
        change_state(
            file_id=attempt.file_id,
            to=FileState.WAITING,
            fence=attempt.fence,
            among=MINE,
            text=storable(why),
            phase=Phase.NONE,
            lease_until=None,
            attempts=_attempts(attempt) - (not counted),
        )
        enqueue_load(file_id=attempt.file_id)


def _fail(attempt: Attempt, code: str, message: str, hint: str) -> None:
    """Record why, for the person who sent the file."""
    logger.warning("file %s failed: %s: %s", attempt.file_id, code, message)
    loads = Load.objects.filter(file_id=attempt.file_id, fence=attempt.fence)
    kept = loads.aggregate(rejected=Sum("rows_rejected", default=0), blank=Sum("rows_blank", default=0))
    change_state(
        file_id=attempt.file_id,
        to=FileState.FAILED,
        fence=attempt.fence,
        among=MINE,
        text=storable(message),
        error_code=code,
        error_message=storable(message),
        error_hint=storable(hint),
        phase=Phase.NONE,
        lease_until=None,
        finished_at=Now(),
        fit_rejects=None,
        rows_done=0,
        rows_loaded=0,  # what an earlier table of the file had loaded is taken back
        rows_rejected=kept["rejected"],
        rows_blank=kept["blank"],
        rows_read=kept["rejected"] + kept["blank"],
    )
