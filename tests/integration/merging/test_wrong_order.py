"""A monthly price list whose three corrections come in the wrong order: over HTTP alone, against a model in Python."""

from collections.abc import Iterable

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline

type Row = tuple[str, str | None, str | None]

HEADER = "code;price;unit"
MARCH: list[Row] = [("A1", "10", "kg"), ("B2", "20", "kg"), ("C3", "30", "l"), ("D4", "40", None)]
FIRST: list[Row] = [("A1", "11", None), ("B2", "21", "t"), ("E5", "50", "kg")]
SECOND: list[Row] = [("A1", "12", "g"), ("C3", None, "ml"), ("E5", "51", None)]
THIRD: list[Row] = [("A1", None, "mg"), ("B2", "23", None), ("D4", None, "m")]
APRIL: list[Row] = [("A1", "14", "kg"), ("C3", "34", "l"), ("F6", "64", None)]


def seen(files: Iterable[list[Row]]) -> list[Row]:
    """Of each key the latest value of each column that is none blank."""
    found: dict[str, list[str | None]] = {}
    for rows in files:
        for code, *values in rows:
            before = found.get(code, [None, None])
            found[code] = [new if new is not None else old for new, old in zip(values, before, strict=True)]
    return [(code, price, unit) for code, (price, unit) in sorted(found.items())]


class Site:
    """What somebody with nothing but HTTP can do."""

    def __init__(self, client: Client, pipeline: Pipeline) -> None:
        self._client, self._pipeline = client, pipeline

    def send(self, name: str, rows: list[Row], **wishes: str) -> int:
        text = "\n".join([HEADER, *(";".join(value or "" for value in row) for row in rows)])
        file = SimpleUploadedFile(name, text.encode())
        answer = self._client.post("/api/files", {"file": file, "dataset": "prices", **wishes})
        assert answer.status_code == 201, answer.content
        self._pipeline.finish(answer.json()["id"])  # as a worker does
        return int(answer.json()["id"])

    def act(self, file_id: int, name: str) -> None:
        assert self._client.post(f"/api/files/{file_id}/{name}").status_code == 200

    def order(self, *files: int) -> list[int]:
        wish = {"files": list(files)}
        answer = self._client.put("/api/datasets/prices/order", wish, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return list(answer.json()["files"])

    def rows(self) -> list[Row]:
        found = self._client.get("/api/datasets/prices/rows?_sort=code").json()["rows"]
        return [(row["code"], None if row["price"] is None else str(row["price"]), row["unit"]) for row in found]


@pytest.fixture
def site(pipeline: Pipeline) -> Site:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return Site(client, pipeline)


def test_corrections_in_the_wrong_order_end_as_the_model_says(site: Site) -> None:
    march = site.send("march.csv", MARCH, mode="merge", key="code", blanks="keep")
    third = site.send("march-3.csv", THIRD)
    first = site.send("march-1.csv", FIRST)
    second = site.send("march-2.csv", SECOND)
    assert site.rows() == seen([MARCH, THIRD, FIRST, SECOND]), "as they came"
    assert site.order(march, first, second, third) == [march, first, second, third]
    right = seen([MARCH, FIRST, SECOND, THIRD])
    assert site.rows() == right
    assert right != seen([MARCH, THIRD, FIRST, SECOND])
    site.act(second, "deactivate")
    assert site.rows() == seen([MARCH, FIRST, THIRD])
    site.act(march, "deactivate")
    assert site.rows() == seen([FIRST, THIRD])
    site.act(second, "activate")
    site.act(march, "activate")
    assert site.rows() == right, "each keeps its place"
    april = site.send("april.csv", APRIL, mode="replace")
    assert site.rows() == seen([APRIL])
    site.act(april, "deactivate")
    for file in (third, march, second, first):
        site.act(file, "activate")
    assert site.rows() == right
