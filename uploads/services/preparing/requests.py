"""Ask for an export in the background, and find it again: who asks for the same gets the same."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from uploads.database.locks import Lock, lock_transaction
from uploads.models import Dataset, PreparedExport
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.errors import (
    DatasetNotFound,
    ExportEnded,
    ExportNotFound,
    ExportNotReady,
    RepeatedParameter,
    TooManyExports,
)
from uploads.services.exporting.formats import ExportFormat
from uploads.services.preparing.data_state import DataState, may_be_given, state_of
from uploads.services.preparing.room import check_room_for_export
from uploads.services.queueing import nudge_export
from uploads.services.reading.parameters import CURSORS, FACET, FORMAT, LIMIT, query_of, read_view
from uploads.services.reading.view import View, fields_of
from uploads.services.sender_network import sent_from
from uploads.services.visibility import OPERATOR, Viewer, find_dataset, visible_datasets
from uploads.states import ExportState

MOST_AT_ONCE = 3
"""That one caller may have under way."""
MOST_KEPT = 20
"""Of one caller, ready to be fetched."""
MOST_IN_ALL = 100
"""Under way, of all callers together: they are made one after the other."""
LARGE_ROWS = 200_000
"""From here on a page offers an export in the background first: a workbook of so many rows takes half a minute."""
IN_PROGRESS = (ExportState.WAITING, ExportState.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who asks: an account, or without one a browser, or a program at an address. The limits go by the address."""

    user_id: int | None = None
    address: str | None = None
    visitor: str = ""


def view_asked(*, dataset: Dataset, query: str) -> tuple[View, str]:
    """What a query says, and the one way in which that is written; without a place, a limit and what is counted.

    Raises ``UnknownParameter``, ``BadParameter`` and ``RepeatedParameter``.
    """
    fields = fields_of(dataset=dataset, viewer=OPERATOR)
    sent = parse_qs(query, keep_blank_values=True)
    kept = {name: said for name, said in sent.items() if name not in (*CURSORS, LIMIT, FACET, FORMAT)}
    twice = [name for name, said in kept.items() if name.startswith("_") and len(said) > 1 and not fields.find(name)]
    if twice:
        raise RepeatedParameter(f"“{twice[0]}” is there twice.", hint="Say which of the values you mean.", names=twice)
    view = replace(read_view(kept, fields=fields, with_own=True), facets=(), limit=None)
    return view, urlencode(query_of(view, fields))


def ask_for_export(
    *, slug: str, query: str, format_: ExportFormat, viewer: Viewer, asker: Asker
) -> tuple[PreparedExport, bool]:
    """Have it made; gives the one that is made or there already where it is the same, and whether it is new.

    Raises ``DatasetNotFound``, also for a draft, ``TooManyExports``, ``DiskFull``, and what ``view_asked`` raises.
    """
    dataset = find_dataset(slug=slug, viewer=viewer)
    if dataset.is_draft:
        raise DatasetNotFound(
            f"“{dataset.name}” has no active file.", hint="Its rows can be exported once a file is active."
        )
    view, said = view_asked(dataset=dataset, query=query)
    with transaction.atomic():
        lock_transaction(Lock.EXPORTING)
        state = state_of(dataset, view.columns)
        same = _same(dataset, said, format_, state)
        if same is not None:
            if same.state in IN_PROGRESS and not same.is_shared and not has_asked(same, asker):
                PreparedExport.objects.filter(pk=same.pk).update(is_shared=True)
            return same, False
        check_limits(asker)
        check_room_for_export()
        export = PreparedExport.objects.create(
            dataset=dataset,
            format=format_,
            query=said,
            stamp=state.stamp,
            held_files=state.files,
            held_columns=state.columns,
            asked_by_id=asker.user_id,
            address=None if asker.user_id is not None else asker.address,
            visitor="" if asker.user_id is not None else asker.visitor,
            rows_total=rows_expected(dataset, view),
            name=f"{dataset.public_slug}.{format_.facts.extension}",
        )
        nudge_export(export_id=export.pk)
    export.refresh_from_db()
    return export, True


