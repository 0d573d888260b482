"""Published tables and views in queries: read as they are shown, by a grant of their own, and nothing beside them."""

from collections.abc import Callable

import pytest

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.publishing.conftest import shop
from uploads.database.adopting.relations import find_relation
from uploads.database.querying.published import let_queries_read
from uploads.database.querying.roles import query_role
from uploads.services.adopting.publication import plan_publication, publish_table, unpublish_table
from uploads.services.querying.query import QueryPage
from uploads.services.querying.tables import list_tables
from uploads.services.querying.wording import BadQuery

__all__ = ["shop"]
type Ask = Callable[[str], QueryPage]


def refusal(ask: Ask, query: str) -> str:
    with pytest.raises(BadQuery) as caught:
        ask(query)
    return f"{caught.value.message} {caught.value.hint}"


def may_read(relation: str) -> bool:
    [(may,)] = rows("SELECT has_table_privilege(%s, %s, 'SELECT')", query_role(), relation)
    return bool(may)


def test_tables_and_views_are_read_together_with_datasets(shop: str, prices: str, ask: Ask) -> None:
    publish_table(table="shop.prices")
    publish_table(table="shop.dear")
    page = ask("SELECT d.code, p.since FROM shop.dear d JOIN shop.prices p USING (code) ORDER BY d.price LIMIT 2")
    assert [row[0] for row in page.rows] == ["A101", "A102"]
    assert ask("SELECT count(*) FROM data.prices, shop.dear").rows == [(450,)]
    listed = {table.name: table for table in list_tables().tables}
    assert listed["shop.dear"].is_published
    assert [column.name for column in listed["shop.dear"].columns] == ["code", "price"]


def test_what_is_not_published_stays_hidden(shop: str, prices: str, ask: Ask) -> None:
    publish_table(table="shop.dear")
    for query in ("SELECT * FROM shop.prices", "SELECT (p).code FROM shop.prices p", "SELECT nothing FROM shop.lines"):
        assert "There is no dataset of this name." in refusal(ask, query)
    assert not may_read("shop.prices")
    assert refusal(ask, "SELECT no FROM shop.dear").startswith("Line 1, column 8: Column")


def test_unpublishing_takes_the_grants_back(shop: str, prices: str, ask: Ask) -> None:
    for table in ("shop.prices", "shop.lines"):
        publish_table(table=table)
        ask(f"TABLE {table}")
    for slug, uses_schema in (("prices_2", True), ("lines", False)):
        unpublish_table(slug=slug)
        assert rows("SELECT has_schema_privilege(%s, 'shop', 'USAGE')", query_role()) == [(uses_schema,)]
    assert not may_read("shop.prices")
    assert "There is no dataset of this name." in refusal(ask, "SELECT * FROM shop.prices")


def test_where_the_site_may_not_pass_it_on_its_owner_is_told_how(shop: str, prices: str, ask: Ask) -> None:
    ask("SELECT 1 FROM data.prices")  # the role of queries is there from now on
    execute("CREATE ROLE shop_guest; GRANT USAGE ON SCHEMA shop TO shop_guest")
    execute("GRANT SELECT ON shop.lines TO shop_guest")
    relation = find_relation(schema="shop", name="lines")
    assert relation is not None
    execute("SET ROLE shop_guest")
    try:
        missing = let_queries_read(relation, role=query_role())
    finally:
        execute("RESET ROLE; DROP OWNED BY shop_guest; DROP ROLE shop_guest")
    assert [each.rpartition(" TO ")[0] for each in missing] == [
        'GRANT USAGE ON SCHEMA "shop"',
        'GRANT SELECT ON "shop"."lines"',
    ]


def test_types_of_its_own_are_read_as_they_print(shop: str, prices: str, ask: Ask) -> None:
    execute("CREATE TYPE shop.mood AS ENUM ('sad', 'glad')")
    execute("CREATE DOMAIN shop.code AS text CHECK (value <> '')")
    execute("CREATE TABLE shop.people (name shop.code, mood shop.mood, moods shop.mood[])")
    execute("INSERT INTO shop.people VALUES ('Ana', 'glad', '{sad,glad}')")
    publish_table(table="shop.people")
    assert ask("SELECT name, mood, moods FROM shop.people WHERE mood = 'glad'").rows == [("Ana", "glad", "{sad,glad}")]
    assert "The type" in refusal(ask, "SELECT 'sad'::shop.mood")


def test_rows_that_differ_by_role_are_left_to_the_page(shop: str, prices: str, ask: Ask) -> None:
    execute("ALTER TABLE shop.lines ENABLE ROW LEVEL SECURITY")
    publish_table(table="shop.lines")
    assert "shows each role of the database other rows" in refusal(ask, "SELECT * FROM shop.lines")
    assert ask("SELECT 'shop of lines'").rows == [("shop of lines",)]


def test_what_a_view_is_made_of_may_be_closed(shop: str, prices: str, ask: Ask) -> None:
    execute("CREATE VIEW shop.invoked WITH (security_invoker) AS SELECT code FROM shop.prices")
    publish_table(table="shop.invoked")
    assert "all that this view is made of" in refusal(ask, "SELECT * FROM shop.invoked")


def test_its_plan_says_what_is_granted(shop: str) -> None:
    assert any("SELECT on it" in each for each in plan_publication(table="shop.dear").consequences)


def test_a_publication_under_another_name_needs_no_schema(pipeline: Pipeline, prices: str, ask: Ask) -> None:
    execute('CREATE TABLE data."By hand" (n bigint); INSERT INTO data."By hand" VALUES (7)')
    publish_table(table='data."By hand"')
    assert ask('SELECT n FROM "By hand"').rows == [(7,)]
