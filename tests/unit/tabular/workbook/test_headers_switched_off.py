"""A table that the workbook defines without a header row has the names that the workbook keeps for its columns; and the
list of sheets that Apple Numbers exports is no table."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.table import Table, TableColumn

from tests.unit.tabular.workbook.shown.sheets import kinds, read
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

PEOPLE = (("Ann", "Rome"), ("Bob", "Oslo"), ("Cid", "Bern"))


def write(
    path: Path, area: str, names: Sequence[str], *, top: int = 1, headers: int = 0, above: str | None = None
) -> Path:
    book = Workbook()
    (sheet,) = book.worksheets
    if above is not None:
        sheet["A1"] = above
    for row, cells in enumerate(PEOPLE, start=top):
        for column, cell in enumerate(cells, start=1):
            sheet.cell(row, column, cell)
    table = Table(displayName="T", ref=area, headerRowCount=headers)
    table.tableColumns = [TableColumn(id=at, name=name) for at, name in enumerate(names, start=1)]
    sheet.add_table(table)
    book.save(path)
    return path


def test_columns_have_the_names_that_the_workbook_keeps(tmp_path: Path) -> None:
    table = read(write(tmp_path / "t.xlsx", "A1:B3", ["Name", "City"]))

    assert table.labels == ("Name", "City")
    assert rows_of(table) == [list(row) for row in PEOPLE]
    assert table.dialect.header_row is None
    assert [note.figures for note in table.dialect.notes] == [{"is_named": True}]


@pytest.mark.parametrize("names", [("Column1", "Column2"), ("Spalte1", "Spalte2"), ("列1", "列2")])
def test_names_that_nobody_gave_are_none(tmp_path: Path, names: Sequence[str]) -> None:
    table = read(write(tmp_path / "t.xlsx", "A1:B3", names))

    assert table.labels == ("", "")
    assert rows_of(table) == [list(row) for row in PEOPLE]
    assert [note.figures for note in table.dialect.notes] == [{"is_named": False}]


@pytest.mark.parametrize(
    ("area", "top", "above"), [("A2:B3", 1, None), ("A2:B4", 2, "People"), ("A1:A3", 1, None)], ids=str
)
def test_a_table_that_is_not_the_whole_sheet_tells_nothing(
    tmp_path: Path, area: str, top: int, above: str | None
) -> None:
    names = ["Name"] if area == "A1:A3" else ["Name", "City"]
    table = read(write(tmp_path / "t.xlsx", area, names, top=top, above=above))

    assert NoteKind.HEADER_SWITCHED_OFF not in kinds(table)


def test_what_a_person_says_counts_more(tmp_path: Path) -> None:
    table = read(write(tmp_path / "t.xlsx", "A1:B3", ["Name", "City"]), header_row=1)  # type: ignore[arg-type]

    assert table.labels == ("Ann", "Rome")
    assert NoteKind.HEADER_SWITCHED_OFF not in kinds(table)


def test_a_table_with_its_header_row_keeps_it(tmp_path: Path) -> None:
    table = read(write(tmp_path / "t.xlsx", "A1:B3", ["Ann", "Rome"], headers=1))

    assert table.labels == ("Ann", "Rome")
    assert kinds(table) == set()


SAYS = "This document was exported from Numbers. Each table was converted to an Excel worksheet."
LIST: list[list[object]] = [
    [None, SAYS],
    [None, None],
    ["Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"],
    ["Sheet 1", None, None],
    [None, "Table 1", "Sheet 1 - Table 1"],
    [None, "Table 2", "Sheet 1 - Table 2"],
]
STOCK: list[list[object]] = [["Item", "Qty"], ["pen", 3], ["cup", 4]]


def tables_of(path: Path, contents: Sequence[Sequence[object]], *, sheet: str | None = None) -> list[SourceTable]:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("Export Summary", contents), ("Sheet 1 - Table 1", STOCK), ("Sheet 1 - Table 2", STOCK)):
        own = book.create_sheet(name)
        for row in rows:
            own.append(list(row))
    book.save(path)
    return list(open_sheets(path, name=path.name, options=ReadOptions(sheet=sheet), limits=Limits()))


def test_the_list_of_sheets_of_numbers_is_left_out_and_said(tmp_path: Path) -> None:
    first, second = tables_of(tmp_path / "n.xlsx", LIST)

    assert (first.source, second.source) == ("Sheet 1 - Table 1", "Sheet 1 - Table 2")
    assert [note.figures for note in first.dialect.notes if note.kind is NoteKind.SHEET_OF_CONTENTS] == [
        {"sheet": "Export Summary"}
    ]


@pytest.mark.parametrize(
    "contents",
    [[*LIST[:5], [None, "Table 2", "Sheet 1 - Table 3"]], [["Note", "Written by"], *LIST[3:]], LIST[:5]],
    ids=["other names", "nobody says Numbers", "one is missing"],
)
def test_other_lists_are_tables(tmp_path: Path, contents: Sequence[Sequence[object]]) -> None:
    assert len(tables_of(tmp_path / "n.xlsx", contents)) == 3


def test_the_list_is_loaded_where_it_is_asked_for(tmp_path: Path) -> None:
    (table,) = tables_of(tmp_path / "n.xlsx", LIST, sheet="Export Summary")

    assert table.source == "Export Summary"
