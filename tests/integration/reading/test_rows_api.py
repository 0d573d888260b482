"""Rows over the API by a view: what is asked is answered or refused by name, whatever is switched in between."""

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.database.reading import sessions
from uploads.services.files.activation import activate_file

ADDRESS = "/api/datasets/prices/rows"
FIRST = "area;price;day\nNorth;10;2024-01-01\nSouth;30;2024-01-02\nEast;;2024-01-03\n"
SECOND = "area;price;day\nWest;20;2024-02-01\nSouth;5;2024-02-02\n"


def areas(client: Client, **query: str) -> list[str]:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200, answer.json()
    return [row["area"] for row in answer.json()["rows"]]


def test_words_are_searched_for_in_all_columns(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(
        "area;price;day;open\nNorth End;10;2024-02-29;yes\nSouth;1010;;no\nnan;20;2024-01-10;yes\n", "prices.csv"
    )
    assert areas(client, _q="north") == ["North End"]
    assert areas(client, _q="END no") == ["North End"]  # every word, wherever it stands
    assert areas(client, _q="10") == ["North End"]  # a number is found as a whole
    assert areas(client, _q="10.0 2024-02-29") == ["North End"]
    assert areas(client, _q="nan") == ["nan"]
    assert areas(client, _q="yes") == []  # a word of a text, and no text has it
    assert areas(client, _q="o", price__gt="100") == ["South"]
    assert areas(client, _q="") == areas(client, _q=" ") == ["North End", "South", "nan"]


def test_filters_sort_and_columns(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FIRST, "prices.csv")
    assert areas(client, price__gt="11") == ["South"]
    assert areas(client, price__isnull="true") == ["East"]
    assert areas(client, price__ne="10", area__icontains="S") == ["South", "East"]
    assert areas(client, price__lt="99999999999999999999999") == ["North", "South"]
    assert areas(client, area__in='North,"East"') == ["North", "East"]
    assert areas(client, day__range="2024-01-02,2024-01-03", _sort="-price") == ["South", "East"]
    assert areas(client, _sort="-price") == ["South", "North", "East"]
    assert areas(client, _row="3") == ["South"]
    page = client.get(ADDRESS, {"_columns": "day,area", "_count": "true", "price__gte": "10", "limit": "1"}).json()
    assert [column["name"] for column in page["columns"]] == ["day", "area"]
    assert list(page["rows"][0]) == ["_file", "_row", "day", "area"]
    assert page["count"] == {"rows": 2, "known": "exact"}


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"prise__gt": "1"}, "unknown_parameter", "Did you mean “price__gt”?"),
        ({"_srot": "price"}, "unknown_parameter", "Did you mean “_sort”?"),
        ({"price__gt": "dear"}, "bad_parameter", "“price__gt” needs a number like 12, and “dear” is none."),
        ({"_q": "a\0b"}, "bad_parameter", "“_q” takes words"),
        ({"_q": "x" * 201}, "bad_parameter", "at most 200 letters"),
        ({"price__contains": "1"}, "bad_parameter", "Possible are exact, ne, lt, lte, gt, gte, range, in, isnull."),
        ({"price__over": "1"}, "bad_parameter", "has no “over”"),
        ({"price__isnull": "perhaps"}, "bad_parameter", "is true or false"),
        ({"price__range": "1"}, "bad_parameter", "takes two values"),
        ({"price__in": '"1'}, "bad_parameter", "quotation mark"),
        ({"area": "a\0b"}, "bad_parameter", "“area” needs a text"),
        ({"_sort": "prize"}, "bad_parameter", "Did you mean “price”? The columns are area, price, day."),
        ({"_sort": "price,-price"}, "bad_parameter", "twice"),
        ({"_columns": 'area"; DROP TABLE x --'}, "bad_parameter", "is no column here"),
        ({"_sort": "price", "after": "1.1.1"}, "bad_parameter", "another order"),
        ({"_sort": "price", "after": "s.WyJwcmljZSIsWyJ4Il0sWyIxIl1d"}, "bad_option", "doesn't exist"),
        ({"after": "1.1.1", "_before": "1.1.1"}, "bad_parameter", "not both"),
    ],
)
def test_what_is_wrong_is_named(
    pipeline: Pipeline, client: Client, query: dict[str, str], code: str, words: str
) -> None:
    pipeline.load(FIRST, "prices.csv")
    answer = client.get(ADDRESS, query)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert words in f"{error['message']} {error['hint']}"


def test_a_file_switched_on_between_two_pages_has_its_rows_behind_the_place_alone(
    pipeline: Pipeline, client: Client
) -> None:
    pipeline.load(FIRST, "prices.csv")
    later = pipeline.load(SECOND, "more.csv", dataset="prices", activate=False).file_id
    first = client.get(ADDRESS, {"_sort": "price", "limit": "1"}).json()
    assert [row["price"] for row in first["rows"]] == [10]
    activate_file(file_id=later)
    rest = client.get(ADDRESS, {"_sort": "price", "after": first["next"]}).json()
    assert [row["price"] for row in rest["rows"]] == [20, 30, None]
    before = client.get(ADDRESS, {"_sort": "price", "_before": rest["previous"]}).json()
    assert [row["price"] for row in before["rows"]] == [5, 10]


def test_a_page_that_takes_too_long_says_so(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(FIRST, "prices.csv")
    monkeypatch.setattr("uploads.services.reading.pages.READ_SECONDS", 0)
    answer = client.get(ADDRESS, {"_sort": "price"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, sessions.ReadingTooSlow.code)
    assert "Remove the sort" in answer.json()["error"]["hint"]


def test_the_description_has_the_filters_and_the_options(client: Client) -> None:
    [described] = [
        each for path, each in client.get("/api/openapi.json").json()["paths"].items() if path.endswith("/rows")
    ]
    names = {each["name"] for each in described["get"]["parameters"]}
    assert {"filters", "_sort", "_columns", "_before", "after", "limit", "_count"} <= names
