"""The files that are loaded: the same bytes on every machine, from a fixed seed, a block of rows at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

BLOCK = 250_000
SEED = 7
INDUSTRIES = [f"{letter}{number:03d}" for letter in "ABCDEFGHIJKLMNOPQRS" for number in range(25)]
AREAS = [f"A{number:06d}" for number in range(100_100, 102_400)]
WORDS = [
    "harbour",
    "river",
    "mountain",
    "price",
    "survey",
    "quarter",
    "estimate",
    "region",
    "household",
    "industry",
    "total",
    "value",
    "island",
    "season",
    "transport",
    "winter",
    "market",
    "station",
    "north",
    "south",
    "revised",
    "provisional",
    "confidential",
    "café",
    "naïve",
    "Ōtautahi",
    "Zürich",
]
KINDS = ("text", "bigint", "numeric", "date", "timestamp", "boolean")


@dataclass(frozen=True, slots=True)
class Table:
    """A file and what is in it; ``types`` are PostgreSQL's, for the yardstick's table."""

    path: Path
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int


def geo(folder: Path, rows: int) -> Table:
    """``anzsic06;Area;year;geo_count;ec_count``, newest year first: 24 bytes a row."""

    def block(rng: np.random.Generator, start: int, count: int) -> list[pa.Array]:
        return [
            _picked(rng, INDUSTRIES, count),
            _picked(rng, AREAS, count),
            pa.array(2023 - np.arange(start, start + count) * 24 // rows),
            pa.array((rng.pareto(0.8, count) + 1).astype(np.int64) * 3),
            pa.array(rng.exponential(100, count).astype(np.int64)),
        ]

    names = ("anzsic06", "Area", "year", "geo_count", "ec_count")
    return _written(folder / f"geo-{rows}.csv", names, ("text", "text", "bigint", "bigint", "bigint"), rows, block)


def wide(folder: Path, rows: int, columns: int = 100) -> Table:
    """Text, integers, decimals, dates, timestamps and booleans, a tenth of the cells empty."""
    types = tuple(KINDS[index % len(KINDS)] for index in range(columns))
    names = tuple(f"{kind}_{index}" for index, kind in enumerate(types))

    def block(rng: np.random.Generator, _: int, count: int) -> list[pa.Array]:
        return [_with_gaps(rng, _values(rng, kind, count)) for kind in types]

    return _written(folder / f"wide-{rows}.csv", names, types, rows, block, block_rows=50_000)


def quoted(folder: Path, rows: int, columns: int = 8) -> Table:
    """Long texts in quotes, with quotes, delimiters and line breaks inside."""
    phrases = _phrases(np.random.default_rng(SEED))
    names = tuple(f"remark_{index}" for index in range(columns))

    def block(rng: np.random.Generator, _: int, count: int) -> list[pa.Array]:
        return [_picked(rng, phrases, count) for _ in range(columns)]

    types = ("text",) * columns
    return _written(folder / f"quoted-{rows}.csv", names, types, rows, block, quoting="all_valid")


def prices(folder: Path, rows: int, edition: int) -> Table:
    """A price list by code. From one edition to the next 5 % of the prices and 1 % of the codes are others."""

    def block(rng: np.random.Generator, start: int, count: int) -> list[pa.Array]:
        numbers = np.arange(start, start + count)
        name, cents, stock, day = (rng.integers(each, size=count) for each in (100_003, 100_000, 1_000, 1_000))
        price = np.where(numbers % 20 == 7, cents + edition, cents)
        code = np.where(numbers % 100 == 13, numbers + rows * edition, numbers)
        words = pc.binary_join_element_wise("item", pa.array(name).cast(pa.string()), " ")
        text = pc.binary_join_element_wise("C", pc.utf8_lpad(pa.array(code).cast(pa.string()), 9, "0"), "")
        amount = pc.multiply(pa.array(price).cast(pa.decimal128(19, 0)), pa.scalar("0.01").cast(pa.decimal128(3, 2)))
        days = pa.array((day + 19_000).astype(np.int32)).cast(pa.date32()).cast(pa.string())
        return [text, words, amount.cast(pa.string()), pa.array(stock), days]

    names, types = ("code", "name", "price", "stock", "since"), ("text", "text", "numeric", "bigint", "date")
    return _written(folder / f"prices-{edition}-{rows}.csv", names, types, rows, block)


def _phrases(rng: np.random.Generator) -> list[str]:
    between = (" ",) * 12 + ("; ", ", ", '"', ' "', "\n")
    return [
        "".join(
            WORDS[rng.integers(len(WORDS))] + between[rng.integers(len(between))] for _ in range(rng.integers(3, 10))
        ).strip()
        for _ in range(5_000)
    ]


def _values(rng: np.random.Generator, kind: str, count: int) -> pa.Array:
    match kind:
        case "text":
            first, second = _picked(rng, WORDS, count), _picked(rng, INDUSTRIES, count)
            return pc.binary_join_element_wise(first, second, " ")
        case "bigint":
            return pa.array(rng.integers(-1_000_000, 100_000_000, count))
        case "numeric":
            cents = pa.array(rng.integers(-10_000_000, 1_000_000_000, count)).cast(pa.decimal128(19, 0))
            return pc.multiply(cents, pa.scalar("0.01", pa.string()).cast(pa.decimal128(3, 2))).cast(pa.string())
        case "date":
            return pa.array(rng.integers(0, 20_000, count).astype(np.int32)).cast(pa.date32()).cast(pa.string())
        case "timestamp":
            return pa.array(rng.integers(0, 1_700_000_000, count)).cast(pa.timestamp("s")).cast(pa.string())
        case _:
            return pa.array(rng.integers(0, 2, count).astype(bool))


def _picked(rng: np.random.Generator, values: Sequence[str], count: int) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(rng.integers(len(values), size=count)))


def _with_gaps(rng: np.random.Generator, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(rng.random(len(values)) < 0.9), values, pa.scalar(None, values.type))


def _written(
    path: Path,
    names: tuple[str, ...],
    types: tuple[str, ...],
    rows: int,
    block: Callable[[np.random.Generator, int, int], list[pa.Array]],
    *,
    block_rows: int = BLOCK,
    quoting: Literal["none", "all_valid"] = "none",
) -> Table:
    how = csv.WriteOptions(include_header=False, delimiter=";", quoting_style=quoting)
    if not path.exists():
        with path.open("wb") as out:
            out.write((";".join(names) + "\n").encode())
            for start in range(0, rows, block_rows):
                rng = np.random.default_rng((SEED, start))
                arrays = block(rng, start, min(block_rows, rows - start))
                csv.write_csv(pa.record_batch(arrays, names=list(names)), out, how)
    return Table(path, names, types, rows)
