"""Look at what is in the datasets."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.reading.sessions import ReadingTooSlow
from uploads.database.sessions import leave_as_found
from uploads.models import Dataset
from uploads.services.cataloguing.coverage import coverage_of
from uploads.services.datasets.browsing import (
    FIGURES,
    MAX_SOURCES,
    SOURCES,
    DatasetSummary,
    frequent_tags,
    page_datasets,
    sources_of,
    summary_of,
)
from uploads.services.datasets.catalogue import entry_of, is_catalogued
from uploads.services.datasets.nameless import word_for_blank
from uploads.services.datasets.opening import opened_dataset
from uploads.services.datasets.reflection import RowFigure
from uploads.services.datasets.rights import visibility_of
from uploads.services.errors import DatasetNotFound
from uploads.services.merging.choices import MergeChoices
from uploads.services.merging.guards import Guards
from uploads.services.options.remembered import defaults_of
from uploads.services.preparing.requests import LARGE_ROWS
from uploads.services.reading.counts import count_view
from uploads.services.reading.facets import facets_of
from uploads.services.reading.indexes import with_indexes
from uploads.services.reading.pages import Page, read_page
from uploads.services.reading.parameters import AFTER, BEFORE, COUNT, FACET, FORMAT, KNOWN, SEARCH, SORT, query_of
from uploads.services.reading.view import Fields, View, fields_of
from uploads.services.saving.saved_views import VIEWS, Saved
from uploads.services.visibility import ColumnFacts, Viewer, columns_seen, find_dataset
from uploads.states import SavedKind, Visibility
from uploads.tabular.errors import UploaderError
from uploads.tabular.names import name_changes
from uploads.web.catalogue.addresses import Site
from uploads.web.catalogue.schema_org import FoundAs, found_as, found_elsewhere
from uploads.web.cursors import write_cursor
from uploads.web.http_status import status_of
from uploads.web.offers.columns import offers
from uploads.web.offers.quick_pages import quicker_page
from uploads.web.parameters import TAG, takes
from uploads.web.reading import page_questions, view_from
from uploads.web.saved.menu import ViewsMenu, views_menu
from uploads.web.sentences.datasets.published import READ_ONLY, rows_words
from uploads.web.sentences.datasets.visibility import visibility_sentence
from uploads.web.sentences.guards import guards_sentence
from uploads.web.sentences.joining import joins_sentence
from uploads.web.sentences.reading import dataset_defaults, empty_dataset
from uploads.web.sentences.tables import names_legend
from uploads.web.shown.cells import NUMBERS
from uploads.web.shown.dataset_list import PAGE, read_list, tag_links
from uploads.web.shown.downloads import Preparing, downloads, prepare_address
from uploads.web.shown.facets import shown_facets
from uploads.web.shown.grid import grid_html
from uploads.web.shown.prepared_exports import shown_own_exports
from uploads.web.shown.source_lines import line_addresses
from uploads.web.shown.view_forms import FilterSent, view_forms
from uploads.web.shown.views import ShownView
from uploads.web.shown.ways_to_use import Way, server_seen_by, ways_to_use
from uploads.web.visitors import viewer_of

MOST_ROWS = 100
FEWEST_ROWS = 10
MOST_CELLS = 10_000
"""Cells on one page: a browser lays out that many in about a tenth of a second, and wide tables are slow to scroll."""


@require_safe
@takes(query=[SEARCH, SORT, TAG, PAGE], several=[TAG])
def datasets(request: HttpRequest) -> HttpResponse:
    """Datasets by name, or as the address says: looked for, in another order, the following ones."""
    list_, viewer = read_list(request), viewer_of(request)
    page = page_datasets(search=list_.search, tags=list_.tags, order=list_.order, number=list_.number, viewer=viewer)
    found = [(each, rows_words(each.rows, each.rows_known), tag_links(each.about)) for each in page.datasets]
    tags = list_.more_tags(frequent_tags(search=list_.search, tags=list_.tags, viewer=viewer))
    context = {"datasets": found, "page": page, "list": list_.shown(page), "tags": tags, "viewer": viewer}
    return render(request, "datasets.html", context)


@require_safe
@takes(query=KNOWN, several=[FACET], is_open=True)
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Some active rows by the view that the query describes, the same as over the API."""
    viewer = viewer_of(request)
    with opened_dataset(slug, viewer, [*page_questions(request), FIGURES, SOURCES, VIEWS]) as found:
        fields = fields_of(dataset=found, viewer=viewer)
        view = view_from(request, fields=fields, apart_from=[COUNT])
        if FORMAT in request.GET:
            return HttpResponseRedirect(f"{reverse('api:list_rows', args=[slug])}?{request.GET.urlencode()}")
        shown = show_dataset(request, dataset=found, fields=fields, view=view)
    leave_as_found()
    return shown


