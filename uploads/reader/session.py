"""The child's half of a load: run the domain code on one file and say what it finds."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from uploads.domain.errors import UploaderError
from uploads.domain.reading import open_tables
from uploads.domain.single_pass import SinglePass, TypesMissed
from uploads.domain.table import Column, ReadOptions, SourceTable, TextChunk, TypedChunk
from uploads.reader.channel import Channel
from uploads.reader.encoding import encode, is_binary
from uploads.reader.messages import Request, TableFound, column_from_json, column_to_json

FRAME_BYTES = 4 * 2**20
PROGRESS_SECONDS = 0.2
"""A figure for a person's eye needs no more."""


class _Progress:
    """Says how many stored bytes have been read, a few times a second."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._phase = "checking"
        self._said_at = 0.0

    def begin(self, phase: str) -> None:
        self._phase = phase
        self._said_at = 0.0

    def __call__(self, bytes_done: int) -> None:
        now = time.monotonic()
        if now - self._said_at >= PROGRESS_SECONDS:
            self._said_at = now
            self._channel.send({"kind": "progress", "phase": self._phase, "bytes": bytes_done})


def read_file(channel: Channel, request: Request) -> None:
    """Read every table of the file; a file that cannot be read is said, a bug ends this process."""
    progress = _Progress(channel)
    try:
        for table in open_tables(
            Path(request.path), name=request.name, options=request.options, limits=request.limits, progress=progress
        ):
            _read_table(channel, table, request.options, progress)
    except UploaderError as error:
        channel.send({"kind": "error", "code": error.code, "message": error.message, "hint": error.hint})
    except MemoryError:
        megabytes = request.bounds.memory_bytes // 2**20
        channel.send(
            {
                "kind": "error",
                "code": "limit_exceeded",
                "message": f"Reading this file needs more memory than the {megabytes:,} MB that a file may use.",
                "hint": "Save the table as CSV, or split it into smaller files.",
            }
        )
    else:
        channel.send({"kind": "done"})


def _read_table(channel: Channel, table: SourceTable, options: ReadOptions, progress: _Progress) -> None:
    found = TableFound(source=table.source, dialect=table.dialect, labels=table.labels, preamble=table.preamble)
    channel.send({"kind": "table", **found.as_json()})
    plan = channel.receive()["columns"]
    planned = None if plan is None else tuple(map(column_from_json, plan))
    progress.begin("checking")
    reading = SinglePass(table, options=options, planned=planned)
    channel.send({"kind": "columns", "columns": [column_to_json(column) for column in reading.columns]})
    order = channel.receive()
    if not order["go"]:
        return
    progress.begin("loading")
    try:
        _send_rows(channel, reading.rows(), reading.columns, order["slice_rows"])
    except TypesMissed as missed:
        channel.send({"kind": "again", "columns": [column_to_json(column) for column in missed.columns]})
        order = channel.receive()
        _send_rows(channel, reading.rows_again(missed.columns), missed.columns, order["slice_rows"])
    columns = [column_to_json(column) for column in reading.columns]
    channel.send({"kind": "end", "footer": table.footer, "notes": list(table.dialect.notes), "columns": columns})


def _send_rows(
    channel: Channel,
    rows: Iterator[tuple[TextChunk, TypedChunk]],
    columns: Sequence[Column],
    slice_rows: int | None,
) -> None:
    """Each chunk's rejects and counts, then its rows: for COPY in slices of ``slice_rows``, else as Arrow."""
    binary = is_binary(columns)
    for chunk, typed in rows:
        batch = typed.batch()
        count = batch.num_rows
        rejects = sorted((*chunk.rejects, *typed.rejects), key=lambda reject: reject.row)
        step = _frame_rows(batch, slice_rows) if slice_rows else 1
        starts = range(0, count, step) if slice_rows else ()
        channel.send(
            {
                "kind": "chunk",
                "blank": chunk.blank,
                "rejects": [asdict(reject) for reject in rejects],
                "rows": count,
                "last_row": batch.column(0)[count - 1].as_py() if count else None,
                "frames": len(starts),
                "bytes": batch.nbytes,
            }
        )
        if not slice_rows:
            channel.send_batch(batch)
        for start in starts:
            channel.send_rows(encode(batch.slice(start, step), binary=binary))


def _frame_rows(batch: pa.RecordBatch, most: int) -> int:
    """Rows of a frame: so few that two streams share a chunk of wide rows, and that little waits in memory."""
    fitting: int = batch.num_rows * FRAME_BYTES // max(int(batch.nbytes), 1)
    return min(most, max(1, fitting))
