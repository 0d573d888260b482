"""Saved views on the page and over the API: saved by staff, seen by everybody, checked again when they are used."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.models import Dataset, SavedView
from uploads.services.columns.shape import remove_column, rename_column
from uploads.services.errors import ViewExists
from uploads.services.saving import saved_views
from uploads.services.saving.saved_views import save_view
from uploads.states import SavedKind
from uploads.tabular.errors import BadOption

SALES = "area,price,day\nNorth,10,2024-01-31\nSouth,5,2024-02-29\nNorth,7,2024-02-01\n"
VIEWS = "/datasets/sales/views/"
API = "/api/datasets/sales/views"


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    pipeline.load(SALES, "sales.csv")
    client = Client()
    client.force_login(make_user("ana", "change_dataset", "view_uploadedfile"))
    return client


def save(client: Client, name: str, query: str = "", kind: str = "rows", **more: str) -> Any:
    return client.post(VIEWS, {"name": name, "kind": kind, "query": query, **more})


def post(client: Client, **body: Any) -> Any:
    return client.post(API, json.dumps(body), content_type="application/json")


def test_rows_are_saved_and_everybody_sees_them_at_an_address_of_their_own(staff: Client, client: Client) -> None:
    page = staff.get("/datasets/sales/", {"price__gt": "6", "_sort": "-price", "_columns": "area,price", "limit": "1"})
    query = "price__gt=6&amp;_sort=-price&amp;_columns=area%2Cprice"
    assert f'<input type="hidden" name="query" value="{query}">' in page.text
    answer = save(staff, " Dear   sales ", "price__gt=6&_sort=-price&_columns=area,price&limit=1")
    assert answer.url == "/datasets/sales/views/dear-sales/"
    shown = client.get(answer.url).text
    assert '<h1 dir="auto">Dear sales</h1>' in shown
    assert '<td class="number">7</td>' in shown
    assert '<td class="number">5</td>' not in shown
    assert ">2024-02-29<" not in shown
    assert 'href="/datasets/sales/?price__gt=6&amp;_sort=area' in shown  # what changes the view is the dataset's page
    assert 'href="?' not in shown
    menu = client.get("/datasets/sales/").text
    assert '<a href="/datasets/sales/views/dear-sales/" dir="auto">Dear sales</a>' in menu
    assert "save-view" not in menu
    assert LogEntry.objects.get().change_message == "Saved the view “Dear sales”."


def test_chart_is_saved_with_its_kind_also_where_it_was_a_suggestion(staff: Client, client: Client) -> None:
    suggested = staff.get("/datasets/sales/chart/").text
    assert 'name="query" value="_group=day%3Aday"' in suggested
    save(staff, "By area", "_group=area&_measure=sum:price&_chart=line&price__gt=1", "chart")
    save(staff, "All", "", "chart")
    shown = client.get("/datasets/sales/views/by-area/").text
    assert '"kind": "line", "title": "Sum of price by area"' in shown
    assert '<option value="line" selected>' in shown
    assert '<p class="one-figure">3</p>' in client.get("/datasets/sales/views/all/").text


def test_a_name_is_one_view_until_somebody_replaces_it(staff: Client) -> None:
    save(staff, "Öre", "price=5")
    again = save(staff, "ÖRE", "price=7")
    assert again.status_code == 409
    assert "There is a view “Öre” already." in again.text
    assert 'name="query" value="price=7"' in again.text
    assert 'name="replace" value="true"' in again.text
    assert SavedView.objects.get().query == "price=5"
    assert save(staff, "ÖRE", "price=7", replace="true").url.endswith("/views/%C3%B6re/")
    assert SavedView.objects.values_list("name", "query").get() == ("ÖRE", "price=7")


def test_rename_keeps_the_address_and_delete_says_so(staff: Client) -> None:
    save(staff, "One")
    save(staff, "Two")
    staff.post(f"{VIEWS}one/rename/", {"name": "Uno"})
    assert "There is a view “Two” already." in staff.post(f"{VIEWS}one/rename/", {"name": "two"}, follow=True).text
    assert '<h1 dir="auto">Uno</h1>' in staff.get(f"{VIEWS}one/").text
    assert save(staff, "One").url == f"{VIEWS}one-2/"
    assert "Deleted the view “Uno”." in staff.post(f"{VIEWS}one/delete/", follow=True).text
    gone = staff.get(f"{VIEWS}one/")
    assert (gone.status_code, "has no saved view “one”" in gone.text) == (404, True)


def test_a_column_that_is_gone_is_named_with_a_way_out(staff: Client, client: Client) -> None:
    save(staff, "Dear", "price__gt=6&area=North&_sort=-price")
    save(staff, "By area", "_group=area&_measure=sum:price", "chart")
    rename_column(slug="sales", name="price", label="cost")
    rows, chart = (client.get(f"{VIEWS}{name}/") for name in ("dear", "by-area"))
    assert (rows.status_code, chart.status_code) == (409, 409)
    for said in ("“_sort” names “price”, which is no column here.", "There is no column or option “price__gt” here."):
        assert said in rows.text
    assert 'href="/datasets/sales/?area=North">Show it without that</a>' in rows.text
    assert "names “price”, which is no column here" in chart.text
    assert 'href="/datasets/sales/chart/?_group=area">Show it without that</a>' in chart.text
    assert "There is no column or option" in client.get(VIEWS).text
    found = {view["slug"]: view["problem"] for view in client.get(API).json()["views"]}
    assert found["dear"].endswith("The columns are area, cost, day.")
    remove_column(slug="sales", name="area")
    assert 'href="/datasets/sales/chart/">Show it without that</a>' in client.get(f"{VIEWS}by-area/").text


def test_only_staff_who_change_datasets_save(staff: Client, client: Client) -> None:
    save(staff, "One")
    other = Client()
    other.force_login(make_user("ben", "view_uploadedfile"))
    for who, code in ((client, 401), (other, 403)):
        for address in (VIEWS, f"{VIEWS}one/rename/", f"{VIEWS}one/delete/"):
            assert who.post(address).status_code == code
        assert post(who, name="Two").status_code == code
    assert list(SavedView.objects.values_list("name", flat=True)) == ["One"]


def test_api_saves_lists_renames_and_deletes(staff: Client, client: Client) -> None:
    made = post(staff, name="By area", kind="chart", query="_group=area&_chart=bar&price__gt=1")
    assert made.status_code == 201
    view = made.json()
    assert view["page"] == "/datasets/sales/views/by-area/"
    assert view["data"] == "/api/datasets/sales/aggregate?_group=area&price__gt=1"
    assert client.get(view["data"]).json()["total_rows"] == 3
    assert (view["saved_by"], client.get(API).json()["views"][0]["saved_by"]) == ("ana", None)
    assert post(staff, name="by AREA").json()["error"]["code"] == "view_exists"
    assert post(staff, name="x", query="prise=1").json()["error"]["code"] == "unknown_parameter"
    assert post(staff, name="x", query="price=abc").json()["error"]["code"] == "bad_parameter"
    renamed = staff.patch(f"{API}/by-area", {"name": "Areas"}, content_type="application/json").json()
    assert (renamed["name"], renamed["slug"]) == ("Areas", "by-area")
    assert staff.delete(f"{API}/by-area").json()["name"] == "Areas"
    assert client.get(API).json() == {"views": []}
    assert staff.delete(f"{API}/by-area").json()["error"]["code"] == "view_not_found"


def test_names_and_counts_have_limits(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Dataset.objects.get()
    for wrong in ("", "  ", "x" * 101, "a\u202eb"):
        with pytest.raises(BadOption):
            save_view(dataset=dataset, name=wrong, kind=SavedKind.ROWS, query="")
    with pytest.raises(BadOption, match="4,001 letters"):
        save_view(dataset=dataset, name="long", kind=SavedKind.ROWS, query="x" * 4_001)
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    made = [save_view(dataset=dataset, name=name, kind=SavedKind.ROWS, query="") for name in ("!!", "??")]
    assert [view.slug for view in made] == ["view", "view-2"]
    with pytest.raises(ViewExists, match="has 2 saved views already"):
        save_view(dataset=dataset, name="third", kind=SavedKind.ROWS, query="")
