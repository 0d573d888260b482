"""The end of exports: their time is over, something in them was taken back, staff deleted them, a worker was lost."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from uploads.database.locks import Lock, try_lock, unlock
from uploads.models import PreparedExport
from uploads.services.preparing.data_state import taken_back
from uploads.services.preparing.making import AGAIN
from uploads.services.queueing import nudge_export
from uploads.states import EndReason, ExportState
from uploads.store import stored_files

logger = logging.getLogger(__name__)

SAID_DAYS = 30
"""For so long the page of one that ended says so, and offers to prepare it again."""
NUDGE_AFTER = timedelta(seconds=20)


def tend_exports() -> int:
    """End those whose time is over, have lost ones begun anew; returns how many it changed."""
    return _end_over() + _take_up_lost() + _forget_old()


def _end_over() -> int:
    ended = 0
    over = Q(expires_at__lte=Now()) | Q(dataset=None)
    for export in PreparedExport.objects.filter(over, state=ExportState.READY):
        ended += end_export(export, EndReason.TIME_OVER)
    for export in taken_back(list(PreparedExport.objects.filter(state=ExportState.READY))):
        ended += end_export(export, EndReason.TAKEN_BACK)
    return ended


def end_export(export: PreparedExport, why: EndReason) -> bool:
    """Remove the bytes; the row first, for nobody is to be sent to bytes that are gone."""
    there = PreparedExport.objects.filter(pk=export.pk, state=ExportState.READY)
    ended = there.update(state=ExportState.ENDED, error_code=why)
    _free(export)
    return bool(ended)


def _free(export: PreparedExport) -> None:
    if export.stored_as:
        stored_files.delete(export.stored_as)
        PreparedExport.objects.filter(pk=export.pk).update(stored_as="")


def delete_export(export: PreparedExport) -> None:
    """Forget it with its bytes, in whatever state it is; one that is being made stops at its next step."""
    PreparedExport.objects.filter(pk=export.pk).update(state=ExportState.ENDED)
    _free(export)
    PreparedExport.objects.filter(pk=export.pk).delete()


def _take_up_lost() -> int:
    taken = 0
    late = Q(state=ExportState.RUNNING) | Q(state=ExportState.WAITING, asked_at__lt=Now() - NUDGE_AFTER)
    for export_id, state, attempts in list(PreparedExport.objects.filter(late).values_list("pk", "state", "attempts")):
        if state == ExportState.WAITING:
            nudge_export(export_id=export_id)
            continue
        if not try_lock(Lock.EXPORTING, export_id):
            continue  # its worker lives
        try:
            taken += _take_up(export_id, attempts)
        finally:
            unlock(Lock.EXPORTING, export_id)
    return taken


def _take_up(export_id: int, attempts: int) -> int:
    lost = PreparedExport.objects.filter(pk=export_id, state=ExportState.RUNNING)
    if attempts >= settings.MAX_ATTEMPTS:
        return lost.update(
            state=ExportState.FAILED,
            error_code="worker_lost",
            error_message=f"The worker was lost in the middle of this export {attempts} times.",
            error_hint=AGAIN,
            finished_at=Now(),
        )
    taken = lost.update(state=ExportState.WAITING, rows_done=0)
    if taken:
        logger.warning("export %s is begun anew: its worker was lost", export_id)
        nudge_export(export_id=export_id)
    return taken


def _forget_old() -> int:
    """Those that are over; bytes that a killed process left are freed first."""
    over = PreparedExport.objects.filter(state__in=[ExportState.ENDED, ExportState.FAILED, ExportState.CANCELLED])
    for export in over.exclude(stored_as=""):
        _free(export)
    old = over.filter(Q(asked_at__lt=Now() - timedelta(days=SAID_DAYS)) | Q(dataset=None))
    return old.delete()[0]
