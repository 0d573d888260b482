"""Workbooks made part by part, for what no library would write: .xlsx from its XML, .xlsb from its records, .ods."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'


def links(**targets: str) -> str:
    """A part's relationships: kind to target; the ids are ``rId1``, ``rId2`` …"""
    items = (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'{DECLARATION}<Relationships xmlns="{_LINKS}">{"".join(items)}</Relationships>'


def sheet_xml(rows: str) -> str:
    return f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


BOOK = (
    f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)

XLSX: dict[str, str | bytes] = {
    "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{_TYPES}">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": links(officeDocument="xl/workbook.xml"),
    "xl/workbook.xml": BOOK,
    "xl/_rels/workbook.xml.rels": links(worksheet="worksheets/sheet1.xml"),
}


def write_package(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def write_xlsx(path: Path, rows: str, parts: Mapping[str, str | bytes] | None = None) -> Path:
    """A workbook of one sheet, ``S``, whose rows are given as XML; ``parts`` come instead or besides."""
    return write_package(path, {**XLSX, "xl/worksheets/sheet1.xml": sheet_xml(rows), **(parts or {})})


# .xlsb: records of kind, size and body (MS-XLSB §2.1.4).
ROW, BLANK, RK, ERROR, BOOLEAN, REAL, TEXT, FORMULA_ERROR = 0, 1, 2, 3, 4, 5, 6, 11


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + _size(len(body)) + body


def _size(size: int) -> bytes:
    out = b""
    while size > 127:
        out += bytes([size & 0x7F | 0x80])
        size >>= 7
    return out + bytes([size])


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + value)


def row_of(number: int, *cells: bytes) -> bytes:
    return record(ROW, struct.pack("<IIHHB", number, 0, 300, 0, 0) + struct.pack("<I", 0)) + b"".join(cells)


def write_xlsb(path: Path, rows: Sequence[bytes], *, merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """A workbook of one sheet, ``S``. Style 1 is a date. ``merged``: top, bottom, left, right."""
    book = (
        record(131)
        + record(153, struct.pack("<II", 0, 0) + wide(""))
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S"))
        + record(144)
        + record(132)
    )
    styles = (
        record(278)
        + record(617, struct.pack("<I", 2))
        + record(47, struct.pack("<HHHHHBBH", 0, 0, 0, 0, 0, 0, 0, 0))
        + record(47, struct.pack("<HHHHHBBH", 0, 14, 0, 0, 0, 0, 0, 0))
        + record(618)
        + record(279)
    )
    ranges = b"".join(record(176, struct.pack("<4I", *corners)) for corners in merged)
    sheet = (
        record(129)
        + record(148, struct.pack("<4I", 0, max(len(rows) - 1, 0), 0, 3))
        + record(145)
        + b"".join(rows)
        + record(146)
        + (record(177, struct.pack("<I", len(merged))) + ranges + record(178) if merged else b"")
        + record(130)
    )
    return write_package(
        path,
        {
            "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{_TYPES}"><Default Extension="bin"'
            ' ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
            "_rels/.rels": links(officeDocument="xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": links(worksheet="worksheets/sheet1.bin", styles="styles.bin"),
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": sheet,
        },
    )


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODF_NAMESPACES = (
    f'xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods_text(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def ods_value(kind: str, value: str) -> str:
    attribute = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    text = "<text:p>x</text:p>"
    return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}">{text}</table:table-cell>'


def write_ods(path: Path, *rows: str) -> Path:
    """A workbook of one sheet, ``S``, of rows of cells in XML."""
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return write_package(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{DECLARATION}<office:document-content {_ODF_NAMESPACES}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>',
        },
    )
