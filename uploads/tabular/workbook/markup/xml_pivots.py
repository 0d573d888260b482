"""Pivot tables of SpreadsheetML 2003: where they stand, and which of their rows sum others up.

Elements as in Microsoft's "XML Spreadsheet Reference" (Office 2003): ``PivotTable``, ``Location``, ``PTLineItems``. It
keeps no outline, so that these are all that it says of sums.
"""

import re

from uploads.tabular.workbook.pivot_lines import BLANK, DATA, GRAND, MOST_LINES, SUBTOTAL, pivot_of_lines
from uploads.tabular.workbook.survey import Pivot

_PLACE = re.compile(r"(?:.*!)?R(\d{1,7})C(\d{1,5})(?::R(\d{1,7})C(\d{1,5}))?", re.DOTALL)
_KINDS = {"": DATA, "Data": DATA, "Grand": GRAND, "Blank": BLANK}
_OF_COLUMNS = "Column"


class XmlPivot:
    """A pivot table, told one element after the other."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._name = self._place = self._axis = ""
        self._lines: list[tuple[str, int]] = []
        self._line = ("", 0)
        self._of_rows: list[tuple[str, int]] = []

    @property
    def is_over(self) -> bool:
        return not self._path

    def begin(self, element: str) -> None:
        """The name of an element; the first is ``PivotTable``."""
        self._path.append(element)
        self._text = []
        if element == "PTLineItems":
            self._axis, self._lines = "", []
        elif element == "PTLineItem":
            self._line = ("", 0)

    def add(self, text: str) -> None:
        self._text.append(text)

    def end(self) -> None:
        """End the element that was begun last."""
        element = self._path.pop()
        text, self._text = "".join(self._text).strip(), []
        kind, depth = self._line
        match (*self._path[-1:], element):
            case ("PivotTable", "Name"):
                self._name = text
            case ("PivotTable", "Location"):
                self._place = text
            case ("PTLineItems", "Orientation"):
                self._axis = text
            case ("PTLineItem", "ItemType"):
                self._line = (text, depth)
            case ("PTLineItem", "CountOfSameItems") if text.isascii() and text.isdigit() and len(text) < 5:
                self._line = (kind, depth + int(text))
            case ("PTLineItem", "Item"):
                self._line = (kind, depth + 1)
            case ("PTLineItems", "PTLineItem") if len(self._lines) < MOST_LINES:
                self._lines.append((_KINDS.get(kind, SUBTOTAL), depth))
            case (_, "PTLineItems") if self._axis != _OF_COLUMNS and not self._of_rows:
                self._of_rows = self._lines

    @property
    def found(self) -> Pivot | None:
        """Once it is over; nothing if it does not say where it stands."""
        place = _PLACE.fullmatch(self._place)
        if place is None:
            return None
        top, left, bottom, right = (int(number) - 1 for number in place.groups(default="1"))
        if place[3] is None:
            bottom, right = top, left
        # Each line is a row, and the last one is the last row.
        first = bottom + 1 - len(self._of_rows)
        lines = self._of_rows if first > top else []
        return pivot_of_lines(self._name, (top, left, bottom, right), first=first, lines=lines)
