"""A sheet's rows on their way from cells to columns of text."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from uploads.tabular.workbook.sheet.blocks import text_block
from uploads.tabular.workbook.sheet.cells import (
    Cell,
    DateKind,
    are_early,
    column_text,
    has_midnight,
    is_odd,
    with_midnight,
)

_TURNED_ROWS = 4_000
"""Rows turned into columns at a time, at most: a sixth faster than 1,000, and they stay in the processor's cache."""


_DAYS = (DateKind.DATES, DateKind.MOMENTS)


class SheetText:
    """A sheet's rows, added part by part: the first as they are, the others as columns of text."""

    def __init__(self, *, head_rows: int, chunk_rows: int) -> None:
        """The first ``head_rows`` rows are kept as cells; blocks have up to ``chunk_rows`` rows."""
        self._head_rows = head_rows
        self._chunk_rows = chunk_rows
        self._turned_rows = min(chunk_rows, _TURNED_ROWS)
        self._head: list[_Part] = []
        self._parts: list[_TextPart] = []

    def add(self, rows: Iterable[Sequence[Cell]], *, left: int = 0) -> None:
        """Some more rows, all of one width, which begin in column ``left`` of the sheet."""
        rows = iter(rows)
        if head := list(itertools.islice(rows, self._head_rows - sum(len(part.rows) for part in self._head))):
            self._head.append(_Part(left, head))
        self._parts.extend(_TextPart.of(left, part) for part in itertools.batched(rows, self._turned_rows))

    @property
    def left(self) -> int:
        """The leftmost column, from 0."""
        return min((*(part.left for part in self._head), *(part.left for part in self._parts)), default=0)

    @property
    def right(self) -> int:
        """The rightmost column, from 0."""
        return max((*(part.right for part in self._head), *(part.right for part in self._parts)), default=-1)

    def reach(self, left: int, right: int) -> tuple[int, int]:
        """How far it would reach with rows from ``left`` to ``right``."""
        return (min(left, self.left), max(right, self.right)) if self._head else (left, right)

    def head(self) -> list[Sequence[Cell]]:
        """The first rows, each from the leftmost column to the rightmost."""
        left, right = self.left, self.right
        return [
            [*([""] * (part.left - left)), *row, *([""] * (right - part.right))]
            for part in self._head
            for row in part.rows
        ]

    def has_odd_times(self) -> bool:
        """Whether there are times without a date, durations, or dates before 1905, any of which may be misread."""
        return any(part.is_odd for part in self._parts) or any(
            is_odd(cell) for part in self._head for row in part.rows for cell in row
        )

    def blocks(self, head: Sequence[Sequence[Cell]]) -> list[pa.RecordBatch]:
        """All rows as blocks of text, below those of ``head``, which are rows as well.

        A column with times of day anywhere prints its dates as midnights.
        """
        parts = self._parts_with(head)
        moments = _moments(parts)
        columns = [part.with_midnights(moments) for part in parts]
        return [
            text_block([pa.concat_arrays(arrays) for arrays in zip(*some, strict=True)])
            for some in itertools.batched(columns, self._chunk_rows // self._turned_rows)
            if some[0]
        ]

    def days_among_times(self, head: Sequence[Sequence[Cell]]) -> list[int]:
        """The columns, from the leftmost, that print midnights for cells without a time of day."""
        parts = self._parts_with(head)
        return sorted(
            column
            for column in _moments(parts)
            if any(has_midnight(part.columns[column], kind) for part in parts if (kind := part.kinds[column]) in _DAYS)
        )

    def _parts_with(self, head: Sequence[Sequence[Cell]]) -> list["_TextPart"]:
        left, right = self.left, self.right
        parts = [_TextPart.of(left, rows) for rows in itertools.batched(head, self._turned_rows)]
        return [*parts, *(part.padded(left, right) for part in self._parts)]


def _moments(parts: Sequence["_TextPart"]) -> set[int]:
    return {i for part in parts for i, kind in enumerate(part.kinds) if kind is DateKind.MOMENTS}


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows as cells."""

    left: int
    rows: Sequence[Sequence[Cell]]

    @property
    def right(self) -> int:
        return self.left + len(self.rows[0]) - 1


@dataclass(frozen=True, slots=True)
class _TextPart:
    """Rows as columns of text."""

    left: int
    columns: list[pa.StringArray]
    kinds: list[DateKind]
    is_odd: bool = False

    @classmethod
    def of(cls, left: int, rows: Sequence[Sequence[Cell]]) -> "_TextPart":
        texts = [column_text(column) for column in zip(*rows, strict=True)]
        is_odd = any(kind is DateKind.ODD or (kind and are_early(text)) for text, kind in texts)
        return cls(left, [text for text, _ in texts], [kind for _, kind in texts], is_odd)

    @property
    def right(self) -> int:
        return self.left + len(self.columns) - 1

    def padded(self, left: int, right: int) -> "_TextPart":
        """With blank columns up to ``left`` and ``right``."""
        before, behind = self.left - left, right - self.right
        if not before and not behind:
            return self
        blank = pa.array([""] * len(self.columns[0]), pa.string())
        return _TextPart(
            left,
            [*[blank] * before, *self.columns, *[blank] * behind],
            [*[DateKind.NONE] * before, *self.kinds, *[DateKind.NONE] * behind],
        )

    def with_midnights(self, moments: Collection[int]) -> list[pa.StringArray]:
        return [
            with_midnight(column) if position in moments and kind is DateKind.DATES else column
            for position, (column, kind) in enumerate(zip(self.columns, self.kinds, strict=True))
        ]
