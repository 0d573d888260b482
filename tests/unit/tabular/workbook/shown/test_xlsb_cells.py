"""Cells of an .xlsb that the first reader gives otherwise than the sheet shows them, and their neighbours."""

import struct
from pathlib import Path

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.shown.sheets import (
    kinds,
    read,
    real,
    wide_cell,
)
from tests.unit.tabular.workbook.test_cells import rows_of


def rk(column: int, value: int, style: int = 0) -> bytes:
    """A whole number, as Excel stores it."""
    return packages.cell(packages.RK, column, struct.pack("<I", (value << 2) | 2), style)


def write_xlsb_rows(path: Path, *rows: tuple[bytes, ...]) -> Path:
    head = (wide_cell(0, "a"), wide_cell(1, "b"))
    return packages.write_xlsb(path, [packages.row_of(at, *row) for at, row in enumerate((head, *rows))])


def test_whole_numbers_of_an_xlsb_in_a_format_of_dates_are_dates(tmp_path: Path) -> None:
    path = write_xlsb_rows(
        tmp_path / "d.xlsb", (rk(0, 45352), rk(1, 45352, style=1)), (rk(0, 7), real(1, 45353.5, style=1))
    )

    assert rows_of(read(path)) == [["45352", "2024-03-01 00:00:00"], ["7", "2024-03-02 12:00:00"]]


def test_whole_numbers_of_an_xlsb_without_such_a_format_stay_numbers(tmp_path: Path) -> None:
    path = write_xlsb_rows(tmp_path / "n.xlsb", (rk(0, 45352), real(1, 0.5)))

    table = read(path)

    assert rows_of(table) == [["45352", "0.5"]]
    assert kinds(table) == set()
