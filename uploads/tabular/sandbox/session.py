"""The child's half of a load: run the domain code on one file and say what it finds."""

import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from uploads.tabular.archive.open_archive import MemberTable
from uploads.tabular.chunks import SourceTable, TextChunk, TypedChunk
from uploads.tabular.column_json import column_from_json, column_to_json
from uploads.tabular.errors import UploaderError
from uploads.tabular.names import table_key
from uploads.tabular.open_file import open_tables
from uploads.tabular.sandbox.channel import Channel
from uploads.tabular.sandbox.copy_bytes import encode, is_binary, number
from uploads.tabular.sandbox.first_cells import CellsOfRow, FirstCells
from uploads.tabular.sandbox.messages import CopyFormat, Request, TableFound
from uploads.tabular.single_pass import SinglePass, VerbatimShape
from uploads.tabular.table import Column
from uploads.tabular.text.text_table import CsvTable
from uploads.tabular.type_events import NeedsJointTypes, TypesChanged
from uploads.tabular.types.joint import JointTypes, Siblings

FRAME_BYTES = 4 * 2**20
LONG_CELL_BYTES = 16
"""From this mean length on, quoted cells are encoded here for less than PostgreSQL takes to read them as CSV: loads of
150 MB took 4 % less time with cells of 12 bytes, 7 % with 20, 10 to 15 % with 28 and more."""
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
    except NeedsJointTypes:
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


class _Session:
    """One file: its tables, one after the other, and what is known of those that share a header."""

    def __init__(self, channel: Channel, request: Request, progress: _Progress) -> None:
        self._channel = channel
        self._request = request
        self._progress = progress
        self._joint: JointTypes | None = None
        self._siblings = Siblings()
        self._undecided: dict[str, frozenset[str]] = {}
        """Columns that the tables of each header so far have left open."""

    def run(self) -> None:
        if self._request.together:
            self._progress.begin("checking")
            asked = self._request
            self._joint = JointTypes(asked.options, asked.typing, is_named=asked.is_named)
            for table in self._tables():
                self._joint.survey(table)
        for table in self._tables():
            self._read_table(table)

    def _tables(self) -> Iterable[SourceTable]:
        asked = self._request
        limits = replace(asked.limits, memory_bytes=asked.bounds.memory_bytes)
        return open_tables(
            Path(asked.path), name=asked.name, options=asked.options, limits=limits, progress=self._progress
        )

    def _read_table(self, table: SourceTable) -> None:
        channel = self._channel
        found = TableFound(place=table.place, dialect=table.dialect, labels=table.labels, preamble=table.preamble)
        channel.send({"kind": "table", **found.as_json()})
        self._progress.begin("checking")
        order = channel.receive()
        while order["kind"] == "plan":  # another one, where what the columns are on their own decides their dataset
            plan = order
            reading = self._begin(table, plan)
            channel.send({"kind": "columns", **_columns(reading)})
            order = channel.receive()
        if not order["go"]:
            return
        self._progress.begin("loading")
        joins = plan["own"] and self._joint is None
        try:
            rows = reading.rows(verbatim=bool(order["slice_rows"]) and _verbatim_shape(reading) is not None)
            first = _send_rows(channel, _fitting(rows) if joins else rows, _copy_format(reading), order["slice_rows"])
        except TypesChanged:
            channel.send({"kind": "again", **_columns(reading)})
            order = channel.receive()
            rows = reading.rows_again(verbatim=bool(order["slice_rows"]) and _verbatim_shape(reading) is not None)
            first = _send_rows(channel, _fitting(rows) if joins else rows, _copy_format(reading), order["slice_rows"])
        self._compare(table, reading, joins=joins)
        columns = [column_to_json(column) for column in reading.columns]
        notes = [note.as_json() for note in (*table.dialect.notes, *reading.notes)]
        channel.send(
            {
                "kind": "end",
                "account": asdict(table.account),
                "notes": notes,
                "columns": columns,
                "first_rows": first,
                "line_index": _line_index(table),
            }
        )

    def _begin(self, table: SourceTable, plan: dict[str, Any]) -> SinglePass:
        options = replace(self._request.options, **plan["typing"])
        chosen = tuple(map(column_from_json, plan["chosen"]))
        planned = self._planned(table, plan)
        return SinglePass(
            table, options=options, planned=planned, chosen=chosen, siblings=self._siblings.of(table.place)
        )

    def _planned(self, table: SourceTable, plan: dict[str, Any]) -> tuple[Column, ...] | None:
        if plan["columns"] is not None:
            return tuple(map(column_from_json, plan["columns"]))
        if self._joint is None:
            return None
        chosen = {column["name"]: column_from_json(column) for column in plan["chosen"]}
        return tuple(chosen.get(column.name, column) for column in self._joint.columns(table))

    def _compare(self, table: SourceTable, reading: SinglePass, *, joins: bool) -> None:
        """A column that earlier tables have left open may be decided by this one."""
        if self._siblings.add(table.place, reading.columns) and self._joint is None:
            raise NeedsJointTypes
        key = table_key(table.labels, table.source, is_named=self._request.is_named)
        undecided = reading.undecided()
        if joins:
            undecided &= self._undecided[key]
            if self._undecided[key] & reading.narrower():
                raise NeedsJointTypes
        self._undecided[key] = undecided


