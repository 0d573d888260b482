"""What a file says about its columns stays with them: on pages, in the API and in the database itself."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline, rows
from tests.integration.receiving.readings_again import again
from uploads.models import Dataset
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.errors import DatasetNotFound
from uploads.services.files.activation import activate_file, delete_file
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import ANYBODY, OPERATOR, columns_seen, find_dataset
from uploads.tabular.table import ColumnType

TEXT = "How satisfied are you, in % of 100?"
IDS = '"{""ImportId"":""a""}","{""ImportId"":""b""}"'
SURVEY = f'When,Q1\nRecorded on,"{TEXT}"\n{IDS}\n2026-05-01,3\n2026-05-02,4\n'
PLAIN = "When,Q1\n2026-05-01,3\n2026-05-02,4\n"
COMMENTS = (
    "SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute a"
    " WHERE a.attrelid = to_regclass('data.s') AND a.attnum > 3 AND col_description(a.attrelid, a.attnum) IS NOT NULL"
    " ORDER BY 1"
)
SAID = [("q1", f"Q1. {TEXT}"), ("when", "When. Recorded on.")]
UNSAID = [("q1", "Q1."), ("when", "When.")]
WHY = re.compile(r" ?(bigint|date|text)(:|, ).*")


def comments() -> list[tuple[str, str]]:
    """Without why the columns have their types, and without those that every dataset has."""
    return [(str(name), WHY.sub("", str(text))) for name, text in rows(COMMENTS)]


def test_sql_pages_and_api_tell_what_a_column_means(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(SURVEY, "s.csv")
    assert comments() == SAID
    assert TEXT in client.get("/datasets/s/").content.decode()
    assert TEXT in client.get(f"/receipts/{receipt.token}/").content.decode()
    detail = client.get("/api/datasets/s").json()
    assert [column["description"] for column in detail["columns"]] == ["Recorded on", TEXT]
    listed = client.get("/api/datasets/s/columns").json()
    assert [column["description"] for column in listed["columns"]] == ["Recorded on", TEXT]
    assert [column["description"] for column in receipt.loads[0].columns] == ["Recorded on", TEXT]


def test_description_survives_another_type_and_another_reading(pipeline: Pipeline) -> None:
    receipt = pipeline.load(SURVEY, "s.csv")
    dataset = Dataset.objects.get()
    change_columns(dataset_id=dataset.pk, change=Change(types={"q1": ColumnType.TEXT}))
    assert comments() == SAID
    assert dataset.columns.get(name="q1").description == TEXT
    pipeline.finish(again(receipt.file_id, delimiter=",").pk)
    assert comments() == SAID


def test_description_goes_where_its_row_is_said_to_be_data(pipeline: Pipeline) -> None:
    receipt = pipeline.load(SURVEY, "s.csv")
    pipeline.finish(again(receipt.file_id, data_row=2).pk)
    assert comments() == UNSAID
    assert set(Dataset.objects.get(slug="s").columns.values_list("description", flat=True)) == {""}


@pytest.mark.parametrize(("first", "then"), [(SURVEY, PLAIN), (PLAIN, SURVEY)])
def test_file_that_joins_takes_nothing_and_adds_what_is_not_known(pipeline: Pipeline, first: str, then: str) -> None:
    pipeline.load(first, "s.csv")
    pipeline.load(then, "s2.csv")
    assert Dataset.objects.get().columns.get(name="q1").description == TEXT
    assert comments() == SAID


def test_draft_is_described_to_nobody_but_its_sender_and_staff(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(PLAIN, "s.csv")
    file_id = pipeline.load(SURVEY, "s.csv", uploader=Sender(visitor="somebody"), activate=None).file_id
    assert comments() == UNSAID
    assert TEXT not in client.get("/datasets/s/").content.decode()
    assert TEXT not in json.dumps(client.get("/api/datasets/s").json())
    draft = Dataset.objects.get(established_at=None)
    with pytest.raises(DatasetNotFound):
        find_dataset(slug=draft.slug, viewer=ANYBODY)
    assert columns_seen(dataset=draft, viewer=OPERATOR)[1].description == TEXT
    activate_file(file_id=file_id)
    assert comments() == SAID


def test_description_belongs_to_the_header_and_ends_with_the_dataset(pipeline: Pipeline) -> None:
    founder = pipeline.load(SURVEY, "s.csv")
    other = pipeline.load(PLAIN, "s2.csv")
    delete_file(file_id=founder.file_id)
    assert Dataset.objects.get().columns.get(name="q1").label == "Q1"
    assert comments() == SAID
    delete_file(file_id=other.file_id)
    assert not Dataset.objects.exists()


def test_the_database_says_what_everybody_may_know_of_table_and_columns(pipeline: Pipeline) -> None:
    pipeline.load("Net price;remark\n1.50;x\n2.25;1\n", "s.csv")
    assert rows("SELECT obj_description('data.s'::regclass)") == [("s: the active rows of its files (data._sources).",)]
    price, remark = (str(text) for _, text in rows(COMMENTS))
    assert price.startswith("Net price. numeric")
    assert remark.startswith("text")
    assert "“x”" not in remark, "a value is its sender's to see"
    assert ("_file", "Number of the file that the row is from; data._sources has its name.") in rows(
        COMMENTS.replace("attnum > 3", "attnum > 0")
    )


def test_file_that_joins_costs_no_comment(pipeline: Pipeline) -> None:
    pipeline.load(PLAIN, "s.csv")
    with CaptureQueriesContext(connection) as queries:
        pipeline.load(PLAIN, "s2.csv")
    assert not [query for query in queries if "COMMENT" in query["sql"] or '"description" =' in query["sql"]]
