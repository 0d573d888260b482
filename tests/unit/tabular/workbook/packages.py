"""Workbooks made part by part, for what no library at hand would write: .xlsx and .ods from XML, .xlsb and .xls."""

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


def row_of(number: int, *cells: bytes, level: int = 0) -> bytes:
    return record(ROW, struct.pack("<IIHBBB", number, 0, 300, 0, level, 0) + struct.pack("<I", 0)) + b"".join(cells)


def write_xlsb(
    path: Path,
    rows: Sequence[bytes],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    before: bytes = b"",
    parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """A workbook of one sheet, ``S``. Style 1 is a date. ``merged``: top, bottom, left, right; ``before``: records;
    ``parts`` come besides."""
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
        + before
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
            **(parts or {}),
        },
    )


# .xls: BIFF records of kind, size and body (MS-XLS §2.1.4) in a compound file (MS-CFB).
_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_number(row: int, column: int, value: float) -> bytes:
    return biff(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls_text(row: int, column: int, text: str) -> bytes:
    return biff(0x0204, struct.pack("<HHHH", row, column, 0, len(text)) + b"\0" + text.encode("latin-1"))


def xls_error(row: int, column: int, code: int) -> bytes:
    return biff(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def xls_formula_error(row: int, column: int, code: int) -> bytes:
    value = bytes([2, 0, code, 0, 0, 0]) + b"\xff\xff"
    return biff(0x0006, struct.pack("<HHH", row, column, 0) + value + struct.pack("<HIH", 0, 0, 0))


def xls_stream(cells: Sequence[bytes], *, globals_: bytes = b"") -> bytes:
    """The workbook's stream: one sheet, ``S``."""
    version = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    before = biff(0x0809, version) + globals_
    name = b"\x01\0S"
    start = len(before) + 4 + 6 + len(name) + 4
    book = before + biff(0x0085, struct.pack("<IBB", start, 0, 0) + name) + biff(0x000A)
    sheet = biff(0x0809, version[:2] + b"\x10\0" + version[4:]) + b"".join(cells) + biff(0x000A)
    return book + sheet


def write_compound(path: Path, stream: str, content: bytes, *, storages: Sequence[str] = ()) -> Path:
    """A compound file of one stream, of at most 60 KB, and up to two empty storages."""
    content = content.ljust(4096, b"\0")
    sectors = -(-len(content) // _SECTOR)
    chain = [_TABLE, _END, *range(3, sectors + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        raw = name.encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw) + 2, kind, 1, _FREE, _FREE, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, _END, 0, 1) + entry(stream, 2, 2, len(content), _FREE)
    directory += b"".join(entry(name, 1, 0, 0, _FREE) for name in storages)
    path.write_bytes(header + table + directory.ljust(_SECTOR, b"\0") + content.ljust(sectors * _SECTOR, b"\0"))
    return path


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


def write_ods(path: Path, *rows: str, behind: str = "") -> Path:
    """A workbook of one sheet, ``S``, of rows of cells in XML, or of groups of rows; ``behind``: what follows it."""
    body = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    return write_package(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{DECLARATION}<office:document-content {_ODF_NAMESPACES}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{body}</table:table>{behind}'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>',
        },
    )
