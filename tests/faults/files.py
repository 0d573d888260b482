"""Files whose truth is known: numbered rows, and some that cannot be loaded."""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

import openpyxl

SIZES = (100, 5_000, 60_000, 300_000, 1_000_000)
WEIGHTS = (10, 8, 6, 2, 1)
SHEET_ROWS = 3_000
MERGED = "merged"
"""The dataset whose files update each other."""
FULL = 0.15
"""So many of them are full lists."""
REJECTS = 40
"""Rows of a spoiled file that do not fit: fewer than the share for which a file fails."""
WORD = "n/a"
"""Stands in the rows that are rejected; as a null word it makes them fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A file, and what every load of it must find: the rows of its tables, by the name of their first column.

    That column numbers the rows from 1. ``rejects``: so many at most may be missing from the first table.
    """

    kind: str
    name: str
    data: bytes
    tables: Mapping[str, int] = field(default_factory=dict)
    dataset: str = ""
    rejects: int = 0
    first: int = 1
    """The number of the first row."""
    key: str = ""
    """The column by which it merges."""
    full: bool = False
    """Keys of files below that it lacks are not seen."""

    @property
    def fails(self) -> bool:
        return not self.tables


def text(rows: int, *, label: str = "number", every: int = 0, first: int = 1) -> bytes:
    """Rows ``number;price;day;word``; each ``every``-th has a word for a price."""
    lines = [f"{label};price;day;word\n"]
    for number in range(first, first + rows):
        price = WORD if every and number % every == 0 else f"{number % 977},25"
        lines.append(f"{number};{price};2023-{number % 12 + 1:02}-{number % 28 + 1:02};word {number % 31}\n")
    return "".join(lines).encode()


def whole(random: Random) -> Made:
    [rows] = random.choices(SIZES, WEIGHTS)
    return Made(kind="csv", name="whole.csv", dataset="whole", data=text(rows), tables={"number": rows})


def spoiled(random: Random) -> Made:
    rows = random.choice((4_000, 80_000))
    data = text(rows, label="line", every=rows // REJECTS)
    return Made(
        kind="csv with rejects",
        name="spoiled.csv",
        dataset="spoiled",
        data=data,
        tables={"line": rows},
        rejects=REJECTS,
    )


def merging(random: Random) -> Made:
    """Rows of which many are in other such files too."""
    rows, first = random.choice((200, 5_000, 60_000)), random.choice((1, 100, 3_000, 40_000))
    data = text(rows, label="code", first=first)
    return Made(
        kind="merging csv",
        name="merging.csv",
        dataset=MERGED,
        data=data,
        tables={"code": rows},
        first=first,
        key="code",
        full=random.random() < FULL,
    )


def packed(random: Random) -> Made:
    """One text in gzip."""
    rows = random.choice((20_000, 200_000))
    data = gzip.compress(text(rows, label="packed"), 1)
    return Made(kind="gz", name="packed.csv.gz", data=data, tables={"packed": rows})


def archive(random: Random) -> Made:
    """Two texts and a workbook in one zip: three datasets."""
    rows = random.choice((1_000, 50_000))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packet:
        packet.writestr("north.csv", text(rows, label="north"))
        packet.writestr("south.csv", text(rows, label="south"))
        packet.writestr("inner.xlsx", sheets("inner"))
    tables = {"north": rows, "south": rows, "inner": SHEET_ROWS}
    return Made(kind="zip", name="archive.zip", data=buffer.getvalue(), tables=tables)


def workbook(random: Random) -> Made:
    """Two sheets, two datasets."""
    tables = {"first": SHEET_ROWS, "second": SHEET_ROWS}
    return Made(kind="xlsx", name="book.xlsx", data=sheets(*tables), tables=tables)


def hopeless(random: Random) -> Made:
    """Half a workbook, or a header without a row: fails each time, and says why."""
    if random.random() < 0.5:
        data = sheets("first")
        return Made(kind="half an xlsx", name="half.xlsx", data=data[: len(data) // 2])
    return Made(kind="csv without rows", name="bare.csv", dataset="whole", data=b"number;price;day;word\n")


def sheets(*names: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name in names:
        sheet = book.create_sheet(name)
        sheet.append([name, "price", "word"])
        for number in range(1, SHEET_ROWS + 1):
            sheet.append([number, number / 4, f"word {number % 31}"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def total(rows: int, first: int = 1) -> int:
    """The sum of so many numbers."""
    return rows * (2 * first + rows - 1) // 2


KINDS: dict[Callable[[Random], Made], int] = {
    whole: 8,
    spoiled: 4,
    merging: 8,
    packed: 2,
    archive: 2,
    workbook: 2,
    hopeless: 1,
}


def make(random: Random) -> Made:
    [maker] = random.choices(list(KINDS), list(KINDS.values()))
    return maker(random)
