"""The notes below the rows of a sheet's table."""

from collections.abc import Collection, Sequence

import pyarrow as pa

from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.workbook.sheet.blocks import rows_of, size_of

_FOOTER_ROWS = 100
"""Rows from the end among which the footer is looked for."""


def find_footer(blocks: Sequence[pa.RecordBatch], *, said: Collection[int] = ()) -> tuple[int, list[int]]:
    """The number of rows down to the last data row, and the rows of notes below it.

    Notes stand below a blank row and fill few cells; whole blocks of such rows are cut off from the end. So are
    rows that the workbook says are notes (``said``).
    """
    size = size_of(blocks)
    begin = max(0, size - _FOOTER_ROWS)
    rows = rows_of(blocks, begin, _FOOTER_ROWS)
    end = _without_blank_tail(rows, len(rows))
    width = max(map(filled, rows), default=0)
    few = 2 if width >= 5 else 1 if width >= 3 else 0
    notes, last = list[int](), begin + end
    while end and begin + end - 1 in said:
        notes.insert(0, begin + end - 1)
        last = begin + (end := _without_blank_tail(rows, end - 1))
    while top := next((i for i in range(end, 0, -1) if not filled(rows[i - 1])), 0):
        if any(filled(row) > few for row in rows[top:end]):
            break
        notes += range(begin + top, begin + end)
        end = _without_blank_tail(rows, top)
    return (begin + end, notes) if end else (last, [])


def _without_blank_tail(rows: Sequence[Sequence[str]], end: int) -> int:
    while end and not filled(rows[end - 1]):
        end -= 1
    return end
