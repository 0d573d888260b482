"""Finds the tables of a sheet, beside and below each other, and says where each begins and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.notes import AS_ONE_TABLE, unless_rows_of
from uploads.tabular.layout.sheet_layout import Layout, find_header
from uploads.tabular.workbook.sheet.cell_names import column_letters
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.side_by_side import side_by_side
from uploads.tabular.workbook.tables.stacked import further_tables

_UNLESS_ONE = f"If they are one table, {AS_ONE_TABLE}"


@dataclass(frozen=True, kw_only=True)
class FoundTable:
    """A table that was found in the sheet."""

    region: Region
    layout: Layout
    column: str = ""
    """``E``, where it begins beside another one."""
    row: int = 0
    """Where it begins below another one."""
    notes: tuple[str, ...] = ()

    def source(self, sheet: str) -> str:
        """The sheet's name for its first table; ``Sales (column E, row 36)`` for another."""
        places = [f"column {self.column}" if self.column else "", f"row {self.row}" if self.row else ""]
        place = ", ".join(filter(None, places))
        return f"{sheet} ({place})" if place else sheet


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
        layout = find_header(side.region.rows(), merged=side.region.merged)
        table = replace(found, region=side.region, layout=layout)
        if side.why:
            begins = f'This table of sheet "{sheet}" begins in column {column}, to the right of another one.'
            note = f"{begins} They are read apart because {side.why}. {_UNLESS_ONE}"
            tables.append(replace(table, column=column, notes=(note,)))
        else:
            tables.append(replace(table, notes=(*found.notes, _others_note(columns[1:]))))
    return tables


def _below_each_other(found: FoundTable, sheet: str) -> list[FoundTable]:
    region = found.region
    further = further_tables(region, found.layout)
    ends = [*(row for row, _ in further), region.lines]
    tables = [replace(found, region=region.part(bottom=ends[0]))]
    for (top, layout), end in zip(further, ends[1:], strict=True):
        part = region.part(top=top, bottom=end)
        below = f'This table of sheet "{sheet}" begins in row {part.first_row:,}, below another one'
        begins = f"{below}: its rows have a header of their own."
        note = f"{begins} {unless_rows_of('the one above')}"
        tables.append(FoundTable(region=part, layout=layout, column=found.column, row=part.first_row, notes=(note,)))
    return tables


def _others_note(columns: Sequence[str]) -> str:
    if len(columns) == 1:
        stand = f"Another table stands to the right of this one, from column {columns[0]} on; it is read by itself."
    else:
        listed = f"{', '.join(columns[:-1])} and {columns[-1]}"
        stand = f"Other tables stand to the right of this one, from columns {listed} on; each is read by itself."
    return f"{stand} {_UNLESS_ONE}"
