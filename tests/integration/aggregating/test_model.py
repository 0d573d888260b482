"""Every aggregate gives the groups and figures that a dictionary in Python gives."""

from typing import Any

from hypothesis import given, settings

from tests.integration.aggregating.model import aggregations, check_groups
from tests.integration.conftest import Pipeline
from tests.integration.publishing.conftest import shop
from tests.integration.reading.model import POOLS, Record, fields_at, meets, queries, records
from tests.integration.reading.test_model import ODD, csv_file, make_table
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.publication import publish_table
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.aggregating.parameters import OPTIONS, aggregation_query, read_aggregation
from uploads.services.files.activation import deactivate_file
from uploads.services.reading.parameters import read_filters
from uploads.services.visibility import find_dataset
from uploads.tabular.table import ColumnType

__all__ = ["shop"]


def check_aggregates(slug: str, every: list[Record], pools: dict[ColumnType, list[Any]]) -> None:
    fields = fields_at(slug)
    dataset = find_dataset(slug=slug)

    @settings(max_examples=40)
    @given(queries(pools), aggregations(fields))
    def check(filtered: dict[str, list[str]], asked: dict[str, list[str]]) -> None:
        filtered.pop("_sort", None)
        wanted = read_aggregation(asked, fields)
        again = {name: [text] for name, text in aggregation_query(wanted, fields)}
        assert read_aggregation(again, fields) == wanted
        filters = read_filters({**filtered, **asked}, fields=fields, options=OPTIONS)
        found = aggregate(dataset=dataset, filters=filters, wanted=wanted)
        meeting = [record for record in every if all(meets(record, each) for each in filters)]
        check_groups(found, meeting, wanted.groupings, wanted.measure)

    check()


def test_aggregates_of_a_dataset_of_several_files(pipeline: Pipeline) -> None:
    every = records(57)
    pipeline.load(csv_file(every[:30]), "all.csv", dataset="all")
    pipeline.load(csv_file(every[30:]), "more.csv", dataset="all")
    check_aggregates("all", every, POOLS)


def test_aggregates_of_a_table_that_is_none_of_ours(shop: str) -> None:
    """With infinite numbers and NaN, which no file brings."""
    every = records(96, pools=ODD)
    make_table("shop.keyed", every, key="PRIMARY KEY")
    publish_table(table="shop.keyed")
    check_aggregates("keyed", every, ODD)


def test_aggregates_of_an_adopted_table_and_a_file_switched_off(pipeline: Pipeline) -> None:
    every = records(33)
    make_table("data.items", every[:20])
    adopt_table(table="data.items", cast=True)
    off = pipeline.load(csv_file(every[20:]), "more.csv", dataset="items").file_id
    deactivate_file(file_id=off)
    check_aggregates("items", every[:20], POOLS)
