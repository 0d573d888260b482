"""Sheets made part by part, and their cells as they are read."""

import struct
from pathlib import Path

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    biff,
    write_compound,
    write_xlsx,
    xls_stream,
    xls_text,
)
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

CODES = ("General", "00000", "[=0]&quot;&quot;;dd.mm.yyyy", "dd.mm.yyyy", "hh:mm", "0.00\\ [$€-407]", "[$$-409]0.00")


PLAIN, ZIP, HIDDEN_ZERO, DATE, TIME, EURO, DOLLAR = range(len(CODES))


def read(path: Path, **options: str) -> SourceTable:
    (table,) = open_sheets(path, name=path.name, options=ReadOptions(**options), limits=Limits())  # type: ignore[arg-type]
    return table


def column(path: Path, *cells: str, book: str = "") -> SourceTable:
    """The second column below ``b``, of cells in XML."""
    own = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(CODES) if at)
    formats = "".join(f'<xf numFmtId="{164 + at if at else 0}"/>' for at in range(len(CODES)))
    styles = (
        f'{packages.DECLARATION}<styleSheet xmlns="{packages.MAIN}"><numFmts>{own}</numFmts>'
        f"<cellXfs>{formats}</cellXfs></styleSheet>"
    )
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c>{cell.format(r=f"B{at}")}</row>'
        for at, cell in enumerate(cells, start=2)
    )
    parts = {
        "xl/styles.xml": styles,
        "xl/_rels/workbook.xml.rels": packages.links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
        "xl/workbook.xml": packages.BOOK.replace("<sheets>", f"{book}<sheets>"),
    }
    return read(write_xlsx(path / "s.xlsx", packages.HEADER + rows, parts))


def number(value: float, style: int = PLAIN) -> str:
    return f'<c r="{{r}}" s="{style}"><v>{value}</v></c>'


def second(table: SourceTable) -> list[str]:
    return [row[1] for row in rows_of(table)]


def kinds(table: SourceTable) -> set[NoteKind]:
    return {note.kind for note in table.dialect.notes}


def ods_float(value: str, text: str) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{text}</text:p></table:table-cell>'
    )


def real(column: int, value: float, style: int = 0) -> bytes:
    return packages.cell(packages.REAL, column, struct.pack("<d", value), style)


def wide_cell(column: int, text: str) -> bytes:
    return packages.cell(packages.TEXT, column, packages.wide(text))


def write_xls(path: Path, *cells: bytes, globals_: bytes = b"") -> Path:
    head = [xls_text(0, 0, "a"), xls_text(0, 1, "b")]
    return write_compound(path, "Workbook", xls_stream([*head, *cells], globals_=globals_))


def formula(row: int, column: int, value: bytes, *, kind: int = 0x0006, flags: int = 0) -> bytes:
    return biff(kind, struct.pack("<HHH", row, column, 0) + value + struct.pack("<HIH", flags, 0, 0))
