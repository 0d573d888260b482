"""Every view gives the rows that a list in Python gives, page by page, forward and back."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.publishing.conftest import shop
from tests.integration.reading.model import NAMES, POOLS, Record, expected, queries, records, text_of, walk
from uploads.database.columns import TYPE_SQL
from uploads.services.adopting.publication import publish_table
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.reading.indexes import make_indexes, want_index
from uploads.services.visibility import find_dataset
from uploads.tabular.table import ColumnType

__all__ = ["shop"]
ODD = {
    **POOLS,
    ColumnType.NUMERIC: [*POOLS[ColumnType.NUMERIC], Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")],
    ColumnType.DOUBLE: [*POOLS[ColumnType.DOUBLE], float("nan"), float("inf"), float("-inf")],
    ColumnType.TEXT: [*POOLS[ColumnType.TEXT], "", " "],
}
"""Also what only a table of the database has."""


def csv_file(every: list[Record]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(every[0])
    writer.writerows([["" if value is None else text_of(value) for value in record.values()] for record in every])
    return text.getvalue()


def check_views(slug: str, every: list[Record], pools: dict[ColumnType, list[Any]], at: int) -> None:
    """``at``: where the ``id`` stands in the columns."""

    @settings(max_examples=25)
    @given(queries(pools), st.sampled_from([1, 7, 10, 100]))
    def check(sent: dict[str, list[str]], limit: int) -> None:
        view, forward, backward = walk(slug, sent, 10 if limit == 1 and len(every) > 40 else limit)
        wanted = expected(every, view)
        for pages in (forward, backward):
            assert [row.values[at] for page in pages for row in page] == wanted

    check()


def test_views_of_a_dataset_of_several_files_and_tables(pipeline: Pipeline) -> None:
    every = records(57)
    first, second, third = every[:30], every[30:40], every[40:]
    pipeline.load(csv_file(first), "all.csv", dataset="all")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.csv", csv_file(second))
        archive.writestr("2.csv", csv_file(third))
    pipeline.load(packed.getvalue(), "both.zip", dataset="all")
    assert rows("SELECT count(*), count(DISTINCT _load) FROM data.all") == [(len(every), 3)]
    types = dict(
        rows("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'data.all'::regclass")
    )
    for type_, name in NAMES.items():
        assert types[name].startswith(TYPE_SQL[type_]), name
    check_views("all", every, POOLS, at=len(NAMES))
    dataset = find_dataset(slug="all")
    for name in NAMES.values():
        want_index(dataset=dataset, name=name)
    assert make_indexes(dataset_id=dataset.pk) == 2 * len(NAMES)
    with planner_prefers_indexes():
        check_views("all", every, POOLS, at=len(NAMES))


@contextmanager
def planner_prefers_indexes() -> Iterator[None]:
    """Tables as small as these it would read whole."""
    execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    try:
        yield
    finally:
        execute("RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_sort")


def make_table(name: str, every: list[Record], *, key: str = "") -> None:
    columns = ", ".join(f"{name} {TYPE_SQL[type_]}" for type_, name in NAMES.items())
    execute(f"CREATE TABLE {name} ({columns}, id integer {key})")
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(every[0]))
        insert = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608 - names of this module
        cursor.executemany(insert, [list(record.values()) for record in every])


def test_views_of_a_table_with_a_key(shop: str) -> None:
    every = records(48, pools=ODD)
    make_table("shop.keyed", every, key="PRIMARY KEY")
    publish_table(table="shop.keyed")
    check_views("keyed", every, ODD, at=len(NAMES))


def test_views_of_a_table_without_a_key(shop: str) -> None:
    every = records(48, pools=ODD)
    make_table("shop.heap", every)
    publish_table(table="shop.heap")
    check_views("heap", every, ODD, at=len(NAMES))


def test_views_of_an_adopted_table_whose_rows_have_no_number(pipeline: Pipeline) -> None:
    """Its rows are told apart by where they lie, beside a file whose rows have numbers."""
    every = records(33)
    make_table("data.items", every[:20])
    from uploads.services.adopting.adoption import adopt_table

    adopt_table(table="data.items", cast=True)
    pipeline.load(csv_file(every[20:]), "more.csv", dataset="items")
    assert describe_dataset(slug="items").rows == len(every)
    check_views("items", every, POOLS, at=len(NAMES))
