"""Row 19: all rows of a dataset as a file, against ``psql \\copy … TO``; and the memory that each format takes."""

import subprocess
import sys
from pathlib import Path

from tests.bench import data
from tests.bench.measuring import PeakMemory, Result, interleaved, median, timed
from tests.bench.place import PROJECT, Place
from uploads.services.exporting.export import export_view
from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading.profiles import make_profiles
from uploads.services.reading.view import View
from uploads.services.visibility import OPERATOR

MOST_MIB = 150
_MUST = {ExportFormat.CSV: 1.5, ExportFormat.PARQUET: 3.0}
_MEASURED = (ExportFormat.CSV, ExportFormat.NDJSON, ExportFormat.ARROW_FILE, ExportFormat.PARQUET, ExportFormat.XLSX)


def exporting(place: Place, rows: int, times: int) -> list[Result]:
    table = data.wide(place.folder, min(rows, 1_000_000), columns=10)
    slug = place.slug()
    place.load(table.path, table.rows, slug)
    make_profiles(gives_way=False)  # as a worker does after each load of so many rows
    target = place.folder / "exported"
    found = []
    for format_ in _MEASURED:
        found += [
            _times(place, slug, target, format_, rows=table.rows, times=times),
            _memory(place, slug, target, format_),
        ]
    target.unlink()
    place.forget()
    return found


def _times(place: Place, slug: str, target: Path, format_: ExportFormat, *, rows: int, times: int) -> Result:
    copy = rf"\copy (SELECT * FROM data.{slug}) TO '{target}' (FORMAT csv, HEADER true)"  # noqa: S608 - made here
    ours, yardstick = interleaved(
        times,
        lambda: timed(lambda: _export(slug, target, format_)),
        lambda: timed(lambda: place.psql(copy)),
    )
    return Result(
        row="19",
        work=f"{format_} of {rows:,} × 10",
        unit="s",
        ours=median(ours),
        yardstick=median(yardstick),
        against=r"psql \copy",
        must=_MUST.get(format_),
        note=f"{rows / median(ours):,.0f} rows/s",
        runs=ours,
        yardstick_runs=yardstick,
    )


def _export(slug: str, target: Path, format_: ExportFormat) -> None:
    with target.open("wb") as file:
        file.writelines(export_view(slug=slug, view=View(), format_=format_, viewer=OPERATOR).pieces)


def _memory(place: Place, slug: str, target: Path, format_: ExportFormat) -> Result:
    """Of a process that does nothing else, above what the command takes before it begins."""
    name = f"{target}.{format_.facts.extension}"
    begun = _peak(place, [sys.executable, "manage.py", "export", "--help"])
    peak = _peak(place, [sys.executable, "manage.py", "export", slug, name])
    Path(name).unlink()
    return Result(row="19", work=f"memory of {format_}", unit="MiB", ours=peak - begun, must=MOST_MIB)


def _peak(place: Place, words: list[str]) -> float:
    process = subprocess.Popen(words, cwd=PROJECT, env=place.environment(), stdout=subprocess.DEVNULL)
    with PeakMemory(process.pid) as peak:
        if process.wait():
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
    return peak.mebibytes
