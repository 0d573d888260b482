"""The number formats of SpreadsheetML 2003, by the names of its styles, and what they show of a cell."""

import datetime as dt
from functools import cached_property

from uploads.tabular.workbook.formats.cell_formats import CellFormats, cell_formats, put_formatted
from uploads.tabular.workbook.formats.shown import FIRST_REAL
from uploads.tabular.workbook.markup.grid import Grid
from uploads.tabular.workbook.sheet.cells import Cell

_NAMED = {
    "General Date": "m/d/yyyy h:mm",
    "Long Date": "dddd, mmmm dd, yyyy",
    "Medium Date": "dd-mmm-yy",
    "Short Date": "m/d/yyyy",
    "Long Time": "h:mm:ss AM/PM",
    "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm",
    "Percent": "0.00%",
    **dict.fromkeys(("Currency", "Euro Currency", "Fixed", "Standard", "Scientific"), "0.00"),
    "General Number": "General",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
"""Formats that are stated by name (ss:NumberFormat in Microsoft's "XML Spreadsheet Reference")."""
_DAY_0 = dt.datetime(1899, 12, 31)  # noqa: DTZ001 (cells have no zone)
_AS_TIMES = 366
"""Days from then within which a date may be a time of a day or more: ``[h]:mm`` shows 1900-01-01T06:30 as 30:30."""


class XmlFormats:
    """The formats of the styles that were stated so far; all of them come before the first sheet."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._style = ""

    def begin(self, style: str, parent: str) -> None:
        """A style begins, with the format of its parent."""
        self._style = style
        self._codes[style] = self._codes.get(parent, "")

    def add(self, code: str) -> None:
        """The style has a format of its own."""
        self._codes[self._style] = _NAMED.get(code, code)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {style: place for place, (style, code) in enumerate(self._codes.items()) if code}

    @cached_property
    def _formats(self) -> CellFormats:
        codes = list(self._codes.values())
        return cell_formats({place: (0, codes[place]) for place in self._places.values()}, is_1904=False)

    @cached_property
    def _wanted(self) -> frozenset[int]:
        return self._formats.wanted(every_time=True) | self._formats.telling

    def show(self, cell: Cell, style: str, grid: Grid, across: int) -> None:
        """Say what the grid's last cell, which reaches over ``across`` columns, is as its style shows it."""
        place = self._places.get(style)
        if place is None or place not in self._wanted:
            return
        if isinstance(cell, dt.datetime | dt.time):
            number = _days(cell) if self._formats.formats[place].shows_time else None
        else:
            number = cell if isinstance(cell, float) else None
        if number is not None:
            row, column = len(grid.rows) - 1, len(grid.rows[-1]) - across
            put_formatted(grid.corrections, self._formats, row=row, column=column, number=number, style=place)


def _days(moment: dt.datetime | dt.time) -> float | None:
    """The number that Excel counts for a time, or for a date that may be one of a day or more."""
    since = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(_DAY_0, moment)
    days = (since - _DAY_0) / dt.timedelta(days=1)
    days += days >= FIRST_REAL
    return days if days < _AS_TIMES else None
