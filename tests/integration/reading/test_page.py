"""The page of a dataset takes the views that the API takes."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline
from uploads.services.reading import pages

PAGE = "/datasets/prices/"


def test_page_shows_a_view_with_ways_out_of_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;10\nSouth;30\nEast;20\n", "prices.csv")
    text = html.unescape(client.get(PAGE, {"price__gt": "11", "_sort": "-price"}).text)
    assert text.index(">South<") < text.index(">East<")
    assert ">North<" not in text
    assert "Rows with this filter: 2." in text
    assert 'href="/datasets/prices/?_sort=-price" aria-label="Remove the filter price > 11"' in text
    assert 'aria-sort="descending"' in text
    assert 'href="/datasets/prices/?price__gt=11&_sort=area"' in text
    first = html.unescape(client.get(PAGE, {"_sort": "price", "limit": "2"}).text)
    assert 'rel="next" href="/datasets/prices/?_sort=price&limit=2&after=s.' in first
    assert "No rows match." in client.get(PAGE, {"price__gt": "99"}).text


@pytest.mark.parametrize(
    ("query", "matching", "is_counted"),
    [({"price__gt": "11"}, "2", False), ({"price__gt": "11", "limit": "2"}, "2", True), ({"price": "9"}, "0", False)],
    ids=["whole-on-the-page", "more-may-follow", "none"],
)
def test_rows_that_are_all_on_the_page_are_counted_there(
    pipeline: Pipeline, client: Client, query: dict[str, str], matching: str, is_counted: bool
) -> None:
    pipeline.load("area;price\nNorth;10\nSouth;30\nEast;20\n", "prices.csv")
    with CaptureQueriesContext(connection) as asked:
        assert f"Rows with this filter: {matching}." in client.get(PAGE, query).text
        assert client.get("/api/datasets/prices/rows", {**query, "_count": "true"}).json()["count"]["rows"] == int(
            matching
        )
    assert any("count(*)" in each["sql"] and "price" in each["sql"] for each in asked) is is_counted


def test_page_that_takes_too_long_has_what_it_advises(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“Filter by something that fewer rows have”: the filter was gone."""
    pipeline.load("area;price\nNorth;10\n", "prices.csv")
    monkeypatch.setattr(pages, "READ_SECONDS", -1)
    answer = client.get(PAGE, {"_sort": "price"})
    assert answer.status_code == 503
    assert "Remove the sort, or filter by something that fewer rows have." in answer.text
    assert 'id="filter"' in answer.text
    assert f'<a href="{PAGE}">Show all rows, unsorted</a>' in answer.text


def test_page_refuses_what_it_does_not_know_and_leads_back_without_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;10\n", "prices.csv")
    answer = client.get(PAGE, {"prise__gt": "1", "_sort": "price"})
    assert answer.status_code == 400
    text = html.unescape(answer.text)
    assert "Did you mean “price__gt”?" in text
    assert 'href="/datasets/prices/?_sort=price"' in text


def test_forms_add_filters_and_choose_columns(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price;day\nNorth;10;2024-01-02\nSouth;30;\nEast;20;2024-01-04\n", "prices.csv")
    page = html.unescape(client.get(PAGE, {"price__gt": "11", "_sort": "-price"}).text)
    assert 'name="now" value="price__gt=11&_sort=-price"' in page

    def filtered(column: str, operator: str, value: str = "", upto: str = "") -> str:
        sent = {
            "column": column,
            "operator": operator,
            "value": value,
            "upto": upto,
            "now": "price__gt=11&_sort=-price&after=1.1",
        }
        answer = client.get(f"{PAGE}filter/", sent)
        assert answer.status_code == 302
        return answer.headers["Location"]

    assert filtered("area", "icontains", "s") == f"{PAGE}?price__gt=11&_sort=-price&area__icontains=s"
    assert filtered("price", "gt", "25") == f"{PAGE}?_sort=-price&price__gt=25"  # in the place of the other
    assert filtered("price", "icontains", "20") == f"{PAGE}?price__gt=11&_sort=-price&price=20"
    assert filtered("area", "range", "a", "b,c").endswith("&area__range=a%2C%22b%2Cc%22")
    twice = {"column": "area", "operator": "icontains", "value": "th", "now": "area__icontains=or"}
    assert client.get(f"{PAGE}filter/", twice).headers["Location"] == f"{PAGE}?area__icontains=or&area__icontains=th"
    many = "&".join(f"price__gt={number}" for number in range(120))
    assert client.get(f"{PAGE}filter/", {**twice, "now": many}).status_code == 400
    assert client.get(f"{PAGE}show/", {"show": "area", "now": many}).status_code == 400
    assert filtered("day", "blank") == f"{PAGE}?price__gt=11&_sort=-price&day__isnull=true"
    assert filtered("day", "filled", "x") == f"{PAGE}?price__gt=11&_sort=-price&day__isnull=false"
    assert filtered("area", "icontains") == filtered("nothing", "exact", "1") == f"{PAGE}?price__gt=11&_sort=-price"

    chosen = client.get(f"{PAGE}show/", {"show": ["price", "area"], "now": "_sort=price"}).headers["Location"]
    assert chosen == f"{PAGE}?_sort=price&_columns=area%2Cprice"
    text = client.get(chosen).text
    assert "<code>day</code>" in text  # it is still told of, and not among those that are shown
    assert ">2024-01-02<" not in text
    for every in ({}, {"show": ["price", "area", "day"]}):
        assert client.get(f"{PAGE}show/", {**every, "now": "_columns=area"}).headers["Location"] == PAGE


def test_a_filter_that_cannot_be_is_refused_beside_its_field(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("Area;Price\nNorth;10\nSouth;30\n", "prices.csv")
    sent = {"column": "price", "operator": "lt", "value": "cheap", "now": "price__gt=11&_q=south"}
    answer = client.get(f"{PAGE}filter/", sent)
    text = html.unescape(answer.text)
    assert answer.status_code == 400
    assert "“cheap” is not a number like 12." in text
    assert 'name="value" value="cheap"' in text
    assert 'aria-invalid="true"' in text
    assert ">South<" in text
    assert ">North<" not in text
    assert "Price > 11" in text
    assert "any column contains south" in text
    refused = client.get(f"{PAGE}filter/", {**sent, "operator": "startswith"})
    assert "has no “startswith”" in refused.text
    assert client.get(f"{PAGE}filter/", {**sent, "now": "gone=1"}).status_code == 400
