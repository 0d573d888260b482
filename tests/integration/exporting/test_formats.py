"""Rows over the API in other formats: whole, exact, as the pages have them."""

import csv
import io
import json
import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.database.exporting import windows
from uploads.services.exporting import limits, source
from uploads.services.exporting.limits import one_of_few

ADDRESS = "/api/datasets/prices/rows"
FILE = (
    "area;price;many;day;at;seen;good;rate\n"
    "North;10.50;9007199254740993;2024-01-02;2024-01-02 03:04:05;2024-01-02T03:04:05Z;true;0.1\n"
    '"a ""b"";\nc";30.00;-5;2024-01-03;2024-01-02 03:04:05.5;2024-01-02T03:04:05Z;false;1e20\n'
    ";;;;;;;\n"
    "=1+1;0.07;12;;;;;2.5\n"
)


def body(client: Client, query: dict[str, str], **headers: str) -> bytes:
    answer = client.get(ADDRESS, query, headers=headers)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_csv_has_every_value_as_it_is_stored(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    answer = client.get(ADDRESS, {"_format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prices.csv"'
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert list(csv.reader(io.StringIO(text))) == [
        ["area", "price", "many", "day", "at", "seen", "good", "rate"],
        [
            "North",
            "10.50",
            "9007199254740993",
            "2024-01-02",
            "2024-01-02T03:04:05",
            "2024-01-02T03:04:05Z",
            "true",
            "0.1",
        ],
        ['a "b";\nc', "30.00", "-5", "2024-01-03", "2024-01-02T03:04:05.5", "2024-01-02T03:04:05Z", "false", "1e20"],
        ["=1+1", "0.07", "12", "", "", "", "", "2.5"],
    ]


def test_blank_and_empty_text_differ(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\nSouth;2\n;3\n", "prices.csv")
    rows("UPDATE data.prices SET area = '' WHERE area = 'South' RETURNING 1")
    assert body(client, {"_format": "csv"}) == b'area,price\nNorth,1\n"",2\n,3\n'
    lines = body(client, {"_format": "ndjson", "_columns": "area"}).decode().splitlines()
    assert [json.loads(line)["area"] for line in lines] == ["North", "", None]
    table = pa.ipc.open_stream(body(client, {"_format": "arrow"})).read_all()
    assert table["area"].to_pylist() == ["North", "", None]


def test_json_lines_are_the_rows_of_the_pages(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    lines = body(client, {}, accept="application/x-ndjson").decode().splitlines()
    page = client.get(ADDRESS).json()["rows"]
    for row in page:
        del row["_file"], row["_row"]
        row["at"] = row["at"] and row["at"].replace(".500000", ".5")
    assert [json.loads(line) for line in lines] == page
    assert list(json.loads(lines[0])) == list(page[0])


def test_arrow_is_typed(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    table = pa.ipc.open_stream(body(client, {"_format": "arrow"})).read_all()
    assert table.to_pylist()[0] == {
        "area": "North",
        "price": Decimal("10.50"),
        "many": 9007199254740993,
        "day": date(2024, 1, 2),
        "at": datetime(2024, 1, 2, 3, 4, 5),  # noqa: DTZ001 - it has no zone
        "seen": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "good": True,
        "rate": "0.1",
    }
    assert table.schema.field("price").type == pa.decimal128(18, 2)
    assert table.schema.field("price").metadata == {b"label": b"price", b"type": b"numeric"}
    assert table["price"].to_pylist()[2] == Decimal("0.07")


def test_numbers_of_several_scales_stay_text_in_arrow(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("price\n2023.10\n2023.1\n", "prices.csv")
    table = pa.ipc.open_stream(body(client, {"_format": "arrow"})).read_all()
    assert table["price"].to_pylist() == ["2023.10", "2023.1"]


def test_view_is_filtered_sorted_and_cut(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\nSouth;3\nEast;\n50% West;2\n", "prices.csv")
    assert (
        body(client, {"_format": "csv", "_sort": "-price", "_columns": "area"})
        == b"area\nSouth\n50% West\nNorth\nEast\n"
    )
    assert body(client, {"_format": "csv", "area__contains": "%", "_columns": "area"}) == b"area\n50% West\n"
    file_id = rows("SELECT DISTINCT _file FROM data.prices")[0][0]
    query = {"_format": "csv", "_columns": "_row,price,_file", "price__gte": "2"}
    assert body(client, query) == f"_row,price,_file\n3,3,{file_id}\n5,2,{file_id}\n".encode()
    assert body(client, {**query, "_sort": "price"}) == f"_row,price,_file\n5,2,{file_id}\n3,3,{file_id}\n".encode()
    assert body(client, {"_format": "csv", "price": "99"}) == b"area,price\n"
    assert body(client, {"_format": "ndjson", "price": "99"}) == b""
    assert pa.ipc.open_stream(body(client, {"_format": "arrow", "price": "99"})).read_all().num_rows == 0


def test_place_or_limit_makes_it_one_page_with_a_link_to_the_next(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;10.50\nSouth;3\nEast;\n", "prices.csv")
    answer = client.get(ADDRESS, {"_format": "csv", "limit": "2"})
    assert b"".join(answer.streaming_content) == b"area,price\nNorth,10.50\nSouth,3\n"  # type: ignore[attr-defined]
    address = answer.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    last = client.get(address)
    assert b"".join(last.streaming_content) == b"area,price\nEast,\n"  # type: ignore[attr-defined]
    assert "Link" not in last.headers
    assert body(client, {"_format": "csv", "limit": "1", "_sort": "area"}) == b"area,price\nEast,\n"


def test_pages_of_json_take_own_columns_too(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    page = client.get(ADDRESS, {"_columns": "_row,area"}).json()
    assert list(page["rows"][0]) == ["_file", "_row", "area"]
    only = client.get(ADDRESS, {"_columns": "_row"}).json()
    assert (list(only["rows"][0]), only["columns"]) == (["_file", "_row"], [])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            {"_format": "cvs"},
            "There is no format “cvs”. Possible are json, csv, excel-csv, ndjson, xlsx, parquet, arrow",
        ),
        ({"_format": ""}, "There is no format “”."),
        ({"_format": "csv", "prise": "1"}, "Did you mean “price”?"),
        ({"_format": "csv", "_columns": "_rows"}, "is no column here"),
    ],
)
def test_what_is_wrong_is_named(pipeline: Pipeline, client: Client, query: dict[str, str], words: str) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    answer = client.get(ADDRESS, query)
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert words in f"{error['message']} {error['hint']}"


def test_browsers_and_scripts_that_accept_anything_get_json(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    for accept in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json, text/csv;q=0.5", "image/png"):
        assert client.get(ADDRESS, headers={"accept": accept}).json()["rows"]
    assert body(client, {}, accept="text/csv") == b"area,price\nNorth,1\n"
    assert client.get(ADDRESS, {"_format": "json"}, headers={"accept": "text/csv"}).json()["rows"]


def test_small_windows_give_the_same(pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("n;word\n" + "".join(f"{n};{'x' * n}\n" for n in range(1, 301)), "prices.csv")
    whole = body(client, {"_format": "csv"})
    monkeypatch.setattr(windows, "FIRST_ROWS", 7)
    monkeypatch.setattr("uploads.database.exporting.copying.MOST_BYTES", 1_000)
    assert body(client, {"_format": "csv"}) == whole
    assert whole.count(b"\n") == 301


def test_only_so_many_run_at_once(pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    monkeypatch.setattr(limits, "_slots", threading.BoundedSemaphore(1))
    with one_of_few():
        answer = client.get(ADDRESS, {"_format": "csv"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "exports_busy")
    unread = client.get(ADDRESS, {"_format": "csv"})
    unread.close()
    assert body(client, {"_format": "csv"}) == body(client, {"_format": "csv"})


def test_step_that_takes_too_long_says_so(pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load("area;price\nNorth;1\n", "prices.csv")
    monkeypatch.setattr(windows, "WINDOW_SECONDS", 0.05)
    stamps = iter([[()]])
    monkeypatch.setattr(source, "_load_stamp", lambda _: lambda: next(stamps, None) or rows("SELECT pg_sleep(60)"))
    answer = client.get(ADDRESS, {"_format": "csv"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "export_too_slow")
    assert "longer than the 0.05 seconds" in answer.json()["error"]["message"]


def test_page_leads_to_the_same_rows_in_a_format(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\nSouth;2\n", "prices.csv")
    answer = client.get("/datasets/prices/", {"price__gt": "1", "_format": "csv"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{ADDRESS}?price__gt=1&_format=csv"


def test_page_offers_downloads_of_the_view_that_it_shows(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;1\nSouth;2\nEast;3\n", "prices.csv")
    page = client.get("/datasets/prices/", {"price__gt": "1", "_sort": "-price", "limit": "1"}).text
    for format_ in ("xlsx", "csv", "excel-csv", "parquet", "ndjson", "datapackage"):
        assert f'href="{ADDRESS}?price__gt=1&amp;_sort=-price&amp;_format={format_}" download' in page
    assert body(client, {"price__gt": "1", "_sort": "-price", "_format": "csv"}) == b"area,price\nEast,3\nSouth,2\n"
    assert '_format=xlsx" download' not in client.get("/datasets/prices/", {"price__gt": "9"}).text
