"""Cells that are merged in the header carry their name whichever reader reads the workbook."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook import open_workbook
from uploads.tabular.workbook.readers.fallback import Doubtful

GROUPS = (None, "Population", None, None, "Share")
NAMES = ("Region", 2019, 2020, 2021, "of all")
ROWS = [(name, at, 2 * at, 3 * at, at / 4) for at, name in enumerate(("North", "South", "East", "West"), start=5)]


def write_xls(path: Path, *, merged: bool) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for at, row in enumerate((GROUPS, NAMES, *ROWS)):
        for column, cell in enumerate(row):
            if cell is not None and not (merged and cell == "Population"):
                sheet.write(at, column, cell)
    if merged:
        sheet.write_merge(0, 0, 1, 3, "Population")
    book.save(str(path))


def write_xlsx(path: Path, *, merged: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (GROUPS, NAMES, *ROWS):
        sheet.append(row)
    if merged:
        sheet.merge_cells("B1:D1")
    book.save(path)


def labels(path: Path) -> tuple[str, ...]:
    (table,) = open_workbook.open_sheets(path, name=path.name, options=ReadOptions(), limits=Limits())
    return tuple(table.labels)


def refuse(_doubt: str) -> None:
    raise Doubtful("the test wants the second reader")


@pytest.mark.parametrize("write", [write_xls, write_xlsx])
@pytest.mark.parametrize("merged", [True, False])
def test_second_reader_knows_merged_cells_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None], *, merged: bool
) -> None:
    path = tmp_path / f"m.{write.__name__.removeprefix('write_')}"
    write(path, merged=merged)
    by_first = labels(path)
    monkeypatch.setattr(open_workbook, "_heed", refuse)

    assert labels(path) == by_first
    assert ("Population 2021" in by_first) is merged
