"""What may not be published, or not as it is asked for, is refused with the reason."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.publishing.conftest import ALL
from uploads.models import Dataset
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.plan import plan_adoption
from uploads.services.adopting.publication import (
    plan_publication,
    publish_table,
    publishable_tables,
    unpublish_table,
)
from uploads.services.datasets.reflection import Unreadable
from uploads.services.errors import CannotPublish, DatasetNotFound
from uploads.tabular.errors import BadOption

REFUSED = {
    "pg_catalog.pg_class": Unreadable.SYSTEM,
    "information_schema.tables": Unreadable.SYSTEM,
    "public.django_session": Unreadable.OURS,
    "public.auth_user": Unreadable.OURS,
    "public.uploads_dataset": Unreadable.OURS,
    "public.uploads_old": Unreadable.OURS,
    "public.procrastinate_jobs": Unreadable.OURS,
    "data._sources": Unreadable.OURS,
    "data.mine": Unreadable.DATASET,
    "shop.adopted": Unreadable.DATASET,
    "shop.numbering": Unreadable.NOT_ROWS,
    "shop.prices_pkey": Unreadable.NOT_ROWS,
    "shop.nothing": Unreadable.NO_COLUMNS,
    "shop.empty": Unreadable.NOT_FILLED,
}


@pytest.fixture
def crowd(shop: str, pipeline: Pipeline) -> Iterator[None]:
    """One of each that is refused."""
    pipeline.load("a;b\n1;2\n", "mine.csv")
    execute(
        "CREATE TABLE public.uploads_old (a text); CREATE SEQUENCE shop.numbering; CREATE TABLE shop.nothing ();"
        "CREATE MATERIALIZED VIEW shop.empty AS SELECT 1 AS a WITH NO DATA; CREATE TABLE shop.adopted (z text)"
    )
    adopt_table(table="shop.adopted")
    yield
    execute("DROP TABLE public.uploads_old")


@pytest.mark.parametrize("table", REFUSED)
def test_what_may_not_be_shown_is_refused_with_the_reason(crowd: None, table: str) -> None:
    before = Dataset.objects.count()
    plan = plan_publication(table=table)
    assert [obstacle.kind for obstacle in plan.obstacles] == [REFUSED[table]]
    assert plan.obstacles[0].hint
    with pytest.raises(CannotPublish, match="cannot be published"):
        publish_table(table=table)
    assert Dataset.objects.count() == before


def test_list_has_what_could_be_published_and_nothing_of_ours(crowd: None) -> None:
    publish_table(table="shop.dear")
    found, more = publishable_tables()
    names = {each.table: each for each in found}
    assert {f"shop.{name}" for name in ALL} <= names.keys()
    assert not {table for table in REFUSED if REFUSED[table] in (Unreadable.OURS, Unreadable.DATASET)} & names.keys()
    assert not [name for name in names if name.startswith(("data.", "pg_", "public.uploads"))]
    assert "shop.log_2025" not in names
    assert (names["shop.dear"].kind, names["shop.dear"].dataset) == ("view", "dear")
    assert more == 0


def test_part_of_a_file_cannot_be_shown(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "mine.csv", activate=False)
    [(part,)] = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'data'")
    with pytest.raises(CannotPublish, match="own tables"):
        publish_table(table=f"data.{part}")


def test_name_that_is_none_and_one_that_is_not_there(shop: str) -> None:
    with pytest.raises(BadOption, match=r"SCHEMA\.TABLE"):
        publish_table(table="prices")
    with pytest.raises(DatasetNotFound, match=r"no table or view “shop\.prizes”"):
        publish_table(table="shop.prizes")


def test_table_that_is_published_is_not_adopted(shop: str) -> None:
    publish_table(table="shop.lines")
    plan = plan_adoption(table="shop.lines")
    assert [obstacle.kind.value for obstacle in plan.obstacles] == ["published"]
    unpublish_table(slug="lines")
    assert plan_adoption(table="shop.lines").is_possible


def test_role_without_the_privilege_is_told_what_to_grant(shop: str) -> None:
    execute(
        "DROP ROLE IF EXISTS site; CREATE ROLE site; GRANT SELECT ON ALL TABLES IN SCHEMA public TO site;"
        "GRANT USAGE ON SCHEMA data TO site"
    )
    try:
        with transaction.atomic():
            execute("SET LOCAL ROLE site")
            [obstacle] = plan_publication(table="shop.lines").obstacles
            assert obstacle.names == ("GRANT USAGE ON SCHEMA shop TO site", "GRANT SELECT ON shop.lines TO site")
        execute("GRANT USAGE ON SCHEMA shop TO site; GRANT SELECT (b) ON shop.lines TO site")
        with transaction.atomic():
            execute("SET LOCAL ROLE site")
            plan = plan_publication(table="shop.lines")
        assert [column.name for column in plan.columns] == ["b"]
        assert any("1 column is left out" in sentence for sentence in plan.consequences)
    finally:
        execute("DROP OWNED BY site; DROP ROLE site")
