"""The dashboard: arranged by staff without JavaScript, seen by everybody, each tile on its own."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.saving.test_saved_views import SALES
from tests.integration.staff import make_user
from uploads.database.reading.sessions import ReadingTooSlow
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.budget import Budget
from uploads.services.columns.shape import rename_column
from uploads.services.errors import ViewExists
from uploads.services.saving import dashboards
from uploads.services.saving.dashboards import arrange, list_placed
from uploads.services.saving.saved_views import find_view, save_view
from uploads.services.visibility import ANYBODY
from uploads.states import DashboardAct, SavedKind
from uploads.web.saved import tiles
from uploads.web.saved.tiles import NO_TIME, tiles_of

PAGE = "/datasets/sales/dashboard/"
QUERIES = {
    "area": (SavedKind.CHART, "_group=area&_measure=sum%3Aprice"),
    "total": (SavedKind.CHART, "_measure=count"),
    "dear": (SavedKind.ROWS, "price__gt=6&_columns=area%2Cprice"),
}


@pytest.fixture
def sales(pipeline: Pipeline) -> Dataset:
    pipeline.load(SALES, "sales.csv")
    dataset = Dataset.objects.get()
    for name, (kind, query) in QUERIES.items():
        save_view(dataset=dataset, name=name, kind=kind, query=query)
    return dataset


def place(dataset: Dataset, *names: str) -> None:
    for name in names:
        arrange(dataset=dataset, slug=name, act=DashboardAct.ADD)


def order(dataset: Dataset) -> list[str]:
    return [each.saved.slug for each in list_placed(dataset=dataset)]


def test_staff_arrange_it_and_everybody_sees_charts_figures_and_rows(sales: Dataset, client: Client) -> None:
    staff = Client()
    staff.force_login(make_user("ana", "change_dataset", "view_uploadedfile"))
    assert "Choose a saved view above" in staff.get(PAGE).text
    assert "Staff can put saved charts here." in client.get(PAGE).text
    for name in QUERIES:
        staff.post(PAGE, {"view": name, "act": "add"})
    staff.post(PAGE, {"view": "dear", "act": "earlier"})
    staff.post(PAGE, {"view": "area", "act": "wide"})
    text = client.get(PAGE).text
    titles = re.findall(r'<h2 id="tile-\d" dir="auto"><a href="([^"]+)">', text)
    assert titles == [f"/datasets/sales/views/{name}/" for name in ("area", "dear", "total")]
    assert '<section class="tile wide" aria-labelledby="tile-1">' in text
    assert '<script id="drawing-area" type="application/json">' in text
    assert '<td class="number">17</td>' in text
    assert '<p class="one-figure">3</p>' in text
    assert "The first 2 rows." in text
    assert "Arrange" not in text
    assert client.post(PAGE, {"view": "area", "act": "remove"}).status_code == 401
    staff.post(PAGE, {"view": "area", "act": "remove"})
    assert order(sales) == ["dear", "total"]
    assert staff.post(PAGE, {"view": "area", "act": "paint"}).status_code == 400
    assert staff.post(PAGE, {"view": "nothing", "act": "add"}).status_code == 404


def test_moves_stop_at_the_ends_and_what_is_so_already_stays(sales: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    place(sales, "area", "dear", "area")
    for act, found in (
        (DashboardAct.EARLIER, ["area", "dear"]),
        (DashboardAct.LATER, ["dear", "area"]),
        (DashboardAct.LATER, ["dear", "area"]),
        (DashboardAct.REMOVE, ["dear"]),
        (DashboardAct.REMOVE, ["dear"]),
    ):
        arrange(dataset=sales, slug="area", act=act)
        assert order(sales) == found
    monkeypatch.setattr(dashboards, "MOST_TILES", 1)
    with pytest.raises(ViewExists, match="1 views already"):
        place(sales, "area")


def test_one_tile_that_cannot_be_does_not_spoil_the_others(
    sales: Dataset, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(sales, "area", "dear", "total")

    def slow(*, wanted: Any, **more: Any) -> Any:
        if wanted.groupings:
            raise ReadingTooSlow("This takes longer than the 5 seconds that it may take.")
        return aggregate(wanted=wanted, **more)

    monkeypatch.setattr(tiles, "aggregate", slow)
    text = client.get(PAGE).text
    assert "longer than the 5 seconds" in text
    assert 'href="/datasets/sales/views/area/">Open it alone</a>' in text
    assert '<p class="one-figure">3</p>' in text
    rename_column(slug="sales", name="price", label="cost")
    text = client.get(PAGE).text
    assert "names “price”, which is no column here" in text
    assert '<p class="one-figure">3</p>' in text


def test_what_no_time_is_left_for_says_so(sales: Dataset) -> None:
    make = tiles_of(dataset=sales, viewer=ANYBODY, budget=Budget(0.0))
    assert make.tile(find_view(dataset=sales, slug="area")).refusal == NO_TIME


def test_the_api_tells_what_is_on_it_and_each_view_alone(sales: Dataset, client: Client) -> None:
    assert client.get("/api/datasets/sales/dashboard").json() == {"page": PAGE, "tiles": []}
    place(sales, "total", "area")
    arrange(dataset=sales, slug="area", act=DashboardAct.WIDE)
    tiles = client.get("/api/datasets/sales/dashboard").json()["tiles"]
    assert [(each["slug"], each.pop("is_wide")) for each in tiles] == [("total", False), ("area", True)]
    assert [client.get(f"/api/datasets/sales/views/{each['slug']}").json() for each in tiles] == tiles
    assert client.get(tiles[1]["data"]).json()["groups"]
    assert client.get("/api/datasets/sales/views/nothing").json()["error"]["code"] == "view_not_found"
