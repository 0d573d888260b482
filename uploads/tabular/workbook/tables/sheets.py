"""A sheet as a reader hands it over, and the tables that it becomes."""

from collections.abc import Sequence

from uploads.tabular.errors import BadOption
from uploads.tabular.layout.sheet_layout import Layout, filled, find_header, lay_out
from uploads.tabular.names import header_key
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.sheet.blocks import cells_as_text, check_cells, text_rows
from uploads.tabular.workbook.sheet.raw import RawSheet
from uploads.tabular.workbook.tables.finding import FoundTable, tables_within
from uploads.tabular.workbook.tables.merged_cells import filled_down
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.sheet_table import SheetTable


def read_tables(sheet: RawSheet, *, kind: FileFormat, options: ReadOptions, limits: Limits) -> list[SheetTable]:
    """The sheet's tables: the first, and others beside and below it that have headers of their own.

    Where somebody says which row is the header, or that it is all one table, no other is looked for.
    """
    whole = _read_cells(sheet, options)
    check_cells(sheet.name, whole.region.blocks, limits)
    is_one = options.one_table or options.header_row is not None
    tables = [
        SheetTable(
            place=found.place(sheet.name),
            region=found.region,
            layout=found.layout,
            kind=kind,
            limits=limits,
            notes=found.notes,
            one_table=options.one_table,
            encoding=sheet.encoding,
            fill_down=options.fill_down,
        )
        for found in ([whole] if is_one else tables_within(whole, sheet=sheet.name))
    ]
    return tables if options.other_tables else _of_one_header(tables)


def _of_one_header(tables: Sequence[SheetTable]) -> list[SheetTable]:
    """The first table and those with the same columns; it is said of the others that they are not loaded."""
    key = header_key(tables[0].labels)
    others = [table for table in tables if header_key(table.labels) != key]
    tables[0].add_notes([Note.of(NoteKind.TABLE_LEFT_OUT, table=other.source, rows=other.size) for other in others])
    return [table for table in tables if table not in others]


def _read_cells(sheet: RawSheet, options: ReadOptions) -> FoundTable:
    """All cells as text, and how the first rows are laid out.

    Rows below the header are blocks apart from those above: a column of one type is turned into text at once.
    """
    head = sheet.text.head()
    head_texts = cells_as_text(head)
    layout = _layout(head_texts, sheet, options)
    blocks = [*text_rows(head_texts[: layout.first]), *sheet.text.blocks(head[layout.first :])]
    if options.fill_down:
        blocks = filled_down(blocks, sheet.merged, first=layout.first)
    region = Region(
        blocks=blocks,
        lines=sheet.height,
        first_row=sheet.first_row,
        first_column=sheet.first_column,
        merged=sheet.merged,
        defined=sheet.tables,
        total_rows=sheet.total_rows,
    )
    return FoundTable(region=region, layout=layout, notes=sheet.notes)


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
