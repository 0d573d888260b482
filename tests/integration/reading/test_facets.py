"""The most frequent values of columns: as a list in Python counts them, and each a link that chooses it."""

import html
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline
from tests.integration.publishing.conftest import shop
from tests.integration.reading.model import NAMES, POOLS, expected, fields_at, key_of, meets, queries, records
from tests.integration.reading.test_model import ODD, csv_file, make_table
from uploads.database.reading.terms import Condition, Filter, Operator
from uploads.services.adopting.publication import publish_table
from uploads.services.datasets.reflection import RowFigure, RowsKnown
from uploads.services.reading import facets
from uploads.services.reading.counts import count_view
from uploads.services.reading.facets import Facet, facets_of
from uploads.services.reading.parameters import query_of, read_view
from uploads.services.reading.view import View
from uploads.services.visibility import find_dataset
from uploads.tabular.table import ColumnType
from uploads.web.shown.facets import toggled_view

__all__ = ["shop"]
WHOLE = RowFigure(rows=48, known=RowsKnown.EXACT)
CHOOSING = (Operator.EXACT, Operator.IN)


def counted(slug: str, view: View) -> tuple[Facet, ...]:
    return facets_of(dataset=find_dataset(slug=slug), view=view, whole=WHOLE)


def chooses(each: Condition, name: str) -> bool:
    if not isinstance(each, Filter) or each.field.name != name:
        return False
    return bool(each.operator in CHOOSING or (each.operator is Operator.ISNULL and each.values == (True,)))


def check(slug: str, every: list[dict[str, Any]], pools: dict[ColumnType, list[Any]]) -> None:
    @settings(max_examples=25)
    @given(queries(pools), st.lists(st.sampled_from(list(NAMES.values())), min_size=1, max_size=3, unique=True))
    def each(sent: dict[str, list[str]], names: list[str]) -> None:
        view = read_view({**sent, "_facet": names}, fields=fields_at(slug))
        found = counted(slug, view)
        assert [facet.column for facet in found] == names
        for facet in found:
            name = facet.column
            filters = [one for one in view.filters if not chooses(one, name)]
            kept = [key_of(record[name]) for record in every if all(meets(record, one) for one in filters)]
            assert {key_of(value.value): value.rows for value in facet.values} == Counter(kept)
            sizes = [value.rows for value in facet.values]
            assert sizes == sorted(sizes, reverse=True)
            assert (facet.known, facet.has_more) == (RowsKnown.EXACT, False)

    each()


def test_facets_of_a_dataset(pipeline: Pipeline) -> None:
    every = records(48)
    pipeline.load(csv_file(every[:20]), "all.csv", dataset="all")
    pipeline.load(csv_file(every[20:]), "all.csv", dataset="all")
    check("all", every, POOLS)
    check_links("all", every, POOLS)


def check_links(slug: str, every: list[dict[str, Any]], pools: dict[ColumnType, list[Any]]) -> None:
    """Every value of every column, chosen alone, beside another, and let go of again."""
    fields = fields_at(slug)
    for name in NAMES.values():
        view = read_view({"_facet": [name]}, fields=fields)
        field = fields.shown[name]
        [facet] = counted(slug, view)
        blank = toggled_view(view, field, None)
        assert blank is not None
        first = facet.values[0].value if facet.values[0].value is not None else facet.values[1].value
        for value in facet.values:
            one = toggled_view(view, field, value.value)
            assert one is not None
            same = read_view(as_sent(one, slug), fields=fields)  # through its address
            assert same == one
            assert count_view(dataset=find_dataset(slug=slug), view=same, whole=WHOLE).rows == value.rows
            assert toggled_view(one, field, value.value) == view
            assert counted(slug, one) == (facet,)  # others can still be chosen
            if value.value is None or value.value == first:
                continue
            two = toggled_view(one, field, first)
            assert two is not None
            assert [each.operator for each in two.filters if isinstance(each, Filter)] == [Operator.IN]
            wanted = [record for record in every if record[name] in (first, value.value)]
            assert len(expected(every, two)) == len(wanted)
            assert toggled_view(two, field, None) == blank
            back = toggled_view(two, field, first)
            assert back is not None
            assert back.filters == one.filters


