"""Rows of a workbook, or of records, around one of them: stored and rejected ones in one order."""

from dataclasses import dataclass

from uploads.services.source_lines.rows import RowRejected, RowsAround
from uploads.web.shown.first_rows import ComparedCell, ShownColumn, columns_of, shown_rows


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRow:
    number: int
    cells: tuple[ComparedCell, ...] = ()
    rejected: RowRejected | None = None
    is_wanted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAround:
    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]


def shown_around(found: RowsAround) -> ShownAround:
    """``found``, ready to be shown."""
    stored = shown_rows(found.stored) if found.stored else ()
    rows = [
        *(ShownRow(number=number, cells=cells, is_wanted=number == found.row) for number, cells in stored),
        *(ShownRow(number=each.row, rejected=each, is_wanted=each.row == found.row) for each in found.rejected),
    ]
    columns = columns_of(found.stored) if found.stored else ()
    return ShownAround(columns=columns, rows=tuple(sorted(rows, key=lambda row: row.number)))
