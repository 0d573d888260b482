"""Profiles of columns: as a list in Python has them, kept with the load, gone with it."""

import math
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.conftest import Pipeline
from tests.integration.reading.model import NAMES, fields_at, key_of, records
from tests.integration.reading.test_model import csv_file
from uploads.database.reading import profiles as of_database
from uploads.database.reading.facets import count_values
from uploads.models import Load, LoadProfile
from uploads.services.columns.shape import remove_column, rename_column
from uploads.services.datasets.reflection import RowFigure, RowsKnown
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.reading import facets, profiles
from uploads.services.reading.facets import facets_of
from uploads.services.reading.parameters import read_view
from uploads.services.reading.profile import ColumnProfile, describe_profile
from uploads.services.reading.profiles import make_profiles, unprofiled
from uploads.services.reading.values import read_value
from uploads.services.rejects.mend import move_counts
from uploads.services.upkeep.sweep import sweep
from uploads.services.visibility import ANYBODY, find_dataset
from uploads.tabular.table import ColumnType


def profile(slug: str = "all") -> dict[str, ColumnProfile]:
    described = describe_profile(dataset=find_dataset(slug=slug), viewer=ANYBODY)
    assert described.is_whole
    return {each.column.name: each for each in described.columns}


def typed(text: str | None, name: str) -> Any:
    return None if text is None else read_value(text, fields_at("all").shown[name])


def check(every: list[dict[str, Any]], found: dict[str, ColumnProfile]) -> None:
    for type_, name in NAMES.items():
        figures = found[name].figures
        values = [record[name] for record in every if record[name] is not None]
        counts = Counter(values)
        assert (figures.rows, figures.blanks) == (len(every), len(every) - len(values)), name
        assert (figures.distinct, figures.distinct_known) == (len(counts), RowsKnown.EXACT), name
        shown = [value[:201] if type_ is ColumnType.TEXT else value for value in counts]
        assert len(figures.values) == len(counts)
        assert {typed(text, name) for text, _ in figures.values} == set(shown)
        assert [number for _, number in figures.values] == sorted(counts.values(), reverse=True)
        cut = 200 if type_ is ColumnType.TEXT else None
        order = sorted((value[:cut] if cut else value for value in values), key=key_of)
        assert (typed(figures.least, name), typed(figures.greatest, name)) == (order[0], order[-1]), name
        if type_ is ColumnType.TEXT:
            assert (figures.shortest, figures.longest) == (min(map(len, values)), max(map(len, values)))
        if type_ in (ColumnType.BIGINT, ColumnType.NUMERIC):
            assert figures.mean is not None
            assert math.isclose(Decimal(figures.mean), sum(map(Decimal, values)) / len(values), rel_tol=1e-12)
        if type_ is ColumnType.DOUBLE:
            assert figures.mean is not None
            mean = math.fsum(value / len(values) for value in values)
            assert math.isclose(float(figures.mean), mean, abs_tol=max(map(abs, values)) * 1e-12)
        for percent, text in figures.quantiles:
            value = typed(text, name)
            assert sum(one <= value for one in values) / len(values) >= percent / 100 - 0.05
            assert sum(one < value for one in values) / len(values) <= percent / 100 + 0.05


def test_figures_are_those_of_all_rows(pipeline: Pipeline) -> None:
    every = records(57)
    pipeline.load(csv_file(every[:20]), "all.csv", dataset="all")
    assert make_profiles() == 1
    check(every[:20], profile())
    assert profile()["real"].figures.points_known is RowsKnown.EXACT
    second = pipeline.load(csv_file(every[20:]), "all.csv", dataset="all").file_id
    described = describe_profile(dataset=find_dataset(slug="all"), viewer=ANYBODY)
    assert (described.tables, described.missing, described.is_whole) == (2, 1, False)
    assert make_profiles() == 1
    assert profile()["real"].figures.points_known is RowsKnown.ABOUT
    check(every, profile())
    deactivate_file(file_id=second)
    check(every[:20], profile())
    assert make_profiles() == 0


