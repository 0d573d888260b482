"""A quick look at the records of an .xls: formulas, and errors and formulas without values, read as blank by calamine.

The records are walked one by one only where a search for their bytes finds something that looks like one of those, or
where the workbook has number formats that calamine misreads.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import xlrd

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.table import Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.formats.cell_formats import put_formatted
from uploads.tabular.workbook.kind import COMPOUND
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import ERRORS, Hidden, Survey
from uploads.tabular.workbook.surveys.xls_stream import BIFF8, Globals, read_globals, records, workbook_stream
from uploads.tabular.workbook.surveys.xls_summing import OF_SUMMING, PIVOT_STORE, XlsSumming

_CODES = bytes(ERRORS)
_LIKELY = (
    # BOOLERR: row, column, format, code, "this is an error".
    re.compile(rb"\x05\x02\x08\x00.{6}[" + re.escape(_CODES) + rb"]\x01", re.DOTALL),
    # FORMULA: size, row, column, format, value, flags.
    re.compile(rb"\x06\x00(?:[\x16-\xff]\x00|.[\x01-\x07])..[\x00-\xff]\x00.[\x00-\x0f].{8}[\x00-\x3f]\x00", re.DOTALL),
    # ROW: first to last column, height …, hidden or grouped.
    re.compile(
        rb"\x08\x02\x10\x00.{12}[" + re.escape(bytes(flags for flags in range(256) if flags & 0x27)) + rb"]", re.DOTALL
    ),
    # COLINFO: from, to, width, format, hidden.
    re.compile(rb"\x7d\x00[\x0b\x0c]\x00.{8}[" + re.escape(bytes(range(1, 256, 2))) + rb"]", re.DOTALL),
)
"""One expression each, for one that begins with several bytes is found eight times as fast as one of two."""
_OLD_FORMULA = re.compile(
    rb"\x06[\x02\x04](?:[\x12-\xff]\x00|.[\x01-\x07])..[\x00-\xff]\x00.[\x00-\x0f].{8}[\x00-\x3f]\x00", re.DOTALL
)
"""FORMULA as Excel 3 and 4 number it: size, row, column, format, value, flags. Four bytes shorter than that of Excel 5
and later, where the program that numbers it so keeps to their form."""
_BOOLERR, _FORMULA, _NUMBER, _RK, _MULRK = 0x0205, 0x0006, 0x0203, 0x027E, 0x00BD
_AFTER_CELLS = frozenset(
    struct.pack("<H", kind)
    for kind in (
        *(_BOOLERR, _FORMULA, _NUMBER, _RK, _MULRK, 0x0206, 0x0406),
        # BLANK, MULBLANK, LABEL, LABELSST, STRING, ARRAY, SHRFMLA, ROW, DBCELL, EOF, WINDOW2.
        *(0x0201, 0x00BE, 0x0204, 0x00FD, 0x0207, 0x0221, 0x04BC, 0x0208, 0x00D7, 0x000A, 0x023E),
    )
)
_ROW, _COLUMNS, _FILTER_ON = 0x0208, 0x007D, 0x009B
_MERGED = frozenset({0x00E5})
_ROW_HIDDEN = 0x20
_MOST_COLUMNS = 256
_LAST_KIND, _LARGEST_RECORD = 0x10FF, 8_224
_CHAIN = 8
"""Records that are followed from what looks like one."""
_OLD_FORMULAS = frozenset({0x0206, 0x0406})
_ON_LOAD = 2
"""Flag of a formula: to be computed when the workbook is opened."""
_SECTOR = 512
_HARD_TO_SURVEY = (
    *(xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error),
    *(ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError),
)


class XlsSurvey:
    """The workbook's stream, as far as it holds what calamine misreads."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.doubt = ""
        self._path = path
        self._stream = b""
        self._globals = Globals()
        self._is_likely = False
        content = path.read_bytes()
        if content[: len(COMPOUND)] != COMPOUND:
            self.doubt = "it is a bare stream, as Excel 2 to 4 and some other programs wrote"
        elif len(content) < _SECTOR or _sectors_stated(content) * _SECTOR > len(content):
            self.doubt = "its container states more sectors than it has"
            return
        try:
            stream = content if self.doubt else workbook_stream(content)
            self._globals = read_globals(stream)
            self.doubt = self.doubt or self._globals.doubt or self._doubt_formulas(stream)
            self._is_likely = PIVOT_STORE in content or any(_has_record(pattern, stream) for pattern in _LIKELY)
            if self._is_likely or self._globals.formats.formats:
                self._stream = stream
        except _HARD_TO_SURVEY:
            self._globals = Globals()

    @property
    def code_page(self) -> int | None:
        """The number that the workbook states, of texts that are not Unicode; ``None`` if it states none."""
        return self._globals.code_page

    @property
    def is_unicode(self) -> bool:
        return self._globals.version >= BIFF8

    def sheet(self, _name: str, position: int, *, every_time: bool = False) -> Survey:
        """What is misread in the sheet that stands at this place in the workbook."""
        formats = self._globals.formats
        wanted = formats.wanted(every_time=every_time) | formats.telling
        if position >= len(self._globals.starts) or not (self._is_likely or wanted):
            return Survey()
        walk = _Walk(self._globals, wanted)
        try:
            for kind, body in records(self._stream, self._globals.starts[position], walk.kinds):
                walk.look_at(kind, body)
        except _HARD_TO_SURVEY:
            return Survey()
        return walk.survey()

    def merged(self, _name: str, position: int) -> tuple[Range, ...]:
        """Merged cells, which the second reader leaves out."""
        if position >= len(self._globals.starts):
            return ()
        found: list[Range] = []
        try:
            content = self._path.read_bytes()
            stream = workbook_stream(content) if content.startswith(COMPOUND) else content
            for _, body in records(stream, self._globals.starts[position], _MERGED):
                for top, bottom, left, right in struct.iter_unpack("<4H", body[2 : 2 + (len(body) - 2) // 8 * 8]):
                    found.append((top, left, bottom, right))
        except _HARD_TO_SURVEY:
            return ()
        return tuple(found)

    def _doubt_formulas(self, stream: bytes) -> str:
        if not any(_ends_before_a_cell(stream, found.start()) for found in _OLD_FORMULA.finditer(stream)):
            return ""
        kinds = (kind for start in self._globals.starts for kind, _ in records(stream, start))
        return "its formulas are written as Excel 3 and 4 did" if any(kind in _OLD_FORMULAS for kind in kinds) else ""


_TELLING = frozenset({_BOOLERR, _FORMULA, _ROW, _COLUMNS, _FILTER_ON}) | OF_SUMMING
_OF_NUMBERS = frozenset({_NUMBER, _RK, _MULRK, *_OLD_FORMULAS})


class _Walk:
    """What was found so far in the records of a sheet."""

    def __init__(self, globals_: Globals, wanted: frozenset[int]) -> None:
        self._formats = globals_.formats
        self._wanted = wanted
        self._corrections = Corrections()
        self._errors, self._first_error = 0, ""
        self._solved = 0
        self._first_formula = ""
        self._unsolved: list[tuple[int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._is_filtered = False
        self._summing = XlsSumming()

    @property
    def kinds(self) -> frozenset[int]:
        """Records that tell anything: of the others, which are nearly all, nothing is cut out."""
        return _TELLING | _OF_NUMBERS if self._wanted else _TELLING

    def look_at(self, kind: int, body: bytes) -> None:
        """One record."""
        code = _error_code(kind, body)
        if code is not None:
            self._errors += 1
            row, column = struct.unpack_from("<HH", body)
            self._first_error = self._first_error or f"{ERRORS.get(code, 'an error')} in {cell_name(row, column)}"
        elif kind == _FORMULA and len(body) >= 16:
            self._look_at_formula(body)
        elif kind in (_ROW, _COLUMNS, _FILTER_ON):
            self._look_at_hidden(kind, body)
        if kind in OF_SUMMING:
            self._summing.look_at(kind, body)
        for row, column, style, number in _numbers(kind, body) if self._wanted else ():
            if style in self._wanted:
                put_formatted(self._corrections, self._formats, row=row, column=column, number=number, style=style)

    def _look_at_hidden(self, kind: int, body: bytes) -> None:
        if kind == _FILTER_ON:
            self._is_filtered = True
        elif kind == _ROW and len(body) >= 13 and body[12] & _ROW_HIDDEN:
            self._hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLUMNS and len(body) >= 9 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            # Up to the last column of all: it is the rest of the sheet that is hidden, not a column of a table.
            if last < _MOST_COLUMNS - 1:
                self._hidden_columns.update(range(first, last + 1))

    def _look_at_formula(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        is_blank = body[12:14] == b"\xff\xff" and body[6] == 3
        if is_blank or (body[6:14] == bytes(8) and body[14] & _ON_LOAD):
            self._unsolved.append((row, column))
        else:
            self._solved += 1
            self._first_formula = self._first_formula or cell_name(row, column)

    def survey(self) -> Survey:
        """All that was found. A blank result among others is one; where no formula has any, none was computed."""
        unsolved = [] if self._solved else self._unsolved
        for row, column in unsolved:
            self._corrections.put(row, column, "")
        summing = self._summing.found
        return Survey(
            total_rows=summing.grand_totals,
            summing=summing,
            errors=self._errors,
            first_error=self._first_error,
            formulas=self._solved + len(self._unsolved) - len(unsolved),
            first_formula=self._first_formula,
            unsolved=len(unsolved),
            first_unsolved=cell_name(*unsolved[0]) if unsolved else "",
            hidden=Hidden(
                rows=frozenset(self._hidden_rows),
                columns=frozenset(self._hidden_columns),
                is_filtered=self._is_filtered,
            ),
            corrections=self._corrections,
        )


def _has_record(pattern: re.Pattern[bytes], stream: bytes) -> bool:
    """Whether one of the matches is a record, as far as those behind it show: cells hold such bytes by chance."""
    found = pattern.search(stream)
    while found is not None and not _is_record(stream, found.start()):
        found = pattern.search(stream, found.start() + 1)
    return found is not None


def _is_record(stream: bytes, position: int) -> bool:
    for _ in range(_CHAIN):
        if position + 4 > len(stream):
            return True
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind > _LAST_KIND or size > _LARGEST_RECORD or (kind == _COLUMNS and not _are_columns(stream, position)):
            return False
        position += 4 + size
    return True


def _are_columns(stream: bytes, position: int) -> bool:
    body = stream[position + 4 : position + 8]
    return len(body) == 4 and body[:2][::-1] <= body[2:][::-1] <= _MOST_COLUMNS.to_bytes(2)


def _ends_before_a_cell(stream: bytes, position: int) -> bool:
    """Whether what looks like a record ends where a record of cells or rows begins, or the sheet ends."""
    (size,) = struct.unpack_from("<H", stream, position + 2)
    end = position + 4 + size
    return stream[end : end + 2] in _AFTER_CELLS


def _sectors_stated(header: bytes) -> int:
    """Sectors of allocation tables that the header states; calamine makes room for all of them at once."""
    (tables,) = struct.unpack_from("<I", header, 44)
    (small,) = struct.unpack_from("<I", header, 64)
    (further,) = struct.unpack_from("<I", header, 72)
    return max(int(tables), int(small), int(further))


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return body[8]
    return None


def _numbers(kind: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column, format and value of each number in a record."""
    if kind == _NUMBER:
        yield struct.unpack_from("<HHHd", body)
    elif kind == _RK:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        yield row, column, style, rk_number(packed)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", body)
        for place in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * place)
            yield row, first + place, style, rk_number(packed)
    elif (kind == _FORMULA or kind in _OLD_FORMULAS) and body[12:14] != b"\xff\xff":
        yield struct.unpack_from("<HHHd", body)


def rk_number(packed: int) -> float:
    """A number in 30 bits: the upper part of a floating-point number or an integer, perhaps of hundredths."""
    if packed & 2:
        number = float(struct.unpack("<i", struct.pack("<I", packed))[0] >> 2)
    else:
        (number,) = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))
    return number / 100 if packed & 1 else number
