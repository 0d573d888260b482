"""Tells tables that stand below each other in a sheet: another header below a blank row."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.header_evidence import NULL_WORDS, WITHHELD, kind_of
from uploads.tabular.layout.sheet_header import HEADER_DEPTH, Layout, filled, find_header
from uploads.tabular.workbook.sheet.blocks import blank_rows, rows_of
from uploads.tabular.workbook.sheet.raw import HEAD_ROWS
from uploads.tabular.workbook.tables.regions import Region

_MOST_TABLES = 100
"""Tables looked for in one sheet."""


def further_tables(region: Region, layout: Layout) -> list[tuple[int, Layout]]:
    """Where another header stands below a blank row, under the table of ``layout``: row of the region, layout.

    It begins with the first header's first word, or its names stand above figures and below figures, or the workbook
    itself defines a table that begins with it. Within a table that the workbook defines begins no other.
    """
    header = [] if layout.header is None else region.rows(layout.header, 1)[0]
    corner = _corner(header)
    if corner is None:
        return []
    blocks = region.rows_below(layout.first)
    alike = {start: row for row in _rows_like(corner, blocks) if (start := _after_blank(blocks, row)) is not None}
    further: list[tuple[int, Layout]] = []
    for start in sorted({*alike, *_rows_below_blank(blocks)}):
        row = layout.first + start
        below = region.part(top=row)
        rows = below.rows()
        part = find_header(rows, merged=below.merged)
        if part.header is None or (further and row < further[-1][0] + further[-1][1].first):
            continue
        if any(top < row + part.header <= bottom for top, _, bottom, _ in region.defined):
            continue
        begins_alike = start in alike and start + part.header <= alike[start] < start + part.first
        is_defined = any(top == row + part.first - 1 for top, _, _, _ in region.defined)
        # Of the table right above, which may be a further one itself.
        above_from = max(0, start - HEAD_ROWS, *(at + found.first - layout.first for at, found in further[-1:]))
        above = rows_of(blocks, above_from, start - above_from)
        if begins_alike or is_defined or _has_own_names(rows, part, above, header):
            further.append((row, part))
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
    no title stands above them, two must stand above figures, or a column of figures turn to words. Names where nothing
    stands above are of another table.
    """
    header = rows[part.header or 0]
    end = next((index for index in range(part.first, len(rows)) if not filled(rows[index])), len(rows))
    body = rows[part.first : end]
    names = [cell.strip() for cell in header if cell.strip()]
    titles = all(filled(rows[index]) == 1 for index in part.preamble)
    if part.why or not titles or len(body) < 2 or len(names) < 2 or len(set(names)) < len(names):
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
        is_kept_back = any(name.lower() in WITHHELD for name in names)
        if is_kept_back or not _turns_to_words(above, body):
            return False
    is_blank_above = [not any(row[position].strip() for row in (first_header, *above)) for position in _named(header)]
    if figures and all(is_blank_above):
        return True
    if any(position in figures and is_blank for position, is_blank in zip(_named(header), is_blank_above, strict=True)):
        return True
    return any(_holds_figures([row[position] for row in above if row[position].strip()]) for position in figures)


def _turns_to_words(above: Sequence[Sequence[str]], below: Sequence[Sequence[str]]) -> bool:
    """Whether a column holds nothing but figures above the header and nothing but words below it."""
    for position in range(len(below[0])):
        over, under = ([row[position] for row in rows if row[position].strip()] for rows in (above, below))
        if _holds_figures(over) and under and all(kind_of(cell) == "text" for cell in under):
            return True
    return False


def _named(header: Sequence[str]) -> list[int]:
    return [position for position, cell in enumerate(header) if cell.strip()]


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
