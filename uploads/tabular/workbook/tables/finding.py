"""Finds the tables of a sheet, beside and below each other, and says where each begins and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.sheet_header import Layout, find_header
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.workbook.sheet.cell_names import column_letters
from uploads.tabular.workbook.tables.header_choice import choose_header
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.side_by_side import side_by_side
from uploads.tabular.workbook.tables.stacked import further_tables


@dataclass(frozen=True, kw_only=True)
class FoundTable:
    """A table that was found in the sheet."""

    region: Region
    layout: Layout
    column: str = ""
    """``E``, where it begins beside another one."""
    row: int = 0
    """Where it begins below another one."""
    notes: tuple[Note, ...] = ()

    def place(self, sheet: str) -> TablePlace:
        return TablePlace(sheet=sheet, column=self.column, row=self.row)


def tables_within(found: FoundTable, *, sheet: str) -> Iterator[FoundTable]:
    """Tables below each other, each with others beside it; or side by side, each of which may have others below it."""
    parts = _below_each_other(found, sheet)
    in_rows = len(parts) > 1 and all(map(_heads_all_columns, parts[1:]))
    if not in_rows and (sides := _beside_each_other(found, sheet)):
        for side in sides:
            yield from tables_within(side, sheet=sheet)
        return
    if len(parts) == 1:
        yield found
        return
    for part in parts:
        if sides := _beside_each_other(part, sheet):
            for side in sides:
                yield from tables_within(side, sheet=sheet)
        else:
            yield part


def _heads_all_columns(found: FoundTable) -> bool:
    """Whether the header has words above all cells: no table beside that began further up goes on below it."""
    rows = found.region.rows(found.layout.first)
    filled_columns = {column for row in rows for column, cell in enumerate(row) if cell.strip()}
    return all(found.layout.labels[i] and kind_of(found.layout.labels[i]) == "text" for i in filled_columns)


def _beside_each_other(found: FoundTable, sheet: str) -> list[FoundTable]:
    """Nothing where it is one table."""
    sides = side_by_side(found.region)
    columns = [column_letters(side.region.first_column) for side in sides]
    tables = []
    for side, column in zip(sides, columns, strict=True):
        layout = choose_header(side.region.rows(), merged=side.region.merged)
        table = replace(found, region=side.region, layout=layout)
        if side.why:
            note = Note.of(NoteKind.BESIDE_ANOTHER, sheet=sheet, column=column, why=side.why.as_json())
            tables.append(replace(table, column=column, notes=(note,)))
        else:
            note = Note.of(NoteKind.OTHERS_BESIDE, columns=columns[1:])
            tables.append(replace(table, notes=(*found.notes, note)))
    return tables


def _below_each_other(found: FoundTable, sheet: str) -> list[FoundTable]:
    region = found.region
    further = further_tables(region, found.layout)
    ends = [*(row for row, _ in further), region.lines]
    tables = [replace(found, region=region.part(bottom=ends[0]))]
    for (top, layout), end in zip(further, ends[1:], strict=True):
        part = region.part(top=top, bottom=end)
        note = Note.of(NoteKind.BELOW_ANOTHER, sheet=sheet, row=part.first_row)
        own = _without_rows_below(part, layout)
        tables.append(FoundTable(region=part, layout=own, column=found.column, row=part.first_row, notes=(note,)))
    return tables


def _without_rows_below(region: Region, layout: Layout) -> Layout:
    """The same header: what is in doubt beside the rows of tables further down may be sure without them."""
    own = find_header(region.rows(), merged=region.merged)
    return own if (own.header, own.first) == (layout.header, layout.first) else layout
