"""Aggregates over the API: what is asked is answered or refused by name."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from psycopg import sql

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline
from tests.integration.publishing.conftest import shop
from uploads.database.aggregating import run
from uploads.services.adopting.publication import publish_table
from uploads.services.aggregating import aggregates

__all__ = ["shop"]
ADDRESS = "/api/datasets/sales/aggregate"
SALES = (
    "area;price;day;paid\n"
    "North;10.10;2024-01-31;yes\nNorth;0.20;2024-02-01;no\nSouth;5.05;2024-02-29;yes\n;7.00;;yes\nEast;;2024-03-01;no\n"
)


def asked(client: Client, address: str = ADDRESS, **query: str) -> dict[str, Any]:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def told(client: Client, **query: str) -> list[tuple[Any, ...]]:
    """Of each group its labels, rows and figure."""
    groups = asked(client, **query)["groups"]
    return [(*(key["label"] for key in group["keys"]), group["rows"], group["value"]) for group in groups]


def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An aggregate takes ten minutes, and may take a fifth of a second."""
    source = aggregates._source
    monkeypatch.setattr(run, "aggregate_sql", lambda **_: sql.SQL("SELECT pg_sleep(600)"))
    monkeypatch.setattr(aggregates, "_source", lambda *said, **_: replace(source(*said[:2]), seconds=0.2))


def test_groups_and_figures(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    assert told(client) == [(5, 5)]
    assert told(client, _measure="sum:price") == [(5, "22.35")]
    assert told(client, _group="area") == [("North", 2, 2), ("East", 1, 1), ("South", 1, 1), ("(blank)", 1, 1)]
    assert told(client, _group="area:top:1", _measure="mean:price") == [
        ("North", 2, "5.15"),
        ("everything else", 2, "5.05"),
        ("(blank)", 1, "7"),
    ]
    assert told(client, _group="day:month", _measure="count:price", area__ne="South") == [
        ("Jan 2024", 1, 1),
        ("Feb 2024", 1, 1),
        ("Mar 2024", 1, 0),
        ("(blank)", 1, 1),
    ]
    assert told(client, _group="price:bins:4", _measure="max:day") == [
        ("0 to under 5", 1, "2024-02-01"),
        ("5 to under 10", 2, "2024-02-29"),
        ("10 to under 15", 1, "2024-01-31"),
        ("(blank)", 1, "2024-03-01"),
    ]
    assert told(client, _group="paid,day:year", _measure="median:price")[:2] == [
        ("false", "2024", 2, "0.2"),
        ("true", "2024", 2, "7.575"),
    ]
    assert told(client, _q="north 0.20", _group="area") == [("North", 1, 1)]
    assert told(client, area="West") == [(0, 0)]
    assert told(client, area="West", _group="area") == []


def test_answer_says_what_it_was_asked(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    found = asked(client, _group="day:quarter,price:bins:2", _measure="sum:price", area="North")
    assert found["groupings"] == [
        {"column": "day", "type": "date", "by": "quarter"},
        {"column": "price", "type": "numeric", "by": "bins"},
    ]
    assert found["measure"] == {"function": "sum", "column": "price", "type": "numeric"}
    assert (found["total_groups"], found["total_rows"]) == (2, 2)
    assert found["groups"][1] == {
        "keys": [
            {"kind": "period", "value": "2024-01-01", "start": None, "end": None, "label": "Q1 2024"},
            {"kind": "bin", "value": None, "start": "10", "end": "20", "label": "10 to under 20"},
        ],
        "rows": 1,
        "value": "10.10",
    }


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"_group": "aera"}, "bad_parameter", "“_group” names “aera”, which is no column here. Did you mean “area”?"),
    ({"_group": "area:month"}, "bad_parameter", "the column area is text. Possible are area, area:top:10."),
    ({"_group": "day:decade"}, "bad_parameter", "Possible are day, day:day, day:week, day:month"),
    ({"_group": "day:bins:5"}, "bad_parameter", "the column day is date"),
    ({"_group": "price:bins:1"}, "bad_parameter", "the number is from 2 to 100"),
    ({"_group": "price:bins:many"}, "bad_parameter", "the number is from 2 to 100"),
    ({"_group": "area:top:10001"}, "bad_parameter", "from 1 to 10,000"),
    ({"_group": "area,price,day"}, "bad_parameter", "at most 2"),
    ({"_group": "area,area"}, "bad_parameter", "twice"),
    ({"_group": ""}, "bad_parameter", "which is no column here"),
    ({"_measure": "total:price"}, "bad_parameter", "“_measure” knows no “total”"),
    ({"_measure": "sum"}, "bad_parameter", "needs a column"),
    ({"_measure": "sum:area"}, "bad_parameter", "is text, and has no sum. Possible are count, distinct."),
    ({"_measure": "sum:prize"}, "bad_parameter", "Did you mean “price”?"),
    ({"_measure": 'sum:x"; DROP TABLE y'}, "bad_parameter", "no column here"),
    ({"_group": "area", "prise": "1"}, "unknown_parameter", "“prise”"),
    ({"_sort": "price"}, "unknown_parameter", "the options _group, _measure, _q."),
    ({"limit": "5"}, "unknown_parameter", "“limit”"),
    ({"price__gt": "dear"}, "bad_parameter", "needs a number"),
]


