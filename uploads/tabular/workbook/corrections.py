"""Cells of a sheet that its reader gives otherwise than the sheet shows them, found by a survey."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_PLACES = 5
"""Odd cells of one kind that are named."""
_WORDS = 6
"""Words of a column that are kept; five are named."""


@dataclass(kw_only=True, slots=True)
class Corrections:
    """What belongs in single cells, whichever reader reads the sheet; rows and columns are counted from 0 in it."""

    cells: dict[int, dict[int, Any]] = field(default_factory=dict)
    """By row and column."""
    odd: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    """By what is odd: how many cells, and the first of them, ``B7``."""
    first_held: dict[str, dict[str, str]] = field(default_factory=dict)
    """By what is odd: what the first cell holds, and what is shown of a time of a day or more there."""
    blank_rows: frozenset[int] = frozenset()
    """Rows that are to be left out."""
    blank_columns: frozenset[int] = frozenset()
    currencies: dict[str, dict[str, int]] = field(default_factory=dict)
    """By the letters of a column: cells of each currency."""
    units: dict[str, dict[str, int]] = field(default_factory=dict)
    """The same of units, such as kg, that are shown behind numbers."""
    percentages: dict[str, str] = field(default_factory=dict)
    """By the letters of a column: the first number there that is shown as a percentage, and is not 0."""
    zeros: dict[int, list[int]] = field(default_factory=dict)
    """By column: rows, from 1, in which a 0 stands that is shown as a date and is blank here."""
    masked: dict[str, list[Any]] = field(default_factory=dict)
    """By the letters of a column: how many numbers there are shown in another way, the first of them, and how."""
    worded: dict[str, dict[str, str]] = field(default_factory=dict)
    """By the letters of a column: numbers there that the sheet does not show, and the words that it shows instead."""
    shorter: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """By the part that the sheet does not show, and the letters of a column: how many cells, the first of them, what it
    is and what is shown."""
    is_all: bool = True
    """Whether the whole sheet was looked at for those."""

    def count_shorter(self, part: str, column: str, place: str, stored: str, shown: str) -> None:
        """Count a cell of which the sheet does not show a part."""
        self.shorter.setdefault(part, {}).setdefault(column, [0, place, stored, shown])[0] += 1

    def count_masked(self, column: str, number: str, shown: str) -> None:
        """Count a number that is stored as the sheet shows it."""
        self.masked.setdefault(column, [0, number, shown])[0] += 1

    def count_worded(self, column: str, number: str, words: str) -> None:
        """Keep a number that is shown as words, or as nothing."""
        words_of = self.worded.setdefault(column, {})
        if len(words_of) < _WORDS:
            words_of.setdefault(number, words)

    def put(self, row: int, column: int, cell: Any) -> None:
        """Say what belongs in a cell."""
        self.cells.setdefault(row, {})[column] = cell

    def count(self, odd: str, place: str) -> None:
        """Count an odd cell."""
        number, places = self.odd.get(odd, (0, []))
        self.odd[odd] = number + 1, places if number >= _PLACES else [*places, place]

    def count_currency(self, column: str, currency: str) -> None:
        """Count an amount of money."""
        counts = self.currencies.setdefault(column, {})
        counts[currency] = counts.get(currency, 0) + 1

    def count_unit(self, column: str, unit: str) -> None:
        """Count a number that is shown with a unit."""
        counts = self.units.setdefault(column, {})
        counts[unit] = counts.get(unit, 0) + 1

    def reach(self) -> tuple[int, int, int]:
        """The leftmost and the rightmost column, and the last row, that are corrected."""
        columns = {column for cells in self.cells.values() for column in cells}
        return min(columns), max(columns), max(self.cells)

    def applied(self, rows: Iterable[Sequence[Any]], *, first: int, left: int) -> Iterable[Sequence[Any]]:
        """The rows, the topmost of which is ``first``, with what belongs there; their cells begin in column ``left``.

        All are as wide as they came.
        """
        if not (self.cells or self.blank_rows or self.blank_columns):
            return rows
        return self._applied(rows, first, left)

    def _applied(self, rows: Iterable[Sequence[Any]], first: int, left: int) -> Iterator[Sequence[Any]]:
        blank = dict.fromkeys(self.blank_columns, "")
        for number, row in enumerate(rows, first):
            if number in self.blank_rows:
                yield [""] * len(row)
            elif cells := {**self.cells.get(number, {}), **blank}:
                yield _with(row, cells, left)
            else:
                yield row


def _with(row: Sequence[Any], cells: dict[int, Any], left: int) -> list[Any]:
    corrected = list(row)
    for column, cell in cells.items():
        if left <= column < left + len(corrected):
            corrected[column - left] = cell
    return corrected


def has_several_units(units: Iterable[str]) -> bool:
    """Whether they are several; ``day`` and ``days`` are one."""
    return len({unit.casefold().rstrip("s.") or unit for unit in units}) > 1
