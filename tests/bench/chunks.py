"""``ONLY=chunks``: what the sizes of chunks cost in seconds, computing and memory, on the files of rows 1 and 2."""

import psutil

from tests.bench import data
from tests.bench.data import Table
from tests.bench.measuring import PeakMemory, Result, cpu_seconds, interleaved, median
from tests.bench.place import Place

SIZES = (5_000, 20_000, 50_000, 150_000, 500_000)


def curve(place: Place, rows: int, times: int) -> list[Result]:
    """Every pair of sizes; a frame never has more rows than its chunk, so larger ones to write are left out."""
    pairs = [(read, write) for read in SIZES for write in SIZES if write <= read]
    tables = data.geo(place.folder, rows), data.wide(place.folder, max(rows // 25, 1))
    return [result for table in tables for result in _of_table(place, table, pairs, times)]


def _of_table(place: Place, table: Table, pairs: list[tuple[int, int]], times: int) -> list[Result]:
    peaks: dict[tuple[int, int], list[float]] = {pair: [] for pair in pairs}
    computed: dict[tuple[int, int], list[float]] = {pair: [] for pair in pairs}
    [(backend,)] = place.execute("SELECT pg_backend_pid()")
    postmaster = psutil.Process(backend).ppid()

    def load(pair: tuple[int, int]) -> float:
        place.settle()
        sizes = {"CHUNK_FILE_READ": str(pair[0]), "CHUNK_DB_WRITE": str(pair[1])}
        with place.worker(sizes) as pid, PeakMemory(pid) as memory:
            before = cpu_seconds(pid) + cpu_seconds(postmaster)
            seconds, file_id = place.load_by_worker(table.path, place.slug())
            computed[pair].append(cpu_seconds(pid) + cpu_seconds(postmaster) - before)
        place.checked(file_id, table.rows)
        place.forget()
        peaks[pair].append(memory.mebibytes)
        return seconds

    figures = interleaved(times, *(lambda pair=pair: load(pair) for pair in pairs))
    return [
        Result(
            row="chunks",
            work=f"CSV {table.rows:,} × {len(table.names)}, read {read:,}, write {write:,}",
            unit="s",
            ours=median(seconds),
            note=f"{median(computed[read, write]):.1f} CPU s, peak {max(peaks[read, write]):.0f} MiB",
            runs=seconds,
        )
        for (read, write), seconds in zip(pairs, figures, strict=True)
    ]
