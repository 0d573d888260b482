"""Rows that the workbook itself says are totals."""

from pathlib import Path

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    write_xlsx,
)
from tests.unit.tabular.workbook.shown.sheets import kinds, read
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind


def with_table(path: Path, *, totals: str) -> SourceTable:
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate(("x", "y", "z"), start=2)
    )
    definition = f'{packages.DECLARATION}<table xmlns="{packages.MAIN}" ref="A1:B5" {totals}/>'
    last = '<row r="5"><c r="B5"><v>3</v></c></row>'
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": packages.links(table="../tables/table1.xml"),
        "xl/tables/table1.xml": definition,
    }
    return read(write_xlsx(path / "t.xlsx", packages.HEADER + rows + last, parts))


def test_row_that_the_workbook_calls_its_totals_is_none_of_the_rows(tmp_path: Path) -> None:
    table = with_table(tmp_path, totals='totalsRowCount="1"')

    assert rows_of(table) == [["x", "2"], ["y", "3"], ["z", "4"]]
    assert NoteKind.LAST_TOTAL in kinds(table)


def test_last_row_of_a_table_without_totals_is_a_row(tmp_path: Path) -> None:
    assert rows_of(with_table(tmp_path, totals=""))[-1] == ["", "3"]


def test_subtotals_within_a_sheet_are_said(tmp_path: Path) -> None:
    names = ("apple", "pear", "Subtotal", "leek", "kale", "Subtotal", "nut", "oat")
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate(names, start=2)
    )

    table = read(write_xlsx(tmp_path / "s.xlsx", packages.HEADER + rows))

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.SUBTOTALS]
    assert (said.figures["places"], said.figures["count"]) == ([4, 7], 2)
    assert (said.figures["words"], said.figures["is_begun_by"]) == (["Subtotal"], True)


def test_column_of_kinds_of_which_total_is_one_needs_no_word(tmp_path: Path) -> None:
    names = ("Total", "Male", "Female") * 3
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate((*names, "Total", "Male"), start=2)
    )

    assert NoteKind.SUBTOTALS not in kinds(read(write_xlsx(tmp_path / "k.xlsx", packages.HEADER + rows)))
