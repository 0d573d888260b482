"""A column whose century nobody knows: both readings are a click away, and what was said holds for later files."""

import pytest
from django.test import Client

from tests.integration.columns.suggested import change_of
from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.columns.suggested import suggested_changes
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType, FormatHints

BORN = "name;born\nAnn;13.02.45\nBob;24.03.52\n"


def test_both_readings_are_offered_and_one_click_takes_one(pipeline: Pipeline, admin_client: Client) -> None:
    pipeline.load(BORN, "people.csv")
    dataset = Dataset.objects.get(slug="people")
    before, after = suggested_changes(dataset=dataset)
    assert before.sentence == "Make “born” dates: read years of two digits as 1930 to 2029"
    assert after.sentence == "Make “born” dates: read years of two digits as 1970 to 2069"
    offered = admin_client.get("/api/datasets/people/columns").json()["suggestions"]
    assert [each["first_year"] for each in offered] == [1930, 1970]
    change_columns(dataset_id=dataset.pk, change=change_of(before, dataset=dataset))
    assert rows("SELECT born::text FROM data.people ORDER BY _row") == [("1945-02-13",), ("1952-03-24",)]


def test_later_files_are_read_as_was_chosen(pipeline: Pipeline) -> None:
    pipeline.load(BORN, "people.csv", options={"first_year": 1930})
    later = pipeline.load("name;born\nCid;30.04.61\nEva;02.05.28\n", "later.csv")
    assert later.rows_rejected == 0
    assert rows("SELECT born::text FROM data.people WHERE name IN ('Cid', 'Eva') ORDER BY name") == [
        ("1961-04-30",),
        ("2028-05-02",),
    ]


def test_dataset_of_this_century_rejects_what_may_be_of_another(pipeline: Pipeline) -> None:
    pipeline.load("name;due\n" + "a;13.02.24\n" * 40, "due.csv")
    later = pipeline.load("name;due\n" + "a;13.02.24\n" * 40 + "b;01.03.45\n", "later.csv")
    assert (later.rows_loaded, later.rows_rejected) == (40, 1)
    assert rows("SELECT reason FROM uploads_rejectedrow") == [
        ('"01.03.45" is not a date written as DD.MM.YY, of 2000 to 2039',)
    ]


def test_first_year_without_dates_is_refused(pipeline: Pipeline) -> None:
    pipeline.load(BORN, "people.csv")
    dataset = Dataset.objects.get(slug="people")
    with pytest.raises(BadOption, match="A first year was chosen"):
        change_columns(
            dataset_id=dataset.pk,
            change=Change(types={"born": ColumnType.BIGINT}, hints=FormatHints(first_year=1930)),
        )


def test_page_offers_both_to_whoever_may_change_columns(pipeline: Pipeline, admin_client: Client) -> None:
    pipeline.load(BORN, "people.csv")
    page = admin_client.get("/datasets/people/").text
    assert "read years of two digits as 1930 to 2029" in page
    assert 'name="first_year" value="1970"' in page
