"""Tells the list of sheets that Apple Numbers puts before the tables that it exports: nobody sent that as a table."""

from collections.abc import Sequence

from uploads.tabular.workbook.sheet.cells import Cell

_WRITER = "Numbers"


def lists_sheets(rows: Sequence[Sequence[Cell]], others: Sequence[str]) -> bool:
    """Whether the first rows of a sheet name the program, and a column of them all other sheets in their order."""
    if not others or not any(isinstance(cell, str) and _WRITER in cell for row in rows for cell in row):
        return False
    known = set(others)
    return any([cell for cell in column if cell in known] == list(others) for column in zip(*rows, strict=True))