def _columns(reading: SinglePass) -> dict[str, Any]:
    return {
        "columns": [column_to_json(column) for column in reading.columns],
        "copy": asdict(_copy_format(reading)),
    }


def _verbatim_shape(reading: SinglePass) -> VerbatimShape | None:
    """How COPY reads rows as they stand in the source; ``None`` where it can't, or where binary costs less."""
    shape = reading.shape
    if shape is None or not shape.quoted or reading.cell_bytes < LONG_CELL_BYTES or not is_binary(reading.columns):
        return shape
    return None


def _copy_format(reading: SinglePass) -> CopyFormat:
    """Rows as they stand in the source where that is sound and cheap; else binary where that can say every value."""
    shape = _verbatim_shape(reading)
    if shape is not None:
        return CopyFormat(binary=False, delimiter=shape.delimiter, force_null=shape.quoted, text=shape.is_text)
    return CopyFormat(binary=is_binary(reading.columns))


type _Rows = Iterable[tuple[TextChunk, TypedChunk | None]]


def _fitting(rows: _Rows) -> _Rows:
    for chunk, typed in rows:
        if typed is not None and typed.rejects:
            raise NeedsJointTypes
        yield chunk, typed


def _line_index(table: SourceTable) -> str | None:
    """Where the lines of the text stand; ``None``: they are few enough to be counted, or it is no text."""
    text = table.table if isinstance(table, MemberTable) else table
    index = text.line_index if isinstance(text, CsvTable) else None
    return None if index is None or len(index.offsets) < 2 else b64encode(index.to_bytes()).decode()


def _send_rows(channel: Channel, rows: _Rows, copy_format: CopyFormat, slice_rows: int | None) -> list[CellsOfRow]:
    """Each chunk's rejects and counts, then its rows: for COPY in slices of ``slice_rows``, else as Arrow. Returns the
    first rows as they were read."""
    first = FirstCells()
    for chunk, typed in rows:
        batch = None if typed is None else typed.batch
        numbers = chunk.rows if batch is None else batch.column(0)
        first.pass_by(chunk, numbers)
        count = len(numbers)
        size = chunk.verbatim.rows.nbytes if batch is None and chunk.verbatim else batch.nbytes if batch else 0
        rejects = sorted((*chunk.rejects, *(typed.rejects if typed else ())), key=lambda reject: reject.row)
        pieces = [count] if batch is not None or chunk.verbatim is None else map(len, chunk.verbatim.rows.chunks)
        cuts = list(_cuts(pieces, _frame_rows(count, size, slice_rows))) if slice_rows else []
        channel.send(
            {
                "kind": "chunk",
                "blank": chunk.blank,
                "rejects": [asdict(reject) for reject in rejects],
                "kept": typed.kept.as_json() if typed else [],
                "rows": count,
                "last_row": numbers[count - 1].as_py() if count else None,
                "frames": len(cuts),
                "bytes": size,
            }
        )
        if batch is not None and not slice_rows:
            channel.send_batch(batch)
        for start, length in cuts:
            channel.send_rows(_frame(chunk, batch, start, length, copy_format))
    return first.rows


def _cuts(pieces: Iterable[int], most: int) -> Iterator[tuple[int, int]]:
    """First row and number of rows of each frame, which holds rows of one piece."""
    begin = 0
    for rows in pieces:
        yield from ((begin + start, min(most, rows - start)) for start in range(0, rows, most))
        begin += rows


def _frame(chunk: TextChunk, batch: pa.RecordBatch | None, start: int, rows: int, how: CopyFormat) -> memoryview:
    if batch is not None:
        return encode(batch.slice(start, rows), how)
    if chunk.verbatim is None:
        raise TypeError("a chunk that was not typed must have its rows as they stand in the source")
    [piece] = chunk.verbatim.rows.slice(start, rows).chunks
    return number(chunk.rows.slice(start, rows), piece, delimiter=how.delimiter)


def _frame_rows(count: int, size: int, most: int) -> int:
    """Rows of a frame: so few that two streams share a chunk of wide rows, and that little waits in memory."""
    return min(most, max(1, count * FRAME_BYTES // max(size, 1)))
