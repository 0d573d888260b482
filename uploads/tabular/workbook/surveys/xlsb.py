"""A quick look at the binary parts of an .xlsb: errors and merged cells, which calamine leaves out."""

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.table import Limits
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import ERRORS, Survey
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_HARD_TO_SURVEY = (*HARD_TO_UNPACK, ET.ParseError)
_ROW, _ERROR, _FORMULA_ERROR, _MERGE, _BUNDLE = 0, 3, 11, 176, 156
_LIKELY = re.compile(rb"[\x03\x0b].{1,2}.{3}\x00.{4}[" + re.escape(bytes(ERRORS)) + rb"]|\xb0\x01\x10", re.DOTALL)
"""An error's record or a merged range's: kind, size, column (below 65,536), format, code."""
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BOOK = "xl/workbook.bin"


class XlsbSurvey:
    """The package's parts by sheet."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self.doubt = ""
        self._parts: dict[str, zipfile.ZipInfo] = {}
        try:
            with zipfile.ZipFile(path) as package:
                self._parts = _sheet_parts(package)
        except _HARD_TO_SURVEY:
            return

    def sheet(self, name: str, _position: int, *, every_time: bool = False) -> Survey:
        """The errors and merged cells of one sheet."""
        if name not in self._parts:
            return Survey()
        errors, first, merged, row = 0, "", [], 0
        try:
            content = b"".join(blocks_of(self._path, self._parts[name], self._limits))
            for kind, body in _records(content) if _LIKELY.search(content) else ():
                if kind == _ROW:
                    (row,) = struct.unpack_from("<I", body)
                elif kind in (_ERROR, _FORMULA_ERROR):
                    errors += 1
                    (column,) = struct.unpack_from("<I", body)
                    first = first or f"{ERRORS.get(body[8], 'an error')} in {cell_name(row, column)}"
                elif kind == _MERGE:
                    top, bottom, left, right = struct.unpack_from("<4I", body)
                    merged.append((top, left, bottom, right))
        except _HARD_TO_SURVEY:
            return Survey()
        return Survey(errors=errors, first_error=first, merged=tuple(merged))


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record; both kind and size are written in 7 bits a byte (MS-XLSB §2.1.4)."""
    position = 0
    while position < len(content):
        kind = content[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (content[position] & 0x7F) << 7
            position += 1
        size = shift = 0
        more = True
        while more:
            byte = content[position]
            size |= (byte & 0x7F) << shift
            more = bool(byte & 0x80)
            shift += 7
            position += 1
        yield kind, content[position : position + size]
        position += size


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    parts = {part.filename.lower(): part for part in package.infolist()}
    links = ET.fromstring(package.read(parts["xl/_rels/workbook.bin.rels"]))  # noqa: S314 (expat refuses entity bombs)
    targets = {node.get("Id", ""): node.get("Target", "") for node in links.iter(_LINKS)}
    found = {}
    for kind, body in _records(package.read(parts[_BOOK])):
        if kind == _BUNDLE:
            link, at = _wide_text(body, 8)
            name, _ = _wide_text(body, at)
            part = parts.get(posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).strip("/").lower())
            if part is not None:
                found[name] = part
    return found


def _wide_text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * min(length, len(body))
    return body[at + 4 : end].decode("utf-16-le"), end
