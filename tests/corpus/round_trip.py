"""Cell for cell: what the reading and typing makes of a text, against what Python's ``csv`` reads of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.generated import Row, Written, generated
from uploads.tabular.chunks import SourceTable, TypedChunk
from uploads.tabular.errors import UploaderError
from uploads.tabular.open_file import open_tables
from uploads.tabular.single_pass import SinglePass
from uploads.tabular.table import Column, ColumnType, Limits, ReadOptions
from uploads.tabular.type_events import TypesChanged
from uploads.tabular.types.conversion import render

SPACE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
"""White space as Unicode has it: cells of nothing else are blank, and around a typed value it is no part of it."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One table that did not come back as it was written."""

    number: int
    what: str


def told(table: Written) -> ReadOptions:
    """All that a person could say about how the table was written."""
    return ReadOptions(encoding=table.encoding, delimiter=table.delimiter, header_row=1)


def can_be_told(table: Written) -> bool:
    """Whether its delimiter occurs at all: in some tables of one column it doesn't, and to say it is an error."""
    return table.delimiter in table.data.decode(table.encoding)


def compare(table: Written, path: Path, options: ReadOptions) -> str | None:
    """Read the table typed and printed back; what differs from ``csv``, or nothing."""
    path.write_bytes(table.data)
    try:
        [found] = open_tables(path, name=path.name, options=options, limits=Limits())
        columns, rows, blank = _read(found, options)
    except UploaderError as error:
        return None if not any(map(_is_filled, table.rows)) else f"refused: {error.code}"
    if found.labels != tuple(label.strip(SPACE) for label in _without_blank_end(table)[0]):
        return f"header: {found.labels}"
    return differing_cells(table, columns, rows, blank)


def differing_cells(table: Written, columns: Sequence[Column], rows: Sequence[Row], blank: int) -> str | None:
    """The first cell that came back otherwise than ``csv`` reads it, outer spaces of a typed value apart."""
    _, wanted = _without_blank_end(table)
    filled = [row for row in wanted if _is_filled(row)]
    if (len(rows), blank) != (len(filled), len(wanted) - len(filled)):
        return f"{len(rows)} rows and {blank} blank instead of {len(filled)} and {len(wanted) - len(filled)}"
    for want, got in zip(filled, rows, strict=True):
        for column, expected, cell in zip(columns, want, got, strict=True):
            plain = expected if column.type is ColumnType.TEXT else expected.strip(SPACE)
            if cell != plain:
                return f"{column.type} {column.label!r}: {expected!r} became {cell!r}"
    return None


def _without_blank_end(table: Written) -> tuple[Row, list[Row]]:
    """Header and rows without trailing columns that have neither name nor value."""
    width = len(table.header)
    while width > 1 and not any(row[width - 1].strip(SPACE) for row in (table.header, *table.rows)):
        width -= 1
    return table.header[:width], [row[:width] for row in table.rows]


def _is_filled(row: Row) -> bool:
    return any(cell.strip(SPACE) for cell in row)


def _read(table: SourceTable, options: ReadOptions) -> tuple[Sequence[Column], list[Row], int]:
    reading = SinglePass(table, options=options, planned=None)
    try:
        chunks = list(reading.rows())
    except TypesChanged:
        chunks = list(reading.rows_again())
    rows = [row for _, typed in chunks if typed is not None for row in _printed(reading.columns, typed)]
    return reading.columns, rows, sum(chunk.blank for chunk, _ in chunks)


def _printed(columns: Sequence[Column], typed: TypedChunk) -> Iterator[Row]:
    batch = typed.batch
    cells = [render(column, batch.column(place)).to_pylist() for place, column in enumerate(columns, start=1)]
    return zip(*cells, strict=True)


def differences(numbers: Iterable[int], home: Path, *, tell: bool) -> list[Difference]:
    """The generated tables that do not come back, told how they were written or nothing."""
    found = []
    for number in numbers:
        table = generated(number)
        options = told(table) if tell and can_be_told(table) else ReadOptions()
        if tell and options == ReadOptions():
            continue  # counted among those that are told nothing
        what = compare(table, home / f"table {number}.csv", options)
        if what is not None:
            found.append(Difference(number=number, what=what))
    return found
