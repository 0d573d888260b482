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


def rich(column: int, text: str) -> bytes:
    """A text of two fonts in its cell."""
    runs = struct.pack("<IHHHH", 2, 0, 1, 2, 2)
    return packages.cell(62, column, b"\1" + packages.wide(text) + runs)


def test_texts_of_several_fonts_in_an_xlsb_are_read(tmp_path: Path) -> None:
    path = write_xlsb_rows(tmp_path / "r.xlsb", (rk(0, 1), rich(1, "bold text")), (rk(0, 2), wide_cell(1, "plain")))

    table = read(path)

    assert rows_of(table) == [["1", "bold text"], ["2", "plain"]]
    assert kinds(table) == set()


def test_such_texts_beyond_all_other_cells_of_an_xlsb_are_read(tmp_path: Path) -> None:
    path = packages.write_xlsb(
        tmp_path / "r.xlsb",
        [
            packages.row_of(0, rich(0, "k"), wide_cell(1, "n"), rich(2, "note")),
            packages.row_of(1, rich(0, "x"), rk(1, 1)),
            packages.row_of(2, rich(0, "PT5H"), rk(1, 2), rich(2, "last")),
        ],
    )

    table = read(path)

    assert table.labels == ("k", "n", "note")
    assert rows_of(table) == [["x", "1", ""], ["PT5H", "2", "last"]]


def test_all_texts_of_several_fonts_in_an_xlsb_are_read(tmp_path: Path) -> None:
    rows = [packages.row_of(at, *map(rich, (0, 1), row)) for at, row in enumerate(("ab", "xy", "zw"))]

    assert rows_of(read(packages.write_xlsb(tmp_path / "r.xlsb", rows))) == [["x", "y"], ["z", "w"]]
