"""Rows, columns and filters that hide cells of a sheet of an .xlsx."""

import re

from uploads.tabular.workbook.survey import Hidden

_HIDDEN = rb"[^<>]*\b(?:hidden=[\"'](?:1|true|on)|(?:ht|width)=[\"']0(?:\.0+)?)[\"']"
"""Said, or by a height or width of 0: nobody sees such a row either."""
_ROW = re.compile(rb"<(?:\w+:)?row\b(?=" + _HIDDEN + rb")[^<>]*?\br=[\"'](\d{1,7})[\"']")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b(?=" + _HIDDEN + rb")[^<>]*>")
_FIRST = re.compile(rb"\bmin=[\"'](\d{1,5})[\"']")
_LAST = re.compile(rb"\bmax=[\"'](\d{1,5})[\"']")
_MARKS = (b"hidden=", b'ht="0', b"ht='0", b'width="0', b"width='0")
_FILTER_MARK = b"filterColumn"
_LAST_COLUMN = 2**14


class HiddenCells:
    """What was found so far in a sheet's XML; a block without its marks costs a search for a few words."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._columns: set[int] = set()
        self._is_filtered = False

    def add(self, text: bytes, end: int) -> None:
        """Look at the sheet's XML up to ``end``."""
        if any(text.find(mark, 0, end) >= 0 for mark in _MARKS):
            self._rows.update(int(number) - 1 for number in _ROW.findall(text, 0, end))
            for tag in _COLUMN.findall(text, 0, end):
                first, last = _FIRST.search(tag), _LAST.search(tag)
                # Up to the last column of all: it is the rest of the sheet that is hidden, not a column of a table.
                if first and last and int(last[1]) < _LAST_COLUMN:
                    self._columns.update(range(int(first[1]) - 1, int(last[1])))
        self._is_filtered = self._is_filtered or text.find(_FILTER_MARK, 0, end) >= 0

    @property
    def found(self) -> Hidden:
        return Hidden(rows=frozenset(self._rows), columns=frozenset(self._columns), is_filtered=self._is_filtered)
