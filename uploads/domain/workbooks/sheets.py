"""A sheet as tables: the header found, notes above and below told from the data, a second table begun at its header."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.domain.detection.header_evidence import NULL_WORDS, doubt_note, headerless_note, kind_of
from uploads.domain.detection.layout import HEADER_DEPTH, Layout, Range, filled, find_header, lay_out
from uploads.domain.detection.totals import EVIDENCE_ROWS, count_totals, looks_like_total, total_note
from uploads.domain.errors import BadOption, LimitExceeded
from uploads.domain.table import Account, Dialect, FileFormat, Limits, ReadOptions, Reject, RowCounts, TextChunk
from uploads.domain.workbooks.blocks import (
    blank_rows,
    cells_as_text,
    check_cells,
    cut,
    has_long_integers,
    is_blank,
    rows_of,
    rows_with_nul,
    size_of,
    text_blocks,
)
from uploads.domain.workbooks.cells import Cell

_HEAD_ROWS = 100
"""Rows among which the header is looked for."""

_MOST_TABLES = 100
"""Tables looked for in one sheet."""

_FOOTER_ROWS = 100
"""Rows from the end among which the footer is looked for."""


@dataclass(frozen=True, kw_only=True)
class RawSheet:
    """A sheet as a reader hands it over. ``rows`` begin with ``first_row`` (from 1); all are of one length."""

    name: str
    rows: Iterable[Sequence[Cell]]
    height: int
    """Rows, as the reader itself counts them."""
    first_row: int = 1
    merged: tuple[Range, ...] = ()
    """Merged ranges: first row, first column, last row, last column; counted from 0 in ``rows``."""
    notes: tuple[str, ...] = ()


class SheetTable:
    """A table of a sheet; a ``SourceTable``. Keeps its text in memory, as the readers keep the whole sheet."""

    def __init__(
        self,
        *,
        source: str,
        blocks: Sequence[pa.RecordBatch],
        first_row: int,
        lines: int,
        layout: Layout,
        kind: FileFormat,
        limits: Limits,
        notes: Sequence[str] = (),
        one_table: bool = False,
    ) -> None:
        """``blocks`` are the rows below the header; ``first_row`` is the sheet row that ``layout`` counts from.

        ``lines``: all rows of the sheet that are this table's, counted apart from the blocks. ``one_table``: they are
        data down to the last, neither notes nor totals.
        """
        self.source: str | None = source
        self._blocks = blocks
        self._first_row = first_row + layout.first
        self.preamble = len(layout.preamble)
        notes_below, totals = 0, list[tuple[int, str]]()
        if one_table:
            self._size = self._filled_size()
        else:
            size, notes_below = self._find_footer()
            self._size, totals = self._find_totals(size)
        self.footer = notes_below + len(totals)
        self._blank_below = size_of(blocks) - self._size - self.footer
        header_rows = 0 if layout.header is None else layout.depth
        self.account = Account(
            lines=lines,
            preamble=self.preamble,
            header=header_rows,
            blank_above=layout.first - self.preamble - header_rows,
            footer=self.footer,
        )
        self._columns = self._kept_columns(layout)
        if len(self._columns) > limits.columns:
            raise LimitExceeded(
                f'Sheet "{source}" has {len(self._columns):,} columns; a table can have {limits.columns:,}.',
                hint="Leave out columns, or turn the table: one row for each value.",
            )
        self.labels = tuple(layout.labels[position] for position in self._columns)
        left_out = len(layout.labels) - len(self._columns)
        header = None if layout.header is None else first_row + layout.header + layout.depth - 1
        sentences = [
            *notes,
            layout.note,
            self._header_note(layout, first_row),
            *(total_note(f"Row {self._first_row + row:,}", text) for row, text in totals),
            _footer_note(notes_below),
            _columns_note(left_out),
        ]
        self.dialect = Dialect(format=kind, header_row=header, notes=tuple(filter(None, sentences)))

    def _header_note(self, layout: Layout, first_row: int) -> str:
        if not layout.reason:
            return ""
        if layout.header is None:
            return headerless_note(f"Row {self._first_row:,}", layout.reason, len(self.labels))
        return doubt_note(f"Row {first_row + layout.header:,}", layout.reason)

    @property
    def has_rows(self) -> bool:
        """Whether there is a row below the header."""
        return self._size > 0

    def has_long_integers(self) -> bool:
        """Whether a cell may be a whole number that was too long for the reader."""
        return has_long_integers(self._blocks)

    def add_notes(self, notes: Sequence[str]) -> None:
        """Put sentences about the workbook before those about the sheet."""
        self.dialect = replace(self.dialect, notes=(*notes, *self.dialect.notes))

    def chunks(self) -> Iterator[TextChunk]:
        """The rows between header and footer, blank ones counted and left out."""
        first_row = self._first_row
        counts = RowCounts()
        for block in cut(self._blocks, 0, self._size):
            chunk = self._chunk(block, first_row)
            counts = counts.with_chunk(chunk)
            yield chunk
            first_row += block.num_rows
        if self._blank_below:
            chunk = self._chunk(self._blocks[-1].slice(0, 0), first_row)
            chunk = replace(chunk, blank=self._blank_below)
            counts = counts.with_chunk(chunk)
            yield chunk
        self.account.check(counts, name=f'Sheet "{self.source}"')

    def _chunk(self, block: pa.RecordBatch, first_row: int) -> TextChunk:
        rows = pa.array(np.arange(first_row, first_row + block.num_rows, dtype=np.int64))
        blank = blank_rows(block)
        nul = rows_with_nul(block)
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

    def _filled_size(self) -> int:
        """The number of rows down to the last that holds anything."""
        size = begin = 0
        for block in self._blocks:
            holding = pc.indices_nonzero(pc.invert(blank_rows(block)))
            if len(holding):
                size = begin + int(holding[-1].as_py()) + 1
            begin += block.num_rows
        return size

    def _find_footer(self) -> tuple[int, int]:
        """The number of rows down to the last data row, and how many rows of notes stand below it.

        Notes stand below a blank row and fill few cells; whole blocks of such rows are cut off from the end.
        """
        size = size_of(self._blocks)
        begin = max(0, size - _FOOTER_ROWS)
        rows = rows_of(self._blocks, begin, _FOOTER_ROWS)
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

    def _find_totals(self, size: int) -> tuple[int, list[tuple[int, str]]]:
        """The number of rows down to the last that is no total, and the totals below it: place and text."""
        last = rows_of(self._blocks, size - 1, 1)
        if not last or not looks_like_total(last[0]):
            return size, []
        begin = max(0, size - EVIDENCE_ROWS)
        filled_rows = [
            (begin + at, row) for at, row in enumerate(rows_of(self._blocks, begin, size - begin)) if filled(row)
        ]
        count = count_totals([row for _, row in filled_rows], whole=not begin)
        if not count:
            return size, []
        totals = [(at, " ".join(filter(str.strip, row))) for at, row in filled_rows[-count:]]
        return filled_rows[-count - 1][0] + 1, totals

    def _kept_columns(self, layout: Layout) -> list[int]:
        """Columns with a header of their own or a value; publication sheets put empty ones between."""
        used: set[int] = set()
        for block in cut(self._blocks, 0, self._size):
            empty = (i for i in range(len(layout.labels)) if i not in used)
            used.update(i for i in empty if not pc.all(is_blank(block.column(i))).as_py())
        return [i for i, label in enumerate(layout.labels) if i in used or (label and i not in layout.spread)]


def read_tables(sheet: RawSheet, *, kind: FileFormat, options: ReadOptions, limits: Limits) -> Iterator[SheetTable]:
    """The sheet's tables. The first begins at the first header, others below a blank row at headers of their own."""
    rows = iter(sheet.rows)
    told = options.header_row if isinstance(options.header_row, int) else 0
    head = list(itertools.islice(rows, max(_HEAD_ROWS, told)))
    head_texts = cells_as_text(head)
    layout = _layout(head_texts, sheet, options)
    blocks = text_blocks(itertools.chain(head[layout.first :], rows), options.chunk_rows)
    del head
    check_cells(sheet.name, blocks, limits)
    is_one = options.one_table or options.header_row is not None
    further = [] if is_one else _further_tables(blocks, head_texts, layout, sheet.merged)
    ends = [*(start for start, _ in further), sheet.height - layout.first]
    yield SheetTable(
        source=sheet.name,
        blocks=cut(blocks, 0, ends[0]),
        first_row=sheet.first_row,
        lines=layout.first + ends[0],
        layout=layout,
        kind=kind,
        limits=limits,
        notes=sheet.notes,
        one_table=options.one_table,
    )
    for (start, part), end in zip(further, ends[1:], strict=True):
        first_row = sheet.first_row + layout.first + start
        yield SheetTable(
            source=f"{sheet.name} (row {first_row})",
            blocks=cut(blocks, start + part.first, end),
            first_row=first_row,
            lines=end - start,
            layout=part,
            kind=kind,
            limits=limits,
            notes=[f'Another table of sheet "{sheet.name}" begins in row {first_row:,}, with a header of its own.'],
        )


