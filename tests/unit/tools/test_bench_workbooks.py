"""The benchmark's own .xlsx is a workbook like others: two readers find the same cells, of the kinds that it names."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import python_calamine as calamine

from tests.bench import workbook_data

ROWS = 200
COLUMNS = 10


def test_generated_workbook_holds_the_cells_that_its_columns_name(tmp_path: Path) -> None:
    table = workbook_data.xlsx(tmp_path, ROWS, COLUMNS)
    header, *rows = calamine.CalamineWorkbook.from_path(table.path).get_sheet_by_index(0).to_python()
    kinds = {"text": (str,), "bigint": (float,), "numeric": (float,), "date": (date,), "boolean": (bool,)}
    assert (tuple(header), len(rows)) == (table.names, ROWS)
    for position, kind in enumerate(table.types):
        assert all(isinstance(row[position], kinds[kind]) for row in rows if row[position] != "")
    empty = sum(value == "" for row in rows for value in row)
    assert 0.05 < empty / (ROWS * COLUMNS) < 0.15


def test_generated_workbook_is_the_same_to_openpyxl(tmp_path: Path) -> None:
    table = workbook_data.xlsx(tmp_path, ROWS, COLUMNS)
    fast = calamine.CalamineWorkbook.from_path(table.path).get_sheet_by_index(0).to_python()
    book = openpyxl.load_workbook(table.path, read_only=True)
    slow = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    assert [[_plain(value) for value in row] for row in slow] == fast


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
