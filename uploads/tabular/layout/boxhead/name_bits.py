"""What the cells of a row cost as names of columns, in bits: values are dear, most of all above their like."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from uploads.tabular.layout.cell_kinds import Kind

Row = Sequence[str]

REPEATED_BELOW = 6.0
_LIKE_VALUES = 3.0
_KINDS = {
    Kind.BLANK: 0.0,
    Kind.NUMBER: 7.0,
    Kind.YEAR: 1.0,
    Kind.PERIOD: 0.5,
    Kind.DATE: 3.0,
    Kind.LETTER: 0.5,
    Kind.WORD: 0.25,
    Kind.PHRASE: 0.25,
    Kind.CODE: 1.0,
    Kind.MIXED: 0.5,
    Kind.MARK: 3.0,
    Kind.UNIT: 0.5,
}


_PERIODS = (Kind.YEAR, Kind.PERIOD)
_LEAST_SERIES = 3


def name_bits(kinds: np.ndarray) -> np.ndarray:
    """What each cell costs by its kind; years side by side, with no number among them, are names like words."""
    bits: np.ndarray = np.array([_KINDS[kind] for kind in Kind])[kinds]
    periods = np.isin(kinds, _PERIODS)
    are_series = (periods.sum(axis=1) >= _LEAST_SERIES) & ~(kinds == Kind.NUMBER).any(axis=1)
    bits[are_series[:, None] & periods] = _KINDS[Kind.WORD]
    return bits


def written_alike(cells: Row, below: Sequence[Row], columns: int) -> np.ndarray:
    """What more a name costs that occurs below as a value, or is written like most of them."""
    costs = np.zeros(columns)
    for position in range(min(columns, len(cells))):
        cell = cells[position].strip()
        values = [row[position].strip() for row in below if position < len(row) and row[position].strip()]
        if not cell or not values:
            continue
        if cell in values:
            costs[position] = REPEATED_BELOW
        elif 2 * sum(map(_shape(cell).__eq__, map(_shape, values))) > len(values):
            costs[position] = _LIKE_VALUES
    return costs


@lru_cache(maxsize=16_384)
def _shape(cell: str) -> str:
    letters = {"9" if c.isdigit() else "a" if c.isalpha() else c for c in cell[:40]}
    if letters == {"a"}:
        return ""  # plain words are written like names
    return "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in cell[:40])