def _further_tables(
    blocks: Sequence[pa.RecordBatch], head: Sequence[Sequence[str]], layout: Layout, merged: Sequence[Range]
) -> list[tuple[int, Layout]]:
    """Where another header stands below a blank row: row in ``blocks``, layout.

    It begins with the first header's first word, or its names stand above figures and below figures.
    """
    corner = _corner(head[layout.header]) if layout.header is not None else None
    if corner is None:
        return []
    alike = {start: row for row in _rows_like(corner, blocks) if (start := _after_blank(blocks, row)) is not None}
    further: list[tuple[int, Layout]] = []
    for start in sorted({*alike, *_rows_below_blank(blocks)}):
        offset = layout.first + start
        moved = [(top - offset, left, bottom - offset, right) for top, left, bottom, right in merged]
        rows = rows_of(blocks, start, _HEAD_ROWS)
        part = find_header(rows, merged=moved)
        if part.header is None or (further and start < further[-1][0] + further[-1][1].first):
            continue
        begins_alike = start in alike and start + part.header <= alike[start] < start + part.first
        above = rows_of(blocks, max(0, start - _HEAD_ROWS), min(start, _HEAD_ROWS))
        if begins_alike or _has_own_names(rows, part, above, head[layout.header or 0]):
            further.append((start, part))
    return further


