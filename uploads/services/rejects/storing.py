"""Rejected rows that fit by now, typed and written into their load's partition."""

from collections.abc import Collection, Sequence

import pyarrow as pa

from uploads.database.copy_streams import copy_rows
from uploads.database.merging.keys import free_keys
from uploads.database.partitions import LOAD
from uploads.database.rows import copy_statement
from uploads.models import Load, RejectedRow
from uploads.services.kept_cells import forget_cells, keep_cells
from uploads.tabular.chunks import TextChunk, TypedChunk
from uploads.tabular.sandbox.copy_bytes import encode, is_binary
from uploads.tabular.sandbox.messages import CopyFormat
from uploads.tabular.table import ROW, Column
from uploads.tabular.types.conversion import convert


def fitting_rows(
    columns: Sequence[Column], null_words: Collection[str], cells: Sequence[tuple[str, ...] | None]
) -> tuple[list[int], TypedChunk]:
    """Which of the rows fit every column, and their typed values; ``_row`` is the place in ``cells``."""
    places = [place for place, row in enumerate(cells) if row is not None]
    kept = [row for row in cells if row is not None]
    chunk = TextChunk(
        rows=pa.array(places, pa.int64()),
        cells=tuple(pa.array([row[position] for row in kept], pa.string()) for position in range(len(columns))),
    )
    typed = convert(chunk, columns, null_words=null_words)
    return typed.batch.column(0).to_pylist(), typed


def store_rows(
    load: Load, columns: Sequence[Column], rejects: Sequence[RejectedRow], cells: Sequence[tuple[str, ...] | None]
) -> list[RejectedRow]:
    """Write the rows that fit into the load's part, each with its own line number; returns them."""
    places, fitting = fitting_rows(columns, load.dataset.null_words if load.dataset else (), cells)
    typed = fitting.batch
    if load.key and places:
        keys = {name: typed.column(name).to_pylist() for name in load.key}
        types = {column.name: column.type for column in columns if column.name in load.key}
        free = free_keys(part=load.part, types=types, values=keys)
        places, typed = [places[number] for number in free], typed.take(pa.array(free, pa.int64()))
    if not places:
        return []
    stored = [rejects[place] for place in places]
    rows = pa.array([reject.row for reject in stored], pa.int64())
    loads = pa.array([load.pk] * len(stored), pa.int32())
    kept = [place for place, column in enumerate(load.columns) if not column.get("left_out")]
    names = [columns[place].name for place in kept]
    values = [typed.column(place + 1) for place in kept]
    batch = pa.record_batch([rows, loads, *values], names=[ROW, LOAD, *names])
    how = CopyFormat(binary=is_binary([columns[place] for place in kept]))
    # The part's default for _load is that of the file's last table in it, so that each row says it itself.
    statement = copy_statement(part=load.part, names=[LOAD, *names], binary=how.binary)
    copy_rows(statement, [bytearray(encode(batch, how))], binary=how.binary)
    numbers = {place: rejects[place].row for place in places}
    forget_cells(load_id=load.pk, rows=numbers.values())
    keep_cells(load_id=load.pk, kept=fitting.kept.renumbered(numbers))
    return stored
