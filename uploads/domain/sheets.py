"""One sheet as a table: its cells as text, the header found, notes above and below told from the data."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.domain.errors import LimitExceeded
from uploads.domain.layout import Layout, filled, find_header, lay_out
from uploads.domain.sheet_cells import Cell, DateKind, column_text, with_midnight
from uploads.domain.table import Dialect, FileFormat, Limits, ReadOptions, Reject, TextChunk

_HEAD_ROWS = 100
"""Rows among which the header is looked for."""

_TURNED_ROWS = 2_000
"""Rows turned into columns at a time: they stay in the processor's cache, a fifth faster than 50,000."""

_FOOTER_ROWS = 100
"""Rows from the end among which the footer is looked for."""


@dataclass(frozen=True, kw_only=True)
class RawSheet:
    """A sheet as a reader hands it over. ``rows`` begin with ``first_row`` (from 1); all are of one length."""

    name: str
    rows: Iterable[Sequence[Cell]]
    first_row: int = 1
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges: first row, first column, last row, last column; counted from 0 in ``rows``."""
    notes: tuple[str, ...] = ()


class SheetTable:
    """A sheet's table; a ``SourceTable``. Keeps the text of the whole sheet in memory, for readers do too."""

    def __init__(self, sheet: RawSheet, *, kind: FileFormat, options: ReadOptions, limits: Limits) -> None:
        self.source: str | None = sheet.name
        rows = iter(sheet.rows)
        told = options.header_row if isinstance(options.header_row, int) else 0
        head = list(itertools.islice(rows, max(_HEAD_ROWS, told)))
        layout = _layout(_texts(head), sheet, options)
        self._first_row = sheet.first_row + layout.first
        self._blocks = _text_blocks(itertools.chain(head[layout.first :], rows), options.chunk_rows)
        _check_cells(sheet.name, self._blocks, limits)
        self.preamble = len(layout.preamble)
        self._size, self.footer = self._find_footer()
        kept = self._kept_columns(layout)
        if len(kept) > limits.columns:
            raise LimitExceeded(
                f'Sheet "{sheet.name}" has {len(kept):,} columns; a table can have {limits.columns:,}.',
                hint="Leave out columns, or turn the table: one row for each value.",
            )
        left_out = len(layout.labels) - len(kept)
        self._columns = kept
        self.labels = tuple(layout.labels[position] for position in kept)
        header = None if layout.header is None else sheet.first_row + layout.header + layout.depth - 1
        notes = [*sheet.notes, layout.note, _footer_note(self.footer), _columns_note(left_out)]
        self.dialect = Dialect(format=kind, header_row=header, notes=tuple(note for note in notes if note))

    @property
    def has_rows(self) -> bool:
        """Whether there is a row below the header."""
        return self._size > 0

    def add_notes(self, notes: Sequence[str]) -> None:
        """Put sentences about the workbook before those about the sheet."""
        self.dialect = replace(self.dialect, notes=(*notes, *self.dialect.notes))

    def chunks(self) -> Iterator[TextChunk]:
        """The rows between header and footer, blank ones counted and left out."""
        begin = 0
        for block in self._blocks:
            if begin < self._size:
                yield self._chunk(block.slice(0, self._size - begin), self._first_row + begin)
            begin += block.num_rows

    def _chunk(self, block: pa.RecordBatch, first_row: int) -> TextChunk:
        rows = pa.array(np.arange(first_row, first_row + block.num_rows, dtype=np.int64))
        blank = _blank_rows(block)
        nul = _rows_with_nul(block)
        block = block.select(self._columns)
        rejects: tuple[Reject, ...] = ()
        if nul is not None:
            rejects = tuple(
                _nul_reject(rows[index].as_py(), [column[index].as_py() for column in block.columns])
                for index in pc.indices_nonzero(nul).to_pylist()
            )
        unwanted = blank if nul is None else pc.or_(blank, nul)
        if pc.any(unwanted).as_py():
            kept = pc.invert(unwanted)
            rows, block = rows.filter(kept), block.filter(kept)
        count = pc.sum(blank).as_py() or 0
        return TextChunk(rows=rows, cells=tuple(block.columns), rejects=rejects, blank=count)

    def _find_footer(self) -> tuple[int, int]:
        """The number of rows down to the last data row, and how many rows of notes stand below it.

        Notes stand below a blank row and fill few cells; whole blocks of such rows are cut off from the end.
        """
        size = sum(block.num_rows for block in self._blocks)
        rows = _last_rows(self._blocks, _FOOTER_ROWS)
        begin = size - len(rows)
        end = _without_blank_tail(rows, len(rows))
        width = max(map(filled, rows), default=0)
        few = 2 if width >= 5 else 1 if width >= 3 else 0
        notes, last = 0, begin + end
        while top := next((i for i in range(end, 0, -1) if not filled(rows[i - 1])), 0):
            if any(filled(row) > few for row in rows[top:end]):
                break
            notes += end - top
            end = _without_blank_tail(rows, top)
        return (begin + end, notes) if end else (last, 0)

    def _kept_columns(self, layout: Layout) -> list[int]:
        """Columns with a header of their own or a value; publication sheets put empty ones between."""
        used: set[int] = set()
        begin = 0
        for block in self._blocks:
            part = block.slice(0, max(0, self._size - begin))
            empty = (i for i in range(len(layout.labels)) if i not in used)
            used.update(i for i in empty if not pc.all(_is_blank(part.column(i))).as_py())
            begin += block.num_rows
        return [i for i, label in enumerate(layout.labels) if i in used or (label and i not in layout.spread)]