def test_what_is_wrong_is_named(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv")
    for query, code, words in WRONG:
        answer = client.get(ADDRESS, query)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (400, code), query
        assert words in f"{error['message']} {error['hint']}"


def test_hostile_names_and_values_are_names_and_values(shop: str, client: Client) -> None:
    """Columns called like a way of grouping, or of quotes and signs; values of markup and of both directions."""
    execute(
        'CREATE TABLE shop.odd ("a,b" text, "a:month" date, a date, "100% ""x""" numeric, "__proto__" text);'
        "INSERT INTO shop.odd VALUES"
        " ('</script>', '2024-01-05', '2023-01-01', 'NaN', '\u202eabc'),"
        " ('it''s', '2024-02-05', '2023-01-02', 1, 'مرحبا'),"
        " ('</script>', NULL, '-infinity', 'Infinity', '')"
    )
    publish_table(table="shop.odd")

    def groups(**query: str) -> list[tuple[Any, Any]]:
        found = asked(client, "/api/datasets/odd/aggregate", **query)["groups"]
        return [(group["keys"][0]["value"], group["value"]) for group in found]

    assert groups(_group='"a,b"') == [("</script>", 2), ("it's", 1)]
    assert groups(_group="a:month") == [("-infinity", 1), ("2023-01-01", 2)]
    assert groups(_group="a:month:value") == [("2024-01-05", 1), ("2024-02-05", 1), (None, 1)]
    assert groups(_group="__proto__", _measure='sum:100% "x"') == [
        ("", "Infinity"),
        ("مرحبا", "1"),
        ("\u202eabc", "NaN"),
    ]
    assert [each[1] for each in groups(_group='"100% ""x"":bins"')] == [1, 1, 1]
    execute("CREATE TABLE shop.two (x double precision); INSERT INTO shop.two VALUES (1.7e308), (1.7e308)")
    publish_table(table="shop.two")
    answer = client.get("/api/datasets/two/aggregate", {"_measure": "sum:x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "figure_too_large")
    assert asked(client, "/api/datasets/two/aggregate", _group="x:bins")["groups"][0]["rows"] == 2


def test_one_that_takes_too_long_is_refused(
    pipeline: Pipeline, shop: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(SALES, "sales.csv")
    execute("CREATE TABLE shop.one (n bigint)")
    publish_table(table="shop.one")
    endless(monkeypatch)
    for address, code in ((ADDRESS, "reading_too_slow"), ("/api/datasets/one/aggregate", "relation_too_slow")):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, code)
        assert "group by something with fewer values" in answer.json()["error"]["hint"]


def test_a_dataset_without_active_files_has_no_groups(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(SALES, "sales.csv", activate=False)
    assert client.get(ADDRESS).status_code == 404
