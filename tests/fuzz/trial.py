"""Read one file as the worker would, several times over, and say whether a promise was broken on the way."""

import bz2
import gzip
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular import errors
from uploads.tabular.encoding.mixed_codec import mixed_codec
from uploads.tabular.errors import FileError, UploaderError
from uploads.tabular.notes import NoteKind
from uploads.tabular.sandbox.client import ReadTable, WarmReader
from uploads.tabular.sandbox.messages import Bounds, Request
from uploads.tabular.table import (
    ROW,
    Column,
    ColumnType,
    Dialect,
    FileFormat,
    Limits,
    LineAccount,
    ReadOptions,
    Reject,
    RowCounts,
)
from uploads.tabular.type_events import NeedsJointTypes, TypesChanged
from uploads.tabular.types.conversion import render

BOUNDS = Bounds(memory_bytes=2 * 2**30, cpu_seconds=20, wall_seconds=60, spool_bytes=2**28)
"""A fuzzed file is small: what takes longer than this hangs."""
LIMITS = Limits(unpacked_bytes=2**27, sheet_cells=2_000_000, cell_bytes=2**22)
COPY_SLICE = 1_000
UNPACK: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ": lzma.decompress,
    b"\x28\xb5\x2f\xfd": lambda data: bytes(pa.CompressedInputStream(pa.py_buffer(data), "zstd").read()),
}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")


class BrokenPromise(Exception):
    """What must not happen, whatever the file holds."""


@dataclass(frozen=True, kw_only=True)
class TableRead:
    """One table as it came out of the child."""

    source: str | None
    dialect: Dialect
    labels: tuple[str, ...]
    account: LineAccount
    columns: tuple[Column, ...]
    loaded: int
    rejects: tuple[Reject, ...]
    blank: int
    rows: pa.RecordBatch | None
    """Every row, typed; ``None`` where they came as bytes for COPY."""

    @property
    def counts(self) -> tuple[object, ...]:
        rejects = Counter((reject.row, reject.code) for reject in self.rejects)
        return self.source, self.labels, self.account, self.loaded, self.blank, frozenset(rejects.items())


def try_file(reader: WarmReader, path: Path, name: str) -> str:
    """``loaded``, or the code of the sentence with which the file was refused; raises ``BrokenPromise``."""
    as_text = _outcome(reader, path, name, ReadOptions(all_text=True), slice_rows=None)
    typed = _outcome(reader, path, name, ReadOptions(), slice_rows=None)
    copied = _outcome(reader, path, name, ReadOptions(), slice_rows=COPY_SLICE)
    if isinstance(as_text, str) or isinstance(typed, str) or isinstance(copied, str):
        codes = [outcome if isinstance(outcome, str) else "loaded" for outcome in (as_text, typed, copied)]
        # Memory and a crash are of the moment: typing takes more of it than reading as text.
        if len(set(codes)) > 1 and not {"limit_exceeded", "reader_died"} & set(codes):
            raise BrokenPromise(f"three readings, several ends: {codes}")
        return str(typed) if isinstance(typed, str) else next(code for code in codes if code != "loaded")
    if not [t.counts for t in as_text] == [t.counts for t in typed] == [t.counts for t in copied]:
        shown = [[t.counts for t in reading] for reading in (as_text, typed, copied)]
        raise BrokenPromise(f"three readings, several counts: {shown}")
    for text_table, typed_table in zip(as_text, typed, strict=True):
        _check_values(text_table, typed_table)
        _check_order(text_table)
        _check_account(text_table)
    first = as_text[0]
    if first.dialect.format is FileFormat.CSV and first.source is None:
        data = path.read_bytes()
        unpack = next((unpack for magic, unpack in UNPACK.items() if data.startswith(magic)), bytes)
        check_lines(as_text, unpack(data))
    return "loaded"


def _outcome(
    reader: WarmReader, path: Path, name: str, options: ReadOptions, *, slice_rows: int | None
) -> list[TableRead] | str:
    request = Request(path=str(path), name=name, options=options, limits=LIMITS, bounds=BOUNDS)
    try:
        try:
            return _tables(reader, request, slice_rows)
        except NeedsJointTypes:
            return _tables(reader, replace(request, together=True), slice_rows)
    except FileError as error:
        return _checked(error)


def _tables(reader: WarmReader, request: Request, slice_rows: int | None) -> list[TableRead]:
    with reader.read(request, lambda phase, done: None) as reading:
        return [_read(table, slice_rows) for table in reading.tables()]


def _checked(error: FileError) -> str:
    """The code of a refusal, if it is one that a person can act on."""
    if error.code not in {kind.code for kind in _kinds(UploaderError)}:
        raise BrokenPromise(f"an error of an unknown kind: {error.code} {error.message}")
    if not error.message.strip().endswith((".", "…", "”", '"')) or not error.hint.strip():
        raise BrokenPromise(f"a refusal without a sentence or a way out: {error.message!r} {error.hint!r}")
    if error.code == errors.LinesUnaccounted.code:
        raise BrokenPromise(error.message)
    if error.code == errors.ReaderDied.code and "crash" not in error.message:
        raise BrokenPromise(error.message)
    return error.code


