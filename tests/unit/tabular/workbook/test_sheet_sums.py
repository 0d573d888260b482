"""Rows of sheets that sum others up, by the word of the workbook: pivot tables, outlines, totals at the top."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.unit.tabular.workbook.packages import DECLARATION, MAIN, links, write_xlsx
from tests.unit.tabular.workbook.tables_beside import read
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import Note, NoteKind

type Cells = Sequence[object]
type Rows = Sequence[Cells]

PIVOT: Rows = [
    ["Row Labels", "n"],
    ["North", 3],
    ["a", 1],
    ["b", 2],
    ["South", 9],
    ["a", 4],
    ["b", 5],
    ["Overall", 12],
]
ITEMS = '<i><x/></i><i r="1"><x/></i><i r="1"><x v="1"/></i>' * 2


def row_xml(number: int, cells: Cells) -> str:
    parts = [
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        if isinstance(cell, str)
        else f'<c r="{chr(65 + at)}{number}"><v>{cell}</v></c>'
        for at, cell in enumerate(cells)
        if cell is not None
    ]
    return f'<row r="{number}">{"".join(parts)}</row>'


def pivot(folder: Path, rows: Rows, items: str, said: str = "", *, of: str = "pivotTable") -> SourceTable:
    definition = (
        f'{DECLARATION}<pivotTableDefinition xmlns="{MAIN}" name="By region"{said}>'
        f'<location ref="A1:B{len(rows)}" firstHeaderRow="0" firstDataRow="1" firstDataCol="1"/>'
        f'<rowFields count="2"><field x="0"/><field x="1"/></rowFields>{items}</pivotTableDefinition>'
    )
    parts = {
        "xl/pivotTables/pivotTable1.xml": definition,
        "xl/worksheets/_rels/sheet1.xml.rels": links(**{of: "../pivotTables/pivotTable1.xml"}),
    }
    xml = "".join(row_xml(at, row) for at, row in enumerate(rows, start=1))
    (table,) = read(write_xlsx(folder / "p.xlsx", xml, parts))
    return table


def grouped(folder: Path, rows: Rows, levels: dict[int, int], *, below: bool = True) -> SourceTable:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.sheet_properties.outlinePr.summaryBelow = below
    for row in rows:
        sheet.append(row)
    for number, level in levels.items():
        sheet.row_dimensions[number].outlineLevel = level
    book.save(folder / "o.xlsx")
    (table,) = read(folder / "o.xlsx")
    return table


def notes(table: SourceTable) -> dict[NoteKind, Note]:
    return {note.kind: note for note in table.dialect.notes}


def names(table: SourceTable) -> list[str]:
    return [name for chunk in table.chunks() for name in chunk.cells[0].to_pylist()]


def test_pivot_tells_its_subtotals_and_its_grand_total(tmp_path: Path) -> None:
    table = pivot(tmp_path, PIVOT, f'<rowItems>{ITEMS}<i t="grand"><x/></i></rowItems>')
    assert names(table) == ["North", "a", "b", "South", "a", "b"]
    assert notes(table)[NoteKind.LAST_TOTAL].figures["place"] == 8
    assert notes(table)[NoteKind.PIVOT].figures == {"name": "By region", "first": 1, "last": 8}
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


def test_pivot_whose_rows_are_not_listed_ends_with_a_grand_total(tmp_path: Path) -> None:
    assert names(pivot(tmp_path, PIVOT, ""))[-1] == "b"


def test_pivot_without_grand_totals_ends_with_a_row(tmp_path: Path) -> None:
    table = pivot(tmp_path, PIVOT[:-1], "", ' colGrandTotals="0"')
    assert names(table)[-1] == "b"
    assert len(names(table)) == 6


def test_subtotal_rows_of_a_pivot_in_columns_are_told_by_their_kind(tmp_path: Path) -> None:
    rows: Rows = [["region", "n"], ["N", 1], ["N", 2], ["N ges.", 3], ["S", 4], ["S", 5], ["S ges.", 9], ["M", 7]]
    items = '<i><x/><x/></i><i r="1"><x/></i><i t="default"><x/></i>' * 2 + "<i><x/><x/></i>"
    table = pivot(tmp_path, rows, f"<rowItems>{items}</rowItems>")
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [4, 7]
    assert len(names(table)) == 7


@pytest.mark.parametrize(
    ("items", "of"),
    [("<rowItems><i", "pivotTable"), (f"<rowItems>{ITEMS}</rowItems>", "comments")],
    ids=["damaged", "something else"],
)
def test_what_is_no_definition_of_a_pivot_says_nothing(tmp_path: Path, items: str, of: str) -> None:
    table = pivot(tmp_path, PIVOT[:-1], items, of=of)
    assert notes(table).keys().isdisjoint({NoteKind.PIVOT, NoteKind.SUBTOTALS})


def test_rows_that_sum_their_group_up_are_told_by_the_outline(tmp_path: Path) -> None:
    rows: Rows = [["r", "n"], ["N", 1], ["N", 2], ["of N", 3], ["S", 4], ["S", 5], ["of S", 9], ["both", 12]]
    table = grouped(tmp_path, rows, {2: 2, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1})
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [4, 7, 8]
    assert len(names(table)) == 7


def test_sums_may_stand_above_their_groups(tmp_path: Path) -> None:
    rows: Rows = [["r", "n"], ["N", 3], ["a", 1], ["b", 2], ["S", 9], ["c", 4], ["d", 5]]
    table = grouped(tmp_path, rows, {3: 1, 4: 1, 6: 1, 7: 1}, below=False)
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


def test_groups_that_only_fold_rows_away_sum_nothing_up(tmp_path: Path) -> None:
    rows: Rows = [["r", "n"], ["N", 8], ["a", 1], ["b", 2], ["S", 9], ["c", 4], ["d", 6]]
    for below in (True, False):
        table = grouped(tmp_path, rows, {3: 1, 4: 1, 6: 1, 7: 1}, below=below)
        assert NoteKind.SUBTOTALS not in notes(table)


def test_total_right_below_the_header_of_a_sheet_is_none_of_its_rows(tmp_path: Path) -> None:
    rows: Rows = [["Report"], [], ["name", "n"], ["Gesamt", 6], ["a", 1], ["b", 2], ["c", 3]]
    table = grouped(tmp_path, rows, {})
    assert names(table) == ["a", "b", "c"]
    assert (table.preamble, table.account.preamble, table.account.footer) == (2, 2, 0)
    assert notes(table)[NoteKind.LAST_TOTAL].figures["place"] == 4


def test_last_row_of_a_sheet_that_holds_nothing_but_sums_is_said(tmp_path: Path) -> None:
    rows: Rows = [["name", "n", "m"], *([f"x{n}", n, n * 2] for n in range(1, 7)), [None, 21, 42]]
    table = grouped(tmp_path, rows, {})
    assert notes(table)[NoteKind.SUMS_WITHOUT_WORD].figures == {"unit": "row", "place": 8, "columns": 2, "rows": [8]}
    assert len(names(table)) == 7


@pytest.mark.parametrize(("most", "said"), [(42, True), (43, False)])
def test_first_row_of_a_sheet_that_holds_the_sums_of_all_others_is_said(tmp_path: Path, most: int, said: bool) -> None:
    rows: Rows = [["name", "n", "m"], ["Land", 21, most], *([f"x{n}", n, n * 2] for n in range(1, 7))]
    table = grouped(tmp_path, rows, {})
    found = {"unit": "row", "place": 2, "columns": 2, "rows": [2], "is_first": True}
    assert (notes(table)[NoteKind.SUMS_WITHOUT_WORD].figures if said else notes(table).keys()) == (
        found if said else notes(table).keys() - {NoteKind.SUMS_WITHOUT_WORD}
    )
    assert len(names(table)) == 7


GROUPS: Rows = [
    *(["dep", "who", "n"], ["A", "x", 10], ["A", "y", 20], [None, None, 30], []),
    *(["B", "z", 11], ["B", "u", 21], [None, None, 32]),
]
PRICES: Rows = [["what", "n"], *([f"x{n}", n] for n in range(1, 7)), []]
GOODS: Rows = [["what", "n", "m"], *([f"x{n}", n, n * 2] for n in range(1, 7)), []]


@pytest.mark.parametrize(
    ("rows", "kind", "places"),
    [
        (GROUPS, NoteKind.SUBTOTALS, [4, 8]),
        ([*GOODS, [None, 21, 42]], NoteKind.SUMS_WITHOUT_WORD, [9]),
        ([*PRICES, ["Source: the firm"]], NoteKind.ROWS_STANDING_OUT, [9]),
        ([*GOODS, [None, 22, 43]], NoteKind.SUMS_WITHOUT_WORD, None),
        ([*PRICES, ["x7"]], NoteKind.ROWS_STANDING_OUT, None),
    ],
    ids=["sums of groups", "a sum of all", "a note", "no sum", "a name"],
)
def test_blank_rows_between_hide_no_sum_and_no_note(
    tmp_path: Path, rows: Rows, kind: NoteKind, places: list[int] | None
) -> None:
    found = notes(grouped(tmp_path, rows, {})).get(kind)
    assert (None if found is None else found.figures["rows"]) == places
