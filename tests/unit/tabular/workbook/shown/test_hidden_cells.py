"""Hidden rows and columns of every format are said, and left out where that is asked."""

import struct
import zipfile
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    biff,
    ods_text,
    write_ods,
    write_xlsx,
    xls_number,
    xls_text,
)
from tests.unit.tabular.workbook.shown.sheets import (
    ods_float,
    read,
    real,
    wide_cell,
    write_xls,
)
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind


def test_hidden_rows_of_an_xlsb_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    rows = [packages.row_of(at, real(0, at + 0.5), real(1, 0.5)) for at in (1, 2)]
    hidden = packages.record(packages.ROW, struct.pack("<IIHBBBI", 3, 0, 300, 0, 0x10, 0, 0)) + real(0, 9) + real(1, 9)
    head = packages.row_of(0, wide_cell(0, "a"), wide_cell(1, "b"))
    path = packages.write_xlsb(tmp_path / "h.xlsb", [head, *rows, hidden])

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert said.figures["rows"] == 1
    assert rows_of(read(path, visible_only=True)) == [["1.5", "0.5"], ["2.5", "0.5"]]  # type: ignore[arg-type]


def hiding(
    path: Path, *, row: str = 'hidden="1"', column: str = 'width="9" hidden="1"', **options: bool
) -> SourceTable:
    """Three rows, the second of which is hidden, and so is the second column."""
    rows = "".join(
        f'<row r="{at}"{f" {row}" if at == 3 else ""}><c r="A{at}"><v>{at}</v></c><c r="B{at}"><v>0</v></c></row>'
        for at in (2, 3, 4)
    )
    columns = f'<cols><col min="2" max="2" {column}/><col min="5" max="16384" hidden="1"/></cols>'
    xml = packages.sheet_xml(packages.HEADER + rows).replace("<sheetData>", f"{columns}<sheetData>")
    filtered = '</sheetData><autoFilter ref="A1:B4"><filterColumn colId="0"/></autoFilter>'
    sheet = xml.replace("</sheetData>", filtered)
    return read(write_xlsx(path / "h.xlsx", "", {"xl/worksheets/sheet1.xml": sheet}), **options)  # type: ignore[arg-type]


def test_hidden_rows_and_columns_are_loaded_and_said(tmp_path: Path) -> None:
    table = hiding(tmp_path)

    assert rows_of(table) == [["2", "0"], ["3", "0"], ["4", "0"]]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]
    assert said.figures == {
        "sheet": "S",
        "rows": 1,
        "spans": [[3, 3]],
        "columns": ["B"],
        "names": ["b"],
        "is_filtered": True,
        "left_out": False,
    }


@pytest.mark.parametrize(
    ("row", "column"),
    [('ht="0" customHeight="1"', 'width="0" customWidth="1"'), ("ht='0.0' customHeight='1'", "width='0'")],
)
def test_rows_and_columns_without_height_or_width_are_hidden_too(tmp_path: Path, row: str, column: str) -> None:
    assert rows_of(hiding(tmp_path, row=row, column=column, visible_only=True)) == [["2"], ["4"]]


def test_low_rows_and_narrow_columns_are_seen(tmp_path: Path) -> None:
    table = hiding(tmp_path, row='ht="0.5" dyDescent="0"', column='width="0.75" style="0"', visible_only=True)
    assert rows_of(table) == [["2", "0"], ["3", "0"], ["4", "0"]]


def test_visible_cells_only_keep_the_numbers_of_their_rows(tmp_path: Path) -> None:
    table = hiding(tmp_path, visible_only=True)

    assert table.labels == ("a",)
    assert rows_of(table) == [["2"], ["4"]]
    assert [number for chunk in table.chunks() for number in chunk.rows.to_pylist()] == [2, 4]


def test_hidden_rows_of_an_xls_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    row = biff(0x0208, struct.pack("<HHHHHHBBH", 1, 0, 2, 300, 0, 0, 0x20, 1, 0))
    column = biff(0x007D, struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0))
    path = write_xls(tmp_path / "h.xls", row, column, *(xls_number(at, 0, at) for at in (1, 2, 3)))

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["columns"]) == (1, ["C"])
    visible = read(path, visible_only=True)  # type: ignore[arg-type]
    assert [row[0] for row in rows_of(visible)] == ["2", "3"]
    assert (visible.account.left_out, sum(chunk.blank for chunk in visible.chunks())) == (1, 0)


def test_hidden_column_of_an_xls_is_found_behind_bytes_that_look_like_one(tmp_path: Path) -> None:
    text = xls_text(1, 0, "}\0\x0b\0")
    column = biff(0x007D, struct.pack("<HHHHHH", 2, 2, 1, 0, 1, 0))
    path = write_xls(tmp_path / "c.xls", text, column, xls_number(2, 0, 1))

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["columns"]) == (0, ["C"])


def test_bytes_that_look_like_a_hidden_column_hide_none(tmp_path: Path) -> None:
    likely = xls_text(1, 0, "}\0\x0b\0\1\0\1\0\1\1\1\1\1")
    path = write_xls(tmp_path / "n.xls", likely, xls_number(1, 1, 1))

    assert NoteKind.HIDDEN_CELLS not in {note.kind for note in read(path).dialect.notes}


def test_hidden_rows_of_an_ods_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "h.ods", ods_text("a") + ods_text("b"), *(ods_float(n, n) * 2 for n in "123"))
    parts = {}
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    second_row = (
        '<table:table-row table:visibility="filter"><table:table-cell office:value-type="float" office:value="2">'
    )
    parts["content.xml"] = parts["content.xml"].replace(
        '<table:table-row><table:table-cell office:value-type="float" office:value="2">', second_row
    )
    packages.write_package(path, parts)

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["is_filtered"]) == (1, True)
    assert rows_of(read(path, visible_only=True)) == [["1", "1"], ["3", "3"]]  # type: ignore[arg-type]
