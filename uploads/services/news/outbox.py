"""Write down that there is news of a file, in the transaction that makes it: neither lost nor told of what is undone.

Who wants to hear of it is found afterwards, by a job (``spreading``): the transaction that switches a file waits for
nothing. Where nobody could want to hear, nothing is written.
"""

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from uploads.models import NewsDelivery, SenderAddress
from uploads.services.queueing import NEWS_QUEUE, SEND_NEWS_TASK, SPREAD_NEWS_TASK
from uploads.states import DeliveryState, FileState, NewsEvent

WANTED = (
    "(EXISTS (SELECT FROM uploads_newssubscription WHERE is_on AND NOT is_held)"
    " OR EXISTS (SELECT FROM uploads_senderaddress WHERE file_id = {file} AND NOT is_held))"
)
"""In SQL: whether anybody may want to hear of the file, for the statement that changes its state."""
_NOTE = f"INSERT INTO uploads_filenews (file_id, event) SELECT %s, %s WHERE {WANTED.format(file='%s')}"
_EVENTS = {
    FileState.ACTIVE: NewsEvent.ACTIVATED,
    FileState.FAILED: NewsEvent.FAILED,
    FileState.DUPLICATE: NewsEvent.DUPLICATE,
}


def event_of(*, to: FileState, among: frozenset[FileState]) -> NewsEvent | None:
    """What is news in a move to a state from one of ``among``; a file that is switched off is loaded too."""
    if to is FileState.LOADED:
        return NewsEvent.LOADED if among == {FileState.LOADING} else None
    return _EVENTS.get(to)


def note_news(*, file_id: int, event: NewsEvent) -> None:
    """The same of what is no move of a state; in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [file_id, event, file_id])
        if cursor.rowcount:
            nudge_spreading(file_id=file_id)


def forget_sender(*, file_id: int) -> None:
    """In the transaction that deletes a file: its sender is told nothing any more."""
    SenderAddress.objects.filter(file_id=file_id).delete()
    NewsDelivery.objects.filter(file_id=file_id, subscription=None, state=DeliveryState.WAITING).delete()


def nudge_spreading(*, file_id: int) -> None:
    """Have a worker find out who wants to hear; a job for each file, so that nobody waits for another's transaction."""
    task = app.configure_task(SPREAD_NEWS_TASK, queue=NEWS_QUEUE, queueing_lock=f"news of {file_id}")
    try:
        with transaction.atomic():
            task.defer(file_id=file_id)
    except AlreadyEnqueued:
        return


def nudge_delivery(*, delivery_id: int) -> None:
    """Have a worker send it; that which is due later the sweep nudges then."""
    task = app.configure_task(SEND_NEWS_TASK, queue=NEWS_QUEUE, queueing_lock=f"delivery {delivery_id}")
    try:
        with transaction.atomic():
            task.defer(delivery_id=delivery_id)
    except AlreadyEnqueued:
        return
