"""Outlines and pivot tables of .xls, .xlsb and .ods say what those of .xlsx do, where the format has them."""

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import (
    biff,
    cell,
    links,
    ods_text,
    record,
    row_of,
    wide,
    write_compound,
    write_ods,
    write_xlsb,
    xls_number,
    xls_stream,
    xls_text,
)
from tests.unit.tabular.workbook.tables_beside import read
from tests.unit.tabular.workbook.test_sheet_sums import PIVOT, names, notes
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind

type Rows = Sequence[tuple[str, object]]
type Levels = Mapping[int, int]
"""By the row's number in the sheet, from 1."""

BELOW: Rows = [("r", "n"), ("N", 1), ("N", 2), ("of N", 3), ("S", 4), ("S", 5), ("of S", 9), ("both", 12)]
LEVELS = {2: 2, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1}
ABOVE: Rows = [("r", "n"), ("N", 3), ("a", 1), ("b", 2), ("S", 9), ("c", 4), ("d", 5)]
LEVELS_ABOVE = {3: 1, 4: 1, 6: 1, 7: 1}


def xls_cells(rows: Rows) -> list[bytes]:
    cells = []
    for at, (name, value) in enumerate(rows):
        cells.append(xls_text(at, 0, name))
        cells.append(xls_text(at, 1, value) if isinstance(value, str) else xls_number(at, 1, float(str(value))))
    return cells


def xls(folder: Path, rows: Rows, levels: Levels, *, below: bool = True) -> SourceTable:
    heads = [
        biff(0x0208, struct.pack("<HHHHHHBBH", at, 0, 2, 255, 0, 0, levels.get(at + 1, 0), 1, 0x0F))
        for at in range(len(rows))
    ]
    flags = biff(0x0081, bytes([0xC1 if below else 0x81, 0x04]))
    path = write_compound(folder / "o.xls", "Workbook", xls_stream([flags, *heads, *xls_cells(rows)]))
    (table,) = read(path)
    return table


def xlsb(folder: Path, rows: Rows, levels: Levels, *, below: bool = True) -> SourceTable:
    def row(at: int, name: str, value: object) -> bytes:
        second = cell(6, 1, wide(value)) if isinstance(value, str) else cell(5, 1, struct.pack("<d", value))
        return row_of(at, cell(6, 0, wide(name)), second, level=levels.get(at + 1, 0))

    flags = record(147, bytes([0xC9 if below else 0x89, 0x04, 0x02]) + bytes(16) + wide(""))
    path = write_xlsb(folder / "o.xlsb", [row(at, *each) for at, each in enumerate(rows)], before=flags)
    (table,) = read(path)
    return table


def ods_row(name: str, value: object) -> str:
    if isinstance(value, str):
        return ods_text(name) + ods_text(value)
    text = f"<text:p>{value}</text:p>"
    return (
        f'{ods_text(name)}<table:table-cell office:value-type="float" office:value="{value}">{text}</table:table-cell>'
    )


def ods(folder: Path, rows: Rows, levels: Levels, *, below: bool = True) -> SourceTable:
    parts, depth = [], 0
    for at, row in enumerate(rows, start=1):
        level = levels.get(at, 0)
        parts.append("<table:table-row-group>" * (level - depth) + "</table:table-row-group>" * (depth - level))
        parts.append(f"<table:table-row>{ods_row(*row)}</table:table-row>")
        depth = level
    parts.append("</table:table-row-group>" * depth)
    (table,) = read(write_ods(folder / "o.ods", "".join(parts)))
    return table


type Write = Callable[..., SourceTable]


@pytest.mark.parametrize("write", [xls, xlsb, ods])
def test_rows_that_sum_their_group_up_are_told_by_the_outline(tmp_path: Path, write: Write) -> None:
    table = write(tmp_path, BELOW, LEVELS)
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [4, 7, 8]
    assert len(names(table)) == 7


