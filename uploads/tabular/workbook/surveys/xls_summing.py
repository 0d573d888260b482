"""What an .xls says of rows that sum others up: its outline and its pivot tables.

[MS-XLS] §2.4.221 (Row), §2.4.351 (WsBool), §2.4.313 (SxView) and §2.4.275 (SXLI).
"""

import struct

from uploads.tabular.workbook.pivot_lines import BLANK, DATA, GRAND, SUBTOTAL, pivot_of_lines
from uploads.tabular.workbook.survey import Pivot, Summing

ROW, SHEET_FLAGS, PIVOT, PIVOT_LINES = 0x0208, 0x0081, 0x00B0, 0x00B5
OF_SUMMING = frozenset({ROW, SHEET_FLAGS, PIVOT, PIVOT_LINES})
PIVOT_STORE = "_SX_DB".encode("utf-16-le")
"""In the directory of a compound file: what pivot tables were computed from."""
LEVEL = 0x07
"""Bits of the thirteenth byte of a row."""
_SUMS_BELOW = 0x40
_KINDS = {0x00: DATA, 0x0D: GRAND, 0x0E: BLANK}
_HEAD = 44
"""Bytes of a pivot table's record before its name."""
_MOST = 20_000
"""Rows that Excel 97 to 2003 can show of a pivot table are fewer."""


class XlsSumming:
    """What was found so far in the records of a sheet."""

    def __init__(self) -> None:
        self._levels: dict[int, int] = {}
        self._is_below = True
        self._pivots: list[Pivot] = []
        self._open: tuple[int, int, int] | None = None
        """Of the last pivot table: its first row of data, its fields of rows, its rows; until these are read."""

    def look_at(self, kind: int, body: bytes) -> None:
        """One record of ``OF_SUMMING``."""
        if kind == ROW and len(body) >= 13 and body[12] & LEVEL:
            self._levels[struct.unpack_from("<H", body)[0]] = body[12] & LEVEL
        elif kind == SHEET_FLAGS and len(body) >= 2:
            self._is_below = bool(body[0] & _SUMS_BELOW)
        elif kind == PIVOT and len(body) > _HEAD:
            self._begin(body)
        elif kind == PIVOT_LINES and self._open is not None:
            self._read_lines(body)

    @property
    def found(self) -> Summing:
        return Summing(pivots=tuple(self._pivots), levels=self._levels, is_below=self._is_below)

    def _begin(self, body: bytes) -> None:
        top, bottom, left, right = struct.unpack_from("<4H", body)
        (first,) = struct.unpack_from("<H", body, 10)
        (fields,) = struct.unpack_from("<H", body, 24)
        (rows,) = struct.unpack_from("<H", body, 32)
        (length,) = struct.unpack_from("<H", body, 40)
        is_wide = body[_HEAD] & 1
        text = body[_HEAD + 1 : _HEAD + 1 + length * (1 + is_wide)]
        name = text.decode("utf-16-le" if is_wide else "latin-1", "replace")
        self._pivots.append(Pivot(name=name, area=(top, left, bottom, right)))
        self._open = (first, fields, rows) if fields and 0 < rows <= _MOST else None

    def _read_lines(self, body: bytes) -> None:
        """The first such record is of the rows; where it is not whole, nothing is known of them."""
        first, fields, rows = self._open or (0, 0, 0)
        self._open = None
        size = 8 + 2 * fields
        if len(body) != rows * size:
            return
        lines = []
        for at in range(0, len(body), size):
            kind, depth = struct.unpack_from("<Hh", body, at + 2)
            lines.append((_KINDS.get(kind & 0x7FFF, SUBTOTAL), depth))
        pivot = self._pivots[-1]
        self._pivots[-1] = pivot_of_lines(pivot.name, pivot.area, first=first, lines=lines)
