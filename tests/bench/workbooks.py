"""Rows 5, 6 and 9: workbooks against the library that reads them, and the memory that the largest one takes."""

from pathlib import Path

import python_calamine as calamine
import xlrd

from tests.bench import workbook_data
from tests.bench.data import Table
from tests.bench.measuring import PeakMemory, Result, interleaved, median, timed
from tests.bench.place import Place
from tests.bench.workbook_data import XLS_ROWS, XLSX_ROWS

LARGEST_TIMES = 2
"""Runs of row 9, for its peak hardly varies and each takes half a minute."""


def xlsx(place: Place, rows: int, times: int) -> list[Result]:
    table = workbook_data.xlsx(place.folder, min(max(rows * 3 // 50, 1), XLSX_ROWS - 1), 8)
    ours, alone = interleaved(
        times,
        lambda: place.load_and_forget(table.path, table.rows),
        lambda: timed(lambda: _read_by_calamine(table)),
    )
    return [_against_library("5", f"XLSX {table.rows:,} × 8", ours, alone, "python-calamine alone", goal=1.1)]


def xls(place: Place, rows: int, times: int) -> list[Result]:
    table = workbook_data.xls(place.folder, max(min(rows // 50, XLS_ROWS - 1), 1), 20)
    ours, alone = interleaved(
        times,
        lambda: place.load_and_forget(table.path, table.rows),
        lambda: timed(lambda: _read_by_xlrd(table)),
    )
    return [_against_library("6", f"XLS {table.rows + 1:,} × 20", ours, alone, "xlrd alone", goal=1.0)]


def largest_xlsx(place: Place, rows: int, times: int) -> list[Result]:
    """As many rows as the format can hold, through a real worker."""
    table = workbook_data.xlsx(place.folder, min(max(rows * 21 // 100, 1), XLSX_ROWS - 1), 10)
    peaks: list[float] = []
    seconds: list[float] = []
    for _ in range(min(times, LARGEST_TIMES)):
        with place.worker() as pid, PeakMemory(pid) as memory:
            taken, file_id = place.load_by_worker(table.path, place.slug())
        place.checked(file_id, table.rows)
        place.forget()
        peaks.append(memory.mebibytes)
        seconds.append(taken)
    return [
        Result(
            row="9",
            work=f"XLSX {table.rows + 1:,} × 10, peak memory of worker and child",
            unit="MiB",
            ours=max(peaks),
            must=2048,
            goal=1024,
            note=f"{_size(table.path)}, loaded in {median(seconds):.1f} s",
            runs=tuple(peaks),
        )
    ]


def _against_library(
    row: str, work: str, ours: tuple[float, ...], alone: tuple[float, ...], library: str, *, goal: float
) -> Result:
    return Result(
        row=row,
        work=f"{work}, mixed types",
        unit="s",
        ours=median(ours),
        yardstick=median(alone),
        against=library,
        must=1.5,
        goal=goal,
        runs=ours,
        yardstick_runs=alone,
    )


def _read_by_calamine(table: Table) -> None:
    """By ``iter_rows``, which takes 0.3 s less for 300,000 rows than ``to_python``."""
    rows = sum(1 for _ in calamine.CalamineWorkbook.from_path(table.path).get_sheet_by_index(0).iter_rows())
    _all_there(rows, table)


def _read_by_xlrd(table: Table) -> None:
    sheet = xlrd.open_workbook(table.path).sheet_by_index(0)
    _all_there(sum(1 for row in range(sheet.nrows) if sheet.row_values(row)), table)


def _all_there(rows: int, table: Table) -> None:
    if rows != table.rows + 1:
        raise RuntimeError(f"{table.path.name} has {rows:,} of {table.rows + 1:,} rows")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.0f} MB"
