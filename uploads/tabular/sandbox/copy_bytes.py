"""Typed rows as the bytes that COPY takes: made in the child, so that the worker only passes them on."""

import io
from collections.abc import Sequence
from typing import Literal

import pgpq
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from uploads.tabular.sandbox.messages import CopyFormat
from uploads.tabular.table import Column, ColumnType

BINARY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
BINARY_TAIL = b"\xff\xff"
_IN_NO_VALUE = ",;|\t"
"""Delimiters that stand in no number, date or truth value, of which Arrow quotes none: ``10:00`` needs quotes beside
``:``, and a date with time beside a space."""


def is_binary(columns: Sequence[Column]) -> bool:
    """Binary where every column has a binary encoder, else CSV.

    ``numeric`` travels as text, for each of its values keeps a scale of its own, and Arrow's decimals cannot say that.
    """
    return all(column.type is not ColumnType.NUMERIC for column in columns)


def encode(batch: pa.RecordBatch, how: CopyFormat) -> memoryview:
    """Rows without head and tail, so that what is encoded apart can be written one behind the other."""
    if how.binary:
        encoder = pgpq.ArrowToPostgresBinaryEncoder(batch.schema)
        encoder.write_header()
        # The encoder holds back what it finds too little to hand out until it is finished, and then adds the tail.
        return memoryview(encoder.write_batch(batch) + encoder.finish())[: -len(BINARY_TAIL)]
    quoting: Literal["none", "needed", "all_valid"] = "needed" if how.delimiter in _IN_NO_VALUE else "all_valid"
    if how.text:
        batch, quoting = _escaped(batch, how.delimiter), "none"
    sink = io.BytesIO()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=False, quoting_style=quoting, delimiter=how.delimiter))
    return sink.getbuffer()


def _escaped(batch: pa.RecordBatch, delimiter: str) -> pa.RecordBatch:
    """Text in COPY's own escapes, so that no value holds a line end or delimiter, nor a quote, which Arrow refuses."""
    escapes = {"\\": r"\\", "\n": r"\n", "\r": r"\r", '"': r"\x22", delimiter: rf"\x{ord(delimiter):02x}"}
    columns = list(batch.columns)
    for position, field in enumerate(batch.schema):
        if field.type == pa.string():
            for found, escape in escapes.items():
                columns[position] = pc.replace_substring(columns[position], found, escape)
    return pa.record_batch(columns, names=batch.schema.names)


def number(numbers: pa.Int64Array, rows: pa.BinaryArray, *, delimiter: str) -> memoryview:
    """Rows as they stand in the source, each with its number before it: CSV that has not been written anew."""
    first = pc.cast(pc.cast(numbers, pa.string()), pa.binary())
    joined = pc.binary_join_element_wise(first, rows, delimiter.encode())
    _, offsets, data = joined.buffers()
    ends = memoryview(offsets).cast("i")
    return memoryview(data)[ends[joined.offset] : ends[joined.offset + len(joined)]]
