"""A quick look at the XML of an .ods: errors, merged cells and texts without a type, which calamine leaves out, digits
that the sheet shows otherwise than their number, and how many cells hold formulas."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.formats.prefixed_ids import Place, PrefixedIds
from uploads.tabular.workbook.formats.units import unit_shown, words_in
from uploads.tabular.workbook.sheet.cell_names import cell_name, column_letters
from uploads.tabular.workbook.sheet.cells import float_text
from uploads.tabular.workbook.survey import Hidden, Survey
from uploads.tabular.workbook.surveys.ods_summing import MARKS, OdsSumming
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_TELLING = (
    b'value-type="error"',
    b"-spanned=",
    b'office:currency="',
    b'value-type="percentage"',
    b"table:visibility=",
    b" table:formula=",
    b'value-type="void"',
    b"<text:tab",
    b"<text:line-break",
    b"<text:ruby-text",
    *MARKS,
)
"""Only where one of these occurs is the XML parsed, or what the next ones look for."""
_UNTYPED = re.compile(
    rb'<table:table-cell(?: table:style-name="[^"<>]*")?+(?! office:value-type)'
    rb'(?: (?!office:value-type)[\w:-]+="[^"<>]*")*+>\s*'
    rb"<text:p(?: [^<>]*)?(?<!/)>(?!</text:p>)"
)
_MASKED = re.compile(
    rb'office:value="\d{1,15}"[^<>]*>\s*<text:p>(?:0\d|\(|[\d ]+[-/]|[^<\d]{1,60}(?:\d{1,9}[^<\d]{1,9})?0\d)'
)
"""``02108`` for 2108, ``555-1234``, ``INV-0042``."""
_UNIT = re.compile(rb'office:value="[^"<>]*+"[^<>]*+>\s*<text:p>-?[\d., ]++(?:\xc2\xa0)?(?:\xc2\xb0)?[A-Za-z][^+\-\d]')
"""``5 kg``; no ``1E+05``."""
_WORDED = re.compile(
    rb'office:value="[^"<>]*+"[^<>]*+>\s*<text:p(?:/>|>(?:[^<0-9]{0,40}[A-Za-z\x80-\xff][^<0-9]{0,40})?</text:p>)'
)
"""``male`` or nothing in place of a number."""
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_PARAGRAPH, _RUBY = f"{_TEXT}p", f"{_TEXT}ruby-text"
_WHITE = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
"""White space is written as elements (OpenDocument 1.3 part 3, §6.1.2 to 6.1.5); calamine 0.9.1 knows the first."""
_LONGEST_SPACE = 1_000
_ASIDE = (
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 ",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0 annotation",
)
"""What stands at a cell and is none of its text: drawings and comments."""
_MOST_REPEATED = 1_000
"""Rows and columns that one cell may stand for here; nobody writes the same text in more."""
_DIGITS = re.compile(r"\D+")
_SHOWN = re.compile(r"0\d+|\(?\d[\d ()]*[-/(][\d \-/()]*\d|\(\d+\)[\d \-/]*\d|0\d[\d ]*\d")
_LONGEST_MARK = 1024
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_VISIBILITY = f"{_TABLE}visibility"
_HIDDEN = frozenset({"collapse", "filter"})
_NO_TYPE = frozenset({None, "void"})
_WITH_TEXT = _NO_TYPE | {"float", "string"}
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
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
                self._sheets = walk.sheets_with_pivots()
        except (*HARD_TO_UNPACK, expat.ExpatError):
            return

    def sheet(self, name: str, _position: int, *, every_time: bool = False) -> Survey:
        """What calamine leaves out of one sheet, or gives otherwise than it is shown."""
        return self._sheets.get(name, Survey())


def _is_telling(path: Path, content: zipfile.ZipInfo, limits: Limits) -> bool:
    rest = b""
    for block in blocks_of(path, content, limits):
        text = rest + block
        if any(mark in text for mark in _TELLING) or any(
            each.search(text) for each in (_UNTYPED, _MASKED, _UNIT, _WORDED)
        ):
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
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._is_filtered = self._is_row_hidden = False
        self._corrections, self._ids = Corrections(), PrefixedIds()
        self._formulas, self._unsolved, self._first_unsolved = 0, 0, ""
        self._first_formula = ""
        self._paragraphs: list[str] | None = None
        """Of a cell whose text tells more than its value."""
        self._is_paragraph = False
        self._aside = 0
        """How many elements are open whose text is none of the cell's."""
        self._is_spaced = False
        """Whether the cell's text has what calamine reads otherwise."""
        self._attributes: dict[str, str] = {}
        self._summing = OdsSumming()

    def sheets_with_pivots(self) -> dict[str, Survey]:
        """All that was found, once the whole is read."""
        for name, pivots in self._summing.pivots.items():
            if (found := self.sheets.get(name)) is not None:
                summing = replace(found.summing, pivots=tuple(pivots))
                self.sheets[name] = replace(found, summing=summing, total_rows=summing.grand_totals)
        return self.sheets

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.removeprefix(_TABLE):  # the most frequent ones first
            case "table-cell" | "covered-table-cell":
                self._columns = int(attributes.get(f"{_TABLE}number-columns-repeated", "1"))
                self._cell(attributes)
            case other if other == _PARAGRAPH:
                if self._paragraphs is not None and not self._aside:
                    self._is_paragraph = True
                    self._paragraphs.append("")
            case other if other in _WHITE:
                self._add_white(_WHITE[other], attributes.get(f"{_TEXT}c", "1"))
            case other if other == _RUBY or other.startswith(_ASIDE):
                self._aside += 1
                self._is_spaced |= other == _RUBY
            case "table":
                self._name = attributes.get(f"{_TABLE}name", "")
                self._row, self._errors, self._first, self._merged = 0, 0, "", []
                self._hidden_rows, self._hidden_columns, self._column = set(), set(), 0
                self._is_filtered = False
                self._corrections, self._ids = Corrections(), PrefixedIds()
                self._formulas, self._unsolved, self._first_unsolved = 0, 0, ""
                self._first_formula = ""
                self._summing.begin_sheet()
            case "table-row":
                self._rows = int(attributes.get(f"{_TABLE}number-rows-repeated", "1"))
                self._column = 0
                self._summing.add_rows(self._row, min(self._rows, _MOST_REPEATED))
                self._is_row_hidden = attributes.get(_VISIBILITY) in _HIDDEN
                self._is_filtered |= attributes.get(_VISIBILITY) == "filter"
            case "table-column":
                columns = int(attributes.get(f"{_TABLE}number-columns-repeated", "1"))
                if attributes.get(_VISIBILITY) in _HIDDEN and columns < _MOST_REPEATED:
                    self._hidden_columns.update(range(self._column, self._column + columns))
                self._column += columns
            case other:
                self._summing.begin(other, attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        wide = int(attributes.get(f"{_TABLE}number-columns-spanned", "1"))
        high = int(attributes.get(f"{_TABLE}number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            self._merged.append((self._row, self._column, self._row + high - 1, self._column + wide - 1))
        if attributes.get(f"{_CALC}value-type") == "error":
            self._errors += self._rows * self._columns
            self._message = "" if not self._first else None
        elif f"{_TABLE}formula" in attributes:
            self._formulas += self._rows * self._columns
            self._first_formula = self._first_formula or cell_name(self._row, self._column)
        value_type = attributes.get(f"{_OFFICE}value-type")
        if self._is_row_hidden and value_type is not None:
            self._hidden_rows.update(range(self._row, self._row + min(self._rows, _MOST_REPEATED)))
        self._attributes, self._is_spaced = attributes, False
        self._paragraphs = [] if value_type in _WITH_TEXT else None
        if (currency := attributes.get(f"{_OFFICE}currency")) and value_type == "currency":
            self._corrections.count_currency(column_letters(self._column), currency)
        if value_type == "percentage":
            self._note_percentage(attributes.get(f"{_OFFICE}value", ""))

    def _note_percentage(self, value: str) -> None:
        try:
            number = float(value)
        except ValueError:  # its reader says what is wrong with it
            return
        if number:
            self._corrections.percentages.setdefault(column_letters(self._column), float_text(number))

    def _add_white(self, white: str, count: str) -> None:
        if self._is_paragraph and self._paragraphs and not self._aside:
            self._paragraphs[-1] += white * (min(int(count), _LONGEST_SPACE) if count.isdecimal() else 1)
            self._is_spaced |= white != " "

    def _characters(self, text: str) -> None:
        if self._message is not None:
            self._message += text
        if self._is_paragraph and self._paragraphs and not self._aside:
            self._paragraphs[-1] += text

    def _end(self, tag: str) -> None:
        match tag.removeprefix(_TABLE):
            case "table-cell" | "covered-table-cell":
                if self._message is not None:
                    place = cell_name(self._row, self._column)
                    self._first, self._message = f"{self._message[:20] or 'an error'} in {place}", None
                if self._paragraphs is not None:
                    self._correct("\n".join(self._paragraphs))
                self._paragraphs = None
                self._column += self._columns
            case other if other == _PARAGRAPH:
                self._is_paragraph &= self._aside > 0
            case other if other == _RUBY or other.startswith(_ASIDE):
                self._aside -= 1
            case "table-row":
                self._row += self._rows
            case "table-row-group":
                self._summing.enter_group(-1)
            case "data-pilot-table":
                self._summing.end_pivot()
            case "table":
                self.sheets[self._name] = Survey(
                    errors=self._errors,
                    first_error=self._first,
                    formulas=self._formulas,
                    first_formula=self._first_formula,
                    unsolved=self._unsolved,
                    first_unsolved=self._first_unsolved,
                    merged=tuple(self._merged),
                    summing=self._summing.found,
                    hidden=Hidden(
                        rows=frozenset(self._hidden_rows),
                        columns=frozenset(self._hidden_columns),
                        is_filtered=self._is_filtered,
                    ),
                    corrections=self._corrections,
                )

    def _correct(self, text: str) -> None:
        """A cell of a number, of a text, or without a type, whose text is this."""
        value = self._attributes.get(f"{_OFFICE}value")
        if value is not None:
            if unit := unit_shown(text.strip(), value):
                self._corrections.count_unit(column_letters(self._column), unit)
            if self._paragraphs:
                self._note_words(value, text)
            if text.strip() != value and _is_as_shown(text.strip(), value):
                self._put(text.strip())
                self._corrections.count_masked(column_letters(self._column), value, text.strip())
            else:
                self._put_ids(value, text.strip())
        elif self._attributes.get(f"{_OFFICE}value-type") == "string":
            if self._is_spaced and f"{_OFFICE}string-value" not in self._attributes:
                self._put(text)
        elif text:
            self._put(text)
        elif f"{_TABLE}formula" in self._attributes:
            self._formulas -= self._rows * self._columns
            self._unsolved += self._rows * self._columns
            place = cell_name(self._row, self._column)
            self._first_unsolved = self._first_unsolved or place
            self._first_formula = self._first_formula if self._first_formula != place else ""

    def _note_words(self, value: str, text: str) -> None:
        """Keep words, or nothing, that the sheet shows in place of a number."""
        words = words_in(text)
        if any(map(str.isnumeric, words)) or not (words or not text.strip()):
            return
        try:
            number = float(value)
        except ValueError:  # its reader says what is wrong with it
            return
        if number or words:
            self._corrections.count_worded(column_letters(self._column), float_text(number), words)

    def _put_ids(self, value: str, text: str) -> None:
        """Store as they are shown what are IDs with a word before them, as far as that is known by now."""
        for place, number, shown in self._ids.add((self._row, self._column, self._rows, self._columns), value, text):
            self._put(shown, place)
            self._corrections.count_masked(column_letters(place[1]), number, shown)

    def _put(self, cell: str, place: Place | None = None) -> None:
        top, left, rows, columns = place or (self._row, self._column, self._rows, self._columns)
        for row in range(top, top + min(rows, _MOST_REPEATED)):
            for column in range(left, left + min(columns, _MOST_REPEATED)):
                self._corrections.put(row, column, cell)


def _is_as_shown(text: str, value: str) -> bool:
    """Whether the text shows an ID: its leading zeros, or a sign between its digits."""
    is_shown = _SHOWN.fullmatch(text) if value != "0" else text.strip("0") == ""
    return bool(is_shown) and (_DIGITS.sub("", text).lstrip("0") or "0") == value
