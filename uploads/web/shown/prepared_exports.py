"""An export in the background as its page and the API show it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from uploads.models import Dataset, PreparedExport
from uploads.services.errors import UnknownParameter
from uploads.services.exporting.formats import ExportFormat
from uploads.services.files.permissions import rights_of
from uploads.services.preparing.data_state import is_current, why_ended
from uploads.services.preparing.own import own_exports
from uploads.services.preparing.requests import Asker, has_ended, view_asked
from uploads.services.reading.view import View, fields_of
from uploads.services.visibility import Viewer, columns_seen
from uploads.states import ExportState
from uploads.tabular.errors import BadOption
from uploads.web.downloads import StoredDownload
from uploads.web.sentences.exports import filter_words, own_words, state_words
from uploads.web.shown.views import ShownView
from uploads.web.visitors import address_of, known_visitor, viewer_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownError:
    code: str
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownExport:
    """With its addresses; the names are those of the API."""

    token: str
    dataset: str
    dataset_name: str
    format: ExportFormat
    query: str
    state: ExportState
    said: str
    rows: int
    rows_total: int | None
    bytes: int | None
    name: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    is_current: bool
    address: str
    page: str
    file: str | None
    error: ShownError | None

    @property
    def is_in_progress(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.RUNNING)


def shown_export(export: PreparedExport) -> ShownExport:
    """Of a dataset that is there."""
    is_over = has_ended(export)
    state = ExportState.ENDED if is_over else ExportState(export.state)
    is_ready, has_failed = state is ExportState.READY, state is ExportState.FAILED
    return ShownExport(
        token=export.token,
        dataset=export.dataset.slug if export.dataset else "",
        dataset_name=export.dataset.name if export.dataset else "",
        format=ExportFormat(export.format),
        query=export.query,
        state=state,
        said=state_words(export, why_ended=why_ended(export) if is_over else None),
        rows=export.rows_done,
        rows_total=export.rows_total,
        bytes=export.bytes if is_ready else None,
        name=export.name,
        asked_at=export.asked_at,
        started_at=export.started_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
        is_current=not is_ready or is_current(export),
        address=reverse("api:get_export", args=[export.token]),
        page=reverse("prepared-export", args=[export.token]),
        file=reverse("api:get_export_file", args=[export.token]) if is_ready else None,
        error=ShownError(code=export.error_code, message=export.error_message, hint=export.error_hint)
        if has_failed
        else None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAgain:
    """What is asked for again: the names are those of ``ShownExport``."""

    name: str
    dataset: str
    format: str
    query: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownOwnExport:
    """On the page of its dataset, for whoever asked for it."""

    export: ShownAgain
    page: str
    filters: str
    """Which rows it has, where those are not all."""
    words: str
    is_over: bool
    """Only to be made again."""


def filters_of(export: PreparedExport, viewer: Viewer) -> list[str]:
    """In words; none where a column was renamed or removed since."""
    dataset = export.dataset
    if dataset is None or not export.query:
        return []
    try:
        view, _ = view_asked(dataset=dataset, query=export.query)
    except UnknownParameter:
        return []
    return [chip.words for chip in shown_rows(dataset, view, viewer).chips()]


def shown_rows(dataset: Dataset, view: View, viewer: Viewer) -> ShownView:
    """The page of the rows that are exported."""
    fields = fields_of(dataset=dataset, viewer=viewer)
    labels = {column.name: column.label for column in columns_seen(dataset=dataset, viewer=viewer)}
    return ShownView(here=reverse("dataset", args=[dataset.slug]), view=view, fields=fields, labels=labels)


def shown_own_exports(request: HttpRequest, dataset: Dataset) -> tuple[ShownOwnExport, ...]:
    viewer = viewer_of(request)
    return tuple(
        ShownOwnExport(
            export=ShownAgain(
                name=own.export.name, dataset=dataset.slug, format=own.export.format, query=own.export.query
            ),
            page=reverse("prepared-export", args=[own.export.token]),
            words=own_words(own.state, own.until, own.why),
            filters=filter_words(filters_of(own.export, viewer)),
            is_over=own.state in (ExportState.ENDED, ExportState.FAILED),
        )
        for own in own_exports(dataset=dataset, asker=asker_of(request))
    )


def download_of(export: PreparedExport) -> StoredDownload:
    """Of one that is ready."""
    media_type = ExportFormat(export.format).facts.media_type
    return StoredDownload(
        name=export.name,
        stored_as=export.stored_as,
        size=export.bytes,
        media_type=f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        etag=f'"{export.pk}-{export.fence}"',
    )


def asker_of(request: HttpRequest) -> Asker:
    """For the limits of one caller, and whose the export is."""
    return Asker(
        user_id=rights_of(request.user).user_id,
        address=address_of(request),
        visitor=known_visitor(request),
    )


def read_export_format(word: str) -> ExportFormat:
    """Raises ``BadOption``."""
    if word in ExportFormat:
        return ExportFormat(word)
    raise BadOption("That is no format of exports.", hint=f"Possible are {', '.join(ExportFormat)}.")
