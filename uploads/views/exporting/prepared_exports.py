"""Have an export prepared in the background, look how far it is, and fetch it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from uploads.models import Dataset
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.datasets.reflection import RowFigure
from uploads.services.errors import DatasetNotFound, StateConflict, TooManyExports
from uploads.services.exporting.formats import ExportFormat
from uploads.services.files.permissions import rights_of
from uploads.services.preparing.cancelling import cancel_export, may_cancel
from uploads.services.preparing.requests import ask_for_export, find_export, view_asked
from uploads.services.reading.counts import count_view
from uploads.services.reading.view import View
from uploads.services.visibility import Viewer, find_dataset
from uploads.store.spool import DiskFull
from uploads.tabular.errors import UploaderError
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.sentences.datasets.published import rows_words
from uploads.web.sentences.exports import CHANGED_SINCE, CLOSE_PAGE, prepare_words
from uploads.web.shown.downloads import FORMAT_WORDS
from uploads.web.shown.prepared_exports import asker_of, filters_of, read_export_format, shown_export, shown_rows
from uploads.web.visitors import viewer_of, visitor_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=["now", "format"], fields=["now", "format"])
def prepare_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, for the view that ``now`` describes; posted, it is asked for and its page shown."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    sent = request.POST if request.method == "POST" else request.GET
    format_ = read_export_format(sent.get("format", ExportFormat.XLSX))
    view, query = view_asked(dataset=dataset, query=sent.get("now", ""))
    if request.method != "POST":
        return _form(request, dataset, view, query, format_)
    visitor_of(request)  # from now on it is known whose the export is
    try:
        export, _ = ask_for_export(slug=slug, query=query, format_=format_, viewer=viewer, asker=asker_of(request))
    except (TooManyExports, DiskFull, DatasetNotFound) as error:
        return _form(request, dataset, view, query, format_, refused=error)
    return redirect("prepared-export", token=export.token)


def _form(
    request: HttpRequest,
    dataset: Dataset,
    view: View,
    query: str,
    format_: ExportFormat,
    *,
    refused: UploaderError | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    shown = shown_rows(dataset, view, viewer)
    return render(
        request,
        "prepare_export.html",
        {
            "dataset": dataset,
            "back": shown.address(),
            "query": query,
            "chips": [chip.words for chip in shown.chips()],
            "rows": _rows(dataset, view, viewer),
            "columns": view.columns,
            "formats": [(each, *words, each is format_) for each, words in FORMAT_WORDS.items()],
            "lede": prepare_words(settings.EXPORT_HOURS),
            "refused": f"{refused.message} {refused.hint}".strip() if refused else "",
        },
        status=status_of(refused) if refused else 200,
    )


def _rows(dataset: Dataset, view: View, viewer: Viewer) -> str:
    summary = describe_dataset(slug=dataset.slug, viewer=viewer)
    whole = RowFigure(rows=summary.rows, known=summary.rows_known)
    found = count_view(dataset=dataset, view=view, whole=whole) if view.filters else whole
    return rows_words(found.rows, found.known)


@require_safe
@takes()
def prepared_export(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is; ready, where it is fetched."""
    found = find_export(token=token, viewer=viewer_of(request))
    export = shown_export(found)
    response = render(
        request,
        "prepared_export.html",
        {
            "export": export,
            "chips": filters_of(found, viewer_of(request)),
            "format": FORMAT_WORDS.get(export.format, (export.format.value, ""))[0],
            "close_page": CLOSE_PAGE,
            "may_cancel": may_cancel(found, asker=asker_of(request), rights=rights_of(request.user)),
            "changed_since": "" if export.is_current else CHANGED_SINCE,
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@takes()
def cancel_prepared(request: HttpRequest, token: str) -> HttpResponse:
    """Its page says then that it was, or what became of it before."""
    try:
        cancel_export(token=token, viewer=viewer_of(request), asker=asker_of(request), rights=rights_of(request.user))
    except StateConflict as error:
        messages.info(request, f"{error.message} {error.hint}")
    return redirect("prepared-export", token=token)
