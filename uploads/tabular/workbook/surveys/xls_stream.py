"""The records of an .xls, and what those before its sheets say: code page, number formats, where the sheets begin.

[MS-XLS] §2.4 for Excel 97 and later (BIFF8); OpenOffice's documentation of the Excel file format for those before.
"""

import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

import xlrd

from uploads.tabular.workbook.formats.cell_formats import CellFormats, cell_formats
from uploads.tabular.workbook.kind import Silence

BIFF8 = 0x0600
_UTF_16 = 1200
_WIDE_PAGES = frozenset({932, 936, 949, 950, 1361, 10001, 10002, 10003, 10008})
"""Code pages with letters of several bytes."""
_BOUNDSHEET, _BOF, _EOF, _CODEPAGE, _DATEMODE = 0x0085, 0x0809, 0x000A, 0x0042, 0x0022
_FORMAT, _XF, _PASSWORD = 0x041E, 0x00E0, 0x002F
_OWN = 164
"""Formats of a workbook's own are numbered from here on, in Excel; calamine looks no further below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Globals:
    """What stands before the sheets."""

    version: int = BIFF8
    code_page: int | None = None
    starts: tuple[int, ...] = ()
    """Where each sheet begins in the stream."""
    formats: CellFormats = field(default_factory=CellFormats)

    @property
    def doubt(self) -> str:
        """Why calamine would misread the texts, if it would."""
        if self.version >= BIFF8:
            foreign = self.code_page not in {None, _UTF_16}
            return f"it names the code page {self.code_page}, though its texts are Unicode" if foreign else ""
        if self.code_page is None:
            return "it doesn't say in which code page its texts are"
        return f"its texts are in the code page {self.code_page}" if self.code_page in _WIDE_PAGES else ""


_HEAD = struct.Struct("<HH")
"""Kind and size of a record."""


def workbook_stream(content: bytes) -> bytes:
    """The workbook in a compound file."""
    compound = xlrd.compdoc.CompDoc(content, logfile=Silence())
    for name in ("Workbook", "Book"):
        stream, base, size = compound.locate_named_stream(name)
        if stream:
            return bytes(stream[base : base + size])
    return b""


def records(stream: bytes, position: int, kinds: Container[int] | None = None) -> Iterator[tuple[int, bytes]]:
    """The records from a beginning (BOF) to its end (EOF), or those of some ``kinds``; charts inside sheets begin and
    end within."""
    depth, length, head = 0, len(stream), _HEAD.unpack_from
    while position + 4 <= length:
        kind, size = head(stream, position)
        position += 4
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
        if depth <= 0:
            return
        if kinds is None or kind in kinds:
            yield kind, stream[position : position + size]
        position += size


def read_globals(stream: bytes) -> Globals:
    """Raises what damaged streams cause: ``struct.error``, ``LookupError``, ``ValueError``."""
    version, code_page, is_1904 = BIFF8, None, False
    starts: list[int] = []
    codes: dict[int, str] = {}
    of_cells: list[int] = []
    for kind, body in records(stream, 0):
        match kind:
            case _ if kind == _BOF and not starts and len(body) >= 2 and not of_cells:
                (version,) = struct.unpack_from("<H", body)
            case _ if kind == _PASSWORD:
                return Globals()
            case _ if kind == _CODEPAGE:
                (code_page,) = struct.unpack_from("<H", body)
            case _ if kind == _DATEMODE:
                is_1904 = body[:2] == b"\1\0"
            case _ if kind == _BOUNDSHEET:
                starts.append(struct.unpack_from("<I", body)[0])
            case _ if kind == _FORMAT:
                number, code = _format(body, version)
                codes[number] = code
            case _ if kind == _XF:
                of_cells.append(struct.unpack_from("<H", body, 2)[0])
    numbers = {place: (number, codes.get(number)) for place, number in enumerate(of_cells)}
    formats = cell_formats(numbers, is_1904=is_1904, own_from=_OWN)
    return Globals(version=version, code_page=code_page, starts=tuple(starts), formats=formats)


def _format(body: bytes, version: int) -> tuple[int, str]:
    (number,) = struct.unpack_from("<H", body)
    if version < BIFF8:
        return number, body[3 : 3 + body[2]].decode("latin-1")
    length, flags = struct.unpack_from("<HB", body, 2)
    if flags & 1:
        return number, body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return number, body[5 : 5 + length].decode("latin-1")