def test_profiles_follow_a_file_through_its_life(pipeline: Pipeline) -> None:
    first = pipeline.load("area;n\nNorth;1\n;2\n", "all.csv").file_id
    second = pipeline.load("area;n\nSouth;3\n", "all.csv", dataset="all").file_id
    assert make_profiles() == 2
    deactivate_file(file_id=first)
    assert profile()["area"].figures.values == (("South", 1),)
    activate_file(file_id=first)
    assert profile()["area"].figures.values == (("North", 1), ("South", 1))
    rename_column(slug="all", name="area", label="region")
    assert profile()["region"].figures.values == (("North", 1), ("South", 1))
    remove_column(slug="all", name="region")
    assert "North" not in str(list(LoadProfile.objects.values_list("columns", flat=True)))
    assert [(name, each.figures.rows) for name, each in profile().items()] == [("n", 3)]
    retry_file(file_id=deactivate_file(file_id=first).file_id)
    pipeline.finish(first)
    assert make_profiles() == 1
    delete_file(file_id=second)
    assert list(LoadProfile.objects.values_list("load__file", flat=True)) == [first]


@pytest.mark.parametrize("act", ["delete", "rename"])
def test_what_happens_while_a_profile_is_made_is_not_undone_by_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    file = pipeline.load("area\nNorth\nNorth\n", "all.csv").file_id
    make = profiles.profile_of

    def meanwhile(*said: Any) -> Any:
        found = make(*said)
        if act == "delete":
            delete_file(file_id=file)
        else:
            rename_column(slug="all", name="area", label="region")
        return found

    monkeypatch.setattr(profiles, "profile_of", meanwhile)
    assert make_profiles() == 0
    assert not LoadProfile.objects.exists()
    monkeypatch.undo()
    assert make_profiles() == (act == "rename")


def test_of_every_type_it_is_estimated_how_many_values_there_are(pipeline: Pipeline) -> None:
    pipeline.load(csv_file(records(57)), "all.csv", dataset="all")
    load = Load.objects.get()
    for type_, name in NAMES.items():
        if type_ is not ColumnType.BOOLEAN:
            rows_of = of_database.Rows(part=load.part, load_id=load.pk)
            found = of_database.estimate_distinct(rows_of, name, type_, guess=2 * of_database.MOST_COUNTED)
            assert (found.distinct % 4, found.is_exact) == (0, False)
            assert 0 <= found.distinct <= 4 * 8


def test_rows_that_come_later_are_counted_though_as_many_went(pipeline: Pipeline) -> None:
    file = pipeline.load("n\n" + "1\n" * 30, "all.csv")
    make_profiles()
    load = Load.objects.get(file=file.file_id)
    for loaded in (-1, 1):  # one is rejected, and another one mended
        move_counts(load=load, loaded=loaded)
    assert list(unprofiled()) == [load]