@pytest.mark.parametrize("write", [xls, xlsb])
def test_sums_that_stand_on_the_other_side_than_is_said_are_told_too(tmp_path: Path, write: Write) -> None:
    assert notes(write(tmp_path, BELOW, LEVELS, below=False))[NoteKind.SUBTOTALS].figures["rows"] == [4, 7, 8]
    assert notes(write(tmp_path, ABOVE, LEVELS_ABOVE))[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


@pytest.mark.parametrize("write", [xls, xlsb])
def test_sums_may_stand_above_their_groups(tmp_path: Path, write: Write) -> None:
    table = write(tmp_path, ABOVE, LEVELS_ABOVE, below=False)
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


@pytest.mark.parametrize("write", [xls, xlsb, ods])
@pytest.mark.parametrize(
    ("rows", "levels"),
    [([*BELOW[:3], ("of N", 4), *BELOW[4:6], ("of S", 8)], LEVELS), (BELOW, {})],
    ids=["folded away alone", "no outline"],
)
def test_rows_without_sums_or_without_an_outline_say_nothing(
    tmp_path: Path, write: Write, rows: Rows, levels: Levels
) -> None:
    table = write(tmp_path, rows, levels)
    assert NoteKind.SUBTOTALS not in notes(table)
    assert len(names(table)) == len(rows) - 1


def lines(items: Sequence[tuple[int, int]]) -> bytes:
    """SXLI of two fields: kind and depth of each row."""
    return b"".join(struct.pack("<HHhH2h", 0, kind, depth, 0, 0, 0) for kind, depth in items)


OF_PIVOT = [(0, 1), (0, 2), (0, 2), (0, 1), (0, 2), (0, 2), (0x0D, 0)]


def xls_pivot(folder: Path, rows: Rows, items: bytes, *, bottom: int, count: int) -> SourceTable:
    name = b"\x00By region"
    view = struct.pack("<4H", 0, bottom, 0, 1) + struct.pack("<3H", 0, 1, 1) + bytes(4)
    view += struct.pack("<10H", 0xFFFF, 0xFFFF, 3, 2, 0, 0, 1, count, 1, 0x0003)
    view += struct.pack("<3H", 1, len(name) - 1, 1) + name + b"\x00n"
    records = [*xls_cells(rows), biff(0x00B0, view), biff(0x00B5, items)]
    path = write_compound(folder / "p.xls", "Workbook", xls_stream(records), storages=["_SX_DB_CUR"])
    (table,) = read(path)
    return table


def test_pivot_of_an_xls_tells_its_subtotals_and_its_grand_total(tmp_path: Path) -> None:
    table = xls_pivot(tmp_path, PIVOT, lines(OF_PIVOT), bottom=7, count=7)  # type: ignore[arg-type]
    assert names(table) == ["North", "a", "b", "South", "a", "b"]
    assert notes(table)[NoteKind.LAST_TOTAL].figures["place"] == 8
    assert notes(table)[NoteKind.PIVOT].figures == {"name": "By region", "first": 1, "last": 8}
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


def test_pivot_of_an_xls_whose_rows_are_cut_off_tells_where_it_stands_alone(tmp_path: Path) -> None:
    table = xls_pivot(tmp_path, PIVOT, lines(OF_PIVOT)[:-2], bottom=7, count=7)  # type: ignore[arg-type]
    assert len(names(table)) == 7
    assert NoteKind.PIVOT in notes(table)
    assert NoteKind.SUBTOTALS not in notes(table)


def ods_pivot(folder: Path, rows: Rows, *, more: str = "", field: str = "row") -> SourceTable:
    place = f'table:name="By region" table:target-range-address="$S.A1:$S.B{len(rows)}" {more}'
    fields = f'<table:data-pilot-field table:source-field-name="region" table:orientation="{field}"/>'
    tables = f"<table:data-pilot-table {place}>{fields}</table:data-pilot-table>"
    behind = f"<table:data-pilot-tables>{tables}</table:data-pilot-tables>"
    (table,) = read(write_ods(folder / "p.ods", *(ods_row(*row) for row in rows), behind=behind))
    return table


def pivot_part(items: Sequence[tuple[int, int]], *, bottom: int) -> bytes:
    """BrtBeginSXView, its place, and the kinds and depths of its rows."""
    rows = b"".join(
        record(297, struct.pack("<HBBII", depth - 1 if depth else 0, kind, 0, 1 if depth else 0, 0)) + record(298)
        for kind, depth in items
    )
    across = record(301, struct.pack("<I", 1)) + record(297, bytes(12)) + record(298) + record(302)
    return (
        record(280, bytes(32) + wide("By region") + wide("Values"))
        + record(314, struct.pack("<9I", 0, bottom, 0, 1, 0, 1, 1, 0, 0))
        + record(313)
        + (record(299, struct.pack("<I", len(items))) + rows + record(300) if items else b"")
        + across
        + record(315)
    )


def table_part(*, bottom: int, headers: int = 1, sums: int = 1) -> bytes:
    return record(343, struct.pack("<8I", 0, bottom, 0, 1, 0, 1, headers, sums) + bytes(40)) + record(344)


def xlsb_linked(folder: Path, rows: Rows, kind: str, part: bytes) -> SourceTable:
    def row(at: int, name: str, value: object) -> bytes:
        second = cell(6, 1, wide(value)) if isinstance(value, str) else cell(5, 1, struct.pack("<d", value))
        return row_of(at, cell(6, 0, wide(name)), second)

    parts: dict[str, str | bytes] = {
        "xl/linked/part1.bin": part,
        "xl/worksheets/_rels/sheet1.bin.rels": links(**{kind: "../linked/part1.bin"}),
    }
    path = write_xlsb(folder / "p.xlsb", [row(at, *each) for at, each in enumerate(rows)], parts=parts)
    (table,) = read(path)
    return table


def test_pivot_of_an_xlsb_tells_its_subtotals_and_its_grand_total(tmp_path: Path) -> None:
    table = xlsb_linked(tmp_path, PIVOT, "pivotTable", pivot_part(OF_PIVOT, bottom=7))  # type: ignore[arg-type]
    assert names(table) == ["North", "a", "b", "South", "a", "b"]
    assert notes(table)[NoteKind.LAST_TOTAL].figures["place"] == 8
    assert notes(table)[NoteKind.PIVOT].figures == {"name": "By region", "first": 1, "last": 8}
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 5]


