"""What workers say of themselves, for those who watch them from elsewhere: their guards, and what they swept."""

import logging
import socket
from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from uploads.models import WorkerReport
from uploads.services.upkeep.sweep import Sweep
from uploads.tabular.sandbox.guards import Guard

logger = logging.getLogger(__name__)

OUTDATED = timedelta(days=1)
"""A machine of which nothing was heard so long has no workers any more."""


def report_start(*, guards: Collection[Guard]) -> None:
    """Say which guards confine the reading processes of this machine; those that don't are logged."""
    missing = sorted(set(Guard) - set(guards))
    if missing:
        logger.warning("processes that read files are not confined by: %s", ", ".join(missing))
    WorkerReport.objects.update_or_create(
        machine=socket.gethostname(), defaults={"guards": sorted(guards), "started_at": Now(), "swept": {}}
    )


def report_sweep(done: Sweep) -> None:
    """Add what was mended to what was before, and forget machines that are gone."""
    with transaction.atomic():
        report = WorkerReport.objects.select_for_update().filter(machine=socket.gethostname()).first()
        if report is not None:
            swept = {kind: count + report.swept.get(kind, 0) for kind, count in asdict(done).items()}
            WorkerReport.objects.filter(pk=report.pk).update(swept=swept, swept_at=Now())
        WorkerReport.objects.filter(started_at__lt=Now() - OUTDATED, swept_at__lt=Now() - OUTDATED).delete()


def guards_held() -> dict[str, list[str]]:
    """By machine, the guards of its reading processes."""
    return dict(WorkerReport.objects.order_by("machine").values_list("machine", "guards"))
