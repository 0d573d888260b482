"""Texts of cells that the stored value does not print back: words that are read as empty, and mixed ways of writing.

Most tables have none, and cost nothing. A chunk's cells are packed together: of 50,000 rows with ``n/a`` in each third
some 20 KB, of 50,000 different texts what they take.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_LEVEL = 1
"""Of zlib: three times as fast as its own choice, and a tenth larger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptColumn:
    """Of one column: ``texts`` are different ones, ``which`` says of each of ``rows`` which of them stood there."""

    position: int
    """Of the column in the file, from 0."""
    rows: tuple[int, ...]
    """Line or row numbers in the source, as ``_row`` has them."""
    texts: tuple[str, ...]
    which: tuple[int, ...]

    @classmethod
    def of(cls, position: int, rows: pa.Int64Array, cells: pa.StringArray) -> "KeptColumn":
        """The cells as they were read, and the rows that they stand in."""
        encoded = cells.dictionary_encode()
        return cls(
            position=position,
            rows=tuple(rows.to_pylist()),
            texts=tuple(encoded.dictionary.to_pylist()),
            which=tuple(encoded.indices.to_pylist()),
        )

    @property
    def cells(self) -> pa.StringArray:
        """One for each of ``rows``."""
        return pa.array(self.texts, pa.string()).take(pa.array(self.which, pa.int32()))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCells:
    """Of some rows of one table; a column may be there several times, with other rows."""

    columns: tuple[KeptColumn, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns)

    @property
    def span(self) -> tuple[int, int]:
        """The least and the highest row number."""
        return min(min(each.rows) for each in self.columns), max(max(each.rows) for each in self.columns)

    def plus(self, others: "KeptCells") -> "KeptCells":
        """These and others."""
        return KeptCells(columns=(*self.columns, *others.columns))

    def without(self, rows: Iterable[int]) -> "KeptCells":
        """Those of other rows."""
        gone = frozenset(rows)
        left = (_only(each, lambda row: row not in gone) for each in self.columns)
        return KeptCells(columns=tuple(each for each in left if each.rows))

    def renumbered(self, numbers: Mapping[int, int]) -> "KeptCells":
        """Those of these rows, by their new numbers."""
        known = (_only(each, lambda row: row in numbers) for each in self.columns)
        renamed = (replace(each, rows=tuple(numbers[row] for row in each.rows)) for each in known)
        return KeptCells(columns=tuple(each for each in renamed if each.rows))

    def moved(self, positions: Mapping[int, int]) -> "KeptCells":
        """The same by the columns' other positions; one that has none goes."""
        named = (each for each in self.columns if each.position in positions)
        return KeptCells(columns=tuple(replace(each, position=positions[each.position]) for each in named))

    def over(self, position: int, rows: pa.Int64Array, cells: pa.StringArray) -> pa.StringArray:
        """``cells`` of a column as they stood in the file, where that is kept."""
        found = self.at(position, rows)
        return cells if found is None else pc.coalesce(found, cells)

    def at(self, position: int, rows: pa.Int64Array) -> pa.StringArray | None:
        """What is kept of a column in these rows, null where nothing is; ``None``: in none of them."""
        own = [each for each in self.columns if each.position == position]
        if not own:
            return None
        kept = pa.array([row for each in own for row in each.rows], pa.int64())
        return pa.concat_arrays([each.cells for each in own]).take(pc.index_in(rows, value_set=kept))

    def as_json(self) -> list[list[Any]]:
        """Rows as steps from one to the next: mostly figures of one digit."""
        return [
            [each.position, each.texts, [each.rows[0], *(b - a for a, b in pairwise(each.rows))], each.which]
            for each in self.columns
        ]

    @classmethod
    def from_json(cls, data: Sequence[Sequence[Any]]) -> "KeptCells":
        """The inverse of ``as_json``."""
        return cls(
            columns=tuple(
                KeptColumn(position=position, texts=tuple(texts), rows=tuple(accumulate(steps)), which=tuple(which))
                for position, texts, steps, which in data
            )
        )

    def to_bytes(self) -> bytes:
        """To be stored."""
        return zlib.compress(json.dumps(self.as_json(), separators=(",", ":")).encode(), _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> "KeptCells":
        """The inverse of ``to_bytes``."""
        return cls.from_json(json.loads(zlib.decompress(data)))


def _only(column: KeptColumn, wanted: Callable[[int], bool]) -> KeptColumn:
    left = [(row, which) for row, which in zip(column.rows, column.which, strict=True) if wanted(row)]
    return replace(column, rows=tuple(row for row, _ in left), which=tuple(which for _, which in left))
