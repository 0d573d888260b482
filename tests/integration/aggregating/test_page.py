"""The page of a chart: a form that works without scripts, an address that says all of it, a table with all figures."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.integration.adopting.conftest import execute
from tests.integration.aggregating.test_api import SALES, endless
from tests.integration.conftest import Pipeline
from tests.integration.publishing.conftest import shop
from uploads.services.adopting.publication import publish_table
from uploads.services.aggregating import suggestion
from uploads.services.reading.profiles import make_profiles

__all__ = ["shop"]
PAGE = "/datasets/sales/chart/"


def drawing(text: str) -> dict[str, Any]:
    found = re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def table(text: str) -> list[list[str]]:
    [body] = re.findall(r'<table class="data chart-table">(.*?)</table>', text, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in body.split("</tr>")]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in line] for line in cells if line]


def test_newcomer_sees_a_chart_at_once_and_its_figures_in_a_table(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    assert (
        'href="/datasets/sales/chart/?area=North">Chart</a>'
        in client.get("/datasets/sales/", {"area": "North", "_sort": "price", "_columns": "area"}).text
    )
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert table(answer.text)[:2] == [["day (day)", "Rows"], ["31 Jan 2024", "1"]]
    shown = drawing(answer.text)
    assert (shown["kind"], shown["title"], len(shown["labels"][0])) == ("line", "Rows by day (day)", 32)
    assert '<option value="day:day" selected>day, by day</option>' in answer.text
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_first_chart_is_by_what_has_few_values_in_all_rows(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by a text of which the first rows of a sorted file have few."""
    monkeypatch.setattr(suggestion, "SAMPLE_ROWS", 4)
    monkeypatch.setattr(suggestion, "SHOWN_VALUES", 2)
    pipeline.load("series;status\na;x\na;y\nb;x\nb;y\nc;x\nc;y\n", "sorted.csv")
    assert "Rows by series" in client.get("/datasets/sorted/chart/", follow=True).text
    make_profiles()
    assert "Rows by status" in client.get("/datasets/sorted/chart/", follow=True).text


def test_first_chart_is_not_of_a_column_that_says_total_nearly_everywhere(pipeline: Pipeline, client: Client) -> None:
    """A survey: 19 of 20 rows are of all sizes together, and there are many lines of work."""
    rows = "".join(f"{'small' if row % 20 == 0 else 'total'};work {row % 25};{row % 90}\n" for row in range(400))
    pipeline.load("size;work;answers\n" + rows, "survey.csv")
    make_profiles()
    text = client.get("/datasets/survey/chart/").text
    assert drawing(text)["title"] == "Mean of answers by work"
    assert table(text)[-1][0] == "everything else"


