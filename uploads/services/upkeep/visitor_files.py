"""Delete what visitors sent and nobody activated in time."""

import logging

from django.conf import settings

from uploads.database.statements import TableBusy, TableInUse
from uploads.services.errors import StateConflict
from uploads.services.files.activation import delete_file
from uploads.services.files.progress import files_kept_long_enough

logger = logging.getLogger(__name__)

AT_ONCE = 100
"""In one sweep; the next one comes in seconds."""


def delete_visitor_files() -> int:
    """Returns how many. One that somebody activates at the same moment stays."""
    days = settings.KEEP_VISITOR_FILES_DAYS
    text = f"deleted: nobody activated it for {days:,} day{'s' * (days != 1)}"
    deleted = 0
    for file_id in list(files_kept_long_enough().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            delete_file(file_id=file_id, text=text, check=lambda file_id=file_id: _check(file_id))  # type: ignore[misc]
        except (StateConflict, TableBusy, TableInUse) as error:
            logger.info("file %s is not deleted yet: %s", file_id, error)
            continue
        deleted += 1
    return deleted


def _check(file_id: int) -> None:
    """Under the file's lock."""
    if not files_kept_long_enough().filter(pk=file_id).exists():
        raise StateConflict("Something has happened to the file meanwhile.", hint="It stays.")