def as_sent(view: View, slug: str) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, text in query_of(view, fields_at(slug)):
        sent.setdefault(name, []).append(text)
    return sent


def test_facets_of_a_table_that_is_shown_as_it_is(shop: str) -> None:
    every = records(48, pools=ODD)
    make_table("shop.odd", every)
    publish_table(table="shop.odd")
    check("odd", every, ODD)


def test_a_text_too_long_for_an_address_is_counted_and_is_no_link(shop: str) -> None:
    execute("CREATE TABLE shop.long (text text)")
    execute("INSERT INTO shop.long SELECT repeat('x', 3000) || (number % 2) FROM generate_series(1, 5) number")
    publish_table(table="shop.long")
    fields = fields_at("long")
    view = read_view({"_facet": ["text"]}, fields=fields)
    [facet] = counted("long", view)
    assert [value.rows for value in facet.values] == [3, 2]  # though they begin alike
    assert [toggled_view(view, fields.shown["text"], value.value) for value in facet.values] == [None, None]


def test_what_takes_too_long_is_estimated_and_called_so(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("area;n\n" + "North;1\nNorth;2\n;3\n" * 20, "all.csv")
    monkeypatch.setattr(facets, "count_values", lambda **_: None)
    view = read_view({"_facet": ["area"], "n__lt": ["3"]}, fields=fields_at("all"))
    [facet] = facets_of(dataset=find_dataset(slug="all"), view=view, whole=RowFigure(rows=60, known=RowsKnown.EXACT))
    assert facet.known is RowsKnown.ABOUT  # though the sample is all there is
    assert [(value.value, value.rows) for value in facet.values] == [("North", 40)]
    monkeypatch.setattr(facets, "estimate_values", lambda **_: None)
    [facet] = counted("all", view)
    assert (facet.known, facet.values, facet.has_more) == (RowsKnown.UNKNOWN, (), True)


def test_over_the_api_and_on_the_page(pipeline: Pipeline, client: Client) -> None:
    values = ";".join(["area", "code"]) + "\n"
    pipeline.load(values + "".join(f"{'North' if n % 3 else ''};<b>{n}\n" for n in range(25)), "all.csv")
    api, page = "/api/datasets/all/rows", "/datasets/all/"
    assert client.get(api).json()["facets"] is None
    answer = client.get(api, {"_facet": ["area", "code"], "limit": "1"}).json()["facets"]
    assert answer[0] == {
        "column": "area",
        "known": "exact",
        "values": [{"value": "North", "rows": 16}, {"value": None, "rows": 9}],
        "has_more": False,
    }
    assert (len(answer[1]["values"]), answer[1]["has_more"]) == (20, True)
    text = html.unescape(client.get(page, {"_facet": "area", "_sort": "code"}).text)
    assert 'href="/datasets/all/?area=North&_sort=code&_facet=area"' in text
    assert 'href="/datasets/all/?area__isnull=true&_sort=code&_facet=area" dir="auto">(blank)' in text
    assert 'href="/datasets/all/?_sort=code" aria-label="Do not count the values of area"' in text
    chosen = html.unescape(client.get(page, {"_facet": "area", "area": "North"}).text)
    assert 'href="/datasets/all/?_facet=area" class="chosen" aria-current="true" dir="auto">North' in chosen
    assert "<b>1</a>" not in client.get(page, {"_facet": "code"}).text
    for wrong in ({"_facet": "aera"}, {"_facet": ["area", "area"]}, {"_facet": ["area", "code", "area", "code"]}):
        for address in (api, page):
            assert client.get(address, wrong).status_code == 400
    assert connection.is_usable()
