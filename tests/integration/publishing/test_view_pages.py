"""Pages of views: by the key of the one table that a view shows, else by counting, and not without end."""

import pytest
from django.test import Client

from tests.integration.adopting.conftest import execute
from uploads.database.adopting.relations import find_relation
from uploads.database.reading import relation_view
from uploads.database.reading.relation_view import RelationTooDeep
from uploads.services.adopting.publication import publish_table
from uploads.services.reading.pages import page_rows


def key_of(view: str, query: str) -> list[str]:
    execute(f"CREATE VIEW shop.{view} AS {query}")
    found = find_relation(schema="shop", name=view)
    assert found is not None
    return [column.name for column in found.key]


def test_a_view_of_one_table_has_its_key_where_it_shows_it(shop: str) -> None:
    assert key_of("plain", "SELECT code, id AS number, price FROM shop.prices WHERE price > 1") == ["number"]
    assert key_of("upon", 'SELECT number AS "No", code || price::text AS both FROM shop.plain') == ["No"]
    assert key_of("without", "SELECT code, price FROM shop.prices") == []
    assert key_of("changed", "SELECT id + 0 AS id, code FROM shop.prices") == []
    inner = "SELECT 1 FROM shop.lines l WHERE l.a = code"
    assert key_of("chosen", f"SELECT code, id FROM shop.prices WHERE EXISTS ({inner})") == ["id"]  # noqa: S608 - made here
    assert (
        key_of("unsure", "SELECT id, code FROM shop.prices WHERE (id, code) IN (SELECT id, code FROM shop.prices)")
        == []
    )


def test_what_is_not_row_by_row_has_none(shop: str) -> None:
    assert key_of("joined", "SELECT p.id, l.a FROM shop.prices p JOIN shop.lines l ON l.b >= p.id") == []
    assert key_of("twice", "SELECT id FROM shop.prices UNION ALL SELECT id FROM shop.prices") == []
    assert key_of("grouped", "SELECT id, count(*) FROM shop.prices GROUP BY id") == []
    assert key_of("ruled", "SELECT p.id, l.a FROM shop.prices p, shop.lines l") == []
    execute("CREATE RULE pretend AS ON DELETE TO shop.ruled DO INSTEAD NOTHING")
    found = find_relation(schema="shop", name="ruled")
    assert found is not None
    assert found.key == ()
    execute("CREATE TABLE shop.heir () INHERITS (shop.prices); INSERT INTO shop.heir (id) VALUES (1)")
    assert key_of("inherited", "SELECT id, code FROM shop.prices") == []


def test_pages_of_such_a_view_hold_while_rows_come(shop: str) -> None:
    execute("CREATE VIEW shop.keyed AS SELECT code, id FROM shop.prices")
    publish_table(table="shop.keyed")
    page, seen = page_rows(slug="keyed", limit=100), []
    while True:
        seen += [row.values[1] for row in page.rows]
        if page.next is None:
            break
        execute(f"INSERT INTO shop.prices (id) VALUES ({-len(seen)})")  # noqa: S608 - made here
        page = page_rows(slug="keyed", limit=100, after=page.next)
    assert seen == list(range(1, 251))


def test_pages_that_count_end_in_words(shop: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_table(table="shop.dear")
    monkeypatch.setattr(relation_view, "MOST_SKIPPED", 100)
    first = page_rows(slug="dear", limit=100)
    assert first.next is not None
    with pytest.raises(RelationTooDeep, match="end after 100 rows"):
        page_rows(slug="dear", limit=100, after=first.next)
    rows = client.get("/api/datasets/dear/rows?limit=100").json()
    refused = client.get("/api/datasets/dear/rows", {"limit": 100, "after": rows["next"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "relation_too_deep")
    page = client.get("/datasets/dear/", {"limit": 100, "after": rows["next"]})
    assert page.status_code == 400
    assert "nothing tells its rows apart" in page.text
