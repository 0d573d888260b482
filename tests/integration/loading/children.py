"""Files read by a child of a warm process, as a worker has them read."""

from pathlib import Path

from uploads.tabular.sandbox.client import WarmReader
from uploads.tabular.sandbox.messages import Bounds, Request
from uploads.tabular.table import Limits, ReadOptions


def request_for(path: Path, bounds: Bounds | None = None) -> Request:
    return Request(path=str(path), name=path.name, options=ReadOptions(), limits=Limits(), bounds=bounds or Bounds())


def rows_in(reader: WarmReader, request: Request) -> int:
    total = 0
    with reader.read(request, lambda phase, done: None) as reading:
        for table in reading.tables():
            table.columns(None)
            total += sum(read.rows for read in table.chunks())
    return total
