"""What an .ods says of rows that sum others up: groups of rows, and where its pivot tables stand.

OpenDocument 1.3 part 3, §9.1.10 (table:table-row-group) and §9.6 (data pilot tables).
"""

import re
from collections.abc import Mapping

from uploads.tabular.workbook.sheet.cell_names import column_number
from uploads.tabular.workbook.survey import Pivot, Summing

MARKS = (b"<table:table-row-group", b"<table:data-pilot-table ")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_CELL = r"\$?([A-Z]{1,3})\$?(\d{1,7})"
_RANGE = re.compile(rf"\$?(?:'((?:[^']|'')+)'|([^'.]+))\.{_CELL}:(?:\$?(?:'(?:[^']|'')+'|[^'.:]+))?\.?{_CELL}")
_MOST = 200_000
"""Rows whose level is kept."""


class OdsSumming:
    """What was found so far; pivot tables are named behind all sheets."""

    def __init__(self) -> None:
        self._depth = 0
        self._levels: dict[int, int] = {}
        self._sheet = ""
        self._pivot: Pivot | None = None
        self._has_total = False
        self.pivots: dict[str, list[Pivot]] = {}
        """By the sheet that they stand in."""

    def begin_sheet(self) -> None:
        self._depth, self._levels = 0, {}

    def begin(self, element: str, attributes: Mapping[str, str]) -> None:
        """A group of rows, a pivot table or a field of one; any other element says nothing of sums."""
        match element:
            case "table-row-group":
                self.enter_group(1)
            case "data-pilot-table":
                self._begin_pivot(attributes)
            case "data-pilot-field":
                self._add_field(attributes)

    def enter_group(self, by: int) -> None:
        """Or leave one, by -1."""
        self._depth = max(self._depth + by, 0)

    def add_rows(self, first: int, count: int) -> None:
        """Rows from ``first`` on, counted from 0, stand here."""
        if self._depth and len(self._levels) < _MOST:
            self._levels.update(dict.fromkeys(range(first, first + count), self._depth))

    @property
    def found(self) -> Summing:
        """Of the sheet."""
        return Summing(levels=self._levels)

    def _begin_pivot(self, attributes: Mapping[str, str]) -> None:
        place = _RANGE.fullmatch(attributes.get(f"{_TABLE}target-range-address", ""))
        self._has_total = attributes.get(f"{_TABLE}grand-total", "both") in {"both", "row"}
        self._pivot = None
        if place is not None:
            quoted, plain, left, top, right, bottom = place.groups()
            self._sheet = quoted.replace("''", "'") if quoted else plain
            area = (int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1)
            self._pivot = Pivot(name=attributes.get(f"{_TABLE}name", ""), area=area)

    def _add_field(self, attributes: Mapping[str, str]) -> None:
        """A field of the rows: only with one of these is there a total below them."""
        is_rows = attributes.get(f"{_TABLE}orientation") == "row"
        if self._pivot is None or not is_rows or attributes.get(f"{_TABLE}is-data-layout-field") == "true":
            return
        if self._has_total:
            self._pivot = Pivot(name=self._pivot.name, area=self._pivot.area, grand=self._pivot.area[2])

    def end_pivot(self) -> None:
        if self._pivot is not None:
            self.pivots.setdefault(self._sheet, []).append(self._pivot)
        self._pivot = None
