"""A quick look at the XML of an .ods: errors and merged cells, which calamine leaves out."""

import zipfile
from pathlib import Path
from xml.parsers import expat

from uploads.tabular.layout.sheet_layout import Range
from uploads.tabular.table import Limits
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import Survey
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_TELLING = (b'value-type="error"', b"-spanned=")
"""Only where one of these occurs is the XML parsed."""
_LONGEST_MARK = 32
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "


class OdsSurvey:
    """All sheets in one pass."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.doubt = ""
        self._sheets: dict[str, Survey] = {}
        try:
            with zipfile.ZipFile(path) as package:
                content = package.getinfo("content.xml")
            if _is_telling(path, content, limits):
                walk = _Walk()
                for block in blocks_of(path, content, limits):
                    walk.parser.Parse(block)
                self._sheets = walk.sheets
        except (*HARD_TO_UNPACK, expat.ExpatError):
            return

    def sheet(self, name: str, _position: int, *, every_time: bool = False) -> Survey:
        """The errors and merged cells of one sheet."""
        return self._sheets.get(name, Survey())


def _is_telling(path: Path, content: zipfile.ZipInfo, limits: Limits) -> bool:
    rest = b""
    for block in blocks_of(path, content, limits):
        text = rest + block
        if any(mark in text for mark in _TELLING):
            return True
        rest = text[-_LONGEST_MARK:]
    return False


class _Walk:
    """Where in the sheets the parser stands, and what it has found."""

    def __init__(self) -> None:
        self.sheets: dict[str, Survey] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._name = ""
        self._row = self._column = self._rows = self._columns = 0
        self._errors = 0
        self._first = ""
        self._message: str | None = None
        self._merged: list[Range] = []

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.removeprefix(_TABLE):
            case "table":
                self._name = attributes.get(f"{_TABLE}name", "")
                self._row, self._errors, self._first, self._merged = 0, 0, "", []
            case "table-row":
                self._rows = int(attributes.get(f"{_TABLE}number-rows-repeated", "1"))
                self._column = 0
            case "table-cell" | "covered-table-cell":
                self._columns = int(attributes.get(f"{_TABLE}number-columns-repeated", "1"))
                self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        wide = int(attributes.get(f"{_TABLE}number-columns-spanned", "1"))
        high = int(attributes.get(f"{_TABLE}number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            self._merged.append((self._row, self._column, self._row + high - 1, self._column + wide - 1))
        if attributes.get(f"{_CALC}value-type") == "error":
            self._errors += self._rows * self._columns
            self._message = "" if not self._first else None

    def _characters(self, text: str) -> None:
        if self._message is not None:
            self._message += text

    def _end(self, tag: str) -> None:
        match tag.removeprefix(_TABLE):
            case "table-cell" | "covered-table-cell":
                if self._message is not None:
                    place = cell_name(self._row, self._column)
                    self._first, self._message = f"{self._message[:20] or 'an error'} in {place}", None
                self._column += self._columns
            case "table-row":
                self._row += self._rows
            case "table":
                self.sheets[self._name] = Survey(
                    errors=self._errors, first_error=self._first, merged=tuple(self._merged)
                )
