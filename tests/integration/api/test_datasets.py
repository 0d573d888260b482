"""Datasets over the API: anybody reads active rows, and no value changes on its way."""

from typing import Any

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.services.files.activation import deactivate_file

TYPES = (
    "whole;big;exact;real;yes;day;moment;instant;text\n"
    "1;9007199254740993;2023.10;1.5e300;true;2024-02-29;2024-02-29 12:30:00;2024-02-29T12:30:00+02:00;=1+1\n"
    "-2;-9223372036854775808;0.5;-2.5e-10;false;1900-01-01;1999-12-31 23:59:59;1999-12-31T23:59:59+02:00;<b>\n"
)


def walk(client: Client, slug: str, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get(f"/api/datasets/{slug}/rows", {"limit": str(limit), "after": after}).json()
        found += page["rows"]
        if page["next"] is None:
            return found
        after = page["next"]


def test_datasets_are_listed_with_stored_figures(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("a;b\n1;2\n3;4\n", "geo.csv")
    pipeline.load("a;b\n5;6\n", "more.csv", dataset="geo", activate=False)
    [dataset] = client.get("/api/datasets").json()["datasets"]
    assert (dataset["slug"], dataset["table"], dataset["rows"], dataset["active_files"]) == ("geo", "data.geo", 2, 1)


def test_a_dataset_tells_its_columns_and_why_they_have_their_types(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("Area;Year\nNorth;2020\n", "geo.csv")
    columns = client.get("/api/datasets/geo").json()["columns"]
    assert [(column["label"], column["name"], column["type"]) for column in columns] == [
        ("Area", "area", "text"),
        ("Year", "year", "bigint"),
    ]
    assert all(column["evidence"] for column in columns)


def test_values_keep_what_they_say(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(TYPES, "types.csv")
    page = client.get("/api/datasets/types/rows").json()
    types = {column["name"]: column["type"] for column in page["columns"]}
    first, second = page["rows"]
    assert (first["whole"], second["whole"]) == (1, -2)
    assert (first["big"], second["big"]) == ("9007199254740993", "-9223372036854775808")
    assert (first["exact"], second["exact"]) == ("2023.10", "0.5")
    assert (first["yes"], second["yes"]) == (True, False)
    assert (first["day"], second["day"]) == ("2024-02-29", "1900-01-01")
    assert first["text"] == "=1+1"
    assert types["exact"] == "numeric"
    assert types["day"] == "date"


def test_rows_are_walked_page_by_page_without_loss_or_repetition(pipeline: Pipeline, client: Client) -> None:
    first = pipeline.load("a;b\n" + "".join(f"{n};{n}\n" for n in range(25)), "geo.csv").file_id
    second = pipeline.load("a;b\n" + "".join(f"{n};{n}\n" for n in range(25, 40)), "geo2.csv").file_id
    found = walk(client, "geo", 7)
    assert [row["a"] for row in found] == list(range(40))
    assert [row["_file"] for row in found] == [first] * 25 + [second] * 15
    assert [row["_row"] for row in found[:3]] == [2, 3, 4]


def test_a_deactivated_file_is_not_seen(pipeline: Pipeline, client: Client) -> None:
    file = pipeline.load("a;b\n1;2\n", "geo.csv").file_id
    deactivate_file(file_id=file)
    assert client.get("/api/datasets/geo/rows").json()["rows"] == []


def test_a_file_that_was_never_active_has_no_dataset_for_others(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("a;b\n1;2\n", "geo.csv", activate=False)
    assert client.get("/api/datasets").json()["datasets"] == []
    for address in ("", "/rows", "/columns"):
        assert client.get(f"/api/datasets/geo{address}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["", "/rows"])
@pytest.mark.parametrize("slug", ["nowhere", "a%00b", "é"])
def test_an_unknown_dataset_is_not_found(client: Client, slug: str, end: str) -> None:
    response = client.get(f"/api/datasets/{slug}{end}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "dataset_not_found")


@pytest.mark.parametrize(
    "after", ["x", "1.2", "1.2.3.4", "-1.2.3", "1.2.99999999999999999999", "9999999999.1.1", "١.1.1"]
)
def test_a_cursor_that_was_not_given_out_is_refused(pipeline: Pipeline, client: Client, after: str) -> None:
    pipeline.load("a;b\n1;2\n", "geo.csv")
    response = client.get("/api/datasets/geo/rows", {"after": after})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_option")


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many"])
def test_a_limit_out_of_bounds_is_refused(client: Client, limit: str) -> None:
    response = client.get("/api/datasets/geo/rows", {"limit": limit})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")
