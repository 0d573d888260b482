"""Workbooks and Parquet, read by the libraries that people read them with."""

import csv
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from tests.integration.conftest import Pipeline, rows
from uploads.services.exporting import workbook
from uploads.services.exporting.formula_guard import safe_cell

ADDRESS = "/api/datasets/things/rows"
FILE = (
    "Code;Price (net);Many;Day;At;Seen\n"
    "007;10.50;123456789012345;2024-01-02;2024-01-02 03:04:05.25;2024-01-02T03:04:05Z\n"
    '"=cmd()|""a<b>&c""\nsecond";30.00;1234567890123456;1850-01-03;2024-01-02 03:04:05.123456;2024-01-02T03:04:05Z\n'
    "_x0041_;0.07;-5;1900-02-28;;\n"
)


def body(client: Client, query: dict[str, str]) -> bytes:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def loaded(pipeline: Pipeline) -> Pipeline:
    pipeline.load(FILE, "things.csv")
    rows("UPDATE data.things SET code = E'a\\x01b\\r\\nc' WHERE code = '_x0041_' RETURNING 1")
    rows("UPDATE data.things SET code = '_x0041_' || code WHERE many = -5 RETURNING 1")
    return pipeline


def test_workbook_has_what_is_stored(loaded: Pipeline, client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(body(client, {"_format": "xlsx"})))
    sheet = book.active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["Code", "Price (net)", "Many", "Day", "At", "Seen (UTC)"]
    assert [cell.value for cell in sheet[2]] == [
        "007",
        10.5,
        123456789012345,
        datetime(2024, 1, 2),  # noqa: DTZ001 - Excel has no zones
        datetime(2024, 1, 2, 3, 4, 5, 250_000),  # noqa: DTZ001
        datetime(2024, 1, 2, 3, 4, 5),  # noqa: DTZ001
    ]
    assert (sheet["B2"].number_format, sheet["D2"].number_format) == ("0.00", "yyyy-mm-dd")
    assert [sheet[f"{letter}3"].value for letter in "ACDE"] == [
        '=cmd()|"a<b>&c"\nsecond',
        "1234567890123456",
        "1850-01-03",
        "2024-01-02T03:04:05.123456",
    ]
    assert sheet["A3"].data_type in ("s", "inlineStr")
    assert [cell.value for cell in sheet[4]][2:] == [-5, "1900-02-28", None, None]
    calamine = CalamineWorkbook.from_filelike(io.BytesIO(body(client, {"_format": "xlsx"}))).get_sheet_by_index(0)
    assert calamine.to_python()[3][0] == "_x0041_a\x01b\r\nc"


def test_rows_beyond_a_sheet_go_on_in_the_next(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load("n\n" + "".join(f"{n}\n" for n in range(1, 26)), "things.csv")
    monkeypatch.setattr(workbook, "MOST_ROWS", 11)
    book = openpyxl.load_workbook(io.BytesIO(body(client, {"_format": "xlsx"})))
    assert book.sheetnames == ["Rows", "Rows 2", "Rows 3"]
    numbers: list[Any] = [cell.value for sheet in book for cell in sheet["A"]]
    assert numbers == ["n", *range(1, 11), "n", *range(11, 21), "n", *range(21, 26)]


def test_text_that_no_cell_holds_is_refused_before_the_first_byte(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(f"Code;n\n{'x' * 32_768};1\ny;2\n", "things.csv")
    answer = client.get(ADDRESS, {"_format": "xlsx"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "cannot_export")
    assert "The column code has a text of 32,768 letters" in answer.json()["error"]["message"]
    assert body(client, {"_format": "xlsx", "_columns": "n"})


def test_parquet_is_typed_and_described(loaded: Pipeline, client: Client) -> None:
    file = parquet.ParquetFile(io.BytesIO(body(client, {"_format": "parquet"})))
    table = file.read()
    assert table["price_net"].to_pylist() == [Decimal("10.50"), Decimal("30.00"), Decimal("0.07")]
    assert [str(field.type) for field in table.schema] == [
        "string",
        "decimal128(18, 2)",
        "int64",
        "date32[day]",
        "timestamp[us]",
        "timestamp[us, tz=UTC]",
    ]
    assert b'"label": "Price (net)"' in file.metadata.metadata[b"columns"]
    assert parquet.read_table(io.BytesIO(body(client, {"_format": "parquet", "many": "0"}))).num_rows == 0


def test_csv_for_people_opens_by_a_double_click(loaded: Pipeline, client: Client) -> None:
    text = body(client, {"_format": "excel-csv", "_columns": "code,price_net"}).decode()
    assert text.startswith('\ufeffCode;Price (net)\n007;10,50\n"\'=cmd()|""a<b>&c""\nsecond";30,00\n')


def test_data_package_describes_its_rows(loaded: Pipeline, client: Client) -> None:
    with zipfile.ZipFile(
        io.BytesIO(body(client, {"_format": "datapackage", "_columns": "code,price_net,seen"}))
    ) as found:
        assert found.testzip() is None
        assert found.namelist() == ["datapackage.json", "things.csv"]
        described = json.loads(found.read("datapackage.json"))
        assert found.read("things.csv") == body(client, {"_format": "csv", "_columns": "code,price_net,seen"})
    [resource] = described["resources"]
    assert resource["path"] == "things.csv"
    assert resource["schema"]["fields"] == [
        {"name": "code", "type": "string", "title": "Code"},
        {"name": "price_net", "type": "number", "title": "Price (net)"},
        {"name": "seen", "type": "datetime", "format": "any", "title": "Seen"},
    ]
    assert described["sources"] == [{"title": "things.csv"}]


def test_texts_of_a_csv_for_people_are_safe_as_those_of_rejects_are(pipeline: Pipeline, client: Client) -> None:
    texts = ["=1", "+1-1", "-5", "-x", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "a=1"]
    quoted = "".join(f'{number};"{text}"\n' for number, text in enumerate(texts))
    pipeline.load(f"n;said\n{quoted}", dataset="said")
    address = "/api/datasets/said/rows"
    said = b"".join(client.get(address, {"_format": "excel-csv", "_columns": "said", "_sort": "n"})).decode("utf-8-sig")
    found = [row[0] for row in csv.reader(io.StringIO(said, newline=""), delimiter=";")][1:]
    assert found == [safe_cell(text) for text in texts]
