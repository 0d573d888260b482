"""Columns of a few values, as they are decided."""

from collections.abc import Sequence

import pyarrow as pa

from uploads.tabular.chunks import TextChunk
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType


def chunk(*columns: Sequence[str], first: int = 2) -> TextChunk:
    """Rows whose cells are the given columns, numbered from the given line."""
    rows = range(first, first + len(columns[0]))
    return TextChunk(rows=pa.array(rows, pa.int64()), cells=tuple(pa.array(list(c), pa.string()) for c in columns))


def decide(*columns: Sequence[str]) -> tuple[Column, ...]:
    profile = TableProfile([f"c{position}" for position in range(len(columns))])
    profile.observe(chunk(*columns))
    return profile.decide()


def planned(type_: ColumnType, format_: Format = Format()) -> tuple[Column, ...]:  # noqa: B008
    return (Column(label="c", name="c", type=type_, format=format_),)
