"""Cells merged with the one above are said, and filled down where that is asked."""

from pathlib import Path

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    write_xlsx,
)
from tests.unit.tabular.workbook.shown.sheets import read
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind


def merged_sheet(path: Path, **options: bool) -> SourceTable:
    """``x`` stands for three rows, ``y`` for one."""
    texts = {2: "x", 5: "y"}
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"{f' t="inlineStr"><is><t>{texts[at]}</t></is>' if at in texts else ">"}</c>'
        f'<c r="B{at}"><v>{at}</v></c></row>'
        for at in (2, 3, 4, 5)
    )
    xml = packages.sheet_xml(packages.HEADER + rows)
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    sheet = xml.replace("</sheetData>", merged)
    return read(write_xlsx(path / "m.xlsx", "", {"xl/worksheets/sheet1.xml": sheet}), **options)  # type: ignore[arg-type]


def test_cells_merged_with_the_one_above_are_said(tmp_path: Path) -> None:
    table = merged_sheet(tmp_path)

    assert [row[0] for row in rows_of(table)] == ["x", "", "", "y"]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.MERGED_CELLS]
    assert said.figures == {"count": 2, "first": "A3", "filled": False}


def test_merged_cells_are_filled_down_where_that_is_asked(tmp_path: Path) -> None:
    table = merged_sheet(tmp_path, fill_down=True)

    assert [row[0] for row in rows_of(table)] == ["x", "x", "x", "y"]
