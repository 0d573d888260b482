"""Row 17: files that merge by key, against one plain table with a unique index and PostgreSQL's own MERGE.

A load with a key is held to row 1, our load without one, plus ``CREATE UNIQUE INDEX`` by hand; beside it stands what
``psql`` takes for both.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place
from uploads.models import Load
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.loading.attempt import load_file
from uploads.services.merging.modes import change_mode
from uploads.states import Mode

COLUMNS = "code bigint, area text, price numeric, since date"
CORRECTIONS = 5
QUERIES = {
    "count": ("SELECT count(*) FROM {}", 1.3, 1.1),
    "group by": ("SELECT area, count(*), sum(price) FROM {} GROUP BY area", 1.3, 1.1),
    "lookup by key": ("SELECT * FROM {} WHERE code = {}", 2, 1.1),
}
LOOKUPS = 200
SMALL_FILES = 999
"""With the one that they correct as many as a dataset may have active."""
SMALL_ROWS = 100


def merging(place: Place, rows: int, times: int) -> list[Result]:
    whole = _keyed(place.folder, rows, first=0)
    loads, by_hand, copies = interleaved(
        max(1, times // 2),
        lambda: _load(place, whole, rows, has_key=True),
        lambda: _load(place, whole, rows, has_key=False),
        lambda: _copy(place, whole, rows),
    )
    size = max(rows // 100, 100)
    slug = _corrected(place, whole, rows, count=CORRECTIONS, size=size)
    results = [
        _result(f"load {rows:,} rows with a key", loads, by_hand, "row 1 + CREATE UNIQUE INDEX", must=1.15, goal=1.0),
        _result("the same", loads, copies, "\\copy + CREATE UNIQUE INDEX"),
        *_queried(place, slug, words=f"{CORRECTIONS} corrections", times=times),
    ]
    for count, overlap in ((size, 0.8), (rows // 5, 0.3), (1_000, 0.8)):
        results += _switching(place, slug, rows=rows, count=count, overlap=overlap, times=times)
    place.execute("DROP TABLE plain")
    place.forget()
    return results


def many_files(place: Place, rows: int, times: int) -> list[Result]:
    """The same questions where a thousand small files are active; to load them takes minutes."""
    whole = _keyed(place.folder, rows, first=0)
    slug = _corrected(place, whole, rows, count=SMALL_FILES, size=SMALL_ROWS)
    results = _queried(place, slug, words=f"{SMALL_FILES:,} files of {SMALL_ROWS} rows", times=times, most=1.5)
    place.execute("DROP TABLE plain")
    place.forget()
    return results


def _corrected(place: Place, whole: Path, rows: int, *, count: int, size: int) -> str:
    """A dataset of one file and ``count`` that correct it, each half of the one before; ``plain`` has the same rows."""
    slug = place.slug()
    place.load(whole, rows, slug)
    change_mode(slug=slug, mode=Mode.MERGE, key=["code"])
    for number in range(count):
        place.load(_keyed(place.folder, size, first=number * size // 2), size, slug)
    place.execute(f"CREATE TABLE plain AS SELECT code, area, price, since FROM data.{slug}")  # noqa: S608
    place.execute("CREATE UNIQUE INDEX ON plain (code)")
    place.execute("VACUUM ANALYZE plain")
    place.execute(f"VACUUM ANALYZE data.{slug}")
    return slug


def _queried(place: Place, slug: str, *, words: str, times: int, most: float = 0.0) -> list[Result]:
    results = []
    for work, (query, must, goal) in QUERIES.items():
        ours, plain = interleaved(times, _asked(place, query, f"data.{slug}"), _asked(place, query, "plain"))
        bound = max(must, most)
        results.append(_result(f"{work}, {words}", ours, plain, "one table", must=bound, goal=goal, unit="ms"))
    return results


def _switching(place: Place, slug: str, *, rows: int, count: int, overlap: float, times: int) -> list[Result]:
    path = _keyed(place.folder, count, first=rows - int(count * overlap))
    file = place.load(path, count, slug)[1].file_id
    [part] = Load.objects.filter(file_id=file).values_list("part", flat=True)
    merge = (
        f"MERGE INTO plain t USING data.{part} s ON t.code = s.code WHEN MATCHED THEN UPDATE SET area = s.area,"
        " price = s.price, since = s.since WHEN NOT MATCHED THEN INSERT VALUES (s.code, s.area, s.price, s.since)"
    )

    place.execute(f"CREATE TABLE before AS SELECT t.* FROM plain t JOIN data.{part} s ON s.code = t.code")  # noqa: S608

    def merged() -> float:
        """Committed, as a switch is; what it changed is taken back afterwards."""
        seconds = timed(lambda: place.execute(f"BEGIN; SET LOCAL random_page_cost = 1.1; {merge}; COMMIT"))
        place.execute(f"DELETE FROM plain t USING data.{part} s WHERE t.code = s.code")  # noqa: S608
        place.execute("INSERT INTO plain SELECT * FROM before")
        return 1_000 * seconds

    def off() -> float:
        return deactivate_file(file_id=file).milliseconds

    def on() -> float:
        return activate_file(file_id=file).milliseconds

    gone, merges, back = _in_turn(times, off, merged, on)
    place.execute("DROP TABLE before")
    words = f"{count:,} rows, {overlap:.0%} corrections"
    deactivate_file(file_id=file)
    place.settle()
    return [
        _result(f"activate {words}", back, merges, "MERGE", must=1.7, goal=1.0, unit="ms"),
        _result(f"deactivate {words}", gone, merges, "MERGE", must=1.7, goal=1.0, unit="ms"),
    ]


def _in_turn(times: int, *works: Callable[[], float]) -> list[tuple[float, ...]]:
    """A file cannot be switched on twice: the order is always the same."""
    figures = [[work() for work in works] for _ in range(times)]
    return [tuple(each) for each in zip(*figures, strict=True)]


def _asked(place: Place, query: str, table: str) -> Callable[[], float]:
    """Milliseconds; a lookup is one of many."""
    if "{} WHERE" not in query:
        return lambda: 1_000 * timed(lambda: place.execute(query.format(table)))

    def lookups() -> None:
        for number in range(LOOKUPS):
            place.execute(query.format(table, number * 997))

    return lambda: 1_000 * timed(lookups) / LOOKUPS


def _load(place: Place, path: Path, rows: int, *, has_key: bool) -> float:
    """The dataset has its key before, and the rows are held to it as they come; or the index is made afterwards."""
    slug = place.slug()
    first = place.folder / "first.csv"
    first.write_text("code;area;price;since\n-1;A000000;1.5;2024-01-01\n")
    place.load(first, 1, slug)
    if has_key:
        change_mode(slug=slug, mode=Mode.MERGE, key=["code"])
    file = place.receive(path, slug)
    place.settle()
    seconds = timed(lambda: load_file(file_id=file.pk, reader=place.reader))
    place.checked(file.pk, rows)
    if not has_key:
        part = Load.objects.values_list("part", flat=True).get(file_id=file.pk)
        seconds += timed(lambda: place.execute(f"CREATE UNIQUE INDEX ON data.{part} (code)"))
    place.forget()
    return seconds


def _copy(place: Place, path: Path, rows: int) -> float:
    place.execute(f"CREATE TABLE yardstick ({COLUMNS})")
    place.settle()
    options = "WITH (FORMAT csv, HEADER true, DELIMITER ';')"
    seconds = timed(lambda: place.psql(rf"\copy yardstick FROM '{path}' {options}"))
    seconds += timed(lambda: place.execute("CREATE UNIQUE INDEX ON yardstick (code)"))
    [(count,)] = place.execute("SELECT count(*) FROM yardstick")
    if count != rows:
        raise RuntimeError(f"psql loaded {count:,} of {rows:,} rows")
    place.execute("DROP TABLE yardstick")
    return seconds


def _keyed(folder: Path, rows: int, *, first: int) -> Path:
    """``code;area;price;since``: codes from ``first`` on, in no order."""
    path = folder / f"keyed_{rows}_{first}.csv"
    if path.exists():
        return path
    chance = np.random.default_rng(rows + first)
    codes = chance.permutation(np.arange(first, first + rows))
    areas = pa.array([f"A{number:06d}" for number in range(2_300)])
    table = pa.table(
        {
            "code": codes,
            "area": areas.take(pa.array(chance.integers(0, len(areas), rows))),
            "price": pa.array(chance.integers(100, 99_999, rows) * 10 + 5).cast(pa.float64()).cast(pa.string()),
            "since": pa.array(chance.integers(18_000, 20_000, rows), pa.int32()).cast(pa.date32()),
        }
    )
    csv.write_csv(table, path, csv.WriteOptions(delimiter=";", quoting_style="none"))
    return path


def _result(
    work: str,
    ours: tuple[float, ...],
    yardstick: tuple[float, ...],
    against: str,
    *,
    must: float | None = None,
    goal: float | None = None,
    unit: str = "s",
) -> Result:
    return Result(
        row="17",
        work=work,
        unit=unit,
        ours=median(ours),
        yardstick=median(yardstick),
        against=against,
        must=must,
        goal=goal,
        runs=ours,
        yardstick_runs=yardstick,
    )
