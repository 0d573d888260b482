"""The smallest writer of binary workbooks: enough records for a reader to find sheets with cells."""

import io
import struct
import zipfile
from collections.abc import Sequence

_BOOK, _BOOK_END, _SHEETS, _SHEETS_END, _SHEET = 131, 132, 143, 144, 156
_PAGE, _PAGE_END, _CELLS, _CELLS_END, _DIMENSION, _ROW, _REAL, _TEXT, _YES_NO = 129, 130, 145, 146, 148, 0, 5, 6, 4

Cell = str | float | bool | None

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_RELATION = (
    '<Relationship Id="rId{0}" Target="{1}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{2}"/>'
)


def write_xlsb(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with these sheets, row by row."""
    sink = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(_RELATION.format(1, "xl/workbook.bin", "officeDocument")))
        relations = "".join(_RELATION.format(n, f"worksheets/sheet{n}.bin", "worksheet") for n in numbers)
        package.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format(relations))
        listed = b"".join(
            _record(_SHEET, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name))
            for n, name in zip(numbers, sheets, strict=True)
        )
        book = _record(_BOOK) + _record(_SHEETS) + listed + _record(_SHEETS_END) + _record(_BOOK_END)
        package.writestr("xl/workbook.bin", book)
        for n, rows in zip(numbers, sheets.values(), strict=True):
            package.writestr(f"xl/worksheets/sheet{n}.bin", _sheet(rows))
    return sink.getvalue()


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(map(len, rows), default=1)
    parts = [_record(_PAGE), _record(_DIMENSION, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1))]
    parts.append(_record(_CELLS))
    for number, cells in enumerate(rows):
        parts.append(_record(_ROW, struct.pack("<II", number, 0) + bytes(9)))
        parts += [_cell(column, cell) for column, cell in enumerate(cells) if cell is not None]
    return b"".join([*parts, _record(_CELLS_END), _record(_PAGE_END)])


def _cell(column: int, cell: Cell) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(cell, bool):
        return _record(_YES_NO, place + bytes([cell]))
    if isinstance(cell, str):
        return _record(_TEXT, place + _wide(cell))
    return _record(_REAL, place + struct.pack("<d", cell))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    """Kind and length in groups of seven bits, the lowest first."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(content)
    while length >= 128:
        head += bytes([length & 127 | 128])
        length >>= 7
    return head + bytes([length]) + content
