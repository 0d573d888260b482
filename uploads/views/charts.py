"""Look at figures of groups of a dataset's rows, as a chart and as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.aggregating.run import FigureTooLarge
from uploads.database.aggregating.terms import Groups
from uploads.database.reading.sessions import ReadingTooSlow
from uploads.database.reading.terms import Condition
from uploads.database.statements import TableBusy
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.aggregating.parameters import GROUP, MEASURE, Aggregation, aggregation_query
from uploads.services.aggregating.suggestion import suggest
from uploads.services.reading.parameters import SEARCH, query_of
from uploads.services.reading.view import Fields, View, fields_of
from uploads.services.saving.saved_views import Saved
from uploads.services.visibility import columns_seen, find_dataset
from uploads.states import SavedKind
from uploads.web.charts.chart import Chart, ShownGroups
from uploads.web.charts.chart_form import chart_form
from uploads.web.charts.chart_query import CHART, OWN, ChartQuery, for_map, read_chart
from uploads.web.charts.coordinates import by_coordinates, coordinates_among
from uploads.web.charts.group_links import GroupLinks
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.reading import with_way_back
from uploads.web.saved.menu import views_menu
from uploads.web.saved.queries import chart_parameters
from uploads.web.shown.views import ShownView
from uploads.web.visitors import viewer_of

MOST_SHOWN = 2_000
"""Groups on the page; the API has more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What the address asks for, and of what."""

    dataset: Dataset
    fields: Fields
    labels: Mapping[str, str]
    wanted: Aggregation
    filters: tuple[Condition, ...]
    chosen: Chart | None


@require_safe
@takes(query=[*OWN, SEARCH], several=[GROUP], is_open=True)
def chart(request: HttpRequest, slug: str) -> HttpResponse:
    """What the address asks for, of the rows that meet its filters; a first suggestion where it asks for nothing."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    clean = _clean_address(request)
    if clean:
        return redirect(clean)
    fields = fields_of(dataset=dataset, viewer=viewer)
    with with_way_back(request):
        asked = read_chart(dict(request.GET.lists()), fields)
    return show_chart(request, dataset=dataset, fields=fields, asked=asked)


def show_chart(
    request: HttpRequest, *, dataset: Dataset, fields: Fields, asked: ChartQuery, saved: Saved | None = None
) -> HttpResponse:
    """The page of a chart; ``saved``: the saved view that it is."""
    viewer, wanted, filters = viewer_of(request), asked.wanted, asked.filters
    groups, refusal = Groups(groups=(), total_groups=0, total_rows=0), None
    try:
        if not asked.says_what:
            wanted = suggest(dataset=dataset, fields=fields, filters=filters, viewer=viewer)
        groups = aggregate(dataset=dataset, filters=filters, wanted=wanted, limit=MOST_SHOWN)
    except (RelationUnreadable, ReadingTooSlow, TableBusy, FigureTooLarge) as error:
        refusal = error
    labels = {column.name: column.label for column in columns_seen(dataset=dataset, viewer=viewer)}
    shown = _Asked(dataset=dataset, fields=fields, labels=labels, wanted=wanted, filters=filters, chosen=asked.chosen)
    context = _context(shown, groups)
    context["refusal"] = f"{refusal.message} {refusal.hint}".strip() if refusal else ""
    query = chart_parameters(replace(asked, wanted=wanted), fields)
    context["menu"] = views_menu(request, dataset=dataset, kind=SavedKind.CHART, query=query, current=saved)
    context["saved"] = saved
    return render(request, "chart.html", context, status=status_of(refusal) if refusal else 200)


def _context(asked: _Asked, groups: Groups) -> dict[str, Any]:
    slug, fields, labels = asked.dataset.slug, asked.fields, asked.labels
    rows_page, here = (reverse(name, args=[slug]) for name in ("dataset", "chart"))
    view = View(filters=asked.filters)
    query, own = query_of(view, fields), aggregation_query(asked.wanted, fields)
    shown = ShownGroups(
        aggregation=asked.wanted,
        found=groups,
        chosen=asked.chosen,
        labels=labels,
        links=GroupLinks(here=rows_page, filters=query, fields=fields),
    )
    beside = [*own, *([(CHART, asked.chosen)] if asked.chosen else [])]
    around = ShownView(here=here, view=view, fields=fields, labels=labels, beside=beside)
    return {
        "dataset": asked.dataset,
        "here": here,
        "form": chart_form(asked.wanted, chart=asked.chosen, fields=fields, labels=labels),
        "filters": query,
        "chips": around.chips(),
        "clear": around.address(View()),
        "rows_page": replace(around, here=rows_page, beside=()).address(),
        "api": f"{reverse('api:aggregate_rows', args=[slug])}?{urlencode([*own, *query])}",
        "shown": shown,
        "lines": tuple(shown.lines),
        "map": _map_address(asked, shown, around),
        "drawing": shown.drawing,
        "groups": groups,
        "left_out": groups.total_groups - len(groups.groups),
    }


def _map_address(asked: _Asked, shown: ShownGroups, around: ShownView) -> str:
    """Of the same figures on a map, where one is to be had and is not what is shown; else empty."""
    wanted = for_map(asked.wanted)
    if not shown.offers_map:
        coordinates = coordinates_among(asked.fields.shown.values())
        if coordinates is None or shown.kind is Chart.MAP or shown.drawing is None:
            return ""
        wanted = replace(asked.wanted, groupings=by_coordinates(coordinates))
    return replace(around, beside=(*aggregation_query(wanted, asked.fields), (CHART, Chart.MAP))).address()


def _clean_address(request: HttpRequest) -> str:
    """A form sends each field, the groupings one by one: the address of the same without what says nothing."""
    groups = request.GET.getlist(GROUP)
    if len(groups) < 2 and all(request.GET.get(name, "x") for name in OWN):
        return ""
    query = [(name, text) for name, texts in request.GET.lists() if name not in OWN for text in texts]
    named = [(GROUP, ",".join(filter(None, groups)))]
    named += [(name, request.GET.get(name, "")) for name in (MEASURE, CHART)]
    query = [*((name, text) for name, text in named if text), *query]
    return f"{request.path}?{urlencode(query)}" if query else request.path
