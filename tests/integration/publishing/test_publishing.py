"""A table or view of the database is shown as it is, for as long as it is published, and stays what it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.datasets.test_migrations_back import back_to
from tests.integration.publishing.conftest import ALL
from uploads.database.adopting import relation_rows
from uploads.database.adopting.relation_rows import RelationTooSlow, RelationUnreadable
from uploads.database.rows import Position
from uploads.database.statements import TableBusy
from uploads.models import Dataset
from uploads.services.adopting.publication import (
    publish_table,
    unpublish_table,
)
from uploads.services.datasets.browsing import describe_dataset, list_datasets, list_targets
from uploads.services.datasets.reflection import COUNTED_ROWS, RowsKnown
from uploads.services.errors import CannotPublish
from uploads.services.reading.pages import page_rows
from uploads.services.upkeep.sweep import sweep
from uploads.services.visibility import ANYBODY
from uploads.tabular.errors import BadOption

BEFORE = "0030_2026_11_29_0335_kept_readings"


def pages(slug: str, limit: int) -> Iterator[tuple[Any, ...]]:
    """All rows, page after page."""
    after, turns = None, 0
    while True:
        page = page_rows(slug=slug, after=after, limit=limit)
        yield from (row.values for row in page.rows)
        if page.next is None:
            return
        assert len(page.rows) == limit
        after, turns = page.next, turns + 1
        assert turns < 1_000


@pytest.mark.parametrize("name", ALL)
def test_every_kind_is_shown_with_all_of_its_rows_once(shop: str, name: str) -> None:
    done = publish_table(table=f"shop.{name}")
    assert (done.table, done.slug) == (f"shop.{name}", name)
    [(count,)] = rows(f"SELECT count(*) FROM shop.{name}")  # noqa: S608
    for limit in (7, 1_000):
        found = list(pages(name, limit))
        assert len(found) == len(set(map(str, found))) == count
    shown = describe_dataset(slug=name)
    assert (shown.rows, shown.rows_known, shown.kind) == (count, RowsKnown.EXACT, "read_only")
    assert shown.table == f"shop.{name}"


def test_foreign_table_is_shown(shop: str) -> None:
    execute(
        "CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;"
        "CREATE FOREIGN TABLE shop.numbers (n integer) SERVER files OPTIONS (program 'seq 30')"
    )
    try:
        publish_table(table="shop.numbers")
        assert [values for (values,) in pages("numbers", 7)] == list(range(1, 31))
        assert describe_dataset(slug="numbers").rows == 30
    finally:
        execute("DROP EXTENSION file_fdw CASCADE")


def test_columns_are_those_of_the_database_with_their_types_and_comments(shop: str) -> None:
    publish_table(table="shop.prices")
    columns = {column.name: column for column in page_rows(slug="prices", limit=1).columns}
    types = {name: column.type for name, column in columns.items()}
    assert types == {"id": "bigint", "code": "text", "price": "numeric", "since": "date", "extra": "text"}
    assert columns["price"].description == "in euros"
    assert columns["code"].why == "character varying(20) in the database."
    stored = Dataset.objects.get().columns.values_list("name", "type")
    assert dict(stored) == types


def test_values_of_any_type_and_dates_of_no_calendar_are_shown(shop: str) -> None:
    execute("""
        CREATE TABLE shop.odd ("Größe" real, "a b" date, "_file" timestamptz, "%s" uuid[], "x""y" bytea, n interval);
        INSERT INTO shop.odd VALUES (0.1, 'infinity', '-infinity', ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid],
            'ab', '1 day'), (NULL, '0044-03-15 BC', '12000-01-01', NULL, NULL, NULL)""")
    publish_table(table="shop.odd")
    first, second = pages("odd", 10)
    assert first == (
        0.1, "infinity", "-infinity", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "\\x6162", "1 day",
    )  # fmt: skip
    assert second[1:3] == ("0044-03-15 BC", "12000-01-01 00:00:00+00")
    assert [column.name for column in page_rows(slug="odd").columns] == ["Größe", "a b", "_file", "%s", 'x"y', "n"]


def test_name_in_quotes_is_found_and_shown_as_sql_writes_it(shop: str) -> None:
    execute('CREATE VIEW shop."Order.2026" AS SELECT 1 AS a')
    assert publish_table(table='shop."Order.2026"').table == 'shop."Order.2026"'
    shown = describe_dataset(slug=Dataset.objects.get().slug)
    assert shown.table == 'shop."Order.2026"'
    assert rows(f"SELECT * FROM {shown.table}") == [(1,)]  # noqa: S608


def test_pages_by_key_hold_while_rows_come_and_go(shop: str) -> None:
    publish_table(table="shop.prices")
    first = page_rows(slug="prices", limit=10)
    execute("DELETE FROM shop.prices WHERE id IN (3, 10, 11); UPDATE shop.prices SET code = 'new' WHERE id = 12")
    second = page_rows(slug="prices", after=first.next, limit=10)
    assert [row.values[0] for row in second.rows] == [*range(12, 22)]


def test_key_of_several_columns_and_types_pages_in_its_order(shop: str) -> None:
    execute(
        "CREATE TABLE shop.many (a char(3), b timestamptz, c numeric, PRIMARY KEY (a, b, c));"
        "INSERT INTO shop.many SELECT chr(97 + n % 3), timestamptz '2026-01-01' + n % 5 * interval '1 hour', n / 7.0"
        " FROM generate_series(1, 60) AS n"
    )
    publish_table(table="shop.many")
    expected = [tuple(row) for row in rows("SELECT a::text, b, c FROM shop.many ORDER BY shop.many.a, b, c")]
    assert list(pages("many", 7)) == expected


def test_a_place_of_another_table_is_no_place_here(shop: str) -> None:
    publish_table(table="shop.prices")
    publish_table(table="shop.lines")
    by_key, by_place = page_rows(slug="prices", limit=5).next, page_rows(slug="lines", limit=5).next
    for slug, after in (("prices", by_place), ("lines", by_key)):
        with pytest.raises(BadOption, match="doesn't exist"):
            page_rows(slug=slug, after=after)
    with pytest.raises(BadOption, match="doesn't exist"):
        page_rows(slug="prices", after=Position(file=0, load=0, row=0, key=("no number",)))


def test_rows_that_tables_inherit_are_shown_too(shop: str) -> None:
    execute("CREATE TABLE shop.more () INHERITS (shop.lines); INSERT INTO shop.more VALUES ('y', 7)")
    publish_table(table="shop.lines")
    assert len(list(pages("lines", 50))) == 401


def test_table_is_reflected_anew_when_it_changed(shop: str) -> None:
    publish_table(table="shop.lines")
    execute("ALTER TABLE shop.lines DROP COLUMN a, ADD COLUMN c date, ALTER COLUMN b TYPE text")
    page = page_rows(slug="lines", limit=1)
    assert [(column.name, column.type) for column in page.columns] == [("b", "text"), ("c", "date")]
    assert list(Dataset.objects.get().columns.values_list("name", flat=True)) == ["b", "c"]


def test_table_that_is_gone_says_so_and_comes_back(shop: str) -> None:
    publish_table(table="shop.lines")
    execute("DROP TABLE shop.lines")
    shown = describe_dataset(slug="lines")
    assert shown.rows is None
    assert shown.refusal is not None
    assert shown.refusal.message == "The database has no such table or view any more: shop.lines."
    [listed] = list_datasets()
    assert (listed.rows, listed.rows_known, listed.columns) == (None, RowsKnown.UNKNOWN, 2)
    with pytest.raises(RelationUnreadable, match="no such table"):
        page_rows(slug="lines")
    execute("CREATE VIEW shop.lines AS SELECT 1 AS one")
    assert list(pages("lines", 5)) == [(1,)]
    execute("DROP VIEW shop.lines")
    unpublish_table(slug="lines")
    assert not Dataset.objects.exists()


@pytest.mark.parametrize("name", ["prices", "lines"])
def test_unpublished_table_is_what_it_was(shop: str, name: str) -> None:
    def facts() -> list[Any]:
        return rows(
            "SELECT relfilenode, relacl::text, relkind, reltuples, (SELECT count(*) FROM pg_attribute WHERE attrelid ="
            " c.oid), (SELECT count(*) FROM pg_depend WHERE refobjid = c.oid) FROM pg_class c WHERE oid = %s::regclass",
            f"shop.{name}",
        )

    before, data = facts(), rows(f"SELECT * FROM shop.{name} ORDER BY 1")  # noqa: S608
    publish_table(table=f"shop.{name}")
    list(pages(name, 100))
    execute(f"ALTER TABLE shop.{name} RENAME TO other; ALTER TABLE shop.other RENAME TO {name}")  # nothing hangs on it
    sweep()
    unpublish_table(slug=name)
    assert (facts(), rows(f"SELECT * FROM shop.{name} ORDER BY 1")) == (before, data)  # noqa: S608
    assert not Dataset.objects.exists()


def test_sweep_leaves_what_is_published_alone(shop: str) -> None:
    execute("CREATE TABLE data.byhand AS SELECT 1 AS a")
    publish_table(table="data.byhand")
    Dataset.objects.update(created_at="2020-01-01T00:00:00Z")
    sweep()
    assert list(pages("byhand", 5)) == [(1,)]


def test_twice_is_once_and_a_name_that_is_taken_gets_a_number(shop: str, pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "prices.csv")
    assert publish_table(table="shop.prices").slug == "prices_2"
    with pytest.raises(CannotPublish, match="published already: prices_2"):
        publish_table(table="shop.prices")
    assert [each.slug for each in list_targets(ANYBODY)] == ["prices"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Dataset.objects.create(slug="again", name="x", relation="shop.prices", established_at="2026-01-01T00:00:00Z")


def test_large_table_is_not_counted(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_table(table="shop.lines")
    publish_table(table="shop.log")
    execute(
        "UPDATE pg_class SET reltuples = 123456789 WHERE oid IN ('shop.lines'::regclass, 'shop.log_2025'::regclass)"
    )
    counted: list[str] = []
    monkeypatch.setattr(relation_rows, "count_up_to", lambda relation, **_: counted.append(relation.name))
    for slug in ("lines", "log"):
        shown = describe_dataset(slug=slug)
        assert shown.rows_known is RowsKnown.ABOUT
        assert 123_456_780 < (shown.rows or 0) < 123_457_000
    assert {each.slug: each.rows_known for each in list_datasets()} == {"lines": "about", "log": "about"}
    assert counted == []


def test_rows_of_a_view_are_counted_up_to_a_bound(shop: str) -> None:
    execute(f"CREATE VIEW shop.wide AS SELECT n FROM generate_series(1, {COUNTED_ROWS + 5}) AS n")  # noqa: S608
    publish_table(table="shop.wide")
    shown = describe_dataset(slug="wide")
    assert (shown.rows, shown.rows_known) == (COUNTED_ROWS, RowsKnown.AT_LEAST)
    [listed] = list_datasets()
    assert (listed.rows, listed.rows_known) == (None, RowsKnown.UNKNOWN)


def test_view_that_takes_too_long_is_given_up(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    execute("CREATE VIEW shop.slow AS SELECT pg_sleep(60)::text AS a")
    publish_table(table="shop.slow")
    monkeypatch.setattr(relation_rows, "READ_SECONDS", 1)
    with pytest.raises(RelationTooSlow, match=r"shop\.slow takes longer"):
        page_rows(slug="slow")
    assert rows("SELECT current_setting('statement_timeout')") == [("0",)]


def test_view_that_fails_tells_nothing_of_the_database(shop: str) -> None:
    execute("CREATE VIEW shop.broken AS SELECT ('secret ' || code)::integer AS a FROM shop.prices")
    publish_table(table="shop.broken")
    with pytest.raises(RelationUnreadable) as caught:
        page_rows(slug="broken")
    assert "secret" not in caught.value.message + caught.value.hint
    assert describe_dataset(slug="broken").rows == 250


def test_view_cannot_change_anything(shop: str) -> None:
    execute(
        "CREATE FUNCTION shop.wipe() RETURNS text LANGUAGE sql VOLATILE AS"
        " 'DELETE FROM shop.lines RETURNING a'; CREATE VIEW shop.trap AS SELECT shop.wipe() AS a"
    )
    publish_table(table="shop.trap")
    with pytest.raises(RelationUnreadable):
        page_rows(slug="trap")
    assert rows("SELECT count(*) FROM shop.lines") == [(400,)]


def test_table_that_is_being_altered_is_said_to_be(shop: str) -> None:
    publish_table(table="shop.lines")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE shop.lines IN ACCESS EXCLUSIVE MODE")
        assert describe_dataset(slug="lines").columns == 2
        with pytest.raises(TableBusy, match="being changed"):
            page_rows(slug="lines")
    finally:
        other.close()
    assert len(list(pages("lines", 500))) == 400


@pytest.mark.thorough
def test_published_tables_are_not_left_to_a_release_that_knows_none(shop: str) -> None:
    publish_table(table="shop.lines")
    with pytest.raises(CommandError, match=r"1 dataset.*\(lines\).*unpublish_table"), back_to(BEFORE):
        pytest.fail("a dataset has no table of its own")
    unpublish_table(slug="lines")
    with back_to(BEFORE):
        assert rows("SELECT count(*) FROM uploads_dataset") == [(0,)]


def test_what_a_function_of_a_view_sets_ends_with_the_look(shop: str) -> None:
    execute(
        "CREATE FUNCTION shop.led_astray(integer) RETURNS boolean LANGUAGE sql VOLATILE AS"
        " $$ SELECT set_config('search_path', 'shop, public', false) IS NOT NULL $$;"
        " CREATE VIEW shop.sly AS SELECT a, b FROM shop.lines WHERE shop.led_astray(1)"
    )
    publish_table(table="shop.sly")
    before = rows("SHOW search_path")
    assert len(page_rows(slug="sly", after=None, limit=5).rows) == 5
    describe_dataset(slug="sly")
    assert rows("SHOW search_path") == before
