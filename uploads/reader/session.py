"""The child's half of a load: run the domain code on one file and say what it finds."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from uploads.domain.errors import UploaderError
from uploads.domain.joint_types import JointTypes
from uploads.domain.naming import header_key
from uploads.domain.reading import open_tables
from uploads.domain.single_pass import SinglePass, TypesMissed
from uploads.domain.table import Column, SourceTable, TextChunk, TypedChunk
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
        _Session(channel, request, progress).run()
    except TypesDiffer:
        channel.send({"kind": "together"})
        return
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


class TypesDiffer(Exception):
    """A table does not fit the types that an earlier table of the same file has given to their dataset."""


class _Session:
    """One file: its tables, one after the other, and what is known of those that share a header."""

    def __init__(self, channel: Channel, request: Request, progress: _Progress) -> None:
        self._channel = channel
        self._request = request
        self._progress = progress
        self._joint: JointTypes | None = None
        self._undecided: dict[str, frozenset[str]] = {}
        """Columns that the tables of each header so far have left open."""

    def run(self) -> None:
        if self._request.together:
            self._progress.begin("checking")
            self._joint = JointTypes(self._request.options)
            for table in self._tables():
                self._joint.survey(table)
        for table in self._tables():
            self._read_table(table)

    def _tables(self) -> Iterable[SourceTable]:
        asked = self._request
        return open_tables(
            Path(asked.path), name=asked.name, options=asked.options, limits=asked.limits, progress=self._progress
        )

    def _read_table(self, table: SourceTable) -> None:
        channel = self._channel
        found = TableFound(source=table.source, dialect=table.dialect, labels=table.labels, preamble=table.preamble)
        channel.send({"kind": "table", **found.as_json()})
        plan = channel.receive()
        planned = self._planned(table, plan["columns"])
        self._progress.begin("checking")
        options = replace(self._request.options, **plan["typing"])
        reading = SinglePass(table, options=options, planned=planned)
        channel.send({"kind": "columns", "columns": [column_to_json(column) for column in reading.columns]})
        order = channel.receive()
        if not order["go"]:
            return
        self._progress.begin("loading")
        joins = plan["own"] and self._joint is None
        try:
            rows = reading.rows()
            _send_rows(channel, _fitting(rows) if joins else rows, reading.columns, order["slice_rows"])
        except TypesMissed as missed:
            channel.send({"kind": "again", "columns": [column_to_json(column) for column in missed.columns]})
            order = channel.receive()
            rows = reading.rows_again(missed.columns)
            _send_rows(channel, _fitting(rows) if joins else rows, missed.columns, order["slice_rows"])
        self._compare(table, reading, joins=joins)
        columns = [column_to_json(column) for column in reading.columns]
        notes = [*table.dialect.notes, *reading.notes]
        channel.send({"kind": "end", "account": asdict(table.account), "notes": notes, "columns": columns})

    def _planned(self, table: SourceTable, plan: list[dict[str, Any]] | None) -> tuple[Column, ...] | None:
        if plan is not None:
            return tuple(map(column_from_json, plan))
        return self._joint.columns(table.labels) if self._joint is not None else None

    def _compare(self, table: SourceTable, reading: SinglePass, *, joins: bool) -> None:
        """A column that earlier tables have left open may be decided by this one."""
        key = header_key(table.labels)
        undecided = reading.undecided()
        if joins:
            undecided &= self._undecided[key]
            if self._undecided[key] & reading.narrower():
                raise TypesDiffer
        self._undecided[key] = undecided


def _fitting(rows: Iterable[tuple[TextChunk, TypedChunk]]) -> Iterator[tuple[TextChunk, TypedChunk]]:
    for chunk, typed in rows:
        if typed.rejects:
            raise TypesDiffer
        yield chunk, typed


def _send_rows(
    channel: Channel,
    rows: Iterable[tuple[TextChunk, TypedChunk]],
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
