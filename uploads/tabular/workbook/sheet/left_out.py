"""Rows of a sheet that a person wants left out: they are made blank, and their numbers kept to be told of."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.left_out import Unwanted, blank_cells
from uploads.tabular.workbook.sheet.blocks import text_block

type Blocks = Sequence[pa.RecordBatch]


def without_rows(
    blocks: Blocks, unwanted: Unwanted, *, first_row: int, but: int | None = None
) -> tuple[Blocks, list[int]]:
    """The blocks with such rows blank, and the sheet's numbers of those that held anything.

    ``first_row``: the number of the first; ``but``: of one that stays whatever was said, a header.
    """
    if not unwanted:
        return blocks, []
    kept, gone = list[pa.RecordBatch](), list[int]()
    for block in blocks:
        numbers = np.arange(first_row, first_row + block.num_rows)
        mask = unwanted.by_number(numbers)
        by_word = unwanted.by_word(block.columns)
        mask = (mask if by_word is None else mask | by_word) & (numbers != (but or 0))
        if mask.any():
            mask &= ~blank_cells(block.columns)
        if mask.any():
            gone += numbers[mask].tolist()
            kept.append(text_block([pc.if_else(pa.array(mask), "", column) for column in block.columns]))
        else:
            kept.append(block)
        first_row += len(numbers)
    return kept, gone
