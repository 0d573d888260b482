"""The outline of a sheet of an .xlsx: which rows are grouped below others, and on which side of a group its sum is."""

import re
from collections.abc import Mapping

_MARK = b"outlineLevel="
_LEVEL = rb"[^<>]*\boutlineLevel=[\"']([1-7])[\"']"
_ROW = re.compile(rb"<(?:\w+:)?row\b(?=" + _LEVEL + rb")[^<>]*?\br=[\"'](\d{1,7})[\"']")
_ABOVE = re.compile(rb"<(?:\w+:)?outlinePr\b[^<>]*\bsummaryBelow=[\"'](?:0|false|off)[\"']")
_ABOVE_MARK = b"summaryBelow="
_MOST = 200_000
"""Rows whose level is kept."""


class Outline:
    """What was found so far in a sheet's XML; a block without its marks costs a search for two words."""

    def __init__(self) -> None:
        self._levels: dict[int, int] = {}
        self.is_below = True
        """Whether the row that sums a group up stands below it."""

    def add(self, text: bytes, end: int) -> None:
        """Look at the sheet's XML up to ``end``."""
        if text.find(_ABOVE_MARK, 0, end) >= 0 and _ABOVE.search(text, 0, end):
            self.is_below = False
        if len(self._levels) < _MOST and text.find(_MARK, 0, end) >= 0:
            self._levels.update((int(number) - 1, int(level)) for level, number in _ROW.findall(text, 0, end))

    @property
    def levels(self) -> Mapping[int, int]:
        """Levels of grouped rows, from 1; rows are counted from 0 in the sheet."""
        return self._levels
