"""A sheet with tables side by side: two loads, told apart and read as one again, in datasets of their own."""

import io

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.receiving.readings_again import again
from uploads.services.files.receipts import describe_file
from uploads.states import FileState


def book() -> bytes:
    """Customers in A:B, a legend beside their first rows in D:E."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Sheet1"
    legend = {1: ("code", "meaning"), 2: ("A", "active"), 3: ("C", "closed")}
    for row in range(1, 9):
        left = (row, row / 2) if row > 1 else ("customer", "sales")
        sheet.append([*left, None, *legend.get(row, ())])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_tables_side_by_side_become_datasets_of_their_own(pipeline: Pipeline) -> None:
    receipt = pipeline.load(book(), "sales.xlsx")
    assert receipt.state is FileState.ACTIVE, receipt.error
    assert [(load.source, load.dataset, load.loaded) for load in receipt.loads] == [
        ("Sheet1", "sales", 7),
        ("Sheet1 (column D)", "sales_column_d", 2),
    ]
    assert rows("SELECT code, meaning, _row FROM data.sales_column_d ORDER BY _row") == [
        ("A", "active", 2),
        ("C", "closed", 3),
    ]


def test_they_are_read_again_as_one_table_where_somebody_says_so(pipeline: Pipeline) -> None:
    file = pipeline.load(book(), "sales.xlsx").file_id
    (load,) = pipeline.finish(again(file, one_table=True).pk).loads
    assert (load.source, load.loaded) == ("Sheet1", 7)
    assert [column["label"] for column in load.columns] == ["customer", "sales", "code", "meaning"]


def test_reading_them_again_keeps_each_tables_name(pipeline: Pipeline) -> None:
    file = pipeline.load(book(), "sales.xlsx").file_id
    before = data_tables()
    new = pipeline.finish(again(file, sheet="Sheet1", all_text=True).pk)
    assert [(load.source, load.dataset) for load in new.loads] == [
        ("Sheet1", "sales"),
        ("Sheet1 (column D)", "sales_column_d"),
    ]
    assert describe_file(file_id=file).state is FileState.LOADED
    assert before <= data_tables()


def test_the_other_table_is_left_where_the_dataset_is_named(pipeline: Pipeline) -> None:
    receipt = pipeline.load(book(), "sales.xlsx", dataset="customers")
    assert [(load.source, load.dataset) for load in receipt.loads] == [("Sheet1", "customers")]
    assert "is not loaded. Send it" in " ".join(receipt.loads[0].sentences)
    assert (
        receipt.loads[0]
        .sentences[0]
        .endswith("If they are no table of their own but rows of this one, read everything as one table.")
    )
