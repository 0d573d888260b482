"""Tables whose lines people have annotated: whether the same lines are taken for the header, and for the first row.

Published with Strudel: sheets of the Statistical Abstract of the United States (SAUS) and of statistical offices
(Troy), one JSON object a line. Weights are fitted on every second file by name, and the others are reported.
"""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from uploads.tabular.errors import UploaderError
from uploads.tabular.notes import NoteKind
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions

SETS = {"saus": ((0.62, 0.89), (0.8, 0.95)), "troy": ((0.82, 0.97), (0.9, 0.99))}
"""Least shares of files whose header rows are exact and whose first data row is right, and the goals."""
_ROWS = ("data", "derived", "group")
_TOTALS = (NoteKind.TOTAL, NoteKind.LAST_TOTAL)
"""A total below the header is annotated as a derived row; it is told apart and not loaded."""


@dataclass(frozen=True, kw_only=True)
class Annotated:
    """A table as it was annotated; lines count from 1."""

    name: str
    rows: Sequence[Sequence[str]]
    header: tuple[int, ...]
    """Lines of the header of its first table."""
    first: int
    """The first line below it that holds data, or the name of a group of rows."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was made of it."""

    name: str
    header: tuple[int, ...]
    first: int | None
    is_header: bool
    is_first: bool


def tables(path: Path, *, half: int) -> Iterator[Annotated]:
    """The tables of a set in this half, 0 or 1, by the order of their names; those without data are left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = sorted(map(json.loads, lines), key=lambda one: (one["file_name"], one["table_id"]))
    for one in found[half::2]:
        classes = one["line_annotation"]
        data = next((i for i, what in enumerate(classes) if what == "data"), None)
        if data is None:
            continue
        header = tuple(i + 1 for i, what in enumerate(classes[:data]) if what == "header")
        below = header[-1] if header else 0
        first = next(i + 1 for i, what in enumerate(classes) if i >= below and what in _ROWS)
        rows = [[_as_shown(cell) for cell in row] for row in one["table_array"]]
        yield Annotated(name=one["file_name"], rows=rows, header=header, first=first)


def _as_shown(cell: str) -> str:
    """In one line. Whole numbers of SAUS stay as they were written there, ``1990.0``, years too."""
    return " ".join(cell.split())


def compare(table: Annotated) -> Found:
    """Read a table told nothing; it is written one line a row, so that its rows have the numbers of its lines."""
    with TemporaryDirectory() as home:
        path = Path(home) / "table.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table.rows)
        header, first = _read(path, table.rows)
    return Found(
        name=table.name,
        header=header,
        first=first,
        is_header=header == table.header,
        is_first=first == table.first,
    )


def _read(path: Path, rows: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], int | None]:
    """Lines of the header, and the first line below it that was loaded, rejected, or said to sum the others up."""
    try:
        table = next(open_tables(path, name=path.name, options=ReadOptions(all_text=True), limits=Limits()))
        lines = [
            line
            for chunk in table.chunks()
            for line in chain(chunk.rows.to_pylist(), (reject.row for reject in chunk.rejects))
        ]
    except UploaderError:
        return (), None
    totals = (note.figures["place"] for note in table.dialect.notes if note.kind in _TOTALS)
    first = min(chain(lines, totals), default=None)
    begins = table.dialect.header_row
    if begins is None or first is None:
        return (), first
    return tuple(line for line in range(begins, first) if any(rows[line - 1])), first


def compare_half(path: Path, *, half: int) -> list[Found]:
    """What is found in each table of one half of a set."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(compare, tables(path, half=half), chunksize=8))
