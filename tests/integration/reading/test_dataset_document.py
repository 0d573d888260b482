"""The OpenAPI document of one dataset says what its answers are, and what its columns are compared by."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline
from uploads.models import DatasetColumn

ADDRESS = "/api/datasets/prices/openapi.json"
TYPES: dict[str, type | tuple[type, ...]] = {
    "null": type(None),
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
}
FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "date-time-local": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?",
}
EVERY_TYPE = (
    "open;pieces;price;weight;day;seen;sent;area\n"
    "true;9007199254740993;2023.10;1.5e+300;2024-02-29;2024-02-29 12:30:00;2024-02-29T12:30:00Z;North\n"
    "false;12;-0.05;2.5e-07;2024-03-01;2024-03-01 00:00:00.25;2024-03-01T00:00:00Z;South\n"
    ";;;;;;;East\n"
)


def is_valid(value: Any, schema: dict[str, Any]) -> bool:
    """As far as schemas of values go."""
    if "anyOf" in schema:
        return any(is_valid(value, each) for each in schema["anyOf"])
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[name]) and (isinstance(value, bool) == (name == "boolean")) for name in names):
        return False
    if isinstance(value, str):
        shape = FORMATS.get(schema.get("format", ""), ".*")
        found = re.fullmatch(shape, value) and re.search(schema.get("pattern", ""), value)
        return bool(found) and value in schema.get("enum", [value])
    return value is None or schema.get("minimum", value) <= value <= schema.get("maximum", value)


def document(client: Client) -> dict[str, Any]:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def parameters(found: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    """By name, with what is referred to."""
    listed = found["paths"][f"/api/datasets/prices/{path}"]["get"]["parameters"]
    kept = found["components"]["parameters"]
    every = [kept[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in listed]
    names = [each["name"] for each in every]
    assert len(set(names)) == len(names)
    return dict(zip(names, every, strict=True))


def references(found: Any) -> set[str]:
    if isinstance(found, dict):
        own = {found["$ref"]} if isinstance(found.get("$ref"), str) else set()
        return own.union(*map(references, found.values()))
    return set().union(*map(references, found)) if isinstance(found, list) else set()


def test_rows_are_what_the_document_says(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(EVERY_TYPE, "prices.csv")
    row_schema = document(client)["components"]["schemas"]["Row"]
    page = client.get("/api/datasets/prices/rows").json()
    assert len({column["type"] for column in page["columns"]}) == 8
    assert set(row_schema["required"]) == {"_file", "_row"}
    for row in page["rows"]:
        assert list(row) == list(row_schema["properties"])
        assert [name for name in row if not is_valid(row[name], row_schema["properties"][name])] == []
    assert page["rows"][0]["pieces"] == "9007199254740993"  # the branch that few rows take was tried
    assert not is_valid(9007199254740993, row_schema["properties"]["pieces"])
    assert is_valid("NaN", row_schema["properties"]["weight"])
    assert not is_valid(2023.1, row_schema["properties"]["price"])


def test_each_parameter_that_it_names_is_answered(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("day;limit;größe\n2024-01-01;1;x\n2024-01-02;2;y\n", "prices.csv")
    found = document(client)
    named = parameters(found, "rows")
    assert {"day__gte", "limit__exact", "größe__icontains", "_row__in"} <= named.keys()
    assert not {"day__icontains", "limit__startswith"} & named.keys()  # of their types only
    values = {"boolean": "true", "array": "day", "integer": "1"}
    for name, each in named.items():
        kind = each["schema"]["type"]
        value = values.get(kind) if isinstance(kind, str) else "1"
        if value is None:
            is_day = name.partition("__")[0] in {"day", "_sort", "_columns"}
            value = {"_format": "csv", "_sort": "-day", "_columns": "day", "after": "", "_before": ""}.get(
                name, "2024-01-01" if is_day else "1"
            )
        value = f"{value},{value}" if name.endswith("__range") else value
        answer = client.get("/api/datasets/prices/rows", {name: value})
        assert answer.status_code == 200, (name, value, answer.content)
    for measure in parameters(found, "aggregate")["_measure"]["schema"]["enum"]:
        assert client.get("/api/datasets/prices/aggregate", {"_measure": measure}).status_code == 200, measure


def test_every_reference_leads_somewhere(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(EVERY_TYPE, "prices.csv")
    found = document(client)
    for reference in references(found):
        _, *way = reference.split("/")
        place: Any = found
        for step in way:
            place = place[step]
        assert place


def test_it_changes_with_the_columns_alone(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    first = client.get(ADDRESS)
    pipeline.load("area;price\nSouth;2\n", "more.csv", dataset="prices")
    kept = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    DatasetColumn.objects.filter(name="price").update(description="In euros")
    changed = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "In euros" in json.dumps(changed.json()["components"]["schemas"]["Row"]["properties"]["price"])


def test_the_page_of_a_dataset_leads_to_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    assert reverse("api:describe_dataset_api", args=["prices"]) == ADDRESS
    assert f'href="{ADDRESS}"' in client.get("/datasets/prices/").content.decode()


@pytest.mark.django_db
def test_of_a_dataset_that_is_not_there_it_is_404(client: Client) -> None:
    assert client.get(ADDRESS).json()["error"]["code"] == "dataset_not_found"
