"""A dataset that everybody may read, a file that nobody may yet, and how a query is run."""

from collections.abc import Callable

import pytest

from tests.integration.conftest import Pipeline
from uploads.models import Load
from uploads.services.querying.query import QueryPage, read_query


@pytest.fixture
def prices(pipeline: Pipeline) -> str:
    """The name of the dataset's table."""
    pipeline.load("area;price;day\nNorth;1.50;2024-01-31\nSouth;2.25;2024-02-29\nWest;;\n", "prices.csv")
    return "data.prices"


@pytest.fixture
def secret_part(pipeline: Pipeline) -> str:
    """The table of a file that waits for staff: its rows and the names of its columns are its sender's."""
    pipeline.load("employee;salary\nAna;123456\n", "salaries.csv", activate=False)
    return Load.objects.get(file__name="salaries.csv").part


@pytest.fixture
def ask() -> Callable[[str], QueryPage]:
    return lambda query: read_query(query=query, most_rows=lambda _: 50, is_over=lambda: False)
