"""Tell the workers that there is something to do. The job is only a nudge: the file's row says what is true."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import DEFAULT_QUEUE

from uploads.models import UploadedFile
from uploads.states import FileState

LOAD_TASK = "load_file"
CHANGE_TASK = "change_columns"
INDEX_TASK = "index_columns"
PROFILE_TASK = "profile_loads"
EXPORT_TASK = "prepare_export"
SPREAD_NEWS_TASK = "spread_news"
SEND_NEWS_TASK = "send_news"
RESET_TASK = "send_reset_link"
SMALL_FILES_QUEUE = "small_files"
SMALL_FILE_BYTES = 4 * 2**20
"""A file of so many bytes, or fewer, doesn't wait for a larger one: each worker keeps a place for such files."""
QUEUES = (DEFAULT_QUEUE, SMALL_FILES_QUEUE)
EXPORTS_QUEUE = "exports"
"""With a place of its own in each worker: an export takes minutes, and no file is to wait for it."""
NEWS_QUEUE = "news"
"""With a place of its own too: another site may take its time to answer."""
BEHIND_LOADS = -10
"""The priority of what nobody waits for: jobs that wait go first."""


def enqueue_load(*, file_id: int, size: int | None = None, is_first: bool = False) -> None:
    """Put a job into the queue in the caller's transaction; one that waits there already is enough.

    ``size``: the file's bytes, looked up where the caller doesn't know. A job that ``is_first`` is put there without a
    savepoint, which costs as much as the job: where there is one after all, it raises ``AlreadyEnqueued``, and the
    transaction is undone.
    """
    if size is None:
        size = UploadedFile.objects.values_list("size", flat=True).get(pk=file_id)
    queue = SMALL_FILES_QUEUE if size <= SMALL_FILE_BYTES else DEFAULT_QUEUE
    task = app.configure_task(LOAD_TASK, queue=queue, queueing_lock=f"file {file_id}")
    try:
        # a savepoint: the refusal of a second job must not undo the caller's work
        with transaction.atomic(savepoint=not is_first):
            task.defer(file_id=file_id)
    except AlreadyEnqueued:
        if is_first:
            raise


def nudge_change(*, dataset_id: int) -> None:
    """The same for a change of columns that was asked for."""
    try:
        with transaction.atomic():
            app.configure_task(CHANGE_TASK, queueing_lock=f"dataset {dataset_id}").defer(dataset_id=dataset_id)
    except AlreadyEnqueued:
        return


def nudge_indexes(*, dataset_id: int, in_seconds: int = 0) -> None:
    """The same for the indexes that readers are to have; it comes behind all loads that wait."""
    _nudge_behind_loads(INDEX_TASK, f"indexes {dataset_id}", in_seconds, dataset_id=dataset_id)


def nudge_profiles(*, in_seconds: int = 0) -> None:
    """The same for the profiles of all loads that have none."""
    _nudge_behind_loads(PROFILE_TASK, "profiles", in_seconds)


def nudge_export(*, export_id: int) -> None:
    """The same for an export that was asked for."""
    task = app.configure_task(EXPORT_TASK, queue=EXPORTS_QUEUE, queueing_lock=f"export {export_id}")
    try:
        with transaction.atomic():
            task.defer(export_id=export_id)
    except AlreadyEnqueued:
        return


def enqueue_reset_link(*, address: str, site: str) -> None:
    """Have the link that resets a password sent to whoever has a mail address; ``site`` is what links begin with."""
    app.configure_task(RESET_TASK, queue=NEWS_QUEUE).defer(address=address, site=site)


def _nudge_behind_loads(name: str, queueing_lock: str, in_seconds: int, **said: int) -> None:
    task = app.configure_task(
        name,
        queueing_lock=queueing_lock,
        priority=BEHIND_LOADS,
        schedule_in={"seconds": in_seconds} if in_seconds else None,
    )
    try:
        with transaction.atomic():
            task.defer(**said)
    except AlreadyEnqueued:
        return


def files_are_loaded() -> bool:
    """Whether files wait or are being loaded: what can go slowly does so."""
    return UploadedFile.objects.filter(state__in=[FileState.WAITING, FileState.LOADING]).exists()


def files_wait() -> bool:
    """Whether files wait to be loaded: what comes behind them gives way."""
    return UploadedFile.objects.filter(state=FileState.WAITING).exists()
