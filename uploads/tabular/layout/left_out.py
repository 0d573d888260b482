"""Rows that a person wants left out, by their numbers or by the word that they begin with.

They are no rows of the table and no rejects: each is counted, and the receipt says where they stood.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.row_numbers import Span, joined_spans, parse_row_numbers
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import ReadOptions, Reject

BEGINS_WITH = "*"
"""At the end of a word: rows whose first filled cell begins with it."""
_LISTED = 10

type Rows = tuple[np.ndarray, list[pa.Array], list[tuple[int, Reject | None]], pa.Array | None]
"""Numbers of sound rows, their columns, the faulty among them, and which of the sound rows were kept, if not all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwanted:
    """What is to be left out."""

    spans: tuple[Span, ...] = ()
    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, options: ReadOptions) -> "Unwanted":
        words = [_plain(word) for word in options.skip_words]
        open_words = [word for word in words if word.endswith(BEGINS_WITH) and len(word) > 1]
        return cls(
            spans=parse_row_numbers(options.skip_rows) if options.skip_rows else (),
            words=frozenset(words).difference(open_words),
            beginnings=tuple(word.removesuffix(BEGINS_WITH) for word in open_words),
        )

    def __bool__(self) -> bool:
        return bool(self.spans or self.words or self.beginnings)

    @property
    def by_place(self) -> "Unwanted":
        """Those of a number alone: they are none of any table's."""
        return Unwanted(spans=self.spans)

    @property
    def by_name(self) -> "Unwanted":
        """Those of a word alone."""
        return replace(self, spans=())

    def with_span(self, first: int, last: int) -> "Unwanted":
        """These, and all rows from ``first`` to ``last``, if there are any."""
        return replace(self, spans=joined_spans([*self.spans, (first, last)])) if first <= last else self

    def has(self, number: int, cells: Sequence[str]) -> bool:
        """Whether a row is left out by its number, or because its first filled cell is one of the words."""
        if any(first <= number <= last for first, last in self.spans):
            return True
        word = _plain(next((cell for cell in cells if cell.strip()), ""))
        return bool(word) and (word in self.words or word.startswith(self.beginnings))

    def by_number(self, numbers: np.ndarray) -> np.ndarray:
        """Which of the rows of these numbers are left out."""
        mask = np.zeros(len(numbers), dtype=bool)
        for first, last in self.spans:
            mask |= (numbers >= first) & (numbers <= last)
        return mask

    def by_word(self, columns: Sequence[pa.Array]) -> np.ndarray | None:
        """Which rows have such a word in their first filled cell; ``None``: no words are asked for.

        Looks at one column for most rows, at the next for those that are blank in it.
        """
        if not (self.words or self.beginnings) or not columns:
            return None
        mask = np.zeros(len(columns[0]), dtype=bool)
        open_rows = np.arange(len(mask))
        for column in columns:
            cells = pc.utf8_trim_whitespace(column if len(open_rows) == len(mask) else column.take(pa.array(open_rows)))
            mask[open_rows[self._hits(cells)]] = True
            open_rows = open_rows[pc.equal(cells, "").to_numpy(zero_copy_only=False)]
            if not len(open_rows):
                break
        return mask

    def _hits(self, cells: pa.Array) -> np.ndarray:
        plain = pc.utf8_lower(pc.utf8_rtrim(cells, characters=": "))
        found = pc.is_in(plain, value_set=pa.array(sorted(self.words), pa.string()))
        for beginning in self.beginnings:
            found = pc.or_(found, pc.starts_with(plain, beginning))
        hits: np.ndarray = found.to_numpy(zero_copy_only=False)
        return hits


class Rule(Protocol):
    """Tells which rows are left out, in the three ways of ``Unwanted``."""

    def has(self, number: int, cells: Sequence[str], /) -> bool: ...

    def by_number(self, numbers: np.ndarray) -> np.ndarray: ...

    def by_word(self, columns: Sequence[pa.Array]) -> np.ndarray | None: ...


class LeftOut:
    """Takes such rows out of the blocks of a text, and counts them."""

    def __init__(self, unwanted: Rule, *, cells_of: Callable[[str], Sequence[str]]) -> None:
        """``cells_of``: the cells of a record that is no sound row, from its text."""
        self._unwanted = unwanted
        self._cells_of = cells_of
        self._numbers: list[np.ndarray] = []

    def __bool__(self) -> bool:
        return bool(self._unwanted)

    def without(self, rows: np.ndarray, columns: list[pa.Array], others: Sequence[tuple[int, Reject | None]]) -> Rows:
        """What is left of some records; blank ones stay, they are told of as blank."""
        faults, gone = list[tuple[int, Reject | None]](), list[int]()
        for number, fault in others:
            if fault is not None and self._unwanted.has(number, self._cells_of(fault.raw)):
                gone.append(number)
            else:
                faults.append((number, fault))
        if gone:
            self._numbers.append(np.array(gone, dtype=np.int64))
        mask = self._unwanted.by_number(rows)
        by_word = self._unwanted.by_word(columns)
        if by_word is not None:
            mask |= by_word
        if mask.any():
            mask &= ~blank_cells(columns)
        if not mask.any():
            return rows, columns, faults, None
        self._numbers.append(rows[mask])
        kept = pa.array(~mask)
        return rows[~mask], [column.filter(kept) for column in columns], faults, kept

    def numbers(self) -> np.ndarray:
        """The rows left out so far, in order."""
        return np.sort(np.concatenate(self._numbers)) if self._numbers else np.array([], dtype=np.int64)


def note_on_left_out(unit: str, numbers: Sequence[int], *, kind: NoteKind = NoteKind.ROWS_LEFT_OUT) -> list[Note]:
    """How many rows were left out, and where the first of them stood; ``unit`` is ``line`` or ``row``."""
    if not len(numbers):
        return []
    return [Note.of(kind, unit=unit, count=len(numbers), places=[int(n) for n in numbers[:_LISTED]])]


def blank_cells(columns: Sequence[pa.Array]) -> np.ndarray:
    """Rows without a value in any of the columns."""
    blank = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        blank &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
        if not blank.any():
            break
    return blank


def _plain(text: str) -> str:
    """As words are compared: “Total:” is “total”."""
    return text.strip().rstrip(": ").lower()
