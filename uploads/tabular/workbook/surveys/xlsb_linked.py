"""What the parts that a sheet of an .xlsb refers to say: tables that the workbook defines, and pivot tables.

[MS-XLSB] §2.4.100 (BrtBeginList), §2.4.254 (BrtBeginSXLocation) and §2.4.251 (BrtBeginSXLI).
"""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

from uploads.tabular.workbook.pivot_lines import BLANK, DATA, GRAND, MOST_LINES, SUBTOTAL, pivot_of_lines
from uploads.tabular.workbook.survey import Pivot
from uploads.tabular.workbook.surveys.defined_tables import Defined, linked_parts
from uploads.tabular.workbook.surveys.pivots import LARGEST
from uploads.tabular.workbook.surveys.xlsb_records import records, wide_text

_TABLE, _PIVOT, _PLACE, _LINES, _END_LINES, _LINE = 343, 280, 314, 299, 300, 297
_NAME = 32
"""Bytes of a pivot table's record before its name."""
_KINDS = {0x00: DATA, 0x0D: GRAND, 0x0E: BLANK}


def tables_of(path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo]) -> Defined:
    """``sheet`` is its part of the package, ``parts`` are all; raises ``HARD_TO_UNPACK`` where these are damaged."""
    tables, totals = [], []
    for content in linked_parts(path, sheet, parts, kind="/table", largest=LARGEST):
        for kind, body in records(content):
            if kind == _TABLE:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                headers, sums = struct.unpack_from("<2I", body, 24)
                tables.extend([(top, left, bottom, right)] if headers else [])
                totals.extend([bottom] if sums else [])
    return Defined(tables=tuple(tables), totals=tuple(totals))


def pivots_of(path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo]) -> tuple[Pivot, ...]:
    """Like ``tables_of``."""
    contents = linked_parts(path, sheet, parts, kind="/pivotTable", largest=LARGEST)
    return tuple(pivot for pivot in map(_pivot, contents) if pivot is not None)


def _pivot(content: bytes) -> Pivot | None:
    name, area, is_of_rows = "", None, False
    lines: list[tuple[str, int]] = []
    for kind, body in records(content):
        if kind == _PIVOT:
            name, _ = wide_text(body, _NAME)
        elif kind == _PLACE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            area = (top, left, bottom, right)
        elif kind in (_LINES, _END_LINES):
            is_of_rows = kind == _LINES
        elif kind == _LINE and is_of_rows and len(lines) < MOST_LINES:
            same, item, own = struct.unpack_from("<HBxI", body)
            lines.append((_KINDS.get(item, SUBTOTAL), same + own))
    if area is None:
        return None
    # Each line is a row, and the last one is the last row.
    first = area[2] + 1 - len(lines)
    return pivot_of_lines(name, area, first=first, lines=lines if first > area[0] else [])
