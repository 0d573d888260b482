"""An attempt at loading a file: claimed by one worker, kept alive by a heartbeat, fenced off when it is late."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from uploads.database.retrying import retry_while_locked
from uploads.database.sessions import end_backends_of
from uploads.models import FileEvent, Load, UploadedFile
from uploads.services.datasets.drafts import discard_drafts, drafts_of
from uploads.services.errors import LeaseLost
from uploads.services.files.partitions import Attempt, discard_partitions, drop_partition, partitions_of
from uploads.states import HAS_DATA, FileState, Phase

HEARTBEATS_PER_LEASE = 15
"""At least; a lease of 30 s is renewed every 0.5 s, for its progress is written with it."""


def claim_file(*, file_id: int, worker: str) -> Attempt | None:
    """Claim a file that waits, or whose worker has let its lease lapse; ``None`` when it isn't to be had."""
    with transaction.atomic():
        free = Q(state=FileState.WAITING) | Q(
            state=FileState.LOADING, lease_until__lt=Now(), attempts__lt=settings.MAX_ATTEMPTS
        )
        claimed = UploadedFile.objects.filter(free, pk=file_id).update(
            state=FileState.LOADING,
            state_changed_at=Now(),
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=_lease_end(),
            worker=worker[:100],
            phase=Phase.CHECKING,
            started_at=Now(),
            finished_at=None,
            bytes_done=0,
            rows_done=0,
            rows_read=0,
            rows_loaded=0,
            rows_rejected=0,
            rows_blank=0,
            rows_hash="",
            overlaps=[],
            guards_tripped=[],
        )
        if not claimed:
            return None
        fence = UploadedFile.objects.values_list("fence", flat=True).get(pk=file_id)
        FileEvent.objects.create(file_id=file_id, state=FileState.LOADING, text=f"attempt {fence}")
    return Attempt(file_id=file_id, fence=fence)


def hold_file(*, attempt: Attempt) -> None:
    """Keep everybody else from taking the file over until the caller's transaction ends.

    Raises ``LeaseLost`` when somebody has done so already: a worker that was frozen must not write for the next one.
    """
    mine = UploadedFile.objects.filter(pk=attempt.file_id, fence=attempt.fence, state=FileState.LOADING)
    if not mine.select_for_update(no_key=True).values_list("pk").first():
        raise LeaseLost(f"File {attempt.file_id} was taken over from attempt {attempt.fence}.")


def discard_attempt(*, attempt: Attempt, parts: Iterable[str]) -> None:
    """Drop what an attempt wrote, unless it was published: a commit can succeed whose answer is lost."""

    def act(part: str) -> None:
        file = UploadedFile.objects.select_for_update(no_key=True).get(pk=attempt.file_id)
        # Not the file's own fence: a change of columns raises it.
        if file.state not in HAS_DATA or not Load.objects.filter(part=part, fence=attempt.fence).exists():
            drop_partition(part=part)

    for part in parts:
        retry_while_locked(partial(act, part))


def end_earlier_attempts(*, attempt: Attempt) -> None:
    """End the sessions of earlier attempts and drop what they wrote; nobody ever saw it."""
    if attempt.fence == 1:
        return
    for fence in range(max(1, attempt.fence - 5), attempt.fence):
        end_backends_of(application=Attempt(file_id=attempt.file_id, fence=fence).application_name)
    discard_partitions(parts=partitions_of(file_id=attempt.file_id))
    drafts = [draft.pk for draft in drafts_of(file_id=attempt.file_id)]
    Load.objects.filter(file_id=attempt.file_id).delete()
    if drafts:
        retry_while_locked(partial(discard_drafts, ids=drafts))


def _lease_end() -> object:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


class Lease:
    """Keeps an attempt alive from a thread of its own and writes its progress for people to see.

    The loading thread calls ``check`` between chunks; the thread's database connection is Django's for that thread.
    """

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease of {attempt.application_name}", daemon=True)
        self.phase = Phase.CHECKING
        self.bytes_done = 0
        self.rows_done = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def lost(self) -> bool:
        return self._lost.is_set()

    def check(self) -> None:
        """Raise ``LeaseLost`` once another attempt or a person has taken the file over."""
        if self.lost:
            raise LeaseLost(f"File {self._attempt.file_id} was taken over from attempt {self._attempt.fence}.")

    def follow(self, phase: str, bytes_done: int) -> None:
        """Note how far the reader is."""
        self.phase = Phase(phase)
        self.bytes_done = bytes_done

    def _run(self) -> None:
        interval = min(0.5, settings.LEASE_SECONDS / HEARTBEATS_PER_LEASE)
        try:
            while not self._stop.wait(interval):
                if not self._beat():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _beat(self) -> bool:
        """Renew the lease; a database that doesn't answer is asked again, the lease itself says when it's too late."""
        try:
            renewed = UploadedFile.objects.filter(
                pk=self._attempt.file_id, fence=self._attempt.fence, state=FileState.LOADING
            ).update(lease_until=_lease_end(), phase=self.phase, bytes_done=self.bytes_done, rows_done=self.rows_done)
        except (DatabaseError, InterfaceError):
            connection.close()
            return True
        return bool(renewed)
