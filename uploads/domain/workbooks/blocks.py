"""A sheet's rows as blocks of text columns, and what is asked of them: blank rows, the first rows, the last."""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.domain.errors import LimitExceeded
from uploads.domain.table import Limits
from uploads.domain.workbooks.cells import Cell, DateKind, column_text, with_midnight

Mask = npt.NDArray[np.bool_]

_TURNED_ROWS = 4_000
"""Rows turned into columns at a time, at most: a sixth faster than 1,000, and they stay in the processor's cache."""


_LONG = 16
_LONG_INTEGER = r"^-?(?:[0-9]{16,}|[0-9](?:\.[0-9]+)?e\+[0-9]+)$"


def text_blocks(rows: Iterable[Sequence[Cell]], size: int) -> list[pa.RecordBatch]:
    """Rows as blocks of text columns. A column with times of day anywhere prints its dates as midnights."""
    parts: list[list[pa.StringArray]] = []
    kinds: list[list[DateKind]] = []
    turned = min(size, _TURNED_ROWS)
    for part in itertools.batched(rows, turned):
        texts = [column_text(column) for column in zip(*part, strict=True)]
        parts.append([text for text, _ in texts])
        kinds.append([kind for _, kind in texts])
    moments = {i for row in kinds for i, kind in enumerate(row) if kind is DateKind.MOMENTS}
    for columns, row in zip(parts, kinds, strict=True):
        for position in moments:
            if row[position] is DateKind.DATES:
                columns[position] = with_midnight(columns[position])
    return [
        pa.record_batch([pa.concat_arrays(arrays) for arrays in zip(*some, strict=True)], names=_names(some[0]))
        for some in itertools.batched(parts, size // turned)
        if some[0]
    ]


def cells_as_text(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """A few rows as text, cell by cell."""
    return [column_text(row)[0].to_pylist() for row in rows]


def text_rows(rows: Sequence[Sequence[str]]) -> list[pa.RecordBatch]:
    """A few rows of text as a block; none of no rows."""
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return [pa.record_batch(columns, names=_names(columns))] if columns else []


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


def _names(columns: Sequence[pa.StringArray]) -> list[str]:
    return [str(position) for position in range(len(columns))]
