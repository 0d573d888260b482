"""The number formats of an .xlsx, and the cells that its reader gives otherwise than their formats show them."""

import re
import zipfile
from collections.abc import Collection
from datetime import timedelta

from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.formats.cell_formats import CellFormats, cell_formats, put_formatted
from uploads.tabular.workbook.formats.shown import hidden_part, shown
from uploads.tabular.workbook.formats.xlsx_styles import LARGEST, NumberStyles
from uploads.tabular.workbook.package_parts import Parts, book_name, styles_name
from uploads.tabular.workbook.sheet.cell_names import cell_name, column_letters, column_number
from uploads.tabular.workbook.sheet.cells import duration_text, float_text

_IS_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^<>]*\bdate1904=[\"'](?:1|true|on)[\"']")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_OTHER_TYPE = re.compile(rb"\bt=[\"'](?!n[\"'])")
_VALUE = re.compile(rb"[^<>]*>(?:\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<")
_TELLING_WITHIN = 2**22
"""Bytes of a sheet's XML among which the first percentage of a column is looked for, and words in place of numbers: one
that begins below some 50,000 cells of others is not worth a look at every cell."""
_SHORTER_WITHIN = 2**17
"""The same for numbers and times of which a part is not shown: some 2,500 cells, at 8 µs each."""


def xlsx_formats(package: zipfile.ZipFile, parts: Parts) -> CellFormats:
    """Raises what damaged packages cause."""
    part = parts.get(styles_name(package, parts))
    if part is None or part.file_size > LARGEST:
        return CellFormats()
    styles = NumberStyles.of(package.read(part))
    is_1904 = _IS_1904.search(package.read(parts[book_name(package, parts)])) is not None
    numbers = {at: (number, styles.codes.get(number)) for at, number in enumerate(styles.of_cells)}
    return cell_formats(numbers, is_1904=is_1904)


class FormattedCells:
    """What was found so far among the cells of one sheet that have certain formats."""

    def __init__(self, formats: CellFormats, wanted: Collection[int]) -> None:
        self._formats = formats
        self._style = _pattern(wanted)
        self._with_telling = _pattern(formats.telling.union(wanted)) if formats.telling else self._style
        self._wanted = frozenset(wanted).union(formats.telling)
        more = formats.telling.union(wanted, formats.shorter)
        self._with_shorter = _pattern(more) if formats.shorter else self._with_telling
        self._bytes_left = _TELLING_WITHIN
        self.corrections = Corrections()

    def add(self, text: bytes, end: int) -> None:
        """Look at the sheet's XML up to ``end``."""
        styles = self._with_telling if self._bytes_left > 0 else self._style
        closely = min(end, max(0, self._bytes_left - _TELLING_WITHIN + _SHORTER_WITHIN))
        if closely < end:
            closely = max(0, text.rfind(b"<", 0, closely))  # no cell is cut
            self.corrections.is_all &= not self._formats.shorter
        self._bytes_left -= end
        self._look(self._with_shorter, text, 0, closely)
        self._look(styles, text, closely, end)

    def _look(self, styles: re.Pattern[bytes] | None, text: bytes, begin: int, end: int) -> None:
        """Look at the cells that have one of the formats."""
        for style in styles.finditer(text, begin, end) if styles is not None else ():
            start = text.rfind(b"<", 0, style.start())
            value = _VALUE.match(text, style.end())
            place = _REFERENCE.search(text, start, value.start(1)) if value else None
            if value is None or place is None or _OTHER_TYPE.search(text, start, value.start(1)):
                continue
            try:
                number = float(value[1])
            except ValueError:
                continue
            row, column, own = int(place[2]) - 1, column_number(place[1].decode()) - 1, int(style[1])
            if own in self._wanted:
                put_formatted(self.corrections, self._formats, row=row, column=column, number=number, style=own)
            if own in self._formats.shorter and styles is self._with_shorter:
                _count_shorter(self.corrections, self._formats, row=row, column=column, number=number, style=own)


def _pattern(styles: Collection[int]) -> re.Pattern[bytes] | None:
    """A cell's attribute that names one of the formats."""
    some = b"|".join(str(place).encode() for place in sorted(styles))
    return re.compile(rb" s=[\"'](" + some + rb")[\"']") if styles else None


def _count_shorter(
    corrections: Corrections, formats: CellFormats, *, row: int, column: int, number: float, style: int
) -> None:
    """Count a cell of which its format does not show a part."""
    hidden = hidden_part(number, formats.formats[style])
    if hidden is None:
        return
    part, short = hidden
    cell = shown(number, formats.formats[style], is_1904=formats.is_1904)[0]
    stored = float_text(cell) if isinstance(cell, float) else str(cell)
    stored = duration_text(cell) if isinstance(cell, timedelta) else stored
    corrections.count_shorter(part, column_letters(column), cell_name(row, column), stored, short)
