"""Pick up, without a person, what a killed worker or a lost connection left behind."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from uploads.database.locks import Lock, try_lock, unlock
from uploads.database.partitions import dataset_of, partition_names, unindexed_partitions
from uploads.database.sessions import end_backends_of
from uploads.database.statements import TableBusy, TableInUse
from uploads.models import Load, UploadedFile
from uploads.services.column_locks import columns_held
from uploads.services.columns.requests import enqueue_changes
from uploads.services.datasets.ending import discard_dataset, without_files
from uploads.services.errors import LeaseLost
from uploads.services.files.deletion import purge_deleted_files
from uploads.services.files.partitions import Attempt, drop_partition
from uploads.services.files.transitions import change_state
from uploads.services.loading.indexes import prepare_for_readers
from uploads.services.loading.outcome import AGAIN
from uploads.services.merging.asked import forget_answered
from uploads.services.news.sending import tend_news
from uploads.services.preparing.ending import tend_exports
from uploads.services.querying.rights import forget_people_gone
from uploads.services.queueing import enqueue_load, nudge_profiles
from uploads.services.reading.indexes import tend_indexes
from uploads.services.reading.profiles import unprofiled
from uploads.services.receiving.expiry import expire_uploads
from uploads.services.receiving.parts import expire_parts
from uploads.services.reviewing.expiry import decline_unanswered
from uploads.services.signing_in.attempts import forget_failures
from uploads.services.upkeep.steps import attempt_step
from uploads.services.upkeep.visitor_files import delete_visitor_files
from uploads.states import HAS_DATA, FileState, Phase

logger = logging.getLogger(__name__)

MADE_AGO = timedelta(hours=1)
"""A younger draft may still be waiting for its part."""
NUDGE_AFTER = timedelta(seconds=20)
"""A file that has waited this long is nudged again; one more job for it does no harm."""
INDEXED_AFTER = timedelta(minutes=10)
"""A part that was published this long ago is not about to be indexed by its own worker."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """What a sweep found and mended."""

    lapsed: int = 0
    nudged: int = 0
    parts: int = 0
    """Of files: given up, or forgotten after they became one."""
    expired: int = 0
    answered: int = 0
    freed: int = 0
    dropped: int = 0
    indexed: int = 0
    unused: int = 0
    """Indexes for readers that nobody wants any more."""
    unprofiled: int = 0
    """Loads whose profile is yet to be made."""
    exports: int = 0
    """Prepared ones that ended, or lost their worker."""
    forgotten: int = 0
    """Wrong passwords that count no more."""
    news: int = 0
    """Pieces of news that lost their worker, or that nobody looks at any more."""
    roles: int = 0
    """Of PostgreSQL, under which queries of accounts ran that are there no more."""
    failed: int = 0
    """Steps that ended in an error, which the log tells."""


def sweep() -> Sweep:
    """Mend everything that has no owner any more; harmless at any time and from any number of workers."""
    if not try_lock(Lock.SWEEPING):
        return Sweep()
    try:
        done = Sweep(**_counted())
    finally:
        unlock(Lock.SWEEPING)
    if done != Sweep():
        logger.info("swept: %s", done)
    return done


def _counted() -> dict[str, int]:
    """How much each step did; one that fails keeps no other from its turn, unless the database is away."""
    counts: Counter[str] = Counter()
    for name, step in _steps():
        count = attempt_step(step, name=f"a step of the sweep ({name})")
        if count is None:
            connection.close_if_unusable_or_obsolete()
            connection.ensure_connection()
        counts["failed" if count is None else name] += 1 if count is None else count
    return dict(counts)


def _steps() -> tuple[tuple[str, Callable[[], int]], ...]:
    """Each with the figure of ``Sweep`` that counts what it does."""
    return (
        ("lapsed", _hand_back_lapsed),
        ("nudged", _nudge_waiting),
        ("nudged", lambda: enqueue_changes(asked_before=timezone.now() - NUDGE_AFTER)),
        ("parts", expire_parts),
        ("expired", expire_uploads),
        ("expired", decline_unanswered),
        ("expired", delete_visitor_files),
        ("answered", forget_answered),
        ("freed", purge_deleted_files),
        ("dropped", _drop_orphans),
        ("dropped", _drop_unfilled_datasets),
        ("indexed", _index_parts),
        ("unused", tend_indexes),
        ("unprofiled", _nudge_profiles),
        ("exports", tend_exports),
        ("forgotten", forget_failures),
        ("news", tend_news),
        ("roles", forget_people_gone),
    )


def _hand_back_lapsed() -> int:
    """Files whose worker has not renewed its lease go back to the queue; claiming them counts the tries."""
    lapsed = UploadedFile.objects.filter(state=FileState.LOADING, lease_until__lt=Now())
    found = list(lapsed.values_list("pk", "fence", "attempts"))
    for file_id, fence, attempts in found:
        try:
            if attempts >= settings.MAX_ATTEMPTS:
                _give_up(Attempt(file_id=file_id, fence=fence))
                continue
            with transaction.atomic():
                change_state(
                    file_id=file_id,
                    to=FileState.WAITING,
                    fence=fence,
                    among=frozenset({FileState.LOADING}),
                    text="its worker was lost",
                    phase=Phase.NONE,
                    lease_until=None,
                )
                enqueue_load(file_id=file_id)
        except LeaseLost:
            continue  # it came back to life, or somebody else has just done it
    return len(found)


def _give_up(attempt: Attempt) -> None:
    """A file that takes its worker down each time must not do so for ever."""
    change_state(
        file_id=attempt.file_id,
        to=FileState.FAILED,
        fence=attempt.fence,
        among=frozenset({FileState.LOADING}),
        text="its worker was lost once too often",
        error_code="worker_lost",
        error_message=f"The worker was lost in the middle of this file {settings.MAX_ATTEMPTS} times.",
        error_hint=AGAIN,
        phase=Phase.NONE,
        lease_until=None,
        finished_at=Now(),
        fit_rejects=None,
        rows_done=0,
    )
    end_backends_of(application=attempt.application_name)


def _drop_unfilled_datasets() -> int:
    """Drafts that a killed attempt left, and datasets whose only file could not be loaded again."""
    unfilled = without_files().filter(created_at__lt=Now() - MADE_AGO)
    dropped = 0
    for dataset_id in list(unfilled.values_list("pk", flat=True)):
        try:
            dropped += discard_dataset(dataset_id=dataset_id)
        except (TableBusy, TableInUse):
            continue  # somebody reads the empty table
    return dropped


def _nudge_waiting() -> int:
    waiting = UploadedFile.objects.filter(state=FileState.WAITING, state_changed_at__lt=Now() - NUDGE_AFTER)
    found = list(waiting.values_list("pk", flat=True)[:1_000])
    for file_id in found:
        enqueue_load(file_id=file_id)
    return len(found)


def _nudge_profiles() -> int:
    count = unprofiled().count()
    if count:
        nudge_profiles()
    return count


def _drop_orphans() -> int:
    """Parts that no load owns, or whose file has neither data nor an attempt in progress."""
    alive = Q(file__state__in=[*HAS_DATA, FileState.LOADING])
    found = partition_names()  # before their owners: a part and its load are committed together
    owned = set(Load.objects.filter(alive).exclude(part="").values_list("part", flat=True))
    orphans = found - owned
    dropped = 0
    for part in orphans:
        # A change of columns builds parts that no load owns yet, and hands them over when all are there.
        with columns_held(dataset_id=dataset_of(part=part)) as held:
            if not held or Load.objects.filter(alive, part=part).exists():
                continue
            try:
                with transaction.atomic():
                    drop_partition(part=part)
            except (TableBusy, TableInUse):
                continue  # the session that holds it is still ending; the next sweep comes in seconds
        dropped += 1
    return dropped


def _index_parts() -> int:
    """Large parts whose worker was lost between showing their rows and indexing them."""
    long_done = Q(file__state__in=HAS_DATA, file__state_changed_at__lt=Now() - INDEXED_AFTER)
    parts = set(Load.objects.filter(long_done).exclude(part="").values_list("part", flat=True))
    return sum(prepare_for_readers(part=part) for part in parts & unindexed_partitions())
