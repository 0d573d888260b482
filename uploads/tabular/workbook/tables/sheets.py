"""A sheet as a reader hands it over, and the tables that it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from uploads.tabular.errors import BadOption
from uploads.tabular.layout.left_out import Unwanted
from uploads.tabular.layout.said_rows import check_data_row, check_table_above, tables_said, with_data_row
from uploads.tabular.layout.sheet_header import Layout, filled, lay_out
from uploads.tabular.names import header_key
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.sheet.blocks import cells_as_text, check_cells, rows_of, text_rows
from uploads.tabular.workbook.sheet.cell_names import column_letters
from uploads.tabular.workbook.sheet.left_out import without_rows
from uploads.tabular.workbook.sheet.raw import RawSheet
from uploads.tabular.workbook.tables.finding import FoundTable, tables_within
from uploads.tabular.workbook.tables.header_choice import choose_header
from uploads.tabular.workbook.tables.merged_cells import filled_down
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.sheet_notes import days_note
from uploads.tabular.workbook.tables.sheet_questions import header_questions, sheet_questions
from uploads.tabular.workbook.tables.sheet_table import SheetTable


def read_tables(
    sheet: RawSheet, *, kind: FileFormat, options: ReadOptions, limits: Limits, has_others: bool = False
) -> list[SheetTable]:
    """The sheet's tables: the first, and others beside and below it that have headers of their own.

    Where somebody says which row is the header, or that it is all one table, no other is looked for. ``has_others``:
    the workbook has more sheets to read.
    """
    whole, unwanted, gone = _read_cells(sheet, options)
    check_cells(sheet.name, whole.region.blocks, limits)
    parts = _parts_said(whole, sheet, options)
    found_tables = parts
    if not options.is_laid_out:
        found_tables = [table for part in parts for table in tables_within(part, sheet=sheet.name)]
    tables = [
        SheetTable(
            place=replace(found.place(sheet.name), has_others=has_others),
            region=found.region,
            layout=_as_defined(found),
            kind=kind,
            limits=limits,
            notes=found.notes,
            one_table=options.one_table,
            encoding=sheet.encoding,
            fill_down=options.fill_down,
            unwanted=unwanted,
            gone=gone,
        )
        for found in found_tables
    ]
    if whole.layout.header is None and _as_unheaded(whole.region.rows(), sheet, options) is not None:
        tables[0].add_notes([Note.of(NoteKind.HEADER_SWITCHED_OFF, is_named=any(whole.layout.labels))])
    elif len(found_tables) == 1 and not options.is_laid_out:
        tables[0].add_notes(list(header_questions(whole, lambda said: _layout_with(said, whole, sheet, options))))
    last_row = sheet.first_row + sheet.height - 1
    days = sheet.text.days_among_times(sheet.text.head()[whole.layout.first :])
    letters = [column_letters(sheet.first_column + position) for position in days]
    for found, table in zip(found_tables, tables, strict=True):
        table.zeros = sheet.zeros
        asked = sheet_questions(found, size=table.size, footer=table.footer, last_row=last_row, options=options)
        table.add_notes([*asked, *days_note(letters, table.names_by_letter)])
    return tables if options.other_tables else _of_one_header(tables)


def _parts_said(whole: FoundTable, sheet: RawSheet, options: ReadOptions) -> list[FoundTable]:
    """The sheet, or what stands above and below the rows in which other tables begin: as a person says, or right below
    another one."""
    region = whole.region
    begins = list(tables_said(options, first=region.first_row, last=region.first_row + region.lines - 1))
    if not begins and not options.is_laid_out:
        begins = [region.first_row + top for top in whole.layout.tops]
    if not begins:
        return [whole]
    tops = [row - region.first_row for row in begins]
    first = region.part(bottom=tops[0])
    check_table_above(any(map(filled, first.rows(0, first.lines))), begins[0])
    parts = [replace(whole, region=first, layout=_layout(first.rows(), sheet, options))]
    for top, end in pairwise([*tops, region.lines]):
        part = region.part(top=top, bottom=end)
        rows = part.rows()
        layout = lay_out(rows, None) if options.header_row == "none" else choose_header(rows, merged=part.merged)
        note = Note.of(NoteKind.BELOW_ANOTHER, sheet=sheet.name, row=part.first_row)
        parts.append(FoundTable(region=part, layout=layout, row=part.first_row, notes=(note,)))
    return parts


def _as_defined(found: FoundTable) -> Layout:
    """The layout; nobody doubts a header with which a table begins that the workbook itself defines."""
    layout = found.layout
    is_sure = any(top == layout.header for top, _, _, _ in found.region.defined)
    return replace(layout, why=None) if is_sure else layout


def _of_one_header(tables: Sequence[SheetTable]) -> list[SheetTable]:
    """The first table and those with the same columns; it is said of the others that they are not loaded."""
    key = header_key(tables[0].labels)
    others = [table for table in tables if header_key(table.labels) != key]
    tables[0].add_notes([Note.of(NoteKind.TABLE_LEFT_OUT, table=other.source, rows=other.size) for other in others])
    return [table for table in tables if table not in others]


def _read_cells(sheet: RawSheet, options: ReadOptions) -> tuple[FoundTable, Unwanted, list[int]]:
    """All cells as text, and how the first rows are laid out; what each table leaves out, and what is left out so far.

    Rows below the header are blocks apart from those above: a column of one type is turned into text at once.
    """
    head = sheet.text.head()
    head_texts = cells_as_text(head)
    unwanted = Unwanted.of(options)
    header = options.header_row if isinstance(options.header_row, int) else None
    seen = head_texts
    if unwanted.spans:
        left, _ = without_rows(text_rows(head_texts), unwanted.by_place, first_row=sheet.first_row, but=header)
        seen = rows_of(left, 0, len(head_texts))
    layout = _layout(seen, sheet, options)
    whole = [*text_rows(head_texts[: layout.first]), *sheet.text.blocks(head[layout.first :])]
    if options.fill_down:
        whole = filled_down(whole, sheet.merged, first=layout.first)
    blocks, gone = without_rows(whole, unwanted.by_place, first_row=sheet.first_row, but=header)
    gone = sorted({*gone, *sheet.left_out})
    below = unwanted.by_name
    if options.data_row is not None:
        below = below.with_span(sheet.first_row + layout.first, options.data_row - 1)
    region = Region(
        blocks=blocks,
        lines=sheet.height,
        first_row=sheet.first_row,
        first_column=sheet.first_column,
        merged=sheet.merged,
        defined=sheet.tables,
        total_rows=sheet.total_rows,
        note_rows=sheet.note_rows,
        summing=sheet.summing,
    )
    return FoundTable(region=region, layout=layout, notes=sheet.notes), below, gone


def _layout(rows: list[list[str]], sheet: RawSheet, options: ReadOptions) -> Layout:
    layout = _layout_of_header(rows, sheet, options)
    if options.data_row is None:
        return layout
    index = options.data_row - sheet.first_row
    check_data_row(options, is_there=0 <= index < len(rows))
    return with_data_row(rows, layout, index, options=options)


def _layout_with(said: Mapping[str, Any], whole: FoundTable, sheet: RawSheet, options: ReadOptions) -> Layout | None:
    """How the sheet is laid out where a person says so; ``None``: it cannot be said."""
    try:
        return _layout(whole.region.rows(), sheet, replace(options, **said))
    except BadOption:
        return None


def _layout_of_header(rows: list[list[str]], sheet: RawSheet, options: ReadOptions) -> Layout:
    if options.header_row == "none":
        return lay_out(rows, None)
    if options.header_row is not None:
        index = options.header_row - sheet.first_row
        if not 0 <= index < len(rows) or not filled(rows[index]):
            raise BadOption(
                f'Row {options.header_row:,} was chosen as the header, but in sheet "{sheet.name}" it is blank or not'
                f" there: the rows with content are {sheet.first_row:,} to {sheet.first_row + sheet.height - 1:,}.",
                hint="Give the number of the row with the column names, or leave it blank to detect it automatically.",
            )
        return lay_out(rows, index)
    return _as_unheaded(rows, sheet, options) or choose_header(rows, merged=sheet.merged)


def _as_unheaded(rows: list[list[str]], sheet: RawSheet, options: ReadOptions) -> Layout | None:
    """How a sheet is laid out that is one table whose header row is switched off, as long as nobody says another."""
    table = sheet.unheaded
    if table is None or options.is_laid_out or not rows:
        return None
    layout, (top, left, _, right) = lay_out(rows, None), table.area
    if layout.first != top or left != 0 or right + 1 != len(layout.labels):
        return None
    return replace(layout, labels=table.names) if len(table.names) == len(layout.labels) else layout
