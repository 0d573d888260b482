"""Tables that stand side by side in one sheet are told apart on evidence; one with an empty column stays one."""

import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.unit.tabular.workbook.packages import ods_text, ods_value, write_ods
from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.notes import Note, NoteKind, WhyKind
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ColumnType, Limits, ReadOptions, RowCounts
from uploads.tabular.types.table_profile import TableProfile
from uploads.tabular.workbook.open_workbook import open_sheets

Rows = Sequence[Sequence[object]]
Found = dict[str, tuple[tuple[str, ...], list[int]]]
"""For each source the labels and the sheet's row of each row."""


def days(*numbers: int) -> list[dt.date]:
    return [dt.date(2024, 1, number) for number in numbers]


def beside(*columns: Sequence[object]) -> Rows:
    return list(zip(*columns, strict=True))


CUSTOMERS: Rows = [
    ["Customer", "City", "Sales"],
    *beside(
        ["Ann", "Bob", "Cid", "Dan", "Eve", "Fay"], ["Berlin", "Paris", "Rome", "Oslo", "Bonn", "Lyon"], range(1, 7)
    ),
]
PRODUCTS: Rows = [["Product", "Price", "Since"], *beside(["Nut", "Bolt", "Gear"], [1.5, 2.5, 9], days(3, 4, 5))]
LEGEND: Rows = [["Code", "Meaning"], ["A", "active"], ["C", "closed"]]
MONTHS: Rows = [["Month", "Sales"], ["Jan", 1], ["Feb", 2], ["Mar", 3], ["Apr", 5]]
TOWNS: Rows = [["Town", "People"], *([f"T{number}", number] for number in range(15))]
ORDERS_BY_NUMBER: Rows = [["Order", "Qty"], *([number, number] for number in range(15))]
ORDERS: Rows = [["Order", "Product id", "Qty"], *([number, number % 3, number] for number in range(1, 12))]
IDS: Rows = [["Product id", "Name", "Price"], [0, "nut", 1.5], [1, "bolt", 1.25], [2, "gear", 3]]
WIDE: Rows = [["Id", "Qty", "Cost", "Net", "Tax", "Sum", "Day"], *(["a", 1, 2, 3, 4, 5, day] for day in days(1, 2))]

customers = ("Customer", "City", "Sales")
products = ("Product", "Price", "Since")
legend = ("Code", "Meaning")
months = ("Month", "Sales")

TWO: Found = {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column E)": (products, [2, 3, 4])}

