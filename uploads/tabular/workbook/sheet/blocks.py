"""A sheet's rows as blocks of text columns, and what is asked of them: blank rows, the first rows, the last."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.errors import LimitExceeded
from uploads.tabular.table import Limits
from uploads.tabular.workbook.sheet.cells import Cell, column_text

Mask = npt.NDArray[np.bool_]

_LONG = 16
_LONG_INTEGER = r"^-?(?:[0-9]{16,}|[0-9](?:\.[0-9]+)?e\+[0-9]+)$"


def cells_as_text(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """A few rows as text, cell by cell."""
    return [column_text(row)[0].to_pylist() for row in rows]


def text_rows(rows: Sequence[Sequence[str]]) -> list[pa.RecordBatch]:
    """A few rows of text as a block; none of no rows."""
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return [text_block(columns)] if columns else []


def text_block(columns: Sequence[pa.StringArray]) -> pa.RecordBatch:
    """Columns, named by their positions."""
    return pa.record_batch(columns, names=[str(position) for position in range(len(columns))])


def rows_of(blocks: Sequence[pa.RecordBatch], start: int, count: int) -> list[list[str]]:
    """Some rows as lists: at most ``count``, from row ``start`` on."""
    rows: list[list[str]] = []
    for part in cut(blocks, start, start + count):
        rows.extend(list(row) for row in zip(*(column.to_pylist() for column in part.columns), strict=True))
    return rows


def cut(blocks: Sequence[pa.RecordBatch], start: int, stop: int) -> list[pa.RecordBatch]:
    """The rows from ``start`` to before ``stop``, in blocks that share the memory."""
    parts = []
    begin = 0
    for block in blocks:
        low, high = max(start - begin, 0), min(stop - begin, block.num_rows)
        if low < high:
            parts.append(block.slice(low, high - low))
        begin += block.num_rows
    return parts


def size_of(blocks: Sequence[pa.RecordBatch]) -> int:
    """Rows in all blocks together."""
    return sum(block.num_rows for block in blocks)


def check_cells(name: str, blocks: Sequence[pa.RecordBatch], limits: Limits) -> None:
    for block in blocks:
        for column in block.columns:
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > limits.cell_bytes:
                raise LimitExceeded(
                    f'Sheet "{name}" has a cell of {longest:,} bytes; {limits.cell_bytes:,} are allowed.',
                    hint="Shorten the cell or leave it out.",
                )


def has_long_integers(blocks: Sequence[pa.RecordBatch]) -> bool:
    """Whether a cell reads as a whole number of 16 digits or more, which a floating-point number may have rounded."""
    for block in blocks:
        for column in block.columns:
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest >= _LONG and pc.any(pc.match_substring_regex(column, _LONG_INTEGER)).as_py():
                return True
    return False


def is_blank(column: pa.StringArray) -> pa.BooleanArray:
    return pc.equal(pc.utf8_trim_whitespace(column), "")


def blank_rows(block: pa.RecordBatch) -> pa.BooleanArray:
    blank = is_blank(block.column(0))
    for column in block.columns[1:]:
        if not pc.any(blank).as_py():
            break
        blank = pc.and_(blank, is_blank(column))
    return blank


def filled_cells(blocks: Sequence[pa.RecordBatch]) -> Mask:
    """Which cells are not blank: rows × columns. 20 ns a cell."""
    masks = [
        np.column_stack([~is_blank(column).to_numpy(zero_copy_only=False) for column in block.columns])
        for block in blocks
    ]
    return np.concatenate(masks)


def rows_with(block: pa.RecordBatch, cells: Sequence[str]) -> pa.BooleanArray | None:
    """Rows that hold exactly these cells; where there is none, one look at one column is all."""
    found = None
    for column, cell in zip(block.columns, cells, strict=False):
        equal = pc.equal(column, cell)
        found = equal if found is None else pc.and_(found, equal)
        if not pc.any(found).as_py():
            return None
    return found


def rows_with_nul(block: pa.RecordBatch) -> pa.BooleanArray | None:
    """Rows with a NUL, which PostgreSQL's text cannot hold."""
    found = None
    for column in block.columns:
        data = column.buffers()[2]
        if data is not None and (np.frombuffer(data, dtype=np.uint8) == 0).any():
            mask = pc.match_substring(column, "\0")
            found = mask if found is None else pc.or_(found, mask)
    return found
