"""The forms above a dataset's rows: each ends at the address of a view, which can be shared."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.services.errors import BadParameter
from uploads.services.reading.view import fields_of
from uploads.services.visibility import find_dataset
from uploads.views.datasets import show_dataset
from uploads.web.parameters import takes
from uploads.web.reading import view_of_query
from uploads.web.sentences.reading import filter_refused
from uploads.web.shown.view_forms import FilterSent, with_columns, with_filter
from uploads.web.visitors import viewer_of

_SENT = ("column", "operator", "value", "upto")


@require_safe
@takes(query=[*_SENT, "now"])
def add_filter(request: HttpRequest, slug: str) -> HttpResponse:
    """One more filter to those of ``now``, the query of the page that has the form.

    A value that cannot be is said beside the form, above the rows as they were.
    """
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    fields = fields_of(dataset=dataset, viewer=viewer_of(request))
    now = request.GET.get("now", "")
    sent = FilterSent(**{name: request.GET.get(name, "") for name in _SENT})
    query = with_filter(now, fields=fields, sent=sent)
    try:
        view_of_query(query, fields=fields)
    except BadParameter as error:
        said = replace(sent, fault=filter_refused(error))
        view = view_of_query(with_filter(now, fields=fields, sent=FilterSent()), fields=fields)
        return show_dataset(request, dataset=dataset, fields=fields, view=view, sent=said)
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
