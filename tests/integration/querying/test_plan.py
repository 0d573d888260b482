"""How a query would be run is said in words, and names nothing but what the query may name; nothing is run."""

import pytest
from django.test import Client

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline
from tests.integration.publishing.conftest import shop
from tests.integration.staff import make_user
from uploads.services.adopting.publication import publish_table
from uploads.services.querying.plan import QueryPlan, plan_query
from uploads.services.querying.wording import BadQuery
from uploads.web.sentences import query_plans
from uploads.web.sentences.query_plans import plan_lines, plan_sentences

__all__ = ["shop"]


def plan(query: str) -> QueryPlan:
    return plan_query(query=query, most_rows=lambda _: 50, is_over=lambda: False)


def told(query: str) -> str:
    found = plan(query)
    return "\n".join([*plan_sentences(found), *plan_lines(found), repr(found)])


def test_files_of_a_dataset_are_one_step_with_their_rows(pipeline: Pipeline) -> None:
    for name in ("a.csv", "b.csv"):
        pipeline.load("area;price\nNorth;1\nSouth;2\nWest;3\n", name, dataset="all")
    found = plan("SELECT area, sum(price) FROM data.all WHERE price > 1 GROUP BY area ORDER BY area")
    [reading] = [step for step in found.steps if step.table]
    assert (reading.kind, reading.table, reading.parts, reading.stored) == ("Seq Scan", 'data."all"', 2, 6)
    assert dict(reading.conditions)["Filter"].endswith("price > 1)")
    said = plan_sentences(found)
    assert said[0].startswith("About ")
    assert said[1].startswith('Reads all 6 rows of data."all" (2 files)')
    assert "_file_" not in " ".join(plan_lines(found)).replace("_file_1", "")


def test_what_stops_early_is_said_to(prices: str) -> None:
    said = told("SELECT * FROM data.prices LIMIT 2")
    assert "Reads data.prices from its first row on, until there are enough." in said
    assert "Stops after 2 rows." in said
    assert "Reads all 3 rows" in told("SELECT * FROM data.prices ORDER BY price LIMIT 2")


def test_nothing_is_run(prices: str) -> None:
    assert "Reads all 3 rows of data.prices" in told("SELECT sum(1 / (price - price)) FROM data.prices")


def test_a_large_dataset_read_whole_for_few_rows_has_a_way_out(prices: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_plans, "MANY_ROWS", 3)
    monkeypatch.setattr(query_plans, "FEW_OF_THEM", 9)
    assert "An index would find these rows of data.prices at once" in told(
        "SELECT count(*) FROM data.prices WHERE area = 'x'"
    )
    assert "An index" not in told("SELECT count(*) FROM data.prices")


def test_what_a_view_is_made_of_is_not_told(shop: str, prices: str) -> None:
    execute("CREATE VIEW shop.few AS SELECT code, price FROM shop.prices WHERE extra->>'a' = 'secret'")
    publish_table(table="shop.few")
    query = "SELECT f.code, p.area FROM shop.few f JOIN data.prices p USING (price) WHERE f.code > 'A'"
    said = told(query)
    assert "what a view is made of" in said
    assert "Reads all 3 rows of data.prices" in said
    for hidden in ("shop.prices", "secret", "extra", "prices_pkey", "_file_"):
        assert hidden not in said.replace(query, ""), hidden
    publish_table(table="shop.lines")
    assert "Reads shop.lines from its first row to its last" in told("SELECT count(a) FROM shop.lines WHERE b > 1")


def test_a_plan_has_the_bounds_of_a_query(prices: str, secret_part: str) -> None:
    for query in (f"SELECT * FROM data.{secret_part}", "SELECT * FROM pg_class", "DROP TABLE data.prices"):  # noqa: S608 - made here
        with pytest.raises(BadQuery):
            plan(query)
    with pytest.raises(BadQuery, match="several statements"):
        plan("SELECT 1; SELECT 2")
    with pytest.raises(BadQuery):
        plan("SELECT 1) AS q; DROP TABLE data.prices; --")


def test_by_the_page_and_over_the_api(prices: str, client: Client) -> None:
    sent = {"query": "SELECT area FROM data.prices", "plan": "shown"}
    assert client.get("/sql/", sent).status_code == 401
    assert client.get("/api/sql/plan", {"query": "SELECT 1"}).status_code == 401
    client.force_login(make_user("ana", "query_datasets"))
    page = client.get("/sql/", sent).text
    assert "How it would be run" in page
    assert "Reads data.prices from its first row on" in page
    assert "Nothing was run." in page
    assert 'href="/sql/?query=SELECT+area+FROM+data.prices"' in page
    assert client.get("/sql/", {**sent, "plan": "yes"}).status_code == 400
    assert client.get("/sql/", {**sent, "query": "SELECT nothing"}).status_code == 400
    answer = client.get("/api/sql/plan", {"query": sent["query"]}).json()
    assert answer["sentences"][1].startswith("Reads data.prices")
    assert [step["table"] for step in answer["steps"]][-1] == "data.prices"
