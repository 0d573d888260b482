"""The pages of row 21 beside those of Datasette, over the same rows in SQLite with the same indexes.

Its program is looked for on the PATH or is what ``DATASETTE`` names (``pip install datasette`` in an environment of
its own: it needs other versions than we do). It runs as quickly as it can: the file is immutable, its rows are counted
beforehand, no facets are suggested; its limits of time are lifted, so that it answers whole.
"""

import os
import sqlite3
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from csv import DictReader
from functools import partial
from itertools import batched
from pathlib import Path
from shutil import which

from tests.bench.answering import Visitor
from tests.bench.measuring import Result, interleaved
from tests.bench.place import HOST, Place, free_port, wait_for_port

TABLE = "reading"
BATCH = 10_000
WARMING = 2
INSTALL = "Datasette is not installed (name its program by DATASETTE)"
SETTINGS = {
    "sql_time_limit_ms": "60000",
    "facet_time_limit_ms": "60000",
    "suggest_facets": "off",
    "default_page_size": "100",
}
PAGES = (
    ("first page", "", ""),
    ("rows of one text", "?code={code}", "?code__exact={code}"),
    (
        "rows of a range of a number, the values of another counted",
        "?price__range=100,100.99&_facet=stock",
        "?price__gte=100&price__lte=100.99&_facet=stock",
    ),
)
"""What is asked, the query of our page, and of theirs."""


def beside_datasette(place: Place, tables: list[Path], *, code: str, times: int) -> list[Result]:
    """Whole HTML pages over HTTP, in turns; ``tables`` are the files of the dataset, ``code`` a value of its text."""
    program = os.environ.get("DATASETTE") or which("datasette")
    if program is None:
        return [Result(row="21", work="the pages of Datasette", unit="ms", note=INSTALL)]
    database = _same_rows(place.folder / "peer.db", tables)
    with (
        place.web() as our_port,
        _serving(program, database) as their_port,
        Visitor(our_port) as ours,
        Visitor(their_port) as theirs,
    ):
        return [
            _compared(
                what,
                times,
                partial(ours.get, f"/datasets/{TABLE}/{query.format(code=code)}"),
                partial(theirs.get, f"/{database.stem}/{TABLE}{other.format(code=code)}"),
            )
            for what, query, other in PAGES
        ]


def _compared(what: str, times: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Result:
    here, there = (taken[WARMING:] for taken in interleaved(times * 2 + WARMING, ours, theirs))
    return Result(
        row="21",
        work=f"{what}, the page in HTML",
        unit="ms",
        ours=statistics.median(here),
        yardstick=statistics.median(there),
        against="Datasette",
        must=1,
        goal=0.2,
        runs=here,
        yardstick_runs=there,
    )


def _same_rows(path: Path, tables: list[Path]) -> Path:
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE {TABLE} (code TEXT, name TEXT, price REAL, stock INTEGER, since TEXT)")
        for table in tables:
            with table.open(newline="", encoding="utf-8") as text:
                for rows in batched(DictReader(text, delimiter=";"), BATCH):
                    put = f"INSERT INTO {TABLE} VALUES (:code, :name, :price, :stock, :since)"  # noqa: S608
                    database.executemany(put, rows)
        for column in ("price", "code"):
            database.execute(f"CREATE INDEX by_{column} ON {TABLE} ({column})")
        database.execute("ANALYZE")
    database.close()
    return path


@contextmanager
def _serving(program: str, database: Path) -> Iterator[int]:
    port, counted = free_port(), database.with_suffix(".json")
    subprocess.run([program, "inspect", str(database), "--inspect-file", str(counted)], check=True)
    words = [program, "serve", "-i", str(database), "--inspect-file", str(counted), "-h", HOST, "-p", str(port)]
    for name, value in SETTINGS.items():
        words += ["--setting", name, value]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()
