"""Headers of several rows and tables right below each other are found in a sheet as they are in a text."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from tests.unit.tabular.workbook.tables_beside import Rows, found, read, workbook
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

AREAS: Rows = [["North", 1, 2, 3, 4], ["South", 5, 6, 7, 8], ["East", 9, 1, 2, 3]]
NAMES = ("Region", "Sales 2024", "Sales 2025", "Costs 2024", "Costs 2025")
YEARS: Rows = [["Region", "Sales", None, "Costs", None], [None, 2024, 2025, 2024, 2025], *AREAS]
TITLED: Rows = [
    ["Harvest by region"],
    [None, "Wheat", None, "Rye", None],
    ["Region", "area", "yield", "area", "yield"],
    *AREAS,
]


@pytest.mark.parametrize(
    ("rows", "names", "places"),
    [
        (YEARS, NAMES, [3, 4, 5]),
        (TITLED, ("Region", "Wheat area", "Wheat yield", "Rye area", "Rye yield"), [4, 5, 6]),
    ],
    ids=["years below groups", "names below groups and a title"],
)
def test_a_header_of_two_rows_needs_no_merged_cells(
    tmp_path: Path, rows: Rows, names: tuple[str, ...], places: list[int]
) -> None:
    (table,) = read(workbook(tmp_path, {"B2": rows}))
    assert found([table]) == {"S": (names, [place + 1 for place in places])}


def test_a_table_right_below_another_is_one_of_its_own(tmp_path: Path) -> None:
    towns: Rows = [["town", "height"], *([f"t{i}", i * 7] for i in range(6))]
    days: Rows = [["town", "day", "rain", "wind"], *([f"t{i}", f"2026-01-0{i + 1}", i / 2, i] for i in range(8))]
    first, second = read(workbook(tmp_path, {"A1": [*towns, *days]}))
    names = ("town", "day", "rain", "wind")
    assert found([first]) == {"S": (("town", "height"), [2, 3, 4, 5, 6, 7])}
    assert found([second]) == {"S (row 8)": (names, [9, 10, 11, 12, 13, 14, 15, 16])}
    assert NoteKind.BELOW_ANOTHER in [note.kind for note in second.dialect.notes]
    assert len(read(workbook(tmp_path, {"A1": [*towns, *days]}), one_table=True)) == 1


def test_the_first_row_of_a_table_of_contents_stays_a_row(tmp_path: Path) -> None:
    what = ("Chosen stocks", "Ships", "Boats", "Ferry lines", "Bus lines", "Trams", "Bikes", "Forests", "Grain crops")
    lists: Rows = [[f"Table {i}", f"{word}, by region"] for i, word in enumerate(what, 1)]
    below: Rows = [
        [],
        ["More data online"],
        ["Use the free database to see series of your own:"],
        [],
        ["Mail:", "a@b.nz"],
    ]
    (table,) = read(workbook(tmp_path, {"A1": [["Transport: June (final)"], [], ["List of tables"], *lists, *below]}))
    assert table.dialect.header_row is None


@pytest.mark.parametrize(
    ("rows", "names", "places"),
    [
        ([["town", "n"], ["Rome", 2024], ["Oslo", 2025], ["Bern", 7]], ("town", "n"), [2, 3, 4]),
        ([["town", "year", None], [None, 2024, 1], ["Oslo", 2025, 2]], ("town", "year", ""), [2, 3]),
    ],
    ids=["all columns are named", "one is not"],
)
def test_rows_below_one_header_row_stay_rows(
    tmp_path: Path, rows: Rows, names: tuple[str, ...], places: list[int]
) -> None:
    (table,) = read(workbook(tmp_path, {"A1": rows}))
    assert found([table]) == {"S": (names, places)}


@pytest.mark.parametrize(("defined", "doubted"), [("A1:B3", False), ("A2:B3", True), (None, True)])
def test_header_of_a_table_that_the_workbook_defines_is_not_doubted(
    tmp_path: Path, defined: str | None, doubted: bool
) -> None:
    book = Workbook()
    for row in (["name", "city"], ["Ann", "Oslo"], ["Bob", "Rome"]):
        book.worksheets[0].append(row)
    if defined:
        book.worksheets[0].add_table(Table(displayName="People", ref=defined))
    book.save(tmp_path / "d.xlsx")

    (table,) = open_sheets(tmp_path / "d.xlsx", name="d.xlsx", options=ReadOptions(), limits=Limits())

    assert any(note.kind is NoteKind.HEADER_DOUBTED for note in table.dialect.notes) is doubted
