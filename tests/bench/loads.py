"""Rows 1 to 4: delimited text against ``psql \\copy`` on the same server."""

import gzip
import shutil
import subprocess
from pathlib import Path

from tests.bench import data
from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place


def narrow(place: Place, rows: int, times: int) -> list[Result]:
    table = data.geo(place.folder, rows)
    return [_against_psql(place, times, table, "1", f"CSV {rows:,} × 5", must=1.3)]


def wide(place: Place, rows: int, times: int) -> list[Result]:
    table = data.wide(place.folder, max(rows // 25, 1))
    return [_against_psql(place, times, table, "2", f"CSV {table.rows:,} × 100, mixed types", must=1.5)]


def quoted(place: Place, rows: int, times: int) -> list[Result]:
    table = data.quoted(place.folder, max(rows // 5, 1))
    return [_against_psql(place, times, table, "3", f"CSV {table.rows:,} × 8, long quoted text", must=1.5)]


def packed(place: Place, rows: int, times: int) -> list[Result]:
    table = data.geo(place.folder, rows)
    path = table.path.with_name(f"{table.path.name}.gz")
    if not path.exists():
        with table.path.open("rb") as plain, gzip.open(path, "wb", compresslevel=6) as out:
            shutil.copyfileobj(plain, out, 2**20)
    ours, loading, unpacking = interleaved(
        times,
        lambda: place.load_and_forget(path, rows),
        lambda: place.load_and_forget(table.path, rows),
        lambda: timed(lambda: _unpack(path)),
    )
    yardstick = [load + unpack for load, unpack in zip(loading, unpacking, strict=True)]
    return [
        Result(
            row="4",
            work=f"CSV.gz {rows:,} × 5",
            unit="s",
            ours=median(ours),
            yardstick=median(yardstick),
            against="row 1 + gzip -dc",
            must=1.1,
            goal=1.0,
            runs=ours,
            yardstick_runs=tuple(yardstick),
        )
    ]


def _unpack(path: Path) -> None:
    program = shutil.which("gzip")
    if program is None:
        raise RuntimeError("gzip is not installed")
    subprocess.run([program, "-dc", str(path)], check=True, stdout=subprocess.DEVNULL)


def _against_psql(place: Place, times: int, table: data.Table, row: str, work: str, *, must: float) -> Result:
    ours, yardstick = interleaved(
        times,
        lambda: place.load_and_forget(table.path, table.rows),
        lambda: place.psql_copy(table),
    )
    return Result(
        row=row,
        work=work,
        unit="s",
        ours=median(ours),
        yardstick=median(yardstick),
        against=r"psql \copy",
        must=must,
        goal=1.0,
        note=f"{table.rows / median(ours):,.0f} rows/s, {table.path.stat().st_size / 1e6:,.0f} MB",
        runs=ours,
        yardstick_runs=yardstick,
    )
