"""A sheet as tables: the first begins at the first header, others at headers of their own."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from uploads.domain.detection.apart import unless_rows_of
from uploads.domain.detection.layout import Layout, Range, filled, find_header, lay_out
from uploads.domain.errors import BadOption
from uploads.domain.table import FileFormat, Limits, ReadOptions
from uploads.domain.workbooks.blocks import cells_as_text, check_cells, text_blocks, text_rows
from uploads.domain.workbooks.cells import Cell
from uploads.domain.workbooks.regions import HEAD_ROWS, Region
from uploads.domain.workbooks.sheet_table import SheetTable
from uploads.domain.workbooks.stacked import further_tables


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


def read_tables(sheet: RawSheet, *, kind: FileFormat, options: ReadOptions, limits: Limits) -> Iterator[SheetTable]:
    """The sheet's tables. The first begins at the first header, others below a blank row at headers of their own."""
    region, layout = _read_cells(sheet, options)
    check_cells(sheet.name, region.blocks, limits)
    is_one = options.one_table or options.header_row is not None
    further = [] if is_one else further_tables(region, layout)
    ends = [*(row for row, _ in further), region.lines]
    yield SheetTable(
        source=sheet.name,
        region=region.part(bottom=ends[0]),
        layout=layout,
        kind=kind,
        limits=limits,
        notes=sheet.notes,
        one_table=options.one_table,
    )
    for (row, part), end in zip(further, ends[1:], strict=True):
        below = region.part(top=row, bottom=end)
        yield SheetTable(
            source=f"{sheet.name} (row {below.first_row})",
            region=below,
            layout=part,
            kind=kind,
            limits=limits,
            notes=[_further_note(sheet.name, below.first_row)],
        )


def _further_note(sheet: str, row: int) -> str:
    begins = f'Another table of sheet "{sheet}" begins in row {row:,}, with a header of its own.'
    return f"{begins} {unless_rows_of('the one above')}"


def _read_cells(sheet: RawSheet, options: ReadOptions) -> tuple[Region, Layout]:
    """All cells as text, and how the first rows are laid out.

    Rows below the header are blocks apart from those above: a column of one type is turned into text at once.
    """
    rows = iter(sheet.rows)
    told = options.header_row if isinstance(options.header_row, int) else 0
    head = list(itertools.islice(rows, max(HEAD_ROWS, told)))
    head_texts = cells_as_text(head)
    layout = _layout(head_texts, sheet, options)
    below = text_blocks(itertools.chain(head[layout.first :], rows), options.chunk_rows)
    blocks = [*text_rows(head_texts[: layout.first]), *below]
    return Region(blocks=blocks, lines=sheet.height, first_row=sheet.first_row, merged=sheet.merged), layout


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
