"""Tables side by side in a sheet are loads of their own, and one table with an empty column stays one."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlwt
from openpyxl.utils.cell import get_column_letter

from tests.unit.tabular.workbook.packages import ods_text, ods_value, write_ods
from tests.unit.tabular.workbook.tables_beside import (
    APART,
    CUSTOMERS,
    LEGEND,
    PRODUCTS,
    TOWNS,
    TWO,
    Rows,
    beside,
    cells_of,
    customers,
    days,
    found,
    products,
    read,
    workbook,
)
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ColumnType
from uploads.tabular.types.table_profile import TableProfile

PLAN: Rows = [["Month", "Budget"], *([month, 7] for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun"])]


ONE: dict[str, tuple[Mapping[str, Rows], str]] = {
    "rows of one height": ({"A1": CUSTOMERS[:4], "E1": PRODUCTS}, ""),
    "rows of one height, three columns between": ({"A1": CUSTOMERS[:4], "G1": PRODUCTS}, ""),
    "the last row is not filled to the end": ({"A1": CUSTOMERS[:5], "E1": PRODUCTS}, ""),
    "the last row is a total": ({"A1": [*CUSTOMERS[:4], ["Total", None, 6]], "E1": PRODUCTS}, ""),
    "notes below the left columns": (
        {"A1": CUSTOMERS[:4], "E1": PRODUCTS, "A6": [["Source: us"], ["1. not final"]]},
        "",
    ),
    "figures known for the first months": ({"A1": PLAN, "D1": [["Amount", "Share"], [5, 0.1], [6, 0.2], [7, 0.3]]}, ""),
    "dates of the rows that are paid": (
        {
            "A1": [["Invoice", "Due"], *([f"R{number}", 9] for number in range(8))],
            "D1": [["Paid on", "Paid"], *beside(days(1, 2, 3), [4, 5, 6])],
        },
        "",
    ),
    "years come again in groups": (
        {
            "A1": [["Region"], ["N"], ["S"], ["W"]],
            "C1": [["2012", "2017"], [1, 2], [3, 4], [5, 6]],
            "F1": [["2012", "2017"], [1, 2], [3, 4], [5, 6]],
        },
        "",
    ),
    "figures under names that come again": (
        {"A1": [["x", "y"], [0.1, 1], [0.2, 2]], "D1": [["x", "y"], [0.1, 3], [0.2, 4]]},
        "",
    ),
    "names of groups above the names": (
        {
            "A1": [["Customer", None, None, None, "Order"]],
            "A2": [["Name", "City", None, None, "No", "Total"], ["Ann", "Bonn", None, None, 1, 5]],
            "A4": [["Bob", "Paris", None, None, 2, 6], ["Cid", "Rome"], ["Dan", "Oslo"]],
        },
        "A1:C1 E1:F1",
    ),
    "a name merged over the empty column": (
        {
            "A1": [["Land", "Harvest"], [None, "Wheat", "Rye", None, "Oat", "Corn"]],
            "A3": [["N", 1, 2, None, "a", 4], ["S", 1, 2, None, "b", 5], ["W", 2, 2], ["E", 2, 2]],
        },
        "B1:F1",
    ),
    "names and figures on the first rows and a later one": (
        {
            "A1": [["Name", "Phone"], *([f"Ann {number}", number] for number in range(10))],
            "D1": [["Partner", "Mobile"], ["Bob", 7], ["Cid", 8], ["Dan", 9], [], [], [], ["Eve", 5]],
        },
        "",
    ),
    "comments on some rows": ({"A1": CUSTOMERS, "E1": [["Comment", "By"], ["late", "x"], [], ["ok", "y"]]}, ""),
    "comments on the first rows": ({"A1": CUSTOMERS, "E1": [["Comment"], ["late"], ["ok"]]}, ""),
    "words without names": ({"A1": CUSTOMERS, "E2": [["see", "p. 4"], ["as", "above"], ["cf", "x"]]}, ""),
    "words under one name": ({"A1": CUSTOMERS, "E1": [["Remarks"], ["see", "p. 4"], ["as", "above"], ["cf", "x"]]}, ""),
    "cells that a chart needs": ({"A1": CUSTOMERS, "E3": [["min", 1], ["max", 9]]}, ""),
    "a list of one column": ({"A1": [["City"], ["Bonn"], ["Rome"]], "C1": CUSTOMERS}, ""),
}


@pytest.mark.parametrize("case", APART)
def test_tables_side_by_side_are_loads_of_their_own(tmp_path: Path, case: str) -> None:
    tables, merged, expected, why = APART[case]
    read_tables = read(workbook(tmp_path, tables, merged))
    assert found(read_tables) == expected
    notes = " ".join(note for table in read_tables for note in sentences_of(table.dialect.notes))
    assert why in notes
    assert "to the right of this one, from column" in notes


@pytest.mark.parametrize("case", ONE)
def test_one_table_with_an_empty_column_stays_one(tmp_path: Path, case: str) -> None:
    tables, merged = ONE[case]
    (table,) = read(workbook(tmp_path, tables, merged))
    assert table.source == "S"
    found([table])
    notes = " ".join(sentences_of(table.dialect.notes))
    assert "no name and no values" in notes


def test_each_block_has_a_used_range_of_its_own(tmp_path: Path) -> None:
    tables = {"A1": [["Report"]], "A3": CUSTOMERS, "A11": [["Source: us"]], "E3": PRODUCTS}
    left, right = read(workbook(tmp_path, tables))
    assert (left.account.lines, left.preamble, left.footer) == (11, 1, 1)
    assert (right.account.lines, right.preamble, right.footer) == (4, 0, 0)
    assert right.dialect.header_row == 3


def test_types_of_a_block_are_its_own(tmp_path: Path) -> None:
    # The header of the right one is beside rows of the left one, so that its column holds a word and dates.
    _, right = read(workbook(tmp_path, {"A1": TOWNS, "E5": PRODUCTS}))
    profile = TableProfile(right.labels)
    for chunk in right.chunks():
        profile.observe(chunk)
    assert [column.type for column in profile.decide()] == [ColumnType.TEXT, ColumnType.NUMERIC, ColumnType.DATE]


def test_blocks_longer_than_a_chunk_are_told_apart(tmp_path: Path) -> None:
    towns: Rows = [["Town", "People"], *([f"T{number}", number] for number in range(250))]
    people: Rows = [["Name", "Age"], *([f"N{number}", number] for number in range(120))]
    tables = read(workbook(tmp_path, {"A1": towns, "D1": people}), chunk_rows=50)
    assert found(tables) == {
        "S": (("Town", "People"), list(range(2, 252))),
        "S (column D)": (("Name", "Age"), list(range(2, 122))),
    }
    assert max(len(chunk.rows) for chunk in tables[1].chunks()) == 50


def test_block_that_begins_far_down_is_found(tmp_path: Path) -> None:
    towns: Rows = [["Town", "People"], *([f"T{number}", number] for number in range(400))]
    tables = read(workbook(tmp_path, {"A1": towns, "D300": PRODUCTS}))
    assert found(tables)["S (column D)"] == (products, [301, 302, 303])


@pytest.mark.parametrize("corner", ["D10", "F10"])
def test_table_to_the_right_and_below_a_blank_row_is_another(tmp_path: Path, corner: str) -> None:
    first, second = read(workbook(tmp_path, {"A1": CUSTOMERS, corner: PRODUCTS}))
    assert found([first, second]) == {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (row 10)": (products, [11, 12, 13])}
    assert {note.kind for note in first.dialect.notes} <= {NoteKind.BLANK_ROWS}


@pytest.mark.parametrize(
    "rows", [[["see", "p. 4"], ["as", "above"], ["cf", "x"]], [["Amount", "x"]], [["see", 4], ["as", 5]]]
)
def test_words_and_figures_to_the_right_and_below_that_have_no_header_are_no_table(tmp_path: Path, rows: Rows) -> None:
    (table,) = read(workbook(tmp_path, {"A1": CUSTOMERS, "D10": rows}))
    found([table])


def test_figure_kept_back_in_a_row_of_words_below_a_blank_one_is_no_header(tmp_path: Path) -> None:
    rows: Rows = [["No", "Qty"], [1, 5], [2, 6], [], ["X1", "closed"], ["X2", 7], ["X3", 8]]
    assert found(read(workbook(tmp_path, {"A1": rows}))) == {"S": (("No", "Qty"), [2, 3, 5, 6, 7])}


def test_many_series_side_by_side_are_as_many_tables(tmp_path: Path) -> None:
    series: Rows = [["Date", "Price"], *beside(days(1, 2, 3), [1.5, 2.25, 3])]
    corners = [f"{get_column_letter(3 * number + 1)}2" for number in range(30)]
    titles = {corner.replace("2", "1"): [[f"Series {number}"]] for number, corner in enumerate(corners)}
    tables = read(workbook(tmp_path, titles | dict.fromkeys(corners, series)))
    assert [table.labels for table in tables] == [("Date", "Price")] * 30
    found(tables)


@pytest.mark.parametrize("options", [{"one_table": True}, {"header_row": 1}])
def test_what_a_person_says_of_the_sheet_leaves_it_one_table(tmp_path: Path, options: dict[str, object]) -> None:
    path = workbook(tmp_path, {"A1": CUSTOMERS, "E1": PRODUCTS})
    (table,) = read(path, **options)
    assert found([table]) == {"S": ((*customers, *products), [2, 3, 4, 5, 6, 7])}


def test_sheet_that_is_asked_for_by_name_has_its_tables(tmp_path: Path) -> None:
    assert found(read(workbook(tmp_path, {"A1": CUSTOMERS, "E1": PRODUCTS}), sheet="S")) == TWO


def test_table_with_other_columns_than_the_named_dataset_is_said_and_left(tmp_path: Path) -> None:
    tables = {"A1": CUSTOMERS, "E1": PRODUCTS, "A10": CUSTOMERS, "E10": LEGEND}
    first, again = read(workbook(tmp_path, tables), other_tables=False)
    assert found([first, again]) == {
        "S": (customers, [2, 3, 4, 5, 6, 7]),
        "S (row 10)": (customers, [11, 12, 13, 14, 15, 16]),
    }
    assert first.dialect.notes[0] == Note.of(NoteKind.TABLE_LEFT_OUT, table="S (column E)", rows=3)


def test_receipt_says_how_to_have_them_as_one(tmp_path: Path) -> None:
    for table in read(workbook(tmp_path, {"A1": CUSTOMERS, "E1": PRODUCTS})):
        assert "If they belong together, read everything as one table." in " ".join(sentences_of(table.dialect.notes))


def test_tables_side_by_side_in_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for (row, column), value in cells_of({"A1": CUSTOMERS, "E1": PRODUCTS}).items():
        sheet.write(row - 1, column - 1, value, as_date if isinstance(value, dt.date) else xlwt.Style.default_style)
    path = tmp_path / "book.xls"
    book.save(str(path))
    assert found(read(path)) == TWO


def test_tables_side_by_side_in_an_open_document(tmp_path: Path) -> None:
    cells = cells_of({"A1": CUSTOMERS, "E1": PRODUCTS})
    rows = []
    for row in range(1, 8):
        texts = []
        for column in range(1, 8):
            match cells.get((row, column), ""):
                case int() | float() as number:
                    texts.append(ods_value("float", str(number)))
                case dt.date() as day:
                    texts.append(ods_text(day.isoformat()))
                case text:
                    texts.append(ods_text(str(text)))
        rows.append("".join(texts))
    tables = read(write_ods(tmp_path / "book.ods", *rows))
    assert list(found(tables).values()) == list(TWO.values())
