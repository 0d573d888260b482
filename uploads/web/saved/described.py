"""A saved view as the API has it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from uploads.models import Dataset
from uploads.services.reading.view import Fields
from uploads.services.saving.saved_views import Saved
from uploads.services.visibility import Viewer
from uploads.states import SavedKind
from uploads.web.charts.chart_query import CHART
from uploads.web.saved.queries import fit_of

_DATA = {SavedKind.ROWS: "api:list_rows", SavedKind.CHART: "api:aggregate_rows"}


def described(saved: Saved, *, dataset: Dataset, fields: Fields, viewer: Viewer) -> dict[str, Any]:
    """With its addresses, and what of it no longer fits the columns."""
    data = urlencode([each for each in parse_qsl(saved.query, keep_blank_values=True) if each[0] != CHART])
    address = reverse(_DATA[saved.kind], args=[dataset.slug])
    return {
        "name": saved.name,
        "slug": saved.slug,
        "kind": saved.kind,
        "query": saved.query,
        "page": reverse("saved-view", args=[dataset.slug, saved.slug]),
        "data": f"{address}?{data}" if data else address,
        "saved_at": saved.saved_at,
        "saved_by": saved.saved_by or None if viewer.sees_all else None,
        "problem": fit_of(saved.query, kind=saved.kind, fields=fields).sentence or None,
    }
