"""Opens Parquet and Arrow (Feather) files, whose columns have names and types of their own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa

from uploads.tabular.errors import DamagedFile
from uploads.tabular.files.streams import Budget
from uploads.tabular.records.arrow_text import column_text, stated_type
from uploads.tabular.records.record_table import Block, RecordTable, Schema, chunk_rows_of
from uploads.tabular.table import FileFormat, Limits, ReadOptions

type _Batches = Callable[[], Iterator[pa.RecordBatch]]

ARROW_FILE = b"ARROW1"


def open_columnar(path: Path, *, name: str, kind: FileFormat, options: ReadOptions, limits: Limits) -> RecordTable:
    """The one table of the file. Raises ``DamagedFile``, ``LimitExceeded``, ``NoDataRows``."""
    with _refusals(name):
        opened = _parquet(path, options) if kind is FileFormat.PARQUET else _arrow(path, options)
        names, types, lines, batches = opened

    def blocks() -> Iterator[Block]:
        budget, size, packed, begin = Budget(limits), 0, path.stat().st_size, 1
        with _refusals(name):
            for batch in batches():
                # Arrow reads offsets and letters as they come: whoever doesn't know the writer has to look at them.
                batch.validate(full=True)
                size += batch.nbytes
                budget.spend(size, packed=packed, name=name)
                yield _block(batch, begin)
                begin += batch.num_rows

    schema = Schema(labels=tuple(names), stated=tuple(map(stated_type, types)), lines=lines)
    return RecordTable(name=name, kind=kind, schema=schema, blocks=blocks, limits=limits)


def _block(batch: pa.RecordBatch, begin: int) -> Block:
    texts = [column_text(column) for column in batch.columns]
    return Block(
        rows=range(begin, begin + batch.num_rows),
        cells=[text for text, _ in texts],
        not_numbers=sum(found.nan for _, found in texts),
        infinite=sum(found.infinite for _, found in texts),
    )


type _Opened = tuple[Sequence[str], Sequence[pa.DataType], int, _Batches]


def _parquet(path: Path, options: ReadOptions) -> _Opened:
    from pyarrow import parquet  # noqa: PLC0415 - 20 MB that few files need

    with parquet.ParquetFile(path) as file:
        schema, lines = file.schema_arrow, file.metadata.num_rows

    def batches() -> Iterator[pa.RecordBatch]:
        with parquet.ParquetFile(path, pre_buffer=False) as file:
            rows = chunk_rows_of(len(schema.names), options.chunk_rows)
            yield from file.iter_batches(batch_size=rows, use_threads=False)

    return schema.names, schema.types, lines, batches


def _arrow(path: Path, options: ReadOptions) -> _Opened:
    with path.open("rb") as file:
        is_file = file.read(len(ARROW_FILE)) == ARROW_FILE

    def whole_batches() -> Iterator[pa.RecordBatch]:
        with ExitStack() as stack:
            source = stack.enter_context(pa.OSFile(str(path), "rb"))
            if is_file:
                reader = stack.enter_context(pa.ipc.open_file(source))
                yield from map(reader.get_batch, range(reader.num_record_batches))
            else:
                yield from stack.enter_context(pa.ipc.open_stream(source))

    with ExitStack() as stack:
        source = stack.enter_context(pa.OSFile(str(path), "rb"))
        opened = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        schema = stack.enter_context(opened).schema
    rows = chunk_rows_of(len(schema.names), options.chunk_rows)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in whole_batches():
            yield from (batch.slice(begin, rows) for begin in range(0, batch.num_rows, rows))

    lines = sum(batch.num_rows for batch in whole_batches())
    return schema.names, schema.types, lines, batches


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, NotImplementedError) as error:
        if isinstance(error, MemoryError):
            raise
        why = " ".join(str(error).split())[:200]
        raise DamagedFile(
            f"{name} cannot be read: it is damaged or incomplete ({why}).",
            hint="Write the file once more and upload that, or export the table as CSV.",
        ) from error
