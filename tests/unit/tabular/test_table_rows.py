"""A person says in which rows other tables begin, and a file is parted there."""

from pathlib import Path

import openpyxl
import pytest

from uploads.tabular.errors import BadOption
from uploads.tabular.inspection import inspect_file
from uploads.tabular.layout.row_numbers import parse_table_rows
from uploads.tabular.table import Limits, ReadOptions

TABLES = "a;b\n1;2\n3;4\nx;y\n5;6\n\n7;8\nc;d\n9;1\n"
type Found = list[tuple[str | None, tuple[str, ...], list[str], int]]
"""Where each table stands, its names and types, and its rows."""


def text(folder: Path, content: str = TABLES) -> Path:
    path = folder / "t.csv"
    path.write_text(content)
    return path


def sheet(folder: Path, content: str = TABLES) -> Path:
    book = openpyxl.Workbook()
    for line in content.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(";")])
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def found(path: Path, **said: object) -> Found:
    options = ReadOptions(**said)  # type: ignore[arg-type]
    tables = inspect_file(path, options=options, limits=Limits(), head_rows=9)
    return [
        (one.source, tuple(c.label for c in one.columns), [c.type.value for c in one.columns], len(one.head))
        for one in tables
    ]


NUMBERS = ["bigint", "bigint"]


def test_a_text_is_parted_in_the_lines_that_are_said(tmp_path: Path) -> None:
    assert len(found(text(tmp_path))) == 1
    assert found(text(tmp_path), table_rows="4, 8") == [
        (None, ("a", "b"), NUMBERS, 2),
        ("lines 4 to 7", ("x", "y"), NUMBERS, 2),
        ("lines 8 to 9", ("c", "d"), NUMBERS, 1),
    ]


def test_a_sheet_is_parted_in_the_rows_that_are_said(tmp_path: Path) -> None:
    assert len(found(sheet(tmp_path))) == 1
    assert found(sheet(tmp_path), table_rows="4, 8") == [
        ("Sheet", ("a", "b"), NUMBERS, 2),
        ("Sheet (row 4)", ("x", "y"), NUMBERS, 2),
        ("Sheet (row 8)", ("c", "d"), NUMBERS, 1),
    ]


@pytest.mark.parametrize("write", [text, sheet])
def test_tables_that_are_seen_are_parted_too_unless_the_layout_is_said(tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    seen = "a;b\n1;2\n3;4\nname;day;c\nn;2024-01-01;2\nm;2024-01-02;4\n" if write is text else TABLES
    path = write(tmp_path, seen)
    assert len(found(path, table_rows="3")) >= len(found(path)) + 1
    assert len(found(path, table_rows="3", one_table=True)) == 2


@pytest.mark.parametrize("write", [text, sheet])
def test_a_header_row_that_is_said_is_that_of_the_first_table(tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    path = write(tmp_path)
    assert [names for _, names, _, _ in found(path, table_rows="4, 8", header_row=2)] == [
        ("1", "2"),
        ("x", "y"),
        ("c", "d"),
    ]
    assert [size for *_, size in found(path, table_rows="4, 8", header_row="none")] == [3, 3, 2]


def test_a_table_may_begin_below_the_lines_that_are_looked_at(tmp_path: Path) -> None:
    content = "a;b\n" + "1;2\n" * 40_000 + "x;y\n" + "2024-01-01;5\n" * 3
    assert [(names, types) for _, names, types, _ in found(text(tmp_path, content), table_rows="40002")] == [
        (("a", "b"), NUMBERS),
        (("x", "y"), ["date", "bigint"]),
    ]


@pytest.mark.parametrize("write", [text, sheet])
@pytest.mark.parametrize("row", ["10", "900000"])
def test_a_row_that_is_not_there_is_refused(tmp_path: Path, write, row: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadOption, match="rows below the first one are 2 to 9"):
        found(write(tmp_path), table_rows=f"4, {row}")


@pytest.mark.parametrize("write", [text, sheet])
def test_a_row_with_no_table_above_it_is_refused(tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadOption, match="no table stands above it"):
        found(write(tmp_path, "\n\na;b\n1;2\n"), table_rows="3")


def test_rows_are_written_as_numbers() -> None:
    assert parse_table_rows(" 40;12, 12") == (12, 40)
    assert parse_table_rows("") == ()
    for wrong in ("1", "3-5", "x", "0", ", ".join(map(str, range(2, 103)))):
        with pytest.raises(BadOption):
            parse_table_rows(wrong)
