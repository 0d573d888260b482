"""A value as a page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uploads.tabular.table import ColumnType

CELL_SHOWN = 300
"""Characters of a cell that are shown."""
SPACE_MARK = "␣"
_MARKS = 3
NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    text: str
    kind: str
    """As a class of CSS: number, text or null, or both null and number."""
    is_cut: bool = False
    """Only its beginning is shown."""
    before: int = 0
    """Characters of white space that it begins with, which nobody would see."""
    after: int = 0
    """Those that it ends with."""

    @property
    def marks(self) -> tuple[str, str]:
        """What stands for them on a page."""
        return SPACE_MARK * min(self.before, _MARKS), SPACE_MARK * min(self.after, _MARKS)


def cell_of(value: Any, is_number: bool) -> Cell:
    """A value as text, the way PostgreSQL prints it."""
    match value:
        case None:
            return Cell(text="", kind="null number" if is_number else "null")
        case bool():
            return Cell(text="true" if value else "false", kind="text")
        case datetime():
            return Cell(text=value.isoformat(sep=" "), kind="text")
    text = str(value)
    before = len(text) - len(text.lstrip())
    after = len(text) - max(len(text.rstrip()), before)
    is_cut = len(text) > CELL_SHOWN
    if is_cut:
        text = text[:CELL_SHOWN] + "…"
    return Cell(text=text, kind="number" if is_number else "text", is_cut=is_cut, before=before, after=after)
