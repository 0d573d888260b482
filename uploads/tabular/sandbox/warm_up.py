"""What costs most the first time, done once before any file comes: the processes that are forked have it done."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from uploads.tabular.chunks import TextChunk, Verbatim
from uploads.tabular.open_file import open_tables
from uploads.tabular.place import TablePlace
from uploads.tabular.single_pass import SinglePass
from uploads.tabular.table import Dialect, FileFormat, Limits, LineAccount, ReadOptions
from uploads.tabular.types.numbers import number_candidates

_COLUMNS = {
    "code": ["x", "007"],
    "count": ["1", "2"],
    "price": ["1.50", "2.5"],
    "day": ["2024-01-31", "2024-02-01"],
    "moment": ["2024-01-31 10:00:00", "2024-02-01 10:00:00"],
}


def rehearse() -> None:
    """Find out how a small text is written, and type a small table: 7 ms of each small file that come only here.

    Parsing and encoding are left out. They start threads, and a process that forks must have none.
    """
    next(number_candidates("1"))  # compiles all that numbers are told by: 20 ms
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(b"code;count\nx;1\ny;2\n")
        file.flush()
        path = Path(file.name)
        next(iter(open_tables(path, name=path.name, options=ReadOptions(), limits=Limits(), progress=_unheard)))
    for _ in SinglePass(_Table(), options=ReadOptions(), planned=None).rows(verbatim=True):
        pass


def _unheard(bytes_done: int) -> None:
    pass


class _Table:
    """A ``SourceTable`` that was never in a file."""

    place = TablePlace()
    source = None
    dialect = Dialect(format=FileFormat.CSV, delimiter=";")
    labels = tuple(_COLUMNS)
    preamble = 0
    footer = 0
    account = LineAccount(lines=3, header=1)

    def chunks(self) -> Iterator[TextChunk]:
        lines = [";".join(cells).encode() + b"\n" for cells in zip(*_COLUMNS.values(), strict=True)]
        yield TextChunk(
            rows=pa.array([2, 3], pa.int64()),
            cells=tuple(pa.array(cells, pa.string()) for cells in _COLUMNS.values()),
            verbatim=Verbatim(rows=pa.chunked_array([pa.array(lines, pa.binary())]), delimiter=";", quoted=False),
        )
