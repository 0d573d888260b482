"""The first reader of workbooks: python-calamine."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import python_calamine as calamine

from uploads.domain.table import Limits
from uploads.domain.workbooks.cells import Cell
from uploads.domain.workbooks.sheets import RawSheet
from uploads.domain.workbooks.survey import Survey


class CalamineWorkbook:
    """A workbook as calamine reads it."""

    def __init__(self, path: Path) -> None:
        with panics_refused():
            self._book = calamine.CalamineWorkbook.from_path(path)
        visible = calamine.SheetVisibleEnum.Visible
        every = self._book.sheets_metadata
        sheets = [meta for meta in every if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        self.names = tuple(meta.name for meta in sheets)
        self.positions = {meta.name: position for position, meta in enumerate(every)}
        self.hidden = frozenset(meta.name for meta in sheets if meta.visible != visible)

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def sheet(self, name: str) -> calamine.CalamineSheet:
        """One sheet with all its cells; other threads go on meanwhile."""
        with panics_refused():
            return self._book.get_sheet_by_name(name)


def raw_sheet(parts: Sequence[calamine.CalamineSheet], *, limits: Limits, survey: Survey) -> RawSheet | None:
    """A sheet from its parts, the upper one first; nothing if there are no cells."""
    rectangles = [(*part.start, *part.end) for part in parts if part.start is not None and part.end is not None]
    if not rectangles:
        return None
    name = parts[0].name
    left = min(first for _, first, _, _ in rectangles)
    right = max(last for _, _, _, last in rectangles)
    top, height = rectangles[0][0], rectangles[-1][2] + 1
    Survey(rows=height - top, columns=right - left + 1).check(name, limits)
    known = [
        (top, first, bottom, last) for part in parts for (top, first), (bottom, last) in part.merged_cell_ranges or ()
    ]
    merged = tuple(
        (top, max(first - left, 0), bottom, last - left)
        for top, first, bottom, last in (known if survey.merged is None else survey.merged)
        if last >= left
    )
    rows = _rows(parts, left, right)
    tables = tuple((top, first - left, bottom, last - left) for top, first, bottom, last in survey.tables)
    return RawSheet(name=name, rows=rows, height=height, first_column=left, merged=merged, tables=tables)


def _rows(parts: Sequence[calamine.CalamineSheet], left: int, right: int) -> Iterator[Sequence[Cell]]:
    """Every row from the sheet's first on, blank ones too, each from the leftmost column to the rightmost.

    Raises ``CalamineError`` at a cell that cannot be handed over: a duration of 10^300 days.
    """
    begin = 0
    for part in parts:
        if part.start is None or part.end is None:
            continue
        before, behind = [""] * (part.start[1] - left), [""] * (right - part.end[1])
        rows = itertools.islice(part.iter_rows(), begin, None)
        with panics_refused():
            yield from ([*before, *row, *behind] for row in rows) if before or behind else rows
        begin = part.end[0] + 1


@contextmanager
def panics_refused() -> Iterator[None]:
    """Turn what else damaged files cause, a Rust panic or a failed read, into calamine's own kind of error."""
    try:
        yield
    except (OSError, OverflowError) as error:
        raise calamine.CalamineError(str(error)) from error
    except BaseException as error:
        # Its class cannot be imported, and derives from BaseException.
        if type(error).__name__ == "PanicException":
            raise calamine.CalamineError(str(error)) from error
        raise
