"""Gives cells that are merged with one above the value that they show."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.workbook.sheet.blocks import rows_of, text_block


def filled_down(blocks: Sequence[pa.RecordBatch], merged: Iterable[Range], *, first: int) -> list[pa.RecordBatch]:
    """The blocks, in which each cell of a merged range over several rows, from row ``first`` on, holds its value."""
    ranges = [one for one in merged if one[0] >= first and one[2] > one[0]]
    texts = {one: rows_of(blocks, one[0], 1) for one in ranges}
    filled: list[pa.RecordBatch] = []
    begin = 0
    for block in blocks:
        end = begin + block.num_rows
        here = [one for one in ranges if one[0] < end and one[2] >= begin]
        filled.append(_filled(block, begin, {one: texts[one][0][one[1]] for one in here if texts[one]}))
        begin = end
    return filled


def _filled(block: pa.RecordBatch, begin: int, texts: dict[Range, str]) -> pa.RecordBatch:
    if not texts:
        return block
    columns = list(block.columns)
    cells = {
        place: columns[place].to_pylist() for _, left, _, right in texts for place in _within(left, right, columns)
    }
    for (top, left, bottom, right), text in texts.items():
        for place in _within(left, right, columns):
            for row in range(max(top - begin, 0), min(bottom - begin + 1, block.num_rows)):
                cells[place][row] = text
    for place, column in cells.items():
        columns[place] = pa.array(column, pa.string())
    return text_block(columns)


def _within(left: int, right: int, columns: Sequence[pa.StringArray]) -> range:
    return range(left, min(right + 1, len(columns)))
