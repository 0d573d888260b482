"""Whether the parts that the application stands on work: web, database, queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import Exists
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from uploads.services.upkeep.migration_state import find_migration_state
from uploads.services.upkeep.worker_reports import guards_held

WORKER_SILENT_AFTER = timedelta(seconds=60)
"""Workers say that they live every 10 s."""
OK = "ok"


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """``ok``, or what is wrong, for each part."""

    web: str
    database: str
    queue: str
    guards: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By machine, what confines the processes that read files there; told, and no finding where one is missing."""

    @property
    def works(self) -> bool:
        return self.web == self.database == self.queue == OK

    def as_json(self) -> dict[str, object]:
        parts = {"web": self.web, "database": self.database, "queue": self.queue}
        return {"status": OK if self.works else "failing", "parts": parts, "guards": dict(self.guards)}


def check_health() -> Health:
    """Ask each part; a part that doesn't answer is a finding, not an error."""
    try:
        state = find_migration_state()
    except DatabaseError:
        connection.close()
        return Health(web=OK, database="the database doesn't answer", queue="not asked: it lives in the database")
    # A program that is a version behind, while its successor is rolled out, goes on.
    if state.pending:
        return Health(web=OK, database=state.sentence, queue="not asked before the database is migrated")
    try:
        guards = guards_held()
        lately = ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - WORKER_SILENT_AFTER)
        # in one go, for each answer of the database is waited for in line with all who are at work here
        alive = list(lately.values_list(Exists(ProcrastinateJob.objects.all()))[:1])
    except DatabaseError:
        connection.close()
        return Health(web=OK, database=OK, queue="the queue's tables can't be read: is everything migrated?")
    queue = OK if alive else "no worker has reported for a minute"
    return Health(web=OK, database=OK, queue=queue, guards=guards)
