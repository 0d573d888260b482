"""The number formats of an .xlsb ([MS-XLSB] §2.1.7.50), and the numbers in its cells."""

import struct
import zipfile
from collections.abc import Mapping

from uploads.tabular.workbook.formats.cell_formats import CellFormats, cell_formats
from uploads.tabular.workbook.surveys.xls import rk_number
from uploads.tabular.workbook.surveys.xlsb_records import records, wide_text

_FORMAT, _CELL_FORMAT, _BEGIN_CELL_FORMATS, _END_CELL_FORMATS, _BOOK_PROPERTIES = 44, 47, 617, 618, 153
RK, REAL, FORMULA_NUMBER = 2, 5, 9
_IS_1904 = 1
_INTEGER = 2
_LARGEST = 2**24


def xlsb_formats(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> CellFormats:
    """``parts`` by their names in small letters. Raises what damaged packages cause."""
    part = parts.get("xl/styles.bin")
    if part is None or part.file_size > _LARGEST:
        return CellFormats()
    codes: dict[int, str] = {}
    of_cells: list[int] = []
    in_cells = False
    for kind, body in records(package.read(part)):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = wide_text(body, 2)[0]
        elif kind in (_BEGIN_CELL_FORMATS, _END_CELL_FORMATS):
            in_cells = kind == _BEGIN_CELL_FORMATS
        elif kind == _CELL_FORMAT and in_cells:
            of_cells.append(struct.unpack_from("<H", body, 2)[0])
    book = records(package.read(parts["xl/workbook.bin"]))
    is_1904 = any(kind == _BOOK_PROPERTIES and bool(body[0] & _IS_1904) for kind, body in book)
    return cell_formats({at: (number, codes.get(number)) for at, number in enumerate(of_cells)}, is_1904=is_1904)


def number_in(kind: int, body: bytes) -> tuple[int, int, float] | None:
    """Column, format and value of a cell with a number."""
    if kind not in (RK, REAL, FORMULA_NUMBER):
        return None
    column, style = struct.unpack_from("<II", body)
    value = rk_number(struct.unpack_from("<I", body, 8)[0]) if kind == RK else struct.unpack_from("<d", body, 8)[0]
    return column, style & 0xFFFFFF, value


def is_integer(kind: int, body: bytes) -> bool:
    """Whether a number is stored as a whole one, which calamine takes for no date, whatever its format."""
    return kind == RK and bool(body[8] & _INTEGER)
