"""SpreadsheetML 2003: the XML that Excel 2003 saves, and many a report writer still does, often named .xls.

Elements and attributes as in Microsoft's "XML Spreadsheet Reference" (Office 2003).
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

from uploads.tabular.errors import DamagedFile
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Limits
from uploads.tabular.workbook.markup.grid import Grid
from uploads.tabular.workbook.markup.xml_formats import XmlFormats
from uploads.tabular.workbook.markup.xml_pivots import XmlPivot
from uploads.tabular.workbook.readers.open_document import RefusedMarkup, refuse_declarations
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.sheet.cells import Cell

_SHEET = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "
_HIDDEN = {"SheetHidden", "SheetVeryHidden"}
_LARGEST = 10**9
_MOST_PIVOTS = 100
_WIDEST_2003 = 256
"""Columns of a sheet of Excel 2003."""
_FIRST_DAYS = dt.date(1900, 1, 1)
"""What lies before is a time of day: Excel counts those from day 0."""


def read_spreadsheet_xml(blocks: Iterable[bytes], *, name: str, limits: Limits) -> list[Grid]:
    """Every worksheet. Raises ``DamagedFile`` for what is no well-formed XML, and for any document type."""
    walk = _Walk(limits)
    try:
        for block in blocks:
            walk.parser.Parse(block, False)
        walk.parser.Parse(b"", True)
    except (expat.ExpatError, RefusedMarkup) as error:
        raise DamagedFile(
            f"{name} cannot be read as an XML spreadsheet: it is damaged or incomplete ({error}).",
            hint="Open it in a spreadsheet program, save it as XLSX and upload that.",
        ) from error
    for grid in walk.sheets:
        grid.trim()
        _turn_midnights(grid)
    return walk.sheets


class _Walk:
    """Where in the workbook the parser stands."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[Grid] = []
        self._limits = limits
        self._kind = ""
        self._text: list[str] | None = None
        self._visible: list[str] | None = None
        self._place: tuple[int | None, int, int] = (None, 1, 1)
        self._value: Cell = ""
        self._in_comment = 0
        self._column = 0
        self._formats = XmlFormats()
        self._styles: tuple[str, str] = ("", "")
        """Of the cell and of its row."""
        self._pivot: XmlPivot | None = None
        self._has_formula = self._is_solved = False
        self._errors = self._formulas = 0
        self._first_error = self._first_formula = ""
        # The parser is told the encoding: the text comes as UTF-8, whatever its first line says.
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        refuse_declarations(self.parser)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.startswith(_EXCEL):
            self._start_of_excel(tag.removeprefix(_EXCEL))
        if not tag.startswith(_SHEET):
            return
        match tag.removeprefix(_SHEET):
            case "Style" | "NumberFormat" as what:
                self._put_style(what, attributes)
            case "Worksheet":
                name = attributes.get(f"{_SHEET}Name", "") or f"Sheet{len(self.sheets) + 1}"
                taken = {sheet.name for sheet in self.sheets}
                unique = name if name not in taken else f"{name} ({len(self.sheets) + 1})"
                self.sheets.append(Grid(limits=self._limits, name=unique))
                self._errors = self._formulas = self._column = 0
                self._first_error = self._first_formula = ""
            case "Column" if self.sheets:
                self._hide_columns(attributes)
            case "Row" if self.sheets:
                self._begin_row(attributes)
            case "Cell" if self.sheets:
                at = _count(attributes.get(f"{_SHEET}Index"), 0)
                across = 1 + _count(attributes.get(f"{_SHEET}MergeAcross"), 0)
                self._place = (at - 1 if at else None, across, 1 + _count(attributes.get(f"{_SHEET}MergeDown"), 0))
                self._value, self._has_formula = "", f"{_SHEET}Formula" in attributes
                self._is_solved = False
                self._styles = (attributes.get(f"{_SHEET}StyleID", ""), self._styles[1])
            case "Comment":
                self._in_comment += 1
            case "Data" if not self._in_comment:
                self._kind, self._text = attributes.get(f"{_SHEET}Type", "String"), []

    def _put_style(self, what: str, attributes: Mapping[str, str]) -> None:
        if what == "Style":
            self._formats.begin(attributes.get(f"{_SHEET}ID", ""), attributes.get(f"{_SHEET}Parent", ""))
        else:
            self._formats.add(attributes.get(f"{_SHEET}Format", ""))

    def _start_of_excel(self, tag: str) -> None:
        if tag == "Visible":
            self._visible = []
        elif tag == "FilterOn" and self.sheets:
            self.sheets[-1].is_filtered = True
        elif tag == "PivotTable" and self._pivot is None:
            self._pivot = XmlPivot()
        if self._pivot is not None:
            self._pivot.begin(tag)

    def _end_of_excel(self, tag: str) -> None:
        if tag == "Visible" and self._visible is not None:
            if self.sheets:
                self.sheets[-1].is_hidden = "".join(self._visible).strip() in _HIDDEN
            self._visible = None
        if self._pivot is not None:
            self._pivot.end()
            if self._pivot.is_over:
                found, self._pivot = self._pivot.found, None
                if found is not None and self.sheets and len(self.sheets[-1].pivots) < _MOST_PIVOTS:
                    self.sheets[-1].pivots.append(found)

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        grid, at = self.sheets[-1], _count(attributes.get(f"{_SHEET}Index"), 0)
        grid.begin_row(at - 1 if at else None)
        self._styles = ("", attributes.get(f"{_SHEET}StyleID", ""))
        if attributes.get(f"{_SHEET}Hidden") == "1":
            # The rows of its Span hold no cells.
            grid.hidden_rows.add(len(grid.rows) - 1)

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        at, alike = _count(attributes.get(f"{_SHEET}Index"), 0), _count(attributes.get(f"{_SHEET}Span"), 0)
        first = at - 1 if at else self._column
        self._column = first + alike + 1
        # Up to the last column of all: it is the rest of the sheet that is hidden, not a column of a table.
        if attributes.get(f"{_SHEET}Hidden") == "1" and self._column < _WIDEST_2003:
            self.sheets[-1].hidden_columns.update(range(first, self._column))

    def _characters(self, text: str) -> None:
        if self._pivot is not None:
            self._pivot.add(text)
        elif self._visible is not None:
            self._visible.append(text)
        elif self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag.startswith(_EXCEL):
            self._end_of_excel(tag.removeprefix(_EXCEL))
        if not tag.startswith(_SHEET):
            return
        match tag.removeprefix(_SHEET):
            case "Data" if self._text is not None:
                self._value = self._typed("".join(self._text))
                self._text = None
                self._is_solved = self._has_formula and self._kind != "Error"
            case "Comment":
                self._in_comment = max(self._in_comment - 1, 0)
            case "Cell" if self.sheets:
                at, across, down = self._place
                self.sheets[-1].put(self._value, at=at, across=across, down=down)
                self._count_formula(across)
                self._formats.show(self._value, self._styles[0] or self._styles[1], self.sheets[-1], across)
            case "Worksheet" if self.sheets:
                self.sheets[-1].notes.extend(self._notes())

    def _notes(self) -> Iterator[Note]:
        if self._errors:
            yield Note.of(NoteKind.ERROR_CELLS, count=self._errors, first=self._first_error)
        if self._formulas:
            yield Note.of(NoteKind.FORMULAS, count=self._formulas, first=self._first_formula)

    def _count_formula(self, across: int) -> None:
        """The last cell of the grid, which reaches over ``across`` columns, where it holds a formula with a result."""
        if self._is_solved:
            rows = self.sheets[-1].rows
            self._formulas += 1
            self._first_formula = self._first_formula or cell_name(len(rows) - 1, len(rows[-1]) - across)

    def _typed(self, text: str) -> Cell:
        match self._kind:
            case "Number":
                return _number(text)
            case "DateTime":
                return _moment(text)
            case "Boolean" if text.strip() in {"0", "1"}:
                return text.strip() == "1"
            case "Error":
                self._errors += 1
                grid = self.sheets[-1] if self.sheets else None
                if not self._first_error and grid is not None and grid.rows:
                    place = cell_name(len(grid.rows) - 1, len(grid.rows[-1]))
                    self._first_error = f"{text[:20]} in {place}"
                return ""
            case _:
                return text


def _count(text: str | None, default: int) -> int:
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return default
    return min(int(digits[:10]), _LARGEST)


def _number(text: str) -> Cell:
    """A floating-point number, as every number of Excel is; text where it is none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _moment(text: str) -> Cell:
    try:
        moment = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return text
    return moment.time() if moment.date() < _FIRST_DAYS else moment


def _turn_midnights(grid: Grid) -> None:
    """Make dates of moments, column by column, where none has a time of day."""
    midnight = dt.time(0)
    timed = {
        column
        for row in grid.rows
        for column, cell in enumerate(row)
        if isinstance(cell, dt.datetime) and cell.time() != midnight
    }
    for row in grid.rows:
        for column, cell in enumerate(row):
            if isinstance(cell, dt.datetime) and column not in timed:
                row[column] = cell.date()