def _kinds(kind: type[UploaderError]) -> Iterator[type[UploaderError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _read(table: ReadTable, slice_rows: int | None) -> TableRead:
    columns = table.columns(None)
    while True:
        batches: list[pa.RecordBatch] = []
        rejects: list[Reject] = []
        loaded = blank = 0
        try:
            for chunk in table.chunks(slice_rows=slice_rows):
                if chunk.typed is not None:
                    batches.append(chunk.typed.batch)
                for _frame in chunk.frames:
                    pass
                loaded += chunk.rows
                blank += chunk.blank
                rejects += chunk.rejects
        except TypesChanged as changed:
            columns = changed.columns
            continue
        break
    if table.end is None:
        raise BrokenPromise("a table without an end")
    rows = pa.Table.from_batches(batches).combine_chunks().to_batches() if batches else []
    return TableRead(
        source=table.found.source,
        dialect=table.found.dialect,
        labels=table.found.labels,
        account=table.end.account,
        columns=columns,
        loaded=loaded,
        rejects=tuple(rejects),
        blank=blank,
        rows=rows[0] if rows else None,
    )


def _check_values(as_text: TableRead, typed: TableRead) -> None:
    """Every typed value, printed back, is the text that stood there, outer spaces apart."""
    if as_text.rows is None or typed.rows is None:
        return
    for position, column in enumerate(typed.columns, start=1):
        text = pc.fill_null(as_text.rows.column(position), "")
        printed = render(column, typed.rows.column(position))
        if column.type is not ColumnType.TEXT:
            text = pc.utf8_trim_whitespace(text)
        if not text.equals(printed):
            index = next(i for i in range(len(text)) if text[i] != printed[i])
            raise BrokenPromise(f"{column.type} {column.format}: {text[index]!r} became {printed[index]!r}")


def _check_order(table: TableRead) -> None:
    """No row is told of twice, and rows lie in the order of the file."""
    rows: list[Any] = table.rows.column(ROW).to_pylist() if table.rows is not None else []
    if rows != sorted(set(rows)):
        raise BrokenPromise(f"rows out of order: {rows[:50]}")
    twice = set(rows) & {reject.row for reject in table.rejects}
    if twice:
        raise BrokenPromise(f"loaded and rejected: {sorted(twice)[:20]}")


def _check_account(table: TableRead) -> None:
    rejected = len(table.rejects)
    read = table.loaded + rejected + table.blank
    told = table.account.accounted(RowCounts(read=read, loaded=table.loaded, rejected=rejected, blank=table.blank))
    if told != table.account.lines:
        raise BrokenPromise(f"{told} lines are told of, there are {table.account.lines}")


def _codec_of(dialect: Dialect) -> str:
    """What reads the bytes: lines that are no UTF-8 in a text of UTF-8 are in an encoding that a note names."""
    others = [note.figures["encoding"] for note in dialect.notes if note.kind is NoteKind.TWO_ENCODINGS]
    return mixed_codec(other=others[0]) if others else dialect.encoding or "utf-8"


def check_lines(tables: Sequence[TableRead], data: bytes) -> None:
    """Each line with something on it is a row's, a reject's, the header's, or told of as above or below the table.

    Of several tables in one text, each line is one of them's.
    """
    table = tables[0]
    text = data.decode(_codec_of(table.dialect), "replace").removeprefix("\ufeff")
    lines = _LINE.findall(text)
    known = sum(table.account.lines for table in tables)
    if len(lines) != known:
        raise BrokenPromise(f"{known} lines are told of, there are {len(lines)}")
    if len(tables) > 1:
        return
    told: set[int] = set()
    for row, cells in _cells_by_row(table):
        breaks = sum(len(_LINE_END.findall(cell)) for cell in cells if cell)
        told.update(range(row, row + breaks + 1))
    for reject in table.rejects:
        told.update(range(reject.row, reject.row + len(_LINE_END.findall(reject.raw)) + 1))
    if told and max(told) > len(lines):
        raise BrokenPromise(f"row {max(told)} of {len(lines)} lines")
    separators = f"{table.dialect.delimiter or ''}\"' \t\0\ufeff\xa0"
    left = [n for n, line in enumerate(lines, start=1) if n not in told and line.strip().strip(separators)]
    quoted = any('"' in lines[n - 1] or "'" in lines[n - 1] for n in left)
    known = table.account.preamble + table.account.footer + table.account.header
    if len(left) > known and not quoted:  # a quoted note or label can span lines
        raise BrokenPromise(f"{len(left)} lines are left, {known} told of: {left[:20]}")


def _cells_by_row(table: TableRead) -> Iterator[tuple[int, list[str | None]]]:
    if table.rows is not None:
        for values in zip(*(column.to_pylist() for column in table.rows.columns), strict=True):
            yield values[0], list(values[1:])
