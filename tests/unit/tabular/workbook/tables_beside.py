"""Sheets of several tables: the cells of each, the workbook, and what is found in it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.table import Limits, ReadOptions, RowCounts
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
