"""Copies of parts with columns of other types: rows out as text, in batches of Arrow, and in again by COPY."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection, transaction
from pyarrow import csv

from uploads.database.copy_streams import CopyStreams
from uploads.database.partitions import LOAD
from uploads.database.rows import copy_out_statement, copy_statement, insert_cast
from uploads.tabular.table import ROW, Column

BATCH_ROWS = 50_000
BATCH_BYTES = 16 * 2**20
_OUT = csv.WriteOptions(include_header=False, quoting_style="needed")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRows:
    """Some rows of one load as PostgreSQL prints them; null is null."""

    load: int
    rows: pa.Int64Array
    values: Mapping[str, pa.StringArray]

    def only(self, places: pa.Int64Array) -> "StoredRows":
        """Some of them, by their places."""
        values = {name: cells.take(places) for name, cells in self.values.items()}
        return StoredRows(load=self.load, rows=self.rows.take(places), values=values)


def read_stored(*, part: str, names: Sequence[str], aside: str = "", file_id: int = 0) -> Iterator[StoredRows]:
    """The rows of a part in the order in which they lie, with the named columns; memory does not grow.

    ``aside`` and ``file_id`` are those of ``whole_part``.
    """
    with transaction.atomic():
        statement = copy_out_statement(part=part, names=names, aside=aside, file_id=file_id)
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            batch: list[bytes] = []
            size = 0
            for line in copy:
                batch.append(bytes(line))
                size += len(line)
                if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                    yield from _by_load(_parsed(b"".join(batch), names), names)
                    batch, size = [], 0
            if batch:
                yield from _by_load(_parsed(b"".join(batch), names), names)


def _parsed(text: bytes, names: Sequence[str]) -> pa.Table:
    columns = [LOAD, ROW, *names]
    types = {LOAD: pa.int32(), ROW: pa.int64(), **dict.fromkeys(names, pa.string())}
    return csv.read_csv(
        io.BytesIO(text),
        read_options=csv.ReadOptions(column_names=columns, use_threads=False, block_size=len(text) + 1),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    ).combine_chunks()


def _by_load(table: pa.Table, names: Sequence[str]) -> Iterator[StoredRows]:
    loads = table.column(LOAD)
    for load in loads.unique().to_pylist():
        own = table.filter(pa.compute.equal(loads, load)).combine_chunks()
        values = {name: _whole(own.column(name)) for name in names}
        yield StoredRows(load=load, rows=_whole(own.column(ROW)), values=values)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class PartitionCopy:
    """Fills a new part through the sessions that a load uses too."""

    def __init__(self, *, part: str, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        statement = copy_statement(part=part, names=[LOAD, *self._names], binary=False)
        self._streams = CopyStreams(statement, binary=False)
        self.rows = 0

    def write(self, stored: StoredRows, new: Mapping[str, pa.Array]) -> None:
        """Rows as they are stored, with ``new`` values in some columns."""
        count = len(stored.rows)
        loads = pa.array([stored.load], pa.int32()).take(pa.array([0] * count)) if count else pa.array([], pa.int32())
        values = [new.get(name, stored.values[name]) for name in self._names]
        batch = pa.record_batch([stored.rows, loads, *values], names=[ROW, LOAD, *self._names])
        sink = io.BytesIO()
        csv.write_csv(batch, sink, _OUT)
        self._streams.write(bytearray(sink.getbuffer()))
        self.rows += count

    def close(self) -> int:
        """Commit, and return how many rows PostgreSQL says it stored."""
        return self._streams.close()

    def abort(self) -> None:
        self._streams.abort()


def copy_exactly(*, part: str, new_part: str, columns: Sequence[Column], aside: str = "", file_id: int = 0) -> int:
    """The same by casts inside PostgreSQL, where they are exact; returns how many rows there are."""
    with transaction.atomic():
        return insert_cast(part=part, new_part=new_part, columns=columns, aside=aside, file_id=file_id)