@pytest.mark.parametrize(
    ("kind", "part", "said"),
    [
        ("pivotTable", pivot_part([], bottom=7), {NoteKind.PIVOT}),
        ("pivotTable", pivot_part(OF_PIVOT, bottom=7)[:-40], {NoteKind.PIVOT}),
        ("drawing", pivot_part(OF_PIVOT, bottom=7), set()),
    ],
    ids=["no rows", "cut off", "another part"],
)
def test_what_an_xlsb_does_not_say_of_a_pivot_is_a_row(
    tmp_path: Path, kind: str, part: bytes, said: set[NoteKind]
) -> None:
    table = xlsb_linked(tmp_path, PIVOT, kind, part)  # type: ignore[arg-type]
    assert len(names(table)) >= 6
    assert said <= set(notes(table))


def test_table_of_an_xlsb_tells_its_row_of_totals(tmp_path: Path) -> None:
    assert names(xlsb_linked(tmp_path, TOTALLED, "table", table_part(bottom=4))) == ["N", "S", "M"]
    assert len(names(xlsb_linked(tmp_path, TOTALLED, "table", table_part(bottom=4, sums=0)))) == 4


TOTALLED: Rows = [("region", "n"), ("N", 3), ("S", 9), ("M", 2), ("Overall", 14)]


def test_pivot_of_an_ods_ends_with_its_grand_total(tmp_path: Path) -> None:
    table = ods_pivot(tmp_path, TOTALLED)
    assert names(table) == ["N", "S", "M"]
    assert notes(table)[NoteKind.LAST_TOTAL].figures["place"] == 5
    assert notes(table)[NoteKind.PIVOT].figures == {"name": "By region", "first": 1, "last": 5}


@pytest.mark.parametrize(
    ("more", "field"), [('table:grand-total="none"', "row"), ('table:grand-total="column"', "row"), ("", "column")]
)
def test_pivot_of_an_ods_without_a_total_below_ends_with_a_row(tmp_path: Path, more: str, field: str) -> None:
    table = ods_pivot(tmp_path, TOTALLED, more=more, field=field)
    assert names(table) == ["N", "S", "M", "Overall"]
    assert NoteKind.PIVOT in notes(table)
