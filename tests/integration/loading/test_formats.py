"""Formats beside CSV and workbooks, from their bytes to rows that PostgreSQL shows, with receipts in their words."""

import gzip
from datetime import date, datetime
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from tests.fuzz import markup, records
from tests.integration.conftest import Pipeline, rows
from tests.unit.tabular.archive.test_packings import tar
from uploads.models import UploadedFile
from uploads.services.options.in_effect import describe_reading, options_that_apply
from uploads.services.options.option import Source
from uploads.services.options.unused import unused_options
from uploads.tabular.notes import NoteKind
from uploads.tabular.reasons import UnusedReason

LINES = (
    b'{"id": 1, "code": "007", "price": 1.10, "day": "2024-01-31", "tags": ["a", "b"]}\n'
    b"\n"
    b'{"id": 2, "code": "8", "price": 2, "day": null, "more": true}\n'
)


def test_lines_of_json_become_rows_with_the_types_that_they_state(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(LINES, name="orders.jsonl")

    [load] = receipt.loads
    assert (load.format, load.header_row, load.account.sentence) == ("jsonl", None, "3 lines = 2 rows loaded + 1 blank")
    assert rows("SELECT _row, id, code, price, day, tags, more FROM data.orders ORDER BY _row") == [
        (1, 1, "007", Decimal("1.10"), date(2024, 1, 31), '["a", "b"]', None),
        (3, 2, "8", Decimal(2), None, None, True),
    ]
    page = client.get(reverse("receipt", kwargs={"token": receipt.token})).content.decode()
    assert "JSONL" in page
    assert "no header" not in page


def test_what_is_no_record_is_kept_as_a_rejected_line(pipeline: Pipeline) -> None:
    sound = "".join(f'{{"n": {n}}}\n' for n in range(60))

    receipt = pipeline.load(f'{sound}{{"n": oops}}\n', name="a.jsonl")

    [load] = receipt.loads
    assert (load.loaded, load.rejected, load.account.sentence) == (60, 1, "61 lines = 60 rows loaded + 1 rejected")


def test_parquet_and_arrow_join_one_dataset_with_the_types_of_the_file(pipeline: Pipeline) -> None:
    first = pipeline.load(records.parquet(), name="measured.parquet")
    second = pipeline.load(records.feather(), name="more.feather")

    assert [load.dataset for load in (*first.loads, *second.loads)] == ["measured", "measured"]
    moment = datetime(2024, 1, 31, 10, 0, 0, 500_000)  # noqa: DTZ001 - a column without a zone
    found = rows("SELECT id, large, short, code, day, at, price, ok, list FROM data.measured WHERE _row = 1")
    assert found == [(1, Decimal(1), 0.1, "007", date(2024, 1, 31), moment, Decimal("1.10"), True, "[1, 2]")] * 2


def test_page_of_a_bank_is_read_as_a_workbook_is(pipeline: Pipeline) -> None:
    receipt = pipeline.load(markup.PAGES[0], name="statement.xls")

    assert [(load.format, load.source) for load in receipt.loads] == [("html", "Sales"), ("html", "Two")]
    assert rows("SELECT code, n FROM data.two") == [("007", 1)]


def test_packed_tar_loads_each_of_its_tables(pipeline: Pipeline) -> None:
    packed = gzip.compress(tar({"2023.csv": b"area;n\nx;1\n", "2024.jsonl": b'{"area": "y", "n": 2}\n'}))

    receipt = pipeline.load(packed, name="a.tar.gz")

    assert [(load.source, load.loaded) for load in receipt.loads] == [("2023.csv", 1), ("2024.jsonl", 1)]


def test_header_and_sheet_mean_nothing_to_records(pipeline: Pipeline) -> None:
    receipt = pipeline.load(LINES, name="orders.jsonl")

    file = UploadedFile.objects.get(pk=receipt.file_id)
    applying = set(options_that_apply(file=file))
    assert not {"header_row", "sheet", "delimiter", "one_table"} & applying
    assert "encoding" in applying
    assert "header_row" not in describe_reading(file_id=receipt.file_id)


def test_options_that_mean_nothing_to_a_format_are_said_to_be_unused(pipeline: Pipeline) -> None:
    said = {"delimiter": ";", "sheet": "S", "header_row": 2}
    for data, name, reason in (
        (LINES, "a.jsonl", "is_records"),
        (records.parquet(), "b.parquet", "is_records"),
        (markup.PAGES[0], "c.xls", "is_sheet"),
    ):
        options = {"delimiter": ";"} if reason == "is_sheet" else said
        receipt = pipeline.load(data, name=name, options=options)

        notes = [note for note in receipt.loads[0].notes if note.kind is NoteKind.OPTIONS_NOT_USED]
        assert [(note.figures["reason"], note.figures["count"]) for note in notes] == [(reason, len(options))]


def test_every_source_of_options_has_its_reason() -> None:
    of_records = dict.fromkeys(("delimiter", "sheet"), UnusedReason.IS_RECORDS)
    assert {source: unused_options({"delimiter": ";", "sheet": "S"}, source=source) for source in Source} == {
        Source.TEXT: {"sheet": UnusedReason.IS_TEXT},
        Source.SHEETS: {"delimiter": UnusedReason.IS_SHEET},
        Source.ENCODED_SHEETS: {"delimiter": UnusedReason.IS_SHEET},
        Source.RECORDS: of_records,
        Source.ENCODED_RECORDS: of_records,
    }
