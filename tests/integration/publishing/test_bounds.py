"""What a view calls, and how long it takes: the session is as before, and others get their turn."""

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import rows
from uploads.services.adopting.publication import plan_publication, publish_table
from uploads.services.datasets.browsing import describe_dataset, page_rows

SLY = """
CREATE FUNCTION shop.sly() RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN PERFORM set_config('search_path', 'pg_temp', false); RETURN true; END $$;
CREATE VIEW shop.sly AS SELECT code FROM shop.prices WHERE shop.sly()
"""


def test_session_is_as_before_whatever_a_function_of_a_view_sets(shop: str) -> None:
    execute(SLY)
    publish_table(table="shop.sly")
    before = rows("SHOW search_path")
    assert len(page_rows(slug="sly", limit=5).rows) == 5
    assert rows("SHOW search_path") == before
    assert describe_dataset(slug="sly").rows == 250
    assert rows("SHOW search_path") == before


def test_plan_says_with_whose_rights_functions_of_a_view_run(shop: str) -> None:
    for table, is_said in (("shop.dear", True), ("shop.totals", False), ("shop.prices", False)):
        consequences = " ".join(plan_publication(table=table).consequences)
        assert ("rights of this site's role" in consequences) is is_said
