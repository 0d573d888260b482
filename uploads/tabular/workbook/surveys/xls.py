"""A quick look at an .xls: which of its cells hold errors, and whether its container can be what it says.

Records are walked one by one only where a search for their bytes finds something that looks like an error.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import xlrd

from uploads.tabular.table import Limits
from uploads.tabular.workbook.kind import COMPOUND, Silence
from uploads.tabular.workbook.sheet.cell_names import cell_name
from uploads.tabular.workbook.survey import ERRORS, Survey

_CODES = bytes(ERRORS)
_LIKELY = re.compile(
    # BOOLERR: row, column, format, code, "this is an error". FORMULA: …, its value being an error.
    rb"\x05\x02\x08\x00.{6}["
    + re.escape(_CODES)
    + rb"]\x01|\x06\x00.{8}\x02.["
    + re.escape(_CODES)
    + rb"].{3}\xff\xff",
    re.DOTALL,
)
_BOUNDSHEET, _BOF, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0205, 0x0006
_SECTOR = 512
_HARD_TO_SURVEY = (
    *(xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error),
    *(ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError),
)


class XlsSurvey:
    """The workbook's stream, as far as it holds errors."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.doubt = ""
        self._stream = b""
        self._starts: list[int] = []
        content = path.read_bytes()
        if content[: len(COMPOUND)] != COMPOUND:
            self.doubt = "it is a bare stream, as Excel 2 to 4 wrote"
        elif len(content) < _SECTOR or _sectors_stated(content) * _SECTOR > len(content):
            self.doubt = "its container states more sectors than it has"
            return
        try:
            stream = content if self.doubt else _workbook_stream(content)
            if _LIKELY.search(stream):
                self._stream = stream
                sheets = [body for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]
                self._starts = [struct.unpack_from("<I", body)[0] for body in sheets]
        except _HARD_TO_SURVEY:
            self._starts = []

    def sheet(self, _name: str, position: int) -> Survey:
        """The errors of the sheet that stands at this place in the workbook."""
        if position >= len(self._starts):
            return Survey()
        errors, first = 0, ""
        for kind, body in _records(self._stream, self._starts[position]):
            code = _error_code(kind, body)
            if code is not None:
                errors += 1
                row, column = struct.unpack_from("<HH", body)
                first = first or f"{ERRORS.get(code, 'an error')} in {cell_name(row, column)}"
        return Survey(errors=errors, first_error=first)


def _sectors_stated(header: bytes) -> int:
    """Sectors of allocation tables that the header states; calamine makes room for all of them at once."""
    (tables,) = struct.unpack_from("<I", header, 44)
    (small,) = struct.unpack_from("<I", header, 64)
    (further,) = struct.unpack_from("<I", header, 72)
    return max(int(tables), int(small), int(further))


def _workbook_stream(content: bytes) -> bytes:
    compound = xlrd.compdoc.CompDoc(content, logfile=Silence())
    for name in ("Workbook", "Book"):
        stream, base, size = compound.locate_named_stream(name)
        if stream:
            return bytes(stream[base : base + size])
    return b""


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """The records from a beginning (BOF) to its end (EOF); charts inside sheets begin and end within."""
    depth = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        position += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        yield kind, stream[position : position + size]
        position += size


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return body[8]
    return None
