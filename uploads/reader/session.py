"""The child's half of a load: run the domain code on one file and say what it finds."""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from uploads.domain.conversion import convert
from uploads.domain.errors import UploaderError
from uploads.domain.profiles import TableProfile
from uploads.domain.reading import open_tables
from uploads.domain.table import Column, FileFormat, SourceTable
from uploads.reader.channel import Channel
from uploads.reader.messages import Request, TableFound, column_from_json, column_to_json

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
            _read_table(channel, table, request.options.all_text, progress)
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


def _read_table(channel: Channel, table: SourceTable, all_text: bool, progress: _Progress) -> None:
    found = TableFound(source=table.source, dialect=table.dialect, labels=table.labels, preamble=table.preamble)
    channel.send({"kind": "table", **found.as_json()})
    plan = channel.receive()["columns"]
    planned = None if plan is None else tuple(map(column_from_json, plan))
    progress.begin("checking")
    columns = _decide(table, all_text, planned)
    channel.send({"kind": "columns", "columns": [column_to_json(column) for column in columns]})
    if not channel.receive()["go"]:
        return
    progress.begin("loading")
    _send_rows(table, columns, channel.send, channel)
    channel.send({"kind": "end", "footer": table.footer, "notes": list(table.dialect.notes)})


def _decide(table: SourceTable, all_text: bool, planned: tuple[Column, ...] | None) -> tuple[Column, ...]:
    """Types over the whole file: a pass of its own, for the first misfit may stand in the last line."""
    profile = TableProfile(table.labels, place="line" if table.dialect.format is FileFormat.CSV else "row")
    for chunk in table.chunks():
        profile.observe(chunk)
    return profile.decide(all_text=all_text, planned=planned)


def _send_rows(
    table: SourceTable, columns: tuple[Column, ...], send: Callable[[dict[str, Any]], None], channel: Channel
) -> None:
    for chunk in table.chunks():
        typed = convert(chunk, columns, delimiter=table.dialect.delimiter or "\t")
        rejects = sorted((*chunk.rejects, *typed.rejects), key=lambda reject: reject.row)
        send({"kind": "chunk", "blank": chunk.blank, "rejects": [asdict(reject) for reject in rejects]})
        channel.send_batch(typed.batch())
