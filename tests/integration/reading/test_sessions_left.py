"""What pages of rows leave behind in their session of the database, which is handed on as it is."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.integration.conftest import Pipeline
from tests.integration.traces import Traces, traces
from uploads.api.reading import rows
from uploads.models import Dataset
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.states import Visibility
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


def test_page_of_the_api_takes_two_questions_once_its_dataset_was_looked_at(
    pipeline: Pipeline, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Which dataset and what is known of it in one message, and its rows."""
    pipeline.load("area;price\nNorth;1\nSouth;2\n", name="prices.csv")
    Client().get("/api/datasets/prices/rows")
    with django_assert_max_num_queries(2):
        assert len(Client().get("/api/datasets/prices/rows?price=1").json()["rows"]) == 1


def test_dataset_that_has_the_slug_of_another_now_is_read_by_what_is_its_own(pipeline: Pipeline) -> None:
    """The process remembers which number a slug had."""
    pipeline.load("area;price\nNorth;1\n", name="prices.csv")
    Client().get("/api/datasets/prices/rows")
    delete_dataset(dataset_id=Dataset.objects.get(slug="prices").pk)
    assert Client().get("/api/datasets/prices/rows").status_code == 404
    pipeline.load("town;people\nUlm;3\n", name="prices.csv")
    [row] = Client().get("/api/datasets/prices/rows").json()["rows"]
    assert (row["town"], row["people"]) == ("Ulm", 3)


def test_dataset_that_somebody_may_not_see_stays_unseen_once_others_looked_at_it(pipeline: Pipeline) -> None:
    pipeline.load("area;price\nNorth;1\n", name="prices.csv")
    Client().get("/datasets/prices/")
    Dataset.objects.update(visibility=Visibility.SIGNED_IN)
    assert Client().get("/datasets/prices/").status_code == 404
