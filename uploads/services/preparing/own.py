"""What became of the exports of a dataset that somebody asked for: whoever closed the page finds them again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from uploads.database.prepared import Prepared
from uploads.models import Dataset, PreparedExport
from uploads.services.preparing.data_state import taken_back, why_ended
from uploads.services.preparing.requests import Asker
from uploads.states import EndReason, ExportState

MOST_TOLD = 3
TOLD_FOR = timedelta(days=7)
"""After an export was asked for; its own page says it for longer."""
_MOST_READ = 20

_OF_ACCOUNT = Prepared(
    lambda dataset, user_id: PreparedExport.objects.filter(dataset=dataset, asked_by=user_id).order_by("-pk")[
        :_MOST_READ
    ]
)
_OF_VISITOR = Prepared(
    lambda dataset, visitor: PreparedExport.objects.filter(dataset=dataset, asked_by=None, visitor=visitor).order_by(
        "-pk"
    )[:_MOST_READ]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnExport:
    """One of them, and where it stands now."""

    export: PreparedExport
    state: ExportState
    until: datetime | None
    """Of one that is ready or ended, when its time is over."""
    why: EndReason | None
    """Of one that has ended."""


def own_exports(*, dataset: Dataset, asker: Asker) -> tuple[OwnExport, ...]:
    """The newest of each view and format, of the last week; cancelled ones are not told, and nothing to programs."""
    if asker.user_id is not None:
        found = _OF_ACCOUNT.models(PreparedExport, dataset=dataset.pk, user_id=asker.user_id)
    elif asker.visitor:
        found = _OF_VISITOR.models(PreparedExport, dataset=dataset.pk, visitor=asker.visitor)
    else:
        return ()
    told = list(_newest_of_each(found))[:MOST_TOLD]
    for export in told:
        export.dataset = dataset
    gone = {export.pk for export in taken_back(told)} if told else set()
    return tuple(_stands(export, is_taken_back=export.pk in gone) for export in told)


def _newest_of_each(exports: list[PreparedExport]) -> Iterator[PreparedExport]:
    since, seen = timezone.now() - TOLD_FOR, set()
    for export in exports:
        what = (export.query, export.format)
        if what not in seen and export.asked_at >= since and export.state != ExportState.CANCELLED:
            yield export
        seen.add(what)


def _stands(export: PreparedExport, *, is_taken_back: bool) -> OwnExport:
    state, until = ExportState(export.state), export.expires_at
    is_over = until is not None and until <= timezone.now()
    if state is ExportState.READY and (is_over or is_taken_back):
        state = ExportState.ENDED
    why = why_ended(export) if state is ExportState.ENDED else None
    return OwnExport(export=export, state=state, until=until, why=why)