def test_address_says_what_is_shown(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    text = client.get(PAGE, {"_group": "area:top:20", "_measure": "sum:price", "price__gt": "0.5"}).text
    assert table(text) == [
        ["area", "Sum of price", "Rows"],
        ["North", "10.10", "1"],
        ["South", "5.05", "1"],
        ["(blank)", "7.00", "1"],
    ]
    assert drawing(text)["kind"] == "bar"
    assert '<input type="hidden" name="price__gt" value="0.5">' in text
    assert 'href="/datasets/sales/?price__gt=0.5&amp;area=North"' in text
    assert 'href="/datasets/sales/?price__gt=0.5&amp;area__isnull=true"' in text
    assert 'href="/datasets/sales/chart/?_group=area%3Atop%3A20&amp;_measure=sum%3Aprice" aria-label="Remove' in text
    assert (
        'href="/api/datasets/sales/aggregate?_group=area%3Atop%3A20&amp;_measure=sum%3Aprice&amp;price__gt=0.5"' in text
    )
    both = client.get(PAGE, {"_group": "day:month,paid", "_measure": "median:price"}).text
    assert table(both) == [
        ["month (day)", "false", "true"],
        ["Jan 2024", "", "10.1"],
        ["Feb 2024", "0.2", "5.05"],
        ["Mar 2024", "–", ""],
        ["(blank)", "", "7"],
    ]
    assert drawing(both)["kind"] == "line"
    assert drawing(client.get(PAGE, {"_group": "price:bins:4", "_chart": "scatter"}).text)["kind"] == "scatter"
    one = client.get(PAGE, {"_measure": "sum:price"}).text
    assert '<p class="one-figure">22.35</p>' in one


def test_form_sends_its_fields_one_by_one_and_ends_at_a_clean_address(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    sent = {"area": "North", "_measure": "count", "_group": ["area:top:20", "day:month"], "_chart": ""}
    answer = client.get(PAGE, sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{PAGE}?_group=area%3Atop%3A20%2Cday%3Amonth&_measure=count&area=North"
    only = client.get(PAGE, {"_measure": "sum:price", "_group": ["", ""], "_chart": "bar"})
    assert only.headers["Location"] == f"{PAGE}?_measure=sum%3Aprice&_chart=bar"


def test_page_refuses_what_it_does_not_know(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    for query, words in [
        ({"_group": "aera"}, "Did you mean “area”?"),
        ({"_chart": "pie"}, "Possible are bar, line, scatter, heat, map."),
        ({"_sort": "price"}, "“_sort”"),
    ]:
        answer = client.get(PAGE, query)
        assert answer.status_code == 400
        assert words in html.unescape(answer.text)


def test_states_without_a_chart_say_why(pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(SALES, "sales.csv")
    assert "No rows match." in client.get(PAGE, {"area": "West"}).text
    assert "These figures are no numbers" in client.get(PAGE, {"_group": "area", "_measure": "max:day"}).text
    endless(monkeypatch)
    answer = client.get(PAGE, {"_group": "area"})
    assert answer.status_code == 503
    assert "longer than the" in answer.text
    assert "Filter the rows" in answer.text


def test_hostile_names_and_values_stay_text(shop: str, client: Client) -> None:
    execute(
        'CREATE TABLE shop.odd ("<b>""x" text, n double precision);'
        "INSERT INTO shop.odd VALUES ('</script><script>alert(1)</script>', 'NaN'), ('\u202eabc', 1e300),"
        " (NULL, '-infinity')"
    )
    publish_table(table="shop.odd")
    answer = client.get("/datasets/odd/chart/", {"_measure": "max:n", "_group": '"<b>""x"'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert '<b>"x' not in answer.text
    shown = drawing(answer.text)
    assert "</script><script>alert(1)</script>" in shown["labels"][0]
    assert sorted(str(cell["value"]) for cell in shown["cells"]) == ["1e+300", "None", "None"]
    assert client.get("/datasets/odd/chart/", {"_group": "n:bins:5"}).status_code == 200


def test_map_is_offered_for_countries_and_says_what_it_does_not_show(pipeline: Pipeline, client: Client) -> None:
    countries = ("Germany", "FR", "USA", "Japan", "Brazil", "Atlantis", "United States", "United States")
    pipeline.load("country;price\n" + "".join(f"{each};{at}.5\n" for at, each in enumerate(countries)), "trade.csv")
    page = "/datasets/trade/chart/"
    offered = client.get(page, {"_group": "country:top:20"}).text
    assert f'<a href="{page}?_group=country&amp;_chart=map">Show it on a map</a>' in offered
    shown = client.get(page, {"_group": "country:top:20", "_chart": "map"}).text
    assert drawing(shown)["kind"] == "map"
    assert drawing(shown)["outlines"].endswith("vendor/world/countries.json")
    by_label = dict(zip(drawing(shown)["labels"][0], drawing(shown)["countries"], strict=True))
    assert (by_label["FR"], by_label["USA"], by_label["United States"], by_label["Atlantis"]) == (
        "FR",
        "US",
        "US",
        None,
    )
    assert "1 group is not on the map: “Atlantis”. The table has all of them." in shown
    mean = client.get(page, {"_group": "country", "_chart": "map", "_measure": "mean:price"}).text
    assert "2 groups are not on the map: “Atlantis” and “USA”." in mean  # two means of one country make no third
    refused = client.get(page, {"_group": "price:value", "_chart": "map"}).text
    assert (
        "There is no map: it needs a latitude and a longitude, or one column that names countries, and of “price” none"
        " of its values does." in refused
    )
    assert drawing(refused)["kind"] == "bar"
    assert "Show it on a map" not in client.get(page, {"_group": "price:value"}).text


def test_map_is_offered_for_coordinates_and_has_a_place_for_each_group(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("lat;lon;depth\n48.8;2.3;1\n48.9;2.4;2\n-33.9;151.2;3\n;;4\n", "quakes.csv")
    page = "/datasets/quakes/chart/"
    offered = client.get(page, {"_group": "depth:value", "_measure": "mean:depth"}).text
    address = f"{page}?_group=lat%3Abins%3A40%2Clon%3Abins%3A40&amp;_measure=mean%3Adepth&amp;_chart=map"
    assert f'<a href="{address}">Show it on a map</a>' in offered
    shown = client.get(page, {"_group": "lat,lon", "_chart": "map"}).text
    drawn = drawing(shown)
    assert drawn["kind"] == "map"
    assert [each and [round(degrees) for degrees in each] for each in drawn["places"]] == [[152, -34], [2, 49], None]
    assert "1 group is not on the map: “(blank) and (blank)”. The table has all of them." in shown
    assert "Show it on a map" not in shown