def test_of_many_values_it_is_estimated_how_many_there_are(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """With small bounds, in place of a large table."""
    lines = "".join(f"text {number};{number};{number / 8};{number % 3}\n" for number in range(4_000))
    pipeline.load(f"t;n;f;few\n{lines}", "all.csv")
    for module in (profiles, of_database):
        monkeypatch.setattr(module, "MOST_COUNTED", 500)
        monkeypatch.setattr(module, "SAMPLED_ROWS", 1_000)
    assert make_profiles() == 1
    found = profile()
    for name in ("t", "n", "f"):
        figures = found[name].figures
        assert figures.distinct_known is RowsKnown.ABOUT
        assert 3_000 < figures.distinct <= 4_000
        assert figures.values == ()
    assert (found["few"].figures.distinct, found["few"].figures.distinct_known) == (3, RowsKnown.EXACT)
    assert found["n"].figures.points_known is RowsKnown.ABOUT
    assert (found["n"].figures.least, found["n"].figures.greatest) == ("0", "3999")
    assert found["n"].figures.points[0] == "0"
    assert found["n"].figures.points[-1] == "3999"


def test_values_are_counted_from_the_profile_where_nothing_is_filtered(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = records(57)
    pipeline.load(csv_file(every[:30]), "all.csv", dataset="all")
    pipeline.load(csv_file(every[30:]), "all.csv", dataset="all")
    fields, whole = fields_at("all"), RowFigure(rows=57, known=RowsKnown.EXACT)

    def counted(name: str) -> Any:
        view = read_view({"_facet": [name]}, fields=fields)
        return facets_of(dataset=find_dataset(slug="all"), view=view, whole=whole)

    before = {name: counted(name) for name in NAMES.values()}
    make_profiles()
    asked: list[str] = []

    def count(**said: Any) -> Any:
        asked.append(said["field"].name)
        return count_values(**said)

    monkeypatch.setattr(facets, "count_values", count)
    assert {name: counted(name) for name in NAMES.values()} == before
    assert asked == []
    pipeline.load(f"t\n{'x' * 250}\n{'x' * 251}\n", "long.csv")
    make_profiles()
    [facet] = facets_of(
        dataset=find_dataset(slug="long"), view=read_view({"_facet": ["t"]}, fields=fields_at("long")), whole=whole
    )
    assert {value.value for value in facet.values} == {"x" * 250, "x" * 251}
    assert asked == ["t"]  # of these the profile has the beginning alone


def test_small_files_are_counted_by_the_sweep_and_large_ones_at_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jobs() -> int:
        found = ProcrastinateJob.objects.filter(task_name="profile_loads", status="todo")
        count = found.count()
        found.delete()
        return count

    jobs()
    pipeline.load("n\n1\n2\n", "all.csv")
    assert jobs() == 0
    assert sweep().unprofiled == 1
    assert jobs() == 1
    monkeypatch.setattr("uploads.services.loading.attempt.SOON_ROWS", 2)
    pipeline.load("n\n3\n4\n", "all.csv")
    assert jobs() == 1
    pipeline.receive("n\n5\n", "all.csv")
    assert make_profiles() == 0  # files that wait go first
    assert jobs() == 1
    assert make_profiles(gives_way=False) == 2
    assert sweep().unprofiled == 0


def test_on_its_page_and_over_the_api(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price;<b>day\nNorth;10;2024-01-02\n;30;2024-01-04\n<i>;20;\n<i>;10;\n", "all.csv")
    assert "Being counted: 0 of 1 table" in client.get("/datasets/all/profile/").text
    make_profiles()
    answer = client.get("/api/datasets/all/profile").json()
    assert (answer["tables"], answer["missing"], answer["rows_hidden"]) == (1, 0, 0)
    area, price, day = answer["columns"]
    assert area["values"] == [{"value": "<i>", "rows": 2}, {"value": "North", "rows": 1}]
    assert (price["least"], price["greatest"], price["mean"], price["blanks"]) == ("10", "30", "17.5", 0)
    quantiles = {each["percent"]: each["value"] for each in price["quantiles"]}
    assert quantiles == {5: "10", 25: "10", 50: "10", 75: "20", 95: "30"}
    assert (day["blanks"], day["distinct"], day["distinct_known"]) == (2, 2, "exact")
    assert math.isclose(sum(price["histogram"]), 1, abs_tol=1e-4)
    page = client.get("/datasets/all/profile/").text
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    assert "<rect" in page
    assert "5 % are at most 10" in page
    assert client.get("/datasets/none/profile/").status_code == 404
    assert client.get("/api/datasets/none/profile").status_code == 404


def test_of_a_draft_only_its_sender_sees_the_figures(pipeline: Pipeline, client: Client, admin_client: Client) -> None:
    pipeline.load("area\nNorth\nNorth\n", "mine.csv", activate=False)
    assert make_profiles() == 1
    assert client.get("/api/datasets/mine/profile").status_code == 404
    assert admin_client.get("/api/datasets/mine/profile").json()["columns"][0]["values"][0]["value"] == "North"
