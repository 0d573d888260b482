"""Which file and which of its tables each row is from, for readers of the schema ``data`` alone."""

import io
import zipfile
from collections.abc import Iterator

import openpyxl
import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.integration.conftest import Pipeline, connection_parameters, rows
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.receiving.sender import Sender

JOINED = "SELECT s.file_name, s.source, d.n FROM data.{} d JOIN data._sources s USING (_file, _load) ORDER BY d.n"


def months() -> bytes:
    book = openpyxl.Workbook()
    for place, name in enumerate(("January", "February")):
        sheet = book.create_sheet(name, place)
        for row in (["n", "what"], [place, "x"]):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tree() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for month in (1, 2):
            archive.writestr(f"2024/{month:02}/data.csv", f"n;what\n{month};x\n")
    return out.getvalue()


@pytest.fixture
def reader(data_schema: None) -> Iterator[psycopg.Connection]:
    """A role that may read the schema ``data`` and nothing else, as README makes it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE analyst")
        cursor.execute("GRANT USAGE ON SCHEMA data TO analyst")
        cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA data GRANT SELECT ON TABLES TO analyst")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA data TO analyst")
    with psycopg.connect(**connection_parameters(), autocommit=True) as session:
        session.execute("SET ROLE analyst")
        yield session
    with connection.cursor() as cursor:
        cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA data REVOKE SELECT ON TABLES FROM analyst")
        cursor.execute("DROP OWNED BY analyst")
        cursor.execute("DROP ROLE analyst")


def test_readers_of_the_data_alone_tell_sheets_and_members_apart(
    pipeline: Pipeline, reader: psycopg.Connection
) -> None:
    pipeline.load(months(), "sales.xlsx", dataset="sales")
    pipeline.load(tree(), "tree.zip", dataset="tree")
    pipeline.load("n;what\n9;x\n", "plain.csv", dataset="sales")
    assert reader.execute(JOINED.format("sales")).fetchall() == [
        ("sales.xlsx", "January", 0),
        ("sales.xlsx", "February", 1),
        ("plain.csv", None, 9),
    ]
    assert [source for _, source, _ in reader.execute(JOINED.format("tree"))] == [
        "2024/01/data.csv",
        "2024/02/data.csv",
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("SELECT * FROM uploads_load")


def test_only_active_files_are_named(pipeline: Pipeline) -> None:
    file = pipeline.load(months(), "sales.xlsx").file_id
    secret = pipeline.load("n;what\n1;x\n", "secret.csv", uploader=Sender(visitor="ben"), activate=None).file_id
    assert rows("SELECT DISTINCT _file FROM data._sources") == [(file,)]
    deactivate_file(file_id=file)
    assert rows("SELECT * FROM data._sources") == []
    activate_file(file_id=secret)
    assert rows("SELECT _file, file_name, source FROM data._sources") == [(secret, "secret.csv", None)]


def test_page_and_api_list_them(pipeline: Pipeline, client: Client) -> None:
    file = pipeline.load(months(), "sales.xlsx", dataset="sales").file_id
    answer = client.get("/api/datasets/sales").json()
    assert [(each["file"], each["file_name"], each["source"], each["rows"]) for each in answer["sources"]] == [
        (file, "sales.xlsx", "January", 1),
        (file, "sales.xlsx", "February", 1),
    ]
    assert {each["load"] for each in answer["sources"]} == {load for (load,) in rows("SELECT _load FROM data.sales")}
    page = client.get("/datasets/sales/").text
    assert "FROM data.sales d JOIN data._sources s USING (_file, _load)" in page
    assert "February" in page


def test_no_dataset_can_take_the_name_of_the_view(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n", "_sources.csv")
    assert [load.dataset for load in receipt.loads] == ["sources"]
