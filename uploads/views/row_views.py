"""The forms above a dataset's rows: each ends at the address of a view, which can be shared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.services.reading.view import fields_of
from uploads.services.visibility import find_dataset
from uploads.web.parameters import takes
from uploads.web.shown.view_forms import with_columns, with_filter
from uploads.web.visitors import viewer_of


@require_safe
@takes(query=["column", "operator", "value", "now"])
def add_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """One more filter to those of ``now``, the query of the page that has the form; wrong values are said there."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    sent = {name: request.GET.get(name, "") for name in ("column", "operator", "value")}
    query = with_filter(request.GET.get("now", ""), fields=fields_of(dataset=dataset, viewer=viewer), **sent)
    return redirect(_address(dataset.slug, query))


@require_safe
@takes(query=["show", "now"], several=["show"])
def choose_columns(request: HttpRequest, slug: str) -> HttpResponse:
    """The columns of ``show`` in the place of those of ``now``; all of them where none are said."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    fields = fields_of(dataset=dataset, viewer=viewer)
    query = with_columns(request.GET.get("now", ""), fields=fields, shown=request.GET.getlist("show"))
    return redirect(_address(dataset.slug, query))


def _address(slug: str, query: str) -> str:
    here = reverse("dataset", args=[slug])
    return f"{here}?{query}" if query else here
