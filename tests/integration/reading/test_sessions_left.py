"""What pages of rows leave behind in their session of the database, which is handed on as it is."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.integration.conftest import Pipeline
from tests.integration.traces import Traces, traces
from uploads.api.reading import rows
from uploads.views import datasets

QUERIES = ("", "?price=1", "?_sort=-price", "?_q=nor&_facet=area", "?price__gt=0&_facet=price&_sort=area", "?_file=1")


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Traces]]:
    """What each of the sessions was found to have that were said to be left as they were found."""
    found: list[Traces] = []
    for module in (datasets, rows):
        monkeypatch.setattr(module, "leave_as_found", lambda: found.append(traces()))
    yield found
    connection.close()


@pytest.mark.parametrize("address", ["/datasets/prices/", "/api/datasets/prices/rows"])
def test_page_leaves_no_trace_in_its_session(pipeline: Pipeline, left: list[Traces], address: str) -> None:
    """To make a session as new is a question for each page: 0.4 ms."""
    pipeline.load("area;price\nNorth;1\nSouth;2\n", name="prices.csv")
    connection.close()
    new = traces()
    for query in QUERIES:
        assert Client().get(f"{address}{query}").status_code == 200
    assert left == [new] * len(QUERIES)


def test_page_of_the_api_takes_three_questions(
    pipeline: Pipeline, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Which dataset, what is known of it in one message, and its rows."""
    pipeline.load("area;price\nNorth;1\nSouth;2\n", name="prices.csv")
    with django_assert_max_num_queries(3):
        assert len(Client().get("/api/datasets/prices/rows?price=1").json()["rows"]) == 1
