"""From a file's bytes to rows that PostgreSQL shows."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.files.test_activation import in_threads
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.services.files.receipts import FileReceipt
from uploads.services.loading.attempt import load_file
from uploads.states import FileState
from uploads.tabular.sandbox.client import WarmReader

STATSNZ = {
    "annual-enterprise-survey-2021-financial-year-provisional-size-bands-csv.csv": ("utf-8-sig", 17_028, "year"),
    "business-financial-data-june-2023-quarter-csv.csv": ("utf-8", 6_915, "Data_value"),
    "business-operations-survey-2022-information-and-communications-technology.csv": ("cp1252", 8_699, "line_code"),
    "consumers-price-index-june-2023-quarter-index-numbers.csv": ("utf-8", 20_739, "Data_value"),
}


def book(**sheets: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, cells in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in cells:
            sheet.append(row)
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def adds_up(receipt: FileReceipt) -> bool:
    return all(load.read == load.loaded + load.rejected + load.blank for load in receipt.loads)


def test_receipt_tells_of_every_line_and_the_database_holds_it_to_that(pipeline: Pipeline) -> None:
    text = '\nOur shop, 2024\n\nname;n;m\n"An\nn";1;2\nBo;2;3\nCy;2\n\nDee;4;5\n\nSource: us\n'
    receipt = pipeline.load(text.encode())
    [load] = receipt.loads
    assert load.account.sentence == (
        "12 lines = 1 above the table + 1 header + 3 rows loaded + 1 rejected + 4 blank + 1 below the table"
        " + 1 line break inside cells"
    )
    with pytest.raises(IntegrityError, match="load_lines_add_up"), transaction.atomic():
        Load.objects.filter(pk=load.load_id).update(footer=2)


def test_second_table_in_a_text_becomes_a_load_and_a_dataset_of_its_own(pipeline: Pipeline) -> None:
    text = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nname;age\nAnn;31\nBo;42\n"
    receipt = pipeline.load(text, name="farm.csv")
    assert [(load.dataset, load.source, load.account.sentence) for load in receipt.loads] == [
        ("farm", None, "4 lines = 1 header + 2 rows loaded + 1 blank"),
        ("farm_lines_5_to_7", "lines 5 to 7", "3 lines = 1 header + 2 rows loaded"),
    ]
    assert rows("SELECT _row, name, age FROM data.farm_lines_5_to_7 ORDER BY _row") == [(6, "Ann", 31), (7, "Bo", 42)]

    again = pipeline.load(text, name="more.csv", dataset="farm")
    [load] = again.loads
    assert load.account.sentence == "7 lines = 1 header + 2 rows loaded + 1 blank + 3 below the table"
    assert "Send them as a file of their own" in " ".join(load.sentences)


def test_second_table_of_the_same_width_is_typed_and_accounted_for_by_itself(pipeline: Pipeline) -> None:
    text = "place;sheep;deer\nNorth;1;2\nplace;sheep;deer\nSouth;3;4\n\nPeople\nname;born;size\nAnn;2001-02-03;1.75\n"
    receipt = pipeline.load(text + "Bo;1999-12-31;1.80\n\n", name="farm.csv")
    assert [(load.dataset, load.account.sentence) for load in receipt.loads] == [
        ("farm", "5 lines = 2 of the header + 2 rows loaded + 1 blank"),
        ("farm_lines_6_to_10", "5 lines = 1 above the table + 1 header + 2 rows loaded + 1 blank"),
    ]
    assert [[column["type"] for column in load.columns] for load in receipt.loads] == [
        ["text", "bigint", "bigint"],
        ["text", "date", "numeric"],
    ]
    assert rows("SELECT _row, place, sheep FROM data.farm ORDER BY _row") == [(2, "North", 1), (4, "South", 3)]
    assert rows("SELECT _row, name FROM data.farm_lines_6_to_10 ORDER BY _row") == [(8, "Ann"), (9, "Bo")]


@pytest.mark.parametrize("name", STATSNZ)
def test_real_file_has_the_rows_and_cells_that_python_counts(pipeline: Pipeline, corpus: Path, name: str) -> None:
    encoding, count, _ = STATSNZ[name]
    path = corpus / "statsnz" / name
    receipt = pipeline.load_path(path)
    assert (receipt.state, receipt.rows_loaded, receipt.rows_rejected) == (FileState.ACTIVE, count, 0)
    [load] = receipt.loads
    with path.open(encoding=encoding, newline="") as file:
        expected = list(csv.DictReader(file))
    names = ", ".join(f'"{column["name"]}"::text' for column in load.columns)
    stored = rows(f"SELECT {names} FROM data.{load.dataset} ORDER BY _row")  # noqa: S608 - names that we made
    assert len(expected) == count
    for row, want in zip(stored, expected, strict=True):
        assert [value or "" for value in row] == list(want.values())


def test_sum_of_a_column_is_exact(pipeline: Pipeline, corpus: Path) -> None:
    path = corpus / "statsnz" / "business-financial-data-june-2023-quarter-csv.csv"
    receipt = pipeline.load_path(path)
    with path.open(encoding="utf-8", newline="") as file:
        expected = sum(Decimal(row["Data_value"] or "0") for row in csv.DictReader(file))
    [(total,)] = rows(f"SELECT sum(data_value) FROM data.{receipt.loads[0].dataset}")  # noqa: S608
    assert total == expected


EVERY_TYPE = '''label;flag;whole;price;share;day;moment;note
a;true;1;1.50;1.5e+300;2024-01-31;2024-01-31 10:00:00;007
b;false;-9223372036854775808;2023.10;2.5e-300;1999-12-31;1999-12-31 23:59:59;"two
lines; ""quoted"""
c;;;;;;;
;true;12;0.1;1e+22;0001-01-01;0001-01-01 00:00:00;\\N
'''


@pytest.mark.parametrize("slice_rows", [1, 50_000])
def test_both_writers_give_the_same_table(pipeline: Pipeline, settings: Settings, slice_rows: int) -> None:
    settings.CHUNK_DB_WRITE = slice_rows
    by_copy = pipeline.load(EVERY_TYPE, "copied.csv", writer="copy", dataset="copied")
    by_django = pipeline.load(EVERY_TYPE, "created.csv", writer="bulk_create", dataset="created")
    assert by_copy.state == by_django.state == FileState.ACTIVE
    assert [c["type"] for c in by_copy.loads[0].columns] == [
        "text", "boolean", "bigint", "numeric", "double precision", "date", "timestamp", "text",
    ]  # fmt: skip
    columns = "_row, label, flag, whole, price::text, share, day, moment, note"
    copied = rows(f"SELECT {columns} FROM data.copied ORDER BY _row")  # noqa: S608
    created = rows(f"SELECT {columns} FROM data.created ORDER BY _row")  # noqa: S608
    assert copied == created
    assert copied[0][1:] == ("a", True, 1, "1.50", 1.5e300, date(2024, 1, 31), datetime(2024, 1, 31, 10), "007")  # noqa: DTZ001
    assert [row[0] for row in copied] == [2, 3, 5, 6]


def test_semicolon_file_with_bom_is_read_as_utf8(pipeline: Pipeline) -> None:
    [load] = pipeline.load(b"\xef\xbb\xbfName;Stadt\nJos\xc3\xa9;K\xc3\xb6ln\n").loads
    assert (load.encoding, load.delimiter, load.header_row) == ("utf-8", ";", 1)
    assert rows("SELECT name, stadt FROM data.table") == [("José", "Köln")]


def test_files_of_one_name_and_other_columns_found_datasets_at_the_same_time(pipeline: Pipeline) -> None:
    files = [pipeline.receive(f"a{number};b\n1;2\n", "same.csv").pk for number in range(4)]
    readers = [WarmReader() for _ in files]
    acts = [partial(load_file, file_id=file, reader=reader) for file, reader in zip(files, readers, strict=True)]
    assert in_threads(*acts) == [None] * 4
    for reader in readers:
        reader.close()
    assert set(Dataset.objects.values_list("slug", flat=True)) == {"same", "same_2", "same_3", "same_4"}
    assert set(UploadedFile.objects.values_list("state", flat=True)) == {FileState.ACTIVE}


def test_files_of_one_header_found_one_dataset_at_the_same_time(pipeline: Pipeline) -> None:
    files = [pipeline.receive(f"a;b\n{number};2\n", f"{number}.csv").pk for number in range(4)]
    readers = [WarmReader() for _ in files]
    acts = [partial(load_file, file_id=file, reader=reader) for file, reader in zip(files, readers, strict=True)]
    assert in_threads(*acts) == [None] * 4
    for reader in readers:
        reader.close()
    [dataset] = Dataset.objects.all()
    assert rows(f"SELECT a FROM data.{dataset.slug} ORDER BY a") == [(0,), (1,), (2,), (3,)]  # noqa: S608


def test_file_with_the_same_columns_joins_in_any_order_and_case(pipeline: Pipeline) -> None:
    first = pipeline.load("Area;Count\nx;1\n", "first.csv")
    second = pipeline.load("count,AREA\n2,y\n", "second.csv")
    assert first.loads[0].dataset == second.loads[0].dataset == "first"
    assert rows("SELECT area, count, _file, _row FROM data.first ORDER BY count") == [
        ("x", 1, first.file_id, 2),
        ("y", 2, second.file_id, 2),
    ]


def test_chosen_dataset_with_other_columns_names_the_missing_and_the_extra(pipeline: Pipeline) -> None:
    pipeline.load("Area;Count\nx;1\n", "first.csv")
    receipt = pipeline.load("Area;Year\nx;2020\n", "other.csv", dataset="first")
    assert receipt.state is FileState.FAILED
    assert receipt.error is not None
    assert receipt.error["code"] == "column_mismatch"
    assert "missing: “Count”; extra: “Year”" in receipt.error["message"]


def test_value_that_does_not_fit_an_existing_column_rejects_its_row(pipeline: Pipeline) -> None:
    pipeline.load("area;count\nx;1\ny;2\n", "first.csv")
    receipt = pipeline.load("area;count\nz;3\nw;many\n\n", "second.csv")
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, 1)
    assert adds_up(receipt)
    [reject] = RejectedRow.objects.all()
    assert (reject.row, reject.column, reject.value) == (3, "count", "many")
    assert rows("SELECT sum(count) FROM data.first") == [(6,)]


def test_name_and_types_of_a_dataset_go_with_its_last_file(pipeline: Pipeline) -> None:
    from uploads.services.files.activation import delete_file

    first = pipeline.load("area;count\nx;many\n", "first.csv")
    delete_file(file_id=first.file_id)
    assert data_tables() == set()
    second = pipeline.load("area;count\nx;12\n", "first.csv")
    assert [c["type"] for c in second.loads[0].columns] == ["text", "bigint"]
    assert rows("SELECT sum(count) FROM data.first") == [(12,)]


def test_every_sheet_is_a_load_of_its_own_and_equal_sheets_share_a_dataset(pipeline: Pipeline) -> None:
    receipt = pipeline.load(
        book(
            January=[["day", "sales"], [1, 10], [2, 20]],
            February=[["day", "sales"], [1, 5]],
            Staff=[["name", "since"], ["Ann", 2001]],
            Empty=[],
        ),
        "shop.xlsx",
    )
    assert receipt.state is FileState.ACTIVE
    assert [(load.source, load.dataset, load.loaded) for load in receipt.loads] == [
        ("January", "shop", 2),
        ("February", "shop", 1),
        ("Staff", "staff", 1),
    ]
    assert receipt.loads[0].part == receipt.loads[1].part
    assert rows("SELECT sum(sales) FROM data.shop") == [(35,)]


def test_archive_loads_each_of_its_tables(pipeline: Pipeline) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("2023.csv", "area;count\nx;1\n")
        archive.writestr("deep/2024.csv", "area;count\ny;2\n")
        archive.writestr("__MACOSX/._2023.csv", b"\x00\x05\x16\x07")
    receipt = pipeline.load(sink.getvalue(), "years.zip")
    assert [load.loaded for load in receipt.loads] == [1, 1]
    assert len({load.dataset for load in receipt.loads}) == 1


BAD = {
    "empty.csv": (b"", "empty_file"),
    "blank.csv": (b"\n \n\n", "empty_file"),
    "header_only.csv": (b"a;b;c\n", "no_data_rows"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "not_a_table"),
    "page.csv": (b"<!DOCTYPE html><html><body><table></table></body></html>", "not_a_table"),
    "cut.xlsx": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" + b"\x00" * 64, "damaged_file"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_fails_with_a_sentence_and_leaves_no_table(pipeline: Pipeline, name: str) -> None:
    content, code = BAD[name]
    receipt = pipeline.load(content, name)
    assert receipt.state is FileState.FAILED
    assert receipt.error is not None
    assert receipt.error["code"] == code
    assert receipt.error["message"].endswith((".", "!", "?"))
    assert receipt.error["hint"]
    assert data_tables() == set()
    assert not Dataset.objects.exists()


def test_file_of_which_no_row_fits_fails_with_the_first_reason_and_keeps_its_rejects(pipeline: Pipeline) -> None:
    pipeline.load("area;count\nx;1\n", "first.csv")
    receipt = pipeline.load("area;count\ny;many\nz;few\n", "second.csv")
    assert receipt.error is not None
    assert receipt.error["code"] == "no_row_fits"
    message = 'None of the 2 rows could be loaded. Line 2, column “count”: "many" is not a whole number.'
    assert receipt.error["message"] == message
    assert (receipt.rows_loaded, receipt.rows_rejected) == (0, 2)
    assert RejectedRow.objects.filter(load__file_id=receipt.file_id).count() == 2
    assert rows("SELECT count(*) FROM data.first") == [(1,)]


@pytest.mark.parametrize(("bad", "state"), [(9, FileState.ACTIVE), (10, FileState.FAILED)])
def test_file_with_too_large_a_share_of_rejects_fails_with_the_grouped_reasons(
    pipeline: Pipeline, bad: int, state: FileState
) -> None:
    pipeline.load("area;count\nx;1\n", "first.csv")
    receipt = pipeline.load("area;count\n" + "y;many\n" * bad + "z;1\n" * 100, "second.csv")
    assert receipt.state is state
    assert receipt.rows_rejected == bad
    if receipt.error is not None:
        assert receipt.error["code"] == "too_many_rejects"
        assert "“count” is not a whole number: lines 2 to 11." in receipt.error["message"]
        assert rows("SELECT count(*) FROM data.first") == [(1,)]


def test_archive_in_an_archive_is_refused(pipeline: Pipeline) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    receipt = pipeline.load(outer.getvalue(), "outer.zip")
    assert receipt.error is not None
    assert receipt.error["code"] == "nested_archive"
    assert data_tables() == set()


def test_password_protected_workbook_says_so(pipeline: Pipeline, corpus: Path) -> None:
    receipt = pipeline.load_path(corpus / "workbooks" / "password-protected-password123.xlsx")
    assert receipt.error is not None
    assert receipt.error["code"] == "encrypted_file"


def test_second_bad_sheet_takes_back_the_first(pipeline: Pipeline) -> None:
    content = book(Good=[["a", "b"], [1, 2]], Other=[["c", "d"], [3, 4]])
    pipeline.load("a;b\n1;2\n", "target.csv")
    receipt = pipeline.load(content, "book.xlsx", dataset="target")
    assert receipt.state is FileState.FAILED
    assert rows("SELECT count(*) FROM data.target") == [(1,)]
    assert {name for name in data_tables() if name.startswith(f"_file_{receipt.file_id}_")} == set()


def test_duplicate_and_blank_headers_get_names_of_their_own(pipeline: Pipeline) -> None:
    [load] = pipeline.load("a;a;;A\n1;2;3;4\n").loads
    assert [column["label"] for column in load.columns] == ["a", "a", "", "A"]
    assert len({column["name"] for column in load.columns}) == 4
    assert load.loaded == 1


def test_file_of_one_column_loads(pipeline: Pipeline) -> None:
    [load] = pipeline.load("name\nAnn\nBob\n").loads
    assert [column["name"] for column in load.columns] == ["name"]
    assert load.loaded == 2


@pytest.mark.parametrize(
    "label", ['x"; DROP TABLE uploads_dataset; --', "%s", "ctid", "a\x00b", "_file", "é" * 60, "'", "\\"]
)
def test_hostile_header_is_only_a_name(pipeline: Pipeline, label: str) -> None:
    receipt = pipeline.load(f"{_quoted(label)},n\n1,2\n", f"{label[:20]}.csv")
    assert receipt.state is FileState.ACTIVE
    assert receipt.rows_loaded == 1
    assert Dataset.objects.count() == 1


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@pytest.fixture
def wide() -> str:
    names = ";".join(f"c{index}" for index in range(1_550))
    return f"{names}\n{';'.join(['1234567'] * 1_550)}\n"


def test_row_wider_than_postgresql_stores_says_so(pipeline: Pipeline, wide: str) -> None:
    receipt = pipeline.load(wide)
    assert receipt.error is not None
    assert receipt.error["code"] == "row_too_wide"
    assert data_tables() == set()


def test_same_content_is_a_notice_and_not_a_failure(pipeline: Pipeline) -> None:
    first = pipeline.load("a;b\n1;2\n")
    second = pipeline.load("a;b\n1;2\n")
    assert second.state is FileState.ACTIVE
    assert second.same_content_as == first.file_id
    assert first.same_content_as is None
