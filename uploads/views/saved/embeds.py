"""Saved views and dashboards in frames of other sites: what anybody may see, without menus and cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.models import Dataset
from uploads.services.saving.dashboards import list_placed
from uploads.services.saving.saved_views import find_view
from uploads.services.visibility import ANYBODY, find_dataset
from uploads.web.parameters import takes
from uploads.web.saved.embedding import let_frame
from uploads.web.saved.tiles import Tile, tiles_of


@require_safe
@takes()
def embed_view(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One saved view, whoever is signed in."""
    dataset = find_dataset(slug=slug, viewer=ANYBODY)
    saved = find_view(dataset=dataset, slug=name)
    tile = tiles_of(dataset=dataset, viewer=ANYBODY).tile(saved, is_wide=True)
    return _framed(request, dataset, [tile], title=saved.name, page=tile.href)


@require_safe
@takes()
def embed_dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """The dashboard, without its buttons."""
    dataset = find_dataset(slug=slug, viewer=ANYBODY)
    make = tiles_of(dataset=dataset, viewer=ANYBODY)
    tiles = [make.tile(each.saved, is_wide=each.is_wide) for each in list_placed(dataset=dataset)]
    page = reverse("dashboard", args=[dataset.slug])
    return _framed(request, dataset, tiles, title=f"Dashboard of {dataset.name}", page=page)


def _framed(request: HttpRequest, dataset: Dataset, tiles: list[Tile], *, title: str, page: str) -> HttpResponse:
    context = {"dataset": dataset, "tiles": tiles, "title": title, "page": page}
    return let_frame(render(request, "embed.html", context))
