"""Saved views of a dataset: the list, each of them at an address of its own, and what staff do with them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from uploads.models import Dataset
from uploads.services.errors import UnknownParameter, ViewExists
from uploads.services.files.permissions import rights_of
from uploads.services.options.parsing import parse_flag
from uploads.services.reading.view import fields_of
from uploads.services.saving.saved_views import Saved, delete_view, find_view, list_views, rename_view, save_view
from uploads.services.visibility import find_dataset
from uploads.states import SavedKind
from uploads.tabular.errors import BadOption, UploaderError
from uploads.views.charts import show_chart
from uploads.views.datasets import show_dataset
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.saved.queries import chart_of, checked_query, fit_of, read_kind, rows_of
from uploads.web.visitors import viewer_of

PAGES = {SavedKind.ROWS: "dataset", SavedKind.CHART: "chart"}
"""The page that shows such a view, by the name of its address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Listed:
    saved: Saved
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Refused:
    """What could not be saved, for the form to have it again."""

    name: str
    kind: str
    query: str
    sentence: str
    may_replace: bool


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["name", "kind", "query", "replace"])
def saved_views(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; posted, a view is saved and shown."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    if request.method != "POST":
        return _list(request, dataset)
    rights = rights_of(request.user)
    rights.require_change_dataset()
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    kind = read_kind(request.POST.get("kind", ""))
    try:
        saved = save_view(
            dataset=dataset,
            name=name,
            kind=kind,
            query=checked_query(query, kind=kind, fields=fields_of(dataset=dataset, viewer=viewer)),
            replace=bool(parse_flag("replace", request.POST.get("replace"))),
            user_id=rights.user_id,
        )
    except (BadOption, UnknownParameter, ViewExists) as error:
        refused = _Refused(
            name=name, kind=kind, query=query, sentence=_said(error), may_replace=isinstance(error, ViewExists)
        )
        return _list(request, dataset, refused=refused, status=status_of(error))
    messages.success(request, f"Saved as “{saved.name}”. Whoever has this page's address sees the same.")
    return redirect("saved-view", slug=dataset.slug, name=saved.slug)


@require_safe
@takes()
def saved_view(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The rows or the chart as they were saved; or what of it no longer fits the columns, and what to do."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    saved = find_view(dataset=dataset, slug=name)
    fields = fields_of(dataset=dataset, viewer=viewer)
    fit = fit_of(saved.query, kind=saved.kind, fields=fields)
    if fit.problems:
        page = reverse(PAGES[saved.kind], args=[dataset.slug])
        context = {
            "dataset": dataset,
            "saved": saved,
            "problem": fit.sentence,
            "rest": f"{page}?{fit.rest}" if fit.rest else page,
        }
        return render(request, "saved_view_broken.html", context, status=409)
    if saved.kind is SavedKind.CHART:
        asked = chart_of(saved.query, fields=fields)
        return show_chart(request, dataset=dataset, fields=fields, asked=asked, saved=saved)
    rows = rows_of(saved.query, fields=fields)
    return show_dataset(request, dataset=dataset, fields=fields, view=rows, saved=saved)


@require_POST
@takes(fields=["name"])
def rename(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A name that cannot be is said above the list."""
    dataset, user_id = _changing(request, slug)
    try:
        saved = rename_view(dataset=dataset, slug=name, name=request.POST.get("name", ""), user_id=user_id)
    except (BadOption, ViewExists) as error:
        messages.error(request, _said(error))
    else:
        messages.success(request, f"Renamed to “{saved.name}”. Its address stays.")
    return redirect("saved-views", slug=dataset.slug)


@require_POST
@takes()
def delete(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    dataset, user_id = _changing(request, slug)
    saved = delete_view(dataset=dataset, slug=name, user_id=user_id)
    messages.success(request, f"Deleted the view “{saved.name}”.")
    return redirect("saved-views", slug=dataset.slug)


def _changing(request: HttpRequest, slug: str) -> tuple[Dataset, int | None]:
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    return dataset, rights.user_id


def _list(
    request: HttpRequest, dataset: Dataset, *, refused: _Refused | None = None, status: int = 200
) -> HttpResponse:
    fields = fields_of(dataset=dataset, viewer=viewer_of(request))
    views = [
        _Listed(saved=saved, problem=fit_of(saved.query, kind=saved.kind, fields=fields).sentence)
        for saved in list_views(dataset=dataset)
    ]
    context = {"dataset": dataset, "views": views, "refused": refused}
    return render(request, "saved_views.html", context, status=status)


def _said(error: UploaderError) -> str:
    return f"{error.message} {error.hint}".strip()
