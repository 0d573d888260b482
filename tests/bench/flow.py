"""Rows 7, 8, 11 and 12: through a real worker, how time and memory grow, and what small files cost."""

import time

from tests.bench import data
from tests.bench.measuring import PeakMemory, Result, interleaved, median, touch_memory
from tests.bench.place import Place

SMALL_ROWS = 100
SMALL_FILES = 500
MEMORY_SIZES = 8
"""A load fills the memory of some five times its file: the copy it stores, the table and its log, in the caches."""


def growth(place: Place, rows: int, times: int) -> list[Result]:
    """Four times the rows in four times the time and in the same memory."""
    tables = [data.geo(place.folder, rows), data.geo(place.folder, 4 * rows)]
    peaks: dict[int, list[float]] = {table.rows: [] for table in tables}

    def load(table: data.Table) -> float:
        place.settle()
        with place.worker() as pid:
            touch_memory(MEMORY_SIZES * table.path.stat().st_size)
            with PeakMemory(pid) as memory:
                seconds, file_id = place.load_by_worker(table.path, place.slug())
        place.checked(file_id, table.rows)
        place.forget()
        peaks[table.rows].append(memory.mebibytes)
        return seconds

    few, many = interleaved(times, lambda: load(tables[0]), lambda: load(tables[1]))
    small, large = (peaks[table.rows] for table in tables)
    memory = "peak memory of worker and child"
    return [
        Result(
            row="7",
            work=f"growth, {4 * rows:,} rows",
            unit="s",
            ours=median(many),
            yardstick=4 * median(few),
            against=f"4 × {rows:,} rows",
            must=1.1,
            goal=1.0,
            runs=many,
            yardstick_runs=few,
        ),
        Result(
            row="8",
            work=f"{memory}, {4 * rows:,} rows",
            unit="MiB",
            ours=median(large),
            yardstick=median(small),
            against=f"{rows:,} rows",
            must=1.1,
            runs=tuple(large),
            yardstick_runs=tuple(small),
        ),
        Result(row="8", work=f"{memory}, at most", unit="MiB", ours=max(*small, *large), must=400, goal=250),
    ]


def small_file(place: Place, rows: int, times: int) -> list[Result]:
    """A small file from its last byte to active, with a warm worker, which does nothing else or loads a large file."""
    seconds: list[float] = []
    beside: list[float] = []
    large = data.geo(place.folder, rows).path
    with place.worker():
        for more in range(4 * times):  # other rows each time: whether they are here is looked up, as for people
            table = data.geo(place.folder, SMALL_ROWS + more)
            seconds.append(place.load_by_worker(table.path, place.slug(), again=False)[0])
        loading = place.receive(large, place.slug()).pk
        while not beside or not place.is_active(loading):
            beside.append(place.load_by_worker(table.path, place.slug())[0])
    place.forget()
    return [
        Result(
            row="11",
            work=f"CSV {SMALL_ROWS} × 5, last byte to active",
            unit="s",
            ours=median(seconds),
            must=0.5,
            goal=0.15,
            runs=tuple(seconds),
        ),
        Result(
            row="11",
            work=f"the same while {rows:,} rows are loaded, the slowest",
            unit="s",
            ours=max(beside),
            must=1.0,
            goal=0.5,
            runs=tuple(beside),
        ),
    ]


def many_small_files(place: Place, rows: int, times: int) -> list[Result]:
    """Files that wait in a row, taken by one worker; they join one dataset."""
    table = data.geo(place.folder, SMALL_ROWS)
    count = max(SMALL_FILES * rows // 5_000_000, 20)
    with place.worker():
        began = time.perf_counter()
        files = [place.receive(table.path, "small").pk for _ in range(count)]
        for file in files:
            place.wait_until_active(file)
        seconds = time.perf_counter() - began
    place.forget()
    return [
        Result(
            row="12",
            work=f"{count} such files in a row, sending included",
            unit="files/s",
            ours=count / seconds,
            must=10,
            goal=40,
            more_is_better=True,
        )
    ]
