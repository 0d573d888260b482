"""A quick look at the binary parts of an .xlsb: formulas, errors, merged cells and sums, which calamine leaves out."""

import posixpath
import re
import struct
import zipfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.formats.cell_formats import CellFormats, put_formatted
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import ERRORS, Hidden, Summing, Survey
from uploads.tabular.workbook.surveys.xlsb_formats import is_integer, number_in, xlsb_formats
from uploads.tabular.workbook.surveys.xlsb_linked import pivots_of, tables_of
from uploads.tabular.workbook.surveys.xlsb_records import records, wide_text
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_HARD_TO_SURVEY = (*HARD_TO_UNPACK, ET.ParseError)
_ROW, _ERROR, _FORMULA_ERROR, _MERGE, _BUNDLE = 0, 3, 11, 176, 156
_LIKELY = re.compile(rb"[\x03\x0b].{1,2}.{3}\x00.{4}[" + re.escape(bytes(ERRORS)) + rb"]|\xb0\x01\x10", re.DOTALL)
"""An error's record or a merged range's: kind, size, column (below 65,536), format, code."""
_COLUMNS, _FILTER_COLUMN = 60, 163
_ROW_HIDDEN, _LEVEL = 0x10, 0x07
_SHEET_FLAGS, _SUMS_BELOW = 147, 0x40
_LAST_COLUMN = 2**14 - 1
_RICH_TEXT = 62
"""A text of several fonts that stands in its cell (MS-XLSB, BrtCellRString); calamine 0.9.1 passes it over."""
_FORMULAS = frozenset({8, 9, 10})
"""Whose results are a text, a number, true or false."""
_FORMULA = re.compile(
    rb"[\x08-\x0a\x3e](?:[\x12-\x7f]|[\x80-\xff][\x01-\x7f]).[\x00-\x3f]\x00\x00..\x00[\x00\x01]", re.DOTALL
)
"""Its record, or that of such a text: kind, size, column (below 16,384), format, flags."""
_HIDING = re.compile(
    # A row: number, format, height, flags, hidden or grouped; columns: from, to, width, format, hidden.
    rb"\x00[\x11-\x7f]..[\x00-\x0f]\x00..\x00\x00.[\x00-\x20][\x00-\x03][\x01-\x07\x09-\x1f]|\x3c\x12.{16}["
    + re.escape(bytes(range(1, 256, 2)))
    + rb"]",
    re.DOTALL,
)
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BOOK = "xl/workbook.bin"


class XlsbSurvey:
    """The package's parts by sheet."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self.doubt = ""
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self._others: list[zipfile.ZipInfo] = []
        self._formats = CellFormats()
        try:
            with zipfile.ZipFile(path) as package:
                self._parts = _sheet_parts(package)
                self._others = package.infolist()
                self._formats = xlsb_formats(package, {part.filename.lower(): part for part in package.infolist()})
        except _HARD_TO_SURVEY:
            return

    def sheet(self, name: str, _position: int, *, every_time: bool = False) -> Survey:
        """What calamine leaves out of one sheet, or gives otherwise than it is shown."""
        if name not in self._parts:
            return Survey()
        wanted = self._formats.wanted(every_time=every_time) | self._formats.telling
        of_time = self._formats.wanted(every_time=True)
        walk = _Walk(self._formats, wanted, of_time)
        try:
            content = b"".join(blocks_of(self._path, self._parts[name], self._limits))
            is_likely = wanted or any(each.search(content) for each in (_LIKELY, _HIDING, _FORMULA))
            if is_likely or (of_time and _integers(of_time).search(content)):
                for kind, body in records(content):
                    walk.look_at(kind, body)
        except _HARD_TO_SURVEY:
            return Survey()
        return self._with_sums(walk.survey(), self._parts[name])

    def _with_sums(self, found: Survey, part: zipfile.ZipInfo) -> Survey:
        """And what its tables and pivot tables say; those that are damaged take nothing from what was found."""
        try:
            defined = tables_of(self._path, part, self._others)
            pivots = pivots_of(self._path, part, self._others)
        except _HARD_TO_SURVEY:
            return found
        summing = replace(found.summing, pivots=pivots)
        return replace(
            found,
            tables=defined.tables,
            total_rows=(*defined.totals, *summing.grand_totals),
            summing=summing,
        )


class _Walk:
    """What was found so far in the records of a sheet."""

    def __init__(self, formats: CellFormats, wanted: Collection[int], of_time: Collection[int]) -> None:
        self._formats = formats
        self._wanted = wanted
        self._of_time = of_time
        self._row = self._errors = self._formulas = 0
        self._first_error = self._first_formula = ""
        self._merged: list[Range] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._is_filtered = False
        self._levels: dict[int, int] = {}
        self._is_below = True
        self._corrections = Corrections()

    def look_at(self, kind: int, body: bytes) -> None:
        """One record."""
        if kind == _ROW:
            (self._row,) = struct.unpack_from("<I", body)
            if body[11] & _ROW_HIDDEN:
                self._hidden_rows.add(self._row)
            if body[11] & _LEVEL:
                self._levels[self._row] = body[11] & _LEVEL
        elif kind == _SHEET_FLAGS and body:
            self._is_below = bool(body[0] & _SUMS_BELOW)
        elif kind in (_ERROR, _FORMULA_ERROR):
            self._errors += 1
            (column,) = struct.unpack_from("<I", body)
            place = cell_name(self._row, column)
            self._first_error = self._first_error or f"{ERRORS.get(body[8], 'an error')} in {place}"
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            self._merged.append((top, left, bottom, right))
        elif kind == _FILTER_COLUMN:
            self._is_filtered = True
        elif kind == _COLUMNS and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            # Up to the last column of all: it is the rest of the sheet that is hidden, not a column of a table.
            self._hidden_columns.update(range(first, last + 1) if last < _LAST_COLUMN else ())
        else:
            self._look_at_number(kind, body)

    def _look_at_number(self, kind: int, body: bytes) -> None:
        if kind == _RICH_TEXT:
            (place,) = struct.unpack_from("<I", body)
            self._corrections.put(self._row, place, wide_text(body, 9)[0])
            return
        if kind in _FORMULAS:
            self._formulas += 1
            (place,) = struct.unpack_from("<I", body)
            self._first_formula = self._first_formula or cell_name(self._row, place)
        number = number_in(kind, body)
        if number is None:
            return
        column, style, value = number
        if style in self._wanted or (style in self._of_time and is_integer(kind, body)):
            put_formatted(self._corrections, self._formats, row=self._row, column=column, number=value, style=style)

    def survey(self) -> Survey:
        """All that was found."""
        return Survey(
            errors=self._errors,
            first_error=self._first_error,
            formulas=self._formulas,
            first_formula=self._first_formula,
            merged=tuple(self._merged),
            summing=Summing(levels=self._levels, is_below=self._is_below),
            hidden=Hidden(
                rows=frozenset(self._hidden_rows),
                columns=frozenset(self._hidden_columns),
                is_filtered=self._is_filtered,
            ),
            corrections=self._corrections,
        )


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