APART: dict[str, tuple[Mapping[str, Rows], str, Found, str]] = {
    "the right one has fewer rows": (
        {"A1": CUSTOMERS, "E1": PRODUCTS},
        "",
        TWO,
        "its rows end in row 4 and the other's go on",
    ),
    "the left one has fewer rows": (
        {"A1": PRODUCTS, "E1": CUSTOMERS},
        "",
        {"S": (products, [2, 3, 4]), "S (column E)": (customers, [2, 3, 4, 5, 6, 7])},
        "the other's rows end in row 4 and its own go on",
    ),
    "they begin neither in the first column nor in the first row": (
        {"C3": CUSTOMERS, "I3": PRODUCTS},
        "",
        {"S": (customers, [4, 5, 6, 7, 8, 9]), "S (column I)": (products, [4, 5, 6])},
        "its rows end in row 6",
    ),
    "a title of its own above each, and one row more": (
        {"A1": [["Customers"]], "A3": CUSTOMERS[:5], "E1": [["Products"]], "E3": PRODUCTS},
        "",
        {"S": (customers, [4, 5, 6, 7]), "S (column E)": (products, [4, 5, 6])},
        "its rows end in row 6",
    ),
    "numbered titles": (
        {"A1": [["Table 1: who"]], "A2": CUSTOMERS[:4], "E1": [["Table 2: what"]], "E2": PRODUCTS},
        "",
        {"S": (customers, [3, 4, 5]), "S (column E)": (products, [3, 4, 5])},
        "each has a numbered title of its own",
    ),
    "a title merged over both": (
        {"A1": [["Report"]], "A3": CUSTOMERS, "E3": PRODUCTS},
        "A1:G1",
        {"S": (customers, [4, 5, 6, 7, 8, 9]), "S (column E)": (products, [4, 5, 6])},
        "its rows end in row 6",
    ),
    "a title in the empty column": (
        {"D1": [["Report"]], "A3": CUSTOMERS, "E3": PRODUCTS},
        "",
        {"S": (customers, [4, 5, 6, 7, 8, 9]), "S (column E)": (products, [4, 5, 6])},
        "its rows end in row 6",
    ),
    "a header that comes again": (
        {"A1": MONTHS, "D1": MONTHS},
        "",
        {"S": (months, [2, 3, 4, 5]), "S (column D)": (months, [2, 3, 4, 5])},
        "both begin with a column “Month”",
    ),
    "a first name that comes again, above dates": (
        {
            "A1": [["Date", "Price"], *beside(days(1, 2, 3), [1.5, 2.25, 3])],
            "D1": [["Date", "Volume", "Note"], *beside(days(1, 2, 3), [7, 8, 9], ["x", "y", "x"])],
        },
        "",
        {"S": (("Date", "Price"), [2, 3, 4]), "S (column D)": (("Date", "Volume", "Note"), [2, 3, 4])},
        "both begin with a column “Date”",
    ),
    "a legend level with the header": (
        {"A1": CUSTOMERS, "E1": LEGEND},
        "",
        {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column E)": (legend, [2, 3])},
        "its rows end in row 3",
    ),
    "a legend beside the rows": (
        {"A1": CUSTOMERS, "F2": [["Legend"]], "F3": LEGEND},
        "",
        {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column F)": (legend, [4, 5])},
        "its header in row 3 stands beside rows of the other",
    ),
    "a list that numbers are looked up in": (
        {"A1": ORDERS, "E1": IDS},
        "",
        {
            "S": (("Order", "Product id", "Qty"), list(range(2, 13))),
            "S (column E)": (("Product id", "Name", "Price"), [2, 3, 4]),
        },
        "its rows end in row 4",
    ),
    "figures of a chart beside the rows": (
        {"A1": CUSTOMERS, "E3": [["x", "y"], [1, 2], [2, 4], [3, 9]]},
        "",
        {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column E)": (("x", "y"), [4, 5, 6])},
        "its header in row 3 stands beside rows of the other",
    ),
    "a pivot table with its total": (
        {"A1": CUSTOMERS, "F2": [["Row Labels", "Sum of Sales"], ["Berlin", 3], ["Paris", 5], ["Grand Total", 8]]},
        "",
        {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column F)": (("Row Labels", "Sum of Sales"), [3, 4])},
        "its header in row 2 stands beside rows of the other",
    ),
    "to the right and below, without a row between": (
        {"A1": CUSTOMERS, "E8": PRODUCTS},
        "",
        {"S": (customers, [2, 3, 4, 5, 6, 7]), "S (column E)": (products, [9, 10, 11])},
        "it begins below the last row of the other",
    ),
    "to the right and above, without a row between": (
        {"A5": CUSTOMERS, "E1": PRODUCTS},
        "",
        {"S": (customers, [6, 7, 8, 9, 10, 11]), "S (column E)": (products, [2, 3, 4])},
        "it ends above the header of the other",
    ),
    "side by side, and one below both": (
        {"A1": CUSTOMERS, "E1": PRODUCTS, "A10": WIDE},
        "",
        {**TWO, "S (row 10)": (tuple(map(str, WIDE[0])), [11, 12])},
        "its rows end in row 4",
    ),
    "side by side, and one of the same width below the left one": (
        {"A1": ORDERS_BY_NUMBER, "D1": MONTHS, "A19": [["Name", "Age"], ["Ann", 31], ["Bob", 42]]},
        "",
        {
            "S": (("Order", "Qty"), list(range(2, 17))),
            "S (column D)": (months, [2, 3, 4, 5]),
            "S (row 19)": (("Name", "Age"), [20, 21]),
        },
        "its rows end in row 5",
    ),
    "side by side below another one": (
        {"A1": WIDE, "A5": CUSTOMERS, "E5": PRODUCTS},
        "",
        {
            "S": (tuple(map(str, WIDE[0])), [2, 3]),
            "S (row 5)": (customers, [6, 7, 8, 9, 10, 11]),
            "S (column E, row 5)": (products, [6, 7, 8]),
        },
        "its rows end in row 8",
    ),
    "two below each other beside a long one": (
        {"A1": TOWNS, "D1": MONTHS, "D8": [["Month", "Price"], ["Jan", 3], ["Feb", 4]]},
        "",
        {
            "S": (("Town", "People"), list(range(2, 17))),
            "S (column D)": (months, [2, 3, 4, 5]),
            "S (column D, row 8)": (("Month", "Price"), [9, 10]),
        },
        "its header in row 8 stands beside rows of the other",
    ),
    "three, of which two differ by a row": (
        {"A1": CUSTOMERS, "E1": PRODUCTS, "I1": LEGEND},
        "",
        {**TWO, "S (column I)": (legend, [2, 3])},
        "its rows end in row 4",
    ),
    "three, the first of which has an empty column": (
        {"A1": CUSTOMERS, "E1": [["Q1"], *([number] for number in range(6))], "H1": LEGEND},
        "",
        {"S": ((*customers, "Q1"), [2, 3, 4, 5, 6, 7]), "S (column H)": (legend, [2, 3])},
        "its rows end in row 3",
    ),
}

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


