"""Pages in the order of the files: small tables are read together, large ones in ranges, and no row is left out."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline
from tests.integration.reading.model import fields_at, walk
from uploads.services.reading import pages
from uploads.services.reading.pages import read_page
from uploads.services.reading.parameters import read_view

SIZES = [3, 1, 2, 400, 1, 1, 90, 5, 2, 1]
"""Rows of each table, in their order."""


def load_tables(pipeline: Pipeline) -> list[int]:
    """The ``n`` of every row, in order; the first and the last three tables are files of their own."""
    numbers = iter(range(10_000))
    texts = ["n;half\n" + "".join(f"{n};{n % 2}\n" for n in (next(numbers) for _ in range(size))) for size in SIZES]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, text in enumerate(texts[3:-3]):
            archive.writestr(f"{number:02}.csv", text)
    for number, text in enumerate(texts[:3]):
        pipeline.load(text, f"first{number}.csv", dataset="all")
    pipeline.load(packed.getvalue(), "some.zip", dataset="all")
    for number, text in enumerate(texts[-3:]):
        pipeline.load(text, f"last{number}.csv", dataset="all")
    return list(range(sum(SIZES)))


@pytest.mark.parametrize(("together", "width"), [(100, 10_000), (2, 40), (1, 1)])
def test_all_rows_come_in_order_however_tables_are_taken_together(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, together: int, width: int
) -> None:
    every = load_tables(pipeline)
    monkeypatch.setattr(pages, "MOST_TOGETHER", together)
    monkeypatch.setattr(pages, "FIRST_FILTERED", width)
    monkeypatch.setattr(pages, "FIRST_WINDOW", 1)
    views: list[tuple[dict[str, list[str]], Callable[[int], bool]]] = [
        ({}, lambda n: True),
        ({"half": ["1"]}, lambda n: n % 2 == 1),
        ({"n__gte": ["405"]}, lambda n: n >= 405),
        ({"n": ["505"]}, lambda n: n == 505),
        ({"n": ["506"]}, lambda n: False),
    ]
    for sent, is_meant in views:
        wanted = [n for n in every if is_meant(n)]
        for limit in (7, 100):
            _, forward, backward = walk("all", sent, limit)
            for found in (forward, backward):
                assert [row.values[0] for page in found for row in page] == wanted
                assert all(len(page) == limit for page in found[:-1])


def test_a_page_of_small_tables_is_one_statement(pipeline: Pipeline) -> None:
    load_tables(pipeline)
    statements: list[str] = []

    def note(execute: Callable[..., Any], query: Any, params: Any, many: bool, context: Any) -> Any:
        statements.append(query if isinstance(query, str) else query.as_string())
        return execute(query, params, many, context)

    view = read_view({"n": ["505"]}, fields=fields_at("all"))
    with connection.execute_wrapper(note):
        assert [row.values[0] for row in read_page(slug="all", view=view).rows] == [505]
    assert sum(" AS t WHERE " in text for text in statements) == 1
