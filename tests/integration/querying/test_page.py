"""The page SQL and its operation of the API: for those who may, with the query in the address."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.integration.staff import make_user


@pytest.fixture
def analyst(client: Client, prices: str) -> User:
    user = make_user("ana", "query_datasets")
    client.force_login(user)
    return user


def shown(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get("/sql/", {"query": query} if query else {})
    assert response.status_code == status
    return response.content.decode()


def test_it_is_for_those_who_may(client: Client, prices: str) -> None:
    assert client.get("/sql/").status_code == 401
    client.force_login(make_user("clerk", "view_uploadedfile"))
    assert client.get("/sql/").status_code == 403
    assert client.get("/api/sql", {"query": "SELECT 1"}).json()["error"]["code"] == "not_allowed"
    assert 'href="/sql/"' not in client.get("/datasets/").content.decode()


def test_it_begins_with_the_datasets_and_examples_that_run(client: Client, analyst: User) -> None:
    page = shown(client)
    assert 'href="/sql/"' in client.get("/datasets/").content.decode()
    assert '<code class="insert">data.prices</code>' in page
    examples = client.get("/sql/").context["examples"]
    assert [each.words for each in examples] == [
        "The first rows",
        "How many rows each area has",
        "How many rows each file has",
    ]
    assert all("<td" in client.get(each.href).content.decode() for each in examples)


def test_rows_are_shown_with_a_way_to_download_them(client: Client, analyst: User) -> None:
    page = shown(client, "SELECT area, count(*) AS n FROM data.prices GROUP BY area\nORDER BY area;")
    assert '<td class="text" dir="auto">North</td><td class="number">1</td>' in page
    assert "3 rows, in " in page
    assert "/api/sql?query=SELECT+area%2C+count" in page


def test_an_error_stands_beside_the_query_with_its_place_marked(client: Client, analyst: User) -> None:
    page = shown(client, "SELECT area,\n  <prise>\nFROM data.prices", 400)
    assert "Line 2, column 3:" in page
    assert "&lt;prise&gt;" in page
    assert "<prise>" not in page


def test_figures_of_groups_are_drawn(client: Client, analyst: User) -> None:
    query = (
        "SELECT area, sum(price) AS total, count(*) AS n FROM data.prices WHERE price > 0 GROUP BY area ORDER BY area"
    )
    assert "Without chart" not in shown(client, query)
    drawing = client.get("/sql/", {"query": query, "chart": "shown"}).context["drawing"]
    assert (drawing["kind"], drawing["title"]) == ("bar", "total, n by area")
    assert drawing["labels"] == [["North", "South"], ["total", "n"]]
    assert [(cell["at"], cell["value"]) for cell in drawing["cells"]] == [
        ([0, 0], 1.5),
        ([0, 1], 1.0),
        ([1, 0], 2.25),
        ([1, 1], 1.0),
    ]
    by_day = "SELECT day, price FROM data.prices ORDER BY price DESC"
    drawing = client.get("/sql/", {"query": by_day, "chart": "shown"}).context["drawing"]
    assert (drawing["kind"], drawing["labels"]) == ("line", [["2024-01-31", "2024-02-29", "(blank)"]])
    nothing = client.get("/sql/", {"query": "SELECT area FROM prices", "chart": "shown"})
    assert "There is no chart of this" in nothing.content.decode()
    assert client.get("/sql/", {"query": query, "chart": "no"}).status_code == 400


def test_no_rows_are_said(client: Client, analyst: User) -> None:
    assert "nothing meets it" in shown(client, "SELECT * FROM data.prices WHERE area = 'x'")


def test_the_api_gives_rows_as_rows_are_given(client: Client, analyst: User) -> None:
    query = "SELECT area, price, day, day::timestamptz AS t, count(*), count(*) FROM prices GROUP BY 1, 2, 3 ORDER BY 1"
    answer = client.get("/api/sql", {"query": query, "limit": "1"}).json()
    assert answer["rows"] == [
        {
            "area": "North",
            "price": "1.50",
            "day": "2024-01-31",
            "t": "2024-01-31T00:00:00Z",
            "count": 1,
            "count_2": 1,
        }
    ]
    assert answer["has_more"] is True
    assert [column["type"] for column in answer["columns"][:3]] == ["text", "numeric", "date"]


def test_the_api_gives_files(client: Client, analyst: User) -> None:
    query = "SELECT area FROM data.prices ORDER BY area"
    lines = b"".join(client.get("/api/sql", {"query": query, "_format": "ndjson"})).splitlines()
    assert [json.loads(line) for line in lines] == [{"area": "North"}, {"area": "South"}, {"area": "West"}]
    assert client.get("/api/sql", {"query": query, "_format": "datapackage"}).status_code == 400
    assert client.get("/api/sql", {"query": "SELECT", "_format": "csv"}).json()["error"]["code"] == "bad_query"
