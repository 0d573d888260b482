"""Of every kind of workbook it is said how many cells hold a formula whose result was stored."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    biff,
    ods_text,
    ods_value,
    write_compound,
    write_ods,
    write_xlsb,
    xls_formula_error,
    xls_number,
    xls_stream,
    xls_text,
)
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

_OF_FORMULAS = {NoteKind.FORMULAS, NoteKind.UNSAVED_FORMULAS, NoteKind.ERROR_CELLS}


def said(path: Path) -> dict[str, int]:
    """Cells that are counted, by the note that counts them."""
    (table,) = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=0)
    return {note.kind.value: int(note.figures["count"]) for note in table.dialect.notes if note.kind in _OF_FORMULAS}


def ods_formula(value: str, more: str = "") -> str:
    kind = f'office:value-type="float" office:value="{value}"' if value else ""
    return f'<table:table-cell {more} table:formula="of:=[.A1]" {kind}/>'


_SHARED = 'table:number-columns-repeated="2"'
_ERROR = 'calcext:value-type="error" office:value-type="string" table:formula="of:=[.A1]"'


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        (ods_formula("2") + ods_value("float", "3"), {"formulas": 1}),
        (ods_formula("2", _SHARED), {"formulas": 2}),
        (ods_formula("2") + ods_formula(""), {"formulas": 1, "unsaved_formulas": 1}),
        (
            ods_formula("2") + f"<table:table-cell {_ERROR}><text:p>#N/A</text:p></table:table-cell>",
            {"formulas": 1, "error_cells": 1},
        ),
        (ods_value("float", "2") + ods_text(" table:formula= "), {}),
        (ods_value("float", "2") + ods_value("float", "3"), {}),
    ],
)
def test_formulas_of_an_ods_are_counted(tmp_path: Path, cells: str, counted: dict[str, int]) -> None:
    head = "".join(map(ods_text, "abc"))

    assert said(write_ods(tmp_path / "f.ods", head, ods_value("float", "1") + cells)) == counted


def test_formulas_of_a_flat_ods_are_counted(tmp_path: Path) -> None:
    odf = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in (ods_text("a") + ods_text("b"), ods_value("float", "1") + ods_formula("2"))
    )
    (tmp_path / "f.fods").write_text(
        f'<?xml version="1.0"?><office:document xmlns:office="{odf}:office:1.0" xmlns:table="{odf}:table:1.0"'
        f' xmlns:text="{odf}:text:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document>"
    )

    assert said(tmp_path / "f.fods") == {"formulas": 1}


def xlsb_formula(kind: int, column: int, value: bytes) -> bytes:
    return packages.cell(kind, column, value + struct.pack("<HII", 0, 0, 0))


_NUMBER = struct.pack("<d", 7)
_LONG = packages.wide("x" * 100)


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ([xlsb_formula(9, 1, _NUMBER)], {"formulas": 1}),
        ([xlsb_formula(8, 1, _LONG), xlsb_formula(10, 2, b"\1")], {"formulas": 2}),
        ([xlsb_formula(9, 1, _NUMBER), xlsb_formula(11, 2, b"\x2a")], {"formulas": 1, "error_cells": 1}),
        ([packages.cell(packages.REAL, 1, _NUMBER), packages.cell(packages.TEXT, 2, _LONG)], {}),
    ],
)
def test_formulas_of_an_xlsb_are_counted(tmp_path: Path, cells: Sequence[bytes], counted: dict[str, int]) -> None:
    head = [packages.cell(packages.TEXT, at, packages.wide(name)) for at, name in enumerate("abc")]
    first = packages.cell(packages.REAL, 0, _NUMBER)
    rows = [packages.row_of(0, *head), packages.row_of(1, first, *cells)]

    assert said(write_xlsb(tmp_path / "f.xlsb", rows)) == counted


def xls_formula(column: int, value: bytes) -> bytes:
    return biff(0x0006, struct.pack("<HHH", 1, column, 0) + value + struct.pack("<HIH", 0, 0, 0))


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ([xls_formula(1, _NUMBER)], {"formulas": 1}),
        ([xls_formula(1, _NUMBER), xls_formula(2, b"\3\0\0\0\0\0\xff\xff")], {"formulas": 2}),
        ([xls_formula(1, _NUMBER), xls_formula_error(1, 2, 42)], {"formulas": 1, "error_cells": 1}),
        ([xls_number(1, 1, 7), xls_text(1, 2, "\x06\0" * 30)], {}),
    ],
)
def test_formulas_of_an_xls_are_counted(tmp_path: Path, cells: Sequence[bytes], counted: dict[str, int]) -> None:
    head = [xls_text(0, at, name) for at, name in enumerate("abc")]
    path = tmp_path / "f.xls"

    assert said(write_compound(path, "Workbook", xls_stream([*head, xls_number(1, 0, 1), *cells]))) == counted


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ('<Cell ss:Formula="=RC[-1]"><Data ss:Type="Number">2</Data></Cell>', {"formulas": 1}),
        ('<Cell ss:Formula="=NA()"><Data ss:Type="Error">#N/A</Data></Cell>', {"error_cells": 1}),
        ('<Cell><Data ss:Type="Number">2</Data></Cell>', {}),
    ],
)
def test_formulas_of_spreadsheet_xml_are_counted(tmp_path: Path, cells: str, counted: dict[str, int]) -> None:
    assert said(xml(tmp_path, cells)) == counted


def xml(folder: Path, cells: str) -> Path:
    office = "urn:schemas-microsoft-com:office:spreadsheet"
    head, first = '<Cell><Data ss:Type="String">{}</Data></Cell>', '<Cell><Data ss:Type="Number">1</Data></Cell>'
    rows = f"<Row>{head.format('a')}{head.format('b')}</Row><Row>{first}{cells}</Row>"
    (folder / "f.xml").write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{office}" xmlns:ss="{office}">'
        f'<Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    return folder / "f.xml"


SOLVED = '<Cell ss:Formula="=1"><Data ss:Type="Number">2</Data></Cell>'
ERROR = '<Cell ss:Formula="=NA()"><Data ss:Type="Error">#N/A</Data></Cell>'


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (SOLVED, "B2"),
        ('<Cell ss:Index="4" ss:Formula="=1"><Data ss:Type="String"></Data></Cell>', "D2"),
        ('<Cell ss:MergeAcross="1" ss:Formula="=1"><Data ss:Type="Number">2</Data></Cell>', "B2"),
        (f"{ERROR}{SOLVED}", "C2"),
    ],
)
def test_first_formula_of_spreadsheet_xml_is_named(tmp_path: Path, cells: str, first: str) -> None:
    (table,) = inspect_file(xml(tmp_path, cells), options=ReadOptions(), limits=Limits(), head_rows=0)

    (note,) = [note for note in table.dialect.notes if note.kind is NoteKind.FORMULAS]
    assert note.figures["first"] == first


def test_errors_that_were_typed_take_no_formula_from_the_count(tmp_path: Path) -> None:
    """Of an .xlsx, whose formulas are counted apart from the errors that some of them give."""
    cells = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c r="A3"><f>1+2</f><v>3</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    assert said(packages.write_xlsx(tmp_path / "e.xlsx", packages.HEADER + cells)) == {"formulas": 2, "error_cells": 2}
