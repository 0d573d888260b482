"""What a view calls, and how long it takes: the session is as before, and others get their turn."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from psycopg import sql

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import rows
from uploads.database.adopting import relation_rows
from uploads.database.adopting.relation_rows import RelationsBusy, RelationTooSlow, RelationUnreadable
from uploads.database.locks import Lock
from uploads.database.reading import relation_view
from uploads.models import Dataset
from uploads.services.adopting.publication import plan_publication, publish_table
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.pages import page_rows

SLY = """
CREATE FUNCTION shop.sly() RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN PERFORM set_config('search_path', 'pg_temp', false); RETURN true; END $$;
CREATE VIEW shop.sly AS SELECT code FROM shop.prices WHERE shop.sly()
"""
GREEDY = """
CREATE FUNCTION shop.greedy() RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_lock(4711); RETURN THEN; END $$;
CREATE VIEW shop.greedy AS SELECT code FROM shop.prices WHERE shop.greedy()
"""


def test_session_is_as_before_whatever_a_function_of_a_view_sets(shop: str) -> None:
    execute(SLY)
    publish_table(table="shop.sly")
    before = rows("SHOW search_path")
    assert len(page_rows(slug="sly", limit=5).rows) == 5
    assert rows("SHOW search_path") == before
    assert describe_dataset(slug="sly").rows == 250
    assert rows("SHOW search_path") == before


@pytest.mark.parametrize("then", ["true", "1 / 0 = 1"], ids=["read", "failed"])
def test_locks_that_a_function_of_a_view_takes_for_the_session_are_freed(shop: str, then: str) -> None:
    """The connection serves others afterwards."""
    execute(GREEDY.replace("THEN", then))
    publish_table(table="shop.greedy")
    if then == "true":
        assert len(page_rows(slug="greedy", limit=5).rows) == 5
    else:
        with pytest.raises(RelationUnreadable):
            page_rows(slug="greedy", limit=5)
    assert rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == [(0,)]


def test_plan_says_with_whose_rights_functions_of_a_view_run(shop: str) -> None:
    for table, is_said in (("shop.dear", True), ("shop.totals", False), ("shop.prices", False)):
        consequences = " ".join(plan_publication(table=table).consequences)
        assert ("rights of this site's role" in consequences) is is_said


@pytest.fixture
def crowded(shop: str) -> Iterator[Any]:
    """Others hold all turns but those that are given back; gives a cursor of theirs."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            for slot in range(relation_rows.AT_ONCE):
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [Lock.LOOKING.value, slot])
            yield cursor
    finally:
        other.close()


def test_views_are_read_a_few_at_a_time(crowded: Any, client: Client) -> None:
    publish_table(table="shop.dear")
    publish_table(table="shop.prices")
    with pytest.raises(RelationsBusy, match="4 other views, tables or charts") as caught:
        page_rows(slug="dear")
    assert caught.value.hint == "Try again in a moment."
    assert describe_dataset(slug="dear").rows_known is RowsKnown.UNKNOWN
    answer = client.get("/api/datasets/dear/rows")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "relations_busy")
    page = client.get("/datasets/dear/")
    assert page.status_code == 503
    assert "Try again in a moment." in page.content.decode()
    assert len(page_rows(slug="prices", limit=5).rows) == 5, "a key is quick"
    crowded.execute("SELECT pg_advisory_unlock(%s, %s)", [Lock.LOOKING.value, 2])
    for _ in range(2):
        assert len(page_rows(slug="dear", limit=5).rows) == 5, "a turn ends with its transaction"
    assert describe_dataset(slug="dear").rows == 150


def test_what_somebody_said_of_a_key_makes_nothing_quick(crowded: Any) -> None:
    """No index of the database stands for it: each page of a table of parts sorts all of their rows."""
    publish_table(table="shop.log", key=())
    Dataset.objects.update(relation_key=["at"])
    with pytest.raises(RelationsBusy):
        page_rows(slug="log", limit=5)
    crowded.execute("SELECT pg_advisory_unlock(%s, %s)", [Lock.LOOKING.value, 2])
    assert len(page_rows(slug="log", limit=5).rows) == 5


def test_all_windows_of_a_page_have_the_time_of_one(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_table(table="shop.lines")
    asked: list[int] = []

    def read_slowly(query: sql.Composable) -> list[tuple[Any, ...]]:
        [(left,)] = rows("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
        asked.append(left)
        time.sleep(0.3)
        rows("SELECT pg_sleep(0.3)")
        return []

    monkeypatch.setattr(relation_rows, "READ_SECONDS", 0.8)
    monkeypatch.setattr(relation_view, "FIRST_BLOCKS", 1)
    monkeypatch.setattr(relation_view, "read_values", read_slowly)
    with pytest.raises(RelationTooSlow, match=r"shop\.lines takes longer"):
        page_rows(slug="lines")
    first, second = asked
    assert second <= first - 600