def has_asked(export: PreparedExport, asker: Asker) -> bool:
    """Whether it was this caller who asked first; of programs without an account, one that calls from there."""
    if export.asked_by_id is not None or asker.user_id is not None:
        return export.asked_by_id == asker.user_id
    if export.visitor or asker.visitor:
        return export.visitor == asker.visitor
    return export.address == asker.address


def rows_expected(dataset: Dataset, view: View) -> int | None:
    """By the stored counts; ``None`` under filters, and where nobody has counted."""
    if view.filters:
        return None
    summary = describe_dataset(slug=dataset.slug, viewer=OPERATOR)
    return summary.rows if summary.rows_known in (RowsKnown.EXACT, RowsKnown.ABOUT) else None


def _same(dataset: Dataset, query: str, format_: ExportFormat, state: DataState) -> PreparedExport | None:
    """One that waits will see any state that there is then."""
    asked = PreparedExport.objects.filter(dataset=dataset, query=query, format=format_).order_by("-pk")
    waiting = asked.filter(state=ExportState.WAITING).first()
    if waiting is not None or not state.stamp:
        return waiting
    found = asked.filter(stamp=state.stamp, state__in=[ExportState.RUNNING, ExportState.READY])
    return found.exclude(state=ExportState.READY, expires_at__lte=Now()).first()


def check_limits(asker: Asker) -> None:
    """Within the transaction that holds the lock. Raises ``TooManyExports``."""
    under_way = PreparedExport.objects.filter(state__in=IN_PROGRESS)
    if under_way.count() >= MOST_IN_ALL:
        raise TooManyExports(f"{MOST_IN_ALL} exports are being prepared already.", hint="Try again in some minutes.")
    if _of(asker, under_way).count() >= MOST_AT_ONCE:
        raise TooManyExports(
            f"{MOST_AT_ONCE} of your exports are being prepared already.", hint="Try again when one of them is ready."
        )
    if _of(asker, PreparedExport.objects.filter(state=ExportState.READY)).count() >= MOST_KEPT:
        raise TooManyExports(
            f"{MOST_KEPT} exports of yours are ready to be downloaded.", hint="Try again when one of them has ended."
        )


def _of(asker: Asker, exports: QuerySet[PreparedExport]) -> QuerySet[PreparedExport]:
    """Callers without an address, as by a Unix socket, count as one, and so do those of an IPv6 network."""
    if asker.user_id is not None:
        return exports.filter(asked_by=asker.user_id)
    return exports.filter(asked_by=None, **sent_from(asker.address))


def find_export(*, token: str, viewer: Viewer) -> PreparedExport:
    """By its link. Raises ``ExportNotFound``, also for whoever may not see the dataset now."""
    seen = PreparedExport.objects.select_related("dataset")
    export = None if "\0" in token else seen.filter(token=token).first()
    if (
        export is None
        or export.dataset_id is None
        or not visible_datasets(viewer).filter(pk=export.dataset_id).exists()
    ):
        raise ExportNotFound("There is no export at this address.", hint="Prepare it again on the page of its dataset.")
    return export


def find_ready(*, token: str, viewer: Viewer) -> PreparedExport:
    """One whose file can be fetched. Raises ``ExportNotFound``, ``ExportNotReady`` and ``ExportEnded``."""
    export = find_export(token=token, viewer=viewer)
    if export.state in IN_PROGRESS:
        raise ExportNotReady("This export is still being prepared.", hint="Ask for its state until it is ready.")
    if export.state == ExportState.FAILED:
        raise ExportNotReady(export.error_message, hint=export.error_hint)
    if export.state == ExportState.CANCELLED:
        raise ExportEnded("This export was cancelled.", hint="Prepare it again.")
    if has_ended(export):
        raise ExportEnded("This link has ended.", hint="Prepare the export again.")
    return export


def has_ended(export: PreparedExport) -> bool:
    """Its time is over, or something in it was taken back, whether its bytes are gone yet or not."""
    if export.state == ExportState.ENDED:
        return True
    is_over = PreparedExport.objects.filter(pk=export.pk, state=ExportState.READY, expires_at__lte=Now()).exists()
    return is_over or (export.state == ExportState.READY and not may_be_given(export))