def cells_of(tables: Mapping[str, Rows]) -> dict[tuple[int, int], object]:
    """Rows by the cell where they begin, as cells by row and column, both from 1."""
    cells: dict[tuple[int, int], object] = {}
    for corner, rows in tables.items():
        top, left = coordinate_to_tuple(corner)
        for row, values in enumerate(rows, start=top):
            cells |= {(row, column): value for column, value in enumerate(values, start=left) if value is not None}
    return cells


def workbook(folder: Path, tables: Mapping[str, Rows], merged: str = "", defined: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "S"
    for (row, column), value in cells_of(tables).items():
        sheet.cell(row, column, value)
    for cells in merged.split():
        sheet.merge_cells(cells)
    for number, cells in enumerate(defined.split(), start=1):
        sheet.add_table(Table(displayName=f"Table{number}", ref=cells))
    path = folder / "book.xlsx"
    book.save(path)
    return path


def read(path: Path, **options: object) -> list[SourceTable]:
    return list(open_sheets(path, name=path.name, options=ReadOptions(**options), limits=Limits()))  # type: ignore[arg-type]


def found(tables: Sequence[SourceTable]) -> Found:
    """What each table is; its account adds up to the rows that it spans."""
    by_source: Found = {}
    for table in tables:
        counts, rows = RowCounts(), list[int]()
        for chunk in table.chunks():
            counts = counted(counts, chunk)
            rows += chunk.rows.to_pylist()
        assert table.account.accounted(counts) == table.account.lines
        assert counts.rejected == 0
        by_source[table.source or ""] = (table.labels, rows)
    assert len(by_source) == len(tables)
    return by_source


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


def test_tables_that_the_workbook_defines_are_told_apart(tmp_path: Path) -> None:
    tables = {"B1": CUSTOMERS[:4], "F1": PRODUCTS, "B7": LEGEND}
    first, right, below = read(workbook(tmp_path, tables, defined="B1:D4 F1:H4 B7:C9"))
    assert found([first, right, below]) == {
        "S": (customers, [2, 3, 4]),
        "S (row 7)": (legend, [8, 9]),
        "S (column F)": (products, [2, 3, 4]),
    }
    assert right.dialect.notes[0].figures["why"] == {"kind": WhyKind.DEFINED}


def test_definition_of_one_of_them_tells_nothing_apart(tmp_path: Path) -> None:
    (table,) = read(workbook(tmp_path, {"A1": CUSTOMERS[:4], "E1": PRODUCTS}, defined="A1:C4"))
    assert found([table]) == {"S": ((*customers, *products), [2, 3, 4])}


def test_within_a_table_that_the_workbook_defines_begins_no_other(tmp_path: Path) -> None:
    tables = {"A1": MONTHS, "A7": [["Month", "Costs"], *MONTHS[1:]]}
    assert list(found(read(workbook(tmp_path, tables)))) == ["S", "S (row 7)"]
    path = workbook(tmp_path, tables, defined="A1:B11")
    assert found(read(path)) == {"S": (months, [2, 3, 4, 5, 7, 8, 9, 10, 11])}


def test_definitions_that_are_damaged_are_none_and_hide_nothing_else(tmp_path: Path) -> None:
    cells = {"A1": [*CUSTOMERS[:3], ["#N/A", "Rome", 5]], "E1": PRODUCTS}
    whole = workbook(tmp_path, cells, defined="A1:C4 E1:G4")
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as package:
        for part in source.infolist():
            content = source.read(part)
            package.writestr(part.filename, content[:-20] if part.filename == "xl/tables/table2.xml" else content)
    assert len(read(whole)) == 2
    (table,) = read(damaged)
    assert "1 cell holds an error, read as blank; the first is #N/A in A4." in sentences_of(table.dialect.notes)


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
        assert "If they are one table, read the file again as one table." in " ".join(sentences_of(table.dialect.notes))


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
