"""A saved view as a tile of a dashboard: a chart with its table, or the first rows; one that cannot be says why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.aggregating.run import FigureTooLarge
from uploads.database.reading.sessions import ReadingTooSlow
from uploads.database.statements import TableBusy
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.budget import Budget
from uploads.services.reading.pages import read_page
from uploads.services.reading.parameters import query_of
from uploads.services.reading.view import Fields, View, fields_of
from uploads.services.saving.saved_views import Saved
from uploads.services.visibility import Viewer, columns_seen
from uploads.states import SavedKind
from uploads.web.charts.chart import ShownGroups
from uploads.web.charts.group_links import GroupLinks
from uploads.web.saved.queries import chart_of, fit_of, rows_of
from uploads.web.shown.cells import NUMBERS, row_html

MOST_GROUPS = 500
"""Of one chart; its own page has more."""
MOST_ROWS = 8
MOST_COLUMNS = 8
DASHBOARD_SECONDS = 20.0
"""For all figures of the page."""
TILE_SECONDS = 5.0
"""For those of one chart: one that takes longer is left out, and the others stand."""
NO_TIME = "It is not drawn here, because the others took too long."


def dashboard_budget() -> Budget:
    return Budget(DASHBOARD_SECONDS, each=TILE_SECONDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    saved: Saved
    href: str
    is_wide: bool = False
    refusal: str = ""
    """Why there is nothing of it; empty: there is."""
    shown: ShownGroups | None = None
    """Of a chart."""
    left_out: int = 0
    """Groups, or columns, that are only on its own page."""
    columns: tuple[tuple[str, bool, str], ...] = ()
    """Of rows: labels, whether numbers stand below, and the type."""
    rows: tuple[SafeString, ...] = ()

    @property
    def drawing_id(self) -> str:
        """Of what the script draws, on the page."""
        return f"drawing-{self.saved.slug}"

    @property
    def drawing(self) -> Mapping[str, Any] | None:
        return None if self.shown is None else self.shown.drawing


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiles:
    """Makes the tiles of one dataset, within one budget."""

    dataset: Dataset
    viewer: Viewer
    fields: Fields
    labels: Mapping[str, str]
    budget: Budget

    def tile(self, saved: Saved, *, is_wide: bool = False) -> Tile:
        """What goes wrong with one is said in its place."""
        empty = Tile(
            saved=saved,
            href=reverse("saved-view", args=[self.dataset.slug, saved.slug]),
            is_wide=is_wide,
        )
        fit = fit_of(saved.query, kind=saved.kind, fields=self.fields)
        if fit.problems:
            return replace(empty, refusal=fit.sentence)
        if self.budget.is_spent:
            return replace(empty, refusal=NO_TIME)
        try:
            return self._chart(empty) if saved.kind is SavedKind.CHART else self._rows(empty)
        except (RelationUnreadable, ReadingTooSlow, TableBusy, FigureTooLarge) as error:
            return replace(empty, refusal=f"{error.message} {error.hint}".strip())

    def _chart(self, tile: Tile) -> Tile:
        asked = chart_of(tile.saved.query, fields=self.fields)
        groups = aggregate(
            dataset=self.dataset,
            filters=asked.filters,
            wanted=asked.wanted,
            limit=MOST_GROUPS,
            seconds=self.budget.left,
        )
        filters = query_of(View(filters=asked.filters), self.fields)
        here = reverse("dataset", args=[self.dataset.slug])
        shown = ShownGroups(
            aggregation=asked.wanted,
            found=groups,
            chosen=asked.chosen,
            labels=self.labels,
            links=GroupLinks(here=here, filters=filters, fields=self.fields),
        )
        return replace(tile, shown=shown, left_out=groups.total_groups - len(groups.groups))

    def _rows(self, tile: Tile) -> Tile:
        view = rows_of(tile.saved.query, fields=self.fields)
        names = view.columns or tuple(self.fields.shown)
        view = replace(view, columns=names[:MOST_COLUMNS], limit=MOST_ROWS, facets=())
        page = read_page(
            slug=self.dataset.slug, view=view, viewer=self.viewer, dataset=self.dataset, columns=self.fields.columns
        )
        numeric = [column.type in NUMBERS for column in page.columns]
        return replace(
            tile,
            columns=tuple(
                (column.label or column.name, is_number, column.type)
                for column, is_number in zip(page.columns, numeric, strict=True)
            ),
            rows=tuple(row_html(row.values, numeric) for row in page.rows),
            left_out=len(names) - len(view.columns),
        )


def tiles_of(*, dataset: Dataset, viewer: Viewer, budget: Budget | None = None) -> Tiles:
    return Tiles(
        dataset=dataset,
        viewer=viewer,
        fields=fields_of(dataset=dataset, viewer=viewer),
        labels={column.name: column.label for column in columns_seen(dataset=dataset, viewer=viewer)},
        budget=budget or dashboard_budget(),
    )