def show_dataset(
    request: HttpRequest,
    *,
    dataset: Dataset,
    fields: Fields,
    view: View,
    sent: FilterSent | None = None,
    saved: Saved | None = None,
) -> HttpResponse:
    """The page of a dataset; ``sent``: a filter that cannot be, for its form to say so; ``saved``: the saved view."""
    found, slug, viewer = dataset, dataset.slug, viewer_of(request)
    view = with_indexes(dataset=found, view=view)
    summary = summary_of(found)
    fitting = max(FEWEST_ROWS, MOST_CELLS // max(1, len(view.columns) or summary.columns))
    began = time.monotonic()
    limited = replace(view, limit=min(view.limit or MOST_ROWS, fitting))
    page, refusal = _page(found, fields, limited, viewer, summary.refusal)
    quicker = quicker_page(request, dataset=found, view=view, seconds=time.monotonic() - began)
    matching, whole = None, RowFigure(rows=summary.rows, known=summary.rows_known)
    if refusal is None and view.filters:
        matching = count_view(dataset=found, view=limited, whole=whole, page=page)
    numeric = [column.type in NUMBERS for column in page.columns]
    seen = fields.columns or (columns_seen(dataset=found, viewer=viewer) if view.columns else page.columns)
    labels = {column.name: column.label for column in seen}
    shown = ShownView(here=reverse("dataset", args=[slug]), view=view, fields=fields, labels=labels)
    return render(
        request,
        "dataset.html",
        {
            "dataset": summary,
            "saved": saved,
            "menu": _menu(request, found, view, fields, saved),
            "rows": rows_words(summary.rows, summary.rows_known),
            **_about(request, found, summary, seen, saved),
            **_refused(refusal),
            "own_exports": shown_own_exports(request, found),
            **_files(found, summary),
            "offers": offers(request, dataset=found),
            **_columns(seen),
            "forms": view_forms(view, fields, labels=labels, now=shown.query, sent=sent),
            "quicker": quicker,
            "facets": shown_facets(shown, facets_of(dataset=found, view=view, whole=whole) if refusal is None else ()),
            **_around(page, shown, numeric, chart=reverse("chart", args=[slug])),
            "matching": "" if matching is None else rows_words(matching.rows, matching.known),
            **_grid(page, numeric, viewer, here=shown.here, has_origin=not summary.is_read_only),
            **(_downloads(found, view, fields, matching or whole) if page.rows else {}),
            "ways": () if found.is_draft else _ways(request, found, summary, shown, page),
        },
        status=status_of(refusal) if refusal else 400 if sent else 200,
    )


def _refused(refusal: UploaderError | None) -> dict[str, Any]:
    """Why there are no rows; of a view that takes too long another one may be had."""
    return {
        "refusal": f"{refusal.message} {refusal.hint}".strip() if refusal else "",
        "may_change_view": refusal is None or isinstance(refusal, ReadingTooSlow),
    }


def _columns(seen: Sequence[ColumnFacts]) -> dict[str, Any]:
    changes = name_changes([column.label for column in seen], [column.name for column in seen])
    return {
        "columns": tuple(
            (column, column.type in NUMBERS, change) for column, change in zip(seen, changes, strict=True)
        ),
        "legend": names_legend(changes),
        "word_for_blank": word_for_blank([column.label for column in seen]),
    }


def _about(
    request: HttpRequest, found: Dataset, summary: DatasetSummary, seen: Sequence[ColumnFacts], saved: Saved | None
) -> dict[str, Any]:
    """What staff say of it, for people and for machines."""
    return {
        "about": summary.about,
        "read_only": READ_ONLY if summary.is_read_only else "",
        "empty": empty_dataset(is_draft=summary.is_draft, is_read_only=summary.is_read_only),
        "tags": tag_links(summary.about),
        "found_as": _found_as(request, found, summary, seen) if saved is None else None,
    }


def _found_as(
    request: HttpRequest, found: Dataset, summary: DatasetSummary, seen: Sequence[ColumnFacts]
) -> FoundAs | None:
    """How search engines and harvesters find it; ``None`` of a draft, which they do not."""
    if not is_catalogued(found):
        return None
    site = Site(request=request)
    if request.GET or not settings.IN_SEARCH_ENGINES:  # of the many views of it this address alone is looked at
        return found_elsewhere(found.slug, site)
    return found_as(
        entry_of(
            found,
            labels=[column.label or column.name for column in seen],
            columns=summary.columns,
            rows_changed_at=summary.changed_at,
            coverages=coverage_of([found.pk], types={found.pk: {column.name: column.type for column in seen}}),
        ),
        columns=seen,
        site=site,
    )


def _menu(request: HttpRequest, found: Dataset, view: View, fields: Fields, saved: Saved | None) -> ViewsMenu | None:
    query = query_of(replace(view, limit=None), fields)
    return views_menu(request, dataset=found, kind=SavedKind.ROWS, query=query, current=saved)


def _files(found: Dataset, summary: DatasetSummary) -> dict[str, Any]:
    """Which there are, how they are read and join, and which of them wait for a person."""
    defaults = defaults_of(found)
    joins = (
        "" if found.is_draft or summary.is_read_only else joins_sentence(found.mode, found.key, MergeChoices.of(found))
    )
    guards = None if summary.is_read_only else Guards.of(found)
    return {
        "remembered": defaults,
        "remembered_sentence": dataset_defaults(defaults),
        "joins": joins,
        "guards": guards_sentence(guards) if guards else "",
        "is_public": found.visibility == Visibility.PUBLIC,
        "readers": "" if found.is_draft else visibility_sentence(visibility_of(found)),
        "sources": sources_of(found),
        "most_sources": MAX_SOURCES,
    }


def _downloads(found: Dataset, view: View, fields: Fields, rows: RowFigure) -> dict[str, Any]:
    query = query_of(replace(view, limit=None, facets=()), fields)
    at = reverse("prepare-export", args=[found.slug])
    preparing = None if found.is_draft else Preparing(address=at, is_large=(rows.rows or 0) >= LARGE_ROWS)
    return {
        "downloads": downloads(address=reverse("api:list_rows", args=[found.slug]), query=query, preparing=preparing),
        "prepare": prepare_address(at, query) if preparing else "",
    }


def _ways(
    request: HttpRequest, found: Dataset, summary: DatasetSummary, shown: ShownView, page: Page
) -> tuple[Way, ...]:
    return ways_to_use(
        address=request.build_absolute_uri(reverse("api:list_rows", args=[summary.slug])),
        query=query_of(replace(shown.view, limit=None), shown.fields),
        columns=page.columns,
        table=summary.table,
        order="" if summary.is_read_only else " ORDER BY _file, _row",
        server=None if summary.is_read_only else server_seen_by(request),
        is_public=found.visibility == Visibility.PUBLIC,
    )


def _grid(page: Page, numeric: Sequence[bool], viewer: Viewer, *, here: str, has_origin: bool) -> dict[str, Any]:
    lines = line_addresses(((row.load_id, row.row) for row in page.rows), viewer)
    grid = grid_html(page.rows, numeric, lines=lines, here=here, has_origin=has_origin)
    return {"grid": grid, "rows_shown": len(page.rows)}


def _around(page: Page, shown: ShownView, numeric: list[bool], *, chart: str) -> dict[str, Any]:
    """What leads from the view that is shown to others: headers, filters, pages."""
    view = shown.view
    return {
        "headers": tuple(
            (column, is_number, shown.header(column.name))
            for column, is_number in zip(page.columns, numeric, strict=True)
        ),
        "chips": shown.chips(),
        "chart": replace(shown, here=chart).address(View(filters=view.filters)),
        "clear": shown.here if view.filters or view.sort or view.columns else "",
        "first_page": shown.address() if view.cursor else "",
        "previous_page": shown.address(cursor={BEFORE: write_cursor(page.previous)}) if page.previous else "",
        "next_page": shown.address(cursor={AFTER: write_cursor(page.next)}) if page.next else "",
    }


def _page(
    found: Dataset, fields: Fields, view: View, viewer: Viewer, refusal: UploaderError | None
) -> tuple[Page, UploaderError | None]:
    """The rows; where a table of the database cannot be read, its columns as they were, and why."""
    if refusal is None:
        try:
            return (
                read_page(slug=found.slug, view=view, viewer=viewer, dataset=found, columns=fields.columns),
                None,
            )
        except (RelationUnreadable, ReadingTooSlow) as error:
            refusal = error
    columns = fields.columns or columns_seen(dataset=found, viewer=viewer)
    by_name = {column.name: column for column in columns}
    return Page(columns=tuple(by_name[name] for name in view.columns or by_name), rows=()), refusal


def dataset_page(request: HttpRequest, *, slug: str, name: str, is_draft: bool) -> str:
    """The address of a dataset's page; empty for whoever may not see it.

    A draft is found by the name that it asks for, unless something else has that name.
    """
    if not is_draft:
        return reverse("dataset", args=[slug]) if slug else ""
    for address in (name, slug):
        try:
            if find_dataset(slug=address, viewer=viewer_of(request)).slug == slug:
                return reverse("dataset", args=[address])
        except DatasetNotFound:
            continue
    return ""