def _rows_below_blank(blocks: Sequence[pa.RecordBatch]) -> list[int]:
    """Filled rows below blank ones; none where there are so many that the blank ones only set rows apart."""
    found: list[int] = []
    begin, was_blank = 0, False
    for block in blocks:
        blank = blank_rows(block).to_numpy(zero_copy_only=False)
        before = np.concatenate(([was_blank], blank[:-1]))
        found.extend((begin + np.flatnonzero(before & ~blank)).tolist())
        if len(found) > _MOST_TABLES:
            return []
        begin, was_blank = begin + block.num_rows, bool(blank[-1])
    return found


def _has_own_names(
    rows: Sequence[Sequence[str]], part: Layout, above: Sequence[Sequence[str]], first_header: Sequence[str]
) -> bool:
    """Whether a header is one for certain: different words above figures, one of them in a column of figures.

    Two rows at least belong to it, and no title stands above it but a single cell. A row of the first table whose
    figures are kept back (``S``, ``n/a``) must not be taken for it: where the names fill the first one's columns, and
    no title stands above them, two must stand above figures.
    """
    header = rows[part.header or 0]
    end = next((index for index in range(part.first, len(rows)) if not filled(rows[index])), len(rows))
    body = rows[part.first : end]
    names = [cell.strip() for cell in header if cell.strip()]
    titles = all(filled(rows[index]) == 1 for index in part.preamble)
    if part.reason or not titles or len(body) < 2 or len(names) < 2 or len(set(names)) < len(names):
        return False
    figures = [
        position
        for position, cell in enumerate(header)
        if cell.strip()
        and kind_of(cell) == "text"
        and _holds_figures([row[position] for row in body if row[position].strip()])
    ]
    if any(len(header[position].strip()) < 2 or header[position].strip().lower() in NULL_WORDS for position in figures):
        return False
    same_columns = [bool(cell.strip()) for cell in header] == [bool(cell.strip()) for cell in first_header]
    if same_columns and not part.preamble and len(figures) < 2:
        return False
    return any(_holds_figures([row[position] for row in above if row[position].strip()]) for position in figures)


def _holds_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and all(kind_of(cell) != "text" for cell in cells)


def _corner(header: Sequence[str]) -> tuple[int, str] | None:
    """Position and text of the header's first word."""
    return next(((position, cell.strip()) for position, cell in enumerate(header) if cell.strip()), None)


def _rows_like(corner: tuple[int, str], blocks: Sequence[pa.RecordBatch]) -> list[int]:
    """Rows that hold the word at its place; none where it comes so often that it must be a value."""
    position, word = corner
    found: list[int] = []
    begin = 0
    for block in blocks:
        same = pc.equal(pc.utf8_trim_whitespace(block.column(position)), word)
        found.extend(begin + index for index in pc.indices_nonzero(same).to_pylist())
        begin += block.num_rows
        if len(found) > _MOST_TABLES:
            return []
    return found


def _after_blank(blocks: Sequence[pa.RecordBatch], row: int) -> int | None:
    """The row below the last blank one, if that stands a header's depth above or nearer."""
    begin = max(0, row - HEADER_DEPTH)
    above = rows_of(blocks, begin, row - begin)
    return next((begin + index + 1 for index in range(len(above) - 1, -1, -1) if not filled(above[index])), None)


def _layout(rows: list[list[str]], sheet: RawSheet, options: ReadOptions) -> Layout:
    if options.header_row == "none":
        return lay_out(rows, None)
    if options.header_row is not None:
        index = options.header_row - sheet.first_row
        if not 0 <= index < len(rows) or not filled(rows[index]):
            raise BadOption(
                f'Row {options.header_row:,} was said to be the header, but in sheet "{sheet.name}" it is blank or not'
                f" there: the rows with content are {sheet.first_row:,} to {sheet.first_row + sheet.height - 1:,}.",
                hint="Say the number of the row that holds the column names, or leave it out to have it found.",
            )
        return lay_out(rows, index)
    return find_header(rows, merged=sheet.merged)


def _without_blank_tail(rows: Sequence[Sequence[str]], end: int) -> int:
    while end and not filled(rows[end - 1]):
        end -= 1
    return end


def _nul_reject(row: int, cells: Sequence[str]) -> Reject:
    return Reject(row=row, code="nul_byte", reason="A cell holds a NUL character.", raw="\t".join(cells))


def _footer_note(rows: int) -> str:
    return f"{rows:,} row{'s' * (rows > 1)} of notes below the table." if rows else ""


def _columns_note(count: int) -> str:
    return f"{count:,} column{'s' * (count > 1)} without header and values left out." if count else ""
