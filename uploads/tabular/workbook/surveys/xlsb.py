"""A quick look at the binary parts of an .xlsb: errors and merged cells, which calamine leaves out."""

import posixpath
import re
import struct
import zipfile
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import ERRORS, Survey
from uploads.tabular.workbook.surveys.xlsb_formats import is_integer, number_in, xlsb_formats
from uploads.tabular.workbook.surveys.xlsb_records import records, wide_text
from uploads.tabular.workbook.surveys.xlsx_formats import CellFormats, put_formatted
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
        self._formats = CellFormats()
        try:
            with zipfile.ZipFile(path) as package:
                self._parts = _sheet_parts(package)
                self._formats = xlsb_formats(package, {part.filename.lower(): part for part in package.infolist()})
        except _HARD_TO_SURVEY:
            return

    def sheet(self, name: str, _position: int, *, every_time: bool = False) -> Survey:
        """What calamine leaves out of one sheet, or gives otherwise than it is shown."""
        if name not in self._parts:
            return Survey()
        errors, first, merged, row = 0, "", [], 0
        corrections = Corrections()
        wanted = self._formats.wanted(every_time=every_time)
        of_time = self._formats.wanted(every_time=True)
        try:
            content = b"".join(blocks_of(self._path, self._parts[name], self._limits))
            is_likely = wanted or _LIKELY.search(content) or (of_time and _integers(of_time).search(content))
            for kind, body in records(content) if is_likely else ():
                if kind == _ROW:
                    (row,) = struct.unpack_from("<I", body)
                elif kind in (_ERROR, _FORMULA_ERROR):
                    errors += 1
                    (column,) = struct.unpack_from("<I", body)
                    first = first or f"{ERRORS.get(body[8], 'an error')} in {cell_name(row, column)}"
                elif kind == _MERGE:
                    top, bottom, left, right = struct.unpack_from("<4I", body)
                    merged.append((top, left, bottom, right))
                elif (number := number_in(kind, body)) and (
                    number[1] in wanted or (number[1] in of_time and is_integer(kind, body))
                ):
                    column, style, value = number
                    put_formatted(corrections, self._formats, row=row, column=column, number=value, style=style)
        except _HARD_TO_SURVEY:
            return Survey()
        return Survey(errors=errors, first_error=first, merged=tuple(merged), corrections=corrections)


def _integers(styles: Collection[int]) -> re.Pattern[bytes]:
    """An integer in a cell of one of the formats: kind, size, column (below 65,536), format."""
    some = b"|".join(re.escape(struct.pack("<I", style)[:3]) for style in sorted(styles))
    return re.compile(rb"\x02\x0c..\x00\x00(?:" + some + rb")", re.DOTALL)


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    parts = {part.filename.lower(): part for part in package.infolist()}
    links = ET.fromstring(package.read(parts["xl/_rels/workbook.bin.rels"]))  # noqa: S314 (expat refuses entity bombs)
    targets = {node.get("Id", ""): node.get("Target", "") for node in links.iter(_LINKS)}
    found = {}
    for kind, body in records(package.read(parts[_BOOK])):
        if kind == _BUNDLE:
            link, at = wide_text(body, 8)
            name, _ = wide_text(body, at)
            part = parts.get(posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).strip("/").lower())
            if part is not None:
                found[name] = part
    return found
