"""The queue's worker, made to outlive a database that goes away for a while."""

import asyncio
import gc
import logging
import math
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from procrastinate.connector import Notify
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import InterfaceError, OperationalError

from uploads.services.queueing import EXPORTS_QUEUE, NEWS_QUEUE, QUEUES, SMALL_FILES_QUEUE

logger = logging.getLogger(__name__)

GRACE_SECONDS = 3.0
"""How long a load may go on after SIGTERM before it is asked to hand its file back to the queue."""
AGAIN_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
"""How long a worker that starts waits for a database that was there a moment ago."""
SESSION_SECONDS = 600
"""A session lives for so long, for what it keeps in memory of every table it has seen grows."""
MOST_SESSIONS = 4
"""Of a slot's queue, beside that which listens. One does nearly all: the next open when a heartbeat meets a job."""
IDLE_SECONDS = 10.0
"""After it one of those is ended. Of four slots a dozen stayed for ten minutes each time that all was busy at once."""
ANSWER_SECONDS = 5.0
"""How long a question of the queue's waits for a session. psycopg's 30 s were how long a worker took to end without its
database; a restart that takes longer has ended the job's own session anyway."""
PLACES = (QUEUES, (SMALL_FILES_QUEUE,), (EXPORTS_QUEUE,), (NEWS_QUEUE,))
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
YOUNG_OBJECTS = 20_000
"""Until so many are new, nothing is looked through for garbage. Python's 2,000 are three statements of Django's."""


class LastingConnector(PsycopgConnector):
    """Listens again when the database is back. Procrastinate's own gives up, and each new file waits up to 5 s."""

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        heard = tuple(channels)
        while True:
            try:
                await super().listen_notify(on_notification, heard)
            except ConnectorException as error:
                logger.warning("the queue is listened to again in a moment: %s", error.__cause__)
            await asyncio.sleep(AGAIN_SECONDS)


class LastingJobs(JobManager):
    """Says that the worker lives, and how its jobs ended; a time when nobody hears it must not end the saying.

    Procrastinate's own says once how a job ended. Where nobody hears it the job is never done: its worker lives.
    """

    def __init__(self, connector: LastingConnector, ending: asyncio.Event) -> None:
        """``ending``: whether the worker was asked to end; what it could not say by then others find out."""
        super().__init__(connector)
        self._ending = ending

    async def update_heartbeat(self, worker_id: int) -> None:
        try:
            await super().update_heartbeat(worker_id)
        except ConnectorException as error:
            logger.warning("nobody heard that this worker lives: %s", error.__cause__)

    async def finish_job_by_id_async(self, *args: Any, **kwargs: Any) -> None:
        await self._until_heard(partial(super().finish_job_by_id_async, *args, **kwargs))

    async def retry_job_by_id_async(self, *args: Any, **kwargs: Any) -> None:
        await self._until_heard(partial(super().retry_job_by_id_async, *args, **kwargs))

    async def _until_heard(self, say: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await say()
            except ConnectorException as error:
                if self._ending.is_set() or not isinstance(error.__cause__, OperationalError | InterfaceError):
                    raise
                logger.warning("nobody heard yet how a job ended: %s", error.__cause__)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return


def keep_sessions() -> None:
    """Let a job go on in the session of the one before, once it has been seen to live.

    A new one knows nothing of the catalogue yet: 20 ms of computing, a quarter of what a file of 100 rows costs. A pool
    that the address of the database asks for is the web server's: beside it Django refuses to keep any.
    """
    database = connections.settings[DEFAULT_DB_ALIAS]
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name != "pool"}
    database |= {"CONN_MAX_AGE": SESSION_SECONDS, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def look_for_garbage_less() -> None:
    """Leave what was imported alone, and look through the rest less often: a tenth of a file of 100 rows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


async def work(*, wait: bool) -> None:
    """Run until SIGTERM or, unless it shall ``wait``, until the queue is empty.

    Four jobs at a time: a file, or what belongs to datasets; beside it a small file, so that none of these waits for a
    large one; an export, and a piece of news, for which no file waits.
    """
    ending = asyncio.Event()
    slots = [asyncio.create_task(_work_on(queues, ending, wait=wait)) for queues in PLACES]
    with _stopping_at_signals(slots, ending):
        until = asyncio.FIRST_COMPLETED if wait else asyncio.FIRST_EXCEPTION
        _, running = await asyncio.wait(slots, return_when=until)
        _stop(running, ending)
        await asyncio.wait(slots)
    for slot in slots:
        if not slot.cancelled():
            slot.result()


def _stop(slots: Iterable[asyncio.Task[None]], ending: asyncio.Event) -> None:
    """Let them end when their jobs have; one that is asked a second time would leave its job alone."""
    ending.set()
    for slot in slots:
        if not slot.cancelling():
            slot.cancel()


@contextmanager
def _stopping_at_signals(slots: Sequence[asyncio.Task[None]], ending: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, _stop, slots, ending)
    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


async def _work_on(queues: Sequence[str], ending: asyncio.Event, *, wait: bool) -> None:
    """One slot: the jobs of these queues, one after the other.

    A worker that was frozen for a minute has been struck off the queue's list, and one that asks for a job while the
    database goes down gets none: both begin anew. One that never got in raises after ``PATIENCE_SECONDS``.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            worker_app = _worker_app(ending)
            async with worker_app.open_async():
                until = math.inf
                await worker_app.run_worker_async(
                    queues=list(queues),
                    concurrency=1,
                    wait=wait,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
        except (ConnectorException, OperationalError) as error:
            if ending.is_set():
                logger.warning("the worker ends without a word to its queue: %s", error.__cause__ or error)
                return
            if not wait or time.monotonic() > until:
                raise
            logger.warning("the worker begins anew: %s", error.__cause__ or error)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


def _worker_app(ending: asyncio.Event) -> DjangoApp:
    """A connector of the worker's own: jobs that are deferred here still go through Django's transactions."""
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError("the queue must use Django's database connection")
    connector = LastingConnector(
        kwargs=connector_params(),
        min_size=1,
        max_size=MOST_SESSIONS,
        max_idle=IDLE_SECONDS,
        timeout=ANSWER_SECONDS,
    )
    worker_app = DjangoApp(connector=connector)
    worker_app.job_manager = LastingJobs(connector, ending)
    worker_app.tasks.update(app.tasks)
    return worker_app