def _layout(rows: list[list[str]], sheet: RawSheet, options: ReadOptions) -> Layout:
    if options.header_row == "none":
        return lay_out(rows, None)
    if options.header_row is not None:
        return lay_out(rows, options.header_row - sheet.first_row)
    return find_header(rows, merged=sheet.merged)


def _text_blocks(rows: Iterable[Sequence[Cell]], size: int) -> list[pa.RecordBatch]:
    """Rows as blocks of text columns. A column with times of day anywhere prints its dates as midnights."""
    parts: list[list[pa.StringArray]] = []
    kinds: list[list[DateKind]] = []
    for part in itertools.batched(rows, _TURNED_ROWS):
        texts = [column_text(column) for column in zip(*part, strict=True)]
        parts.append([text for text, _ in texts])
        kinds.append([kind for _, kind in texts])
    moments = {i for row in kinds for i, kind in enumerate(row) if kind is DateKind.MOMENTS}
    for columns, row in zip(parts, kinds, strict=True):
        for position in moments:
            if row[position] is DateKind.DATES:
                columns[position] = with_midnight(columns[position])
    return [
        pa.record_batch([pa.concat_arrays(arrays) for arrays in zip(*some, strict=True)], names=_names(some[0]))
        for some in itertools.batched(parts, max(1, size // _TURNED_ROWS))
        if some[0]
    ]


def _names(columns: Sequence[pa.StringArray]) -> list[str]:
    return [str(position) for position in range(len(columns))]


def _texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """A few rows as text, cell by cell."""
    return [column_text(row)[0].to_pylist() for row in rows]


def _last_rows(blocks: Sequence[pa.RecordBatch], count: int) -> list[list[str]]:
    """The last rows as lists, at most ``count``."""
    rows: list[list[str]] = []
    for block in reversed(blocks):
        part = block.slice(max(0, block.num_rows - count + len(rows)))
        rows[:0] = [list(row) for row in zip(*(column.to_pylist() for column in part.columns), strict=True)]
        if len(rows) >= count:
            break
    return rows


def _without_blank_tail(rows: Sequence[Sequence[str]], end: int) -> int:
    while end and not filled(rows[end - 1]):
        end -= 1
    return end


def _check_cells(name: str, blocks: Sequence[pa.RecordBatch], limits: Limits) -> None:
    for block in blocks:
        for column in block.columns:
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > limits.cell_bytes:
                raise LimitExceeded(
                    f'Sheet "{name}" has a cell of {longest:,} bytes; {limits.cell_bytes:,} are allowed.',
                    hint="Shorten the cell or leave it out.",
                )


def _is_blank(column: pa.StringArray) -> pa.BooleanArray:
    return pc.equal(pc.utf8_trim_whitespace(column), "")


def _blank_rows(block: pa.RecordBatch) -> pa.BooleanArray:
    blank = _is_blank(block.column(0))
    for column in block.columns[1:]:
        if not pc.any(blank).as_py():
            break
        blank = pc.and_(blank, _is_blank(column))
    return blank


def _rows_with_nul(block: pa.RecordBatch) -> pa.BooleanArray | None:
    """Rows with a NUL, which PostgreSQL's text cannot hold."""
    found = None
    for column in block.columns:
        data = column.buffers()[2]
        if data is not None and (np.frombuffer(data, dtype=np.uint8) == 0).any():
            mask = pc.match_substring(column, "\0")
            found = mask if found is None else pc.or_(found, mask)
    return found


def _nul_reject(row: int, cells: Sequence[str]) -> Reject:
    return Reject(row=row, code="nul_byte", reason="A cell holds a NUL character.", raw="\t".join(cells))


def _footer_note(rows: int) -> str:
    return f"{rows:,} row{'s' * (rows > 1)} of notes below the table." if rows else ""


def _columns_note(count: int) -> str:
    return f"{count:,} column{'s' * (count > 1)} without header and values left out." if count else ""
