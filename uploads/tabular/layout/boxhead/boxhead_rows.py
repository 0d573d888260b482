"""Says which rows of a statistical table can hardly be its first row of data: they end its boxhead.

In the terms of the Census Bureau's *Manual of Tabular Presentation*, a table is a boxhead of column names, a stub of
row labels, and the field of figures. A row of the field has a label in the stub; the lowest rows of a boxhead have
names above a few columns only, years, or a rule drawn of dashes.
"""

from collections.abc import Sequence

import numpy as np

from uploads.tabular.layout.cell_kinds import Kind

Row = Sequence[str]

_BITS = 8.0
"""What it costs to take such a row for the first row of data."""
_STUB_NAME = 14.0
"""The same of a name for the stub; as a further row of the header, below blank ones, it costs about nine."""
_LABELLED = 0.95
_LEAST_LABELS = 3
_LEAST_SERIES = 3
_LEAST_COLUMNS = 4
"""Of three, two cells are most of a row."""
_WORDS = (Kind.LETTER, Kind.WORD, Kind.PHRASE, Kind.CODE, Kind.MIXED)
_LABELS = (Kind.WORD, Kind.PHRASE, Kind.MIXED, Kind.CODE, Kind.PERIOD, Kind.YEAR)
_NAMES = (Kind.WORD, Kind.PHRASE)
_PERIODS = (Kind.YEAR, Kind.PERIOD)
_VALUES = (Kind.NUMBER, Kind.DATE)
_RULES = frozenset("-–—=_.*")


def boxhead_bits(rows: Sequence[Row], kinds: np.ndarray) -> np.ndarray:
    """For each row, what it costs to begin the data with it: as much for each row that the boxhead ends with."""
    filled = kinds > 0
    numbers = (kinds == Kind.NUMBER).sum(axis=0)
    figures = 3 * numbers > filled.sum(axis=0)
    no_value = ~np.isin(kinds, _VALUES).any(axis=1) & filled.any(axis=1)
    # Above figures, years that stand in a row are names; in a column of years they are values.
    are_years = (kinds == Kind.YEAR).sum(axis=0) > numbers
    found = no_value & (
        _unlabelled(kinds, figures)
        | _series(kinds, filled, figures & ~are_years)
        | np.array([_is_rule(row) for row in rows], dtype=bool)
    )
    bits = np.zeros(len(rows) + 1)
    for row in range(len(rows) - 1, -1, -1):
        if not filled[row].any():
            bits[row] = bits[row + 1]
        elif found[row]:
            bits[row] = _BITS + bits[row + 1]
    return bits


def are_group_names(rows: Sequence[Row], kinds: np.ndarray) -> np.ndarray:
    """Rows that name the group below them beside its code: ``France:,FR``, where the rows below have figures too."""
    found: np.ndarray = ((kinds > 0).sum(axis=1) == 2) & ~np.isin(kinds, (*_VALUES, Kind.YEAR, Kind.MARK)).any(axis=1)
    for row in np.flatnonzero(found).tolist():
        found[row] = kinds.shape[1] >= _LEAST_COLUMNS and rows[row][0].strip().endswith(":")
    return found


def _unlabelled(kinds: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """Rows with nothing in the stub, and names above figures or names that go on from the row above.

    All rows below have a label in the stub.
    """
    filled = kinds > 0
    names = ((filled & figures).any(axis=1) | (_go_on(kinds) & figures.any())) & ~filled[:, 0]
    labels = np.flatnonzero(np.isin(kinds[:, 0], _LABELS))
    below = np.cumsum(filled.any(axis=1)[::-1])[::-1]
    result = np.zeros(len(kinds), dtype=bool)
    for row in np.flatnonzero(names).tolist():
        next_one = int(np.searchsorted(labels, row))  # what stands between is not labelled either
        labelled = len(labels) - next_one
        result[row] = labelled >= _LEAST_LABELS and labelled >= _LABELLED * below[labels[next_one]]
    return result


class StubNames:
    """Rows that may be the name of the stub: a word alone there, as no other row of the table is.

    ``Year`` stands so below the names of the other columns, set apart from the rows by a blank one, as the boxhead is;
    the name of a group of rows stands right above them, and where several rows stand alone they are such names.
    Below two rows or more of names and above dates or figures it needs no blank row.
    """

    def __init__(self, rows: Sequence[Row], kinds: np.ndarray) -> None:
        filled = (kinds > 0).sum(axis=1)
        alone = (filled == 1) & (kinds[:, 0] > 0) if kinds.shape[1] > 2 else np.zeros(len(rows), dtype=bool)
        self._kinds = kinds
        self._filled = np.flatnonzero(filled)
        self._may_be = alone & np.isin(kinds[:, 0], _NAMES)
        self._may_be &= np.array([not row[0].strip().endswith(":") if row else False for row in rows], dtype=bool)
        self._alone = np.concatenate([[0], np.cumsum(alone)])
        # Notes below the table stand alone too.
        self._last = int(np.flatnonzero(filled > 1)[-1]) if (filled > 1).any() else -1

    def bits(self, heading: Sequence[int], begin: int, end: int) -> float:
        """What it costs to begin the data with such a row, below the rows of a header that name no stub."""
        at = int(np.searchsorted(self._filled, begin))
        if at == len(self._filled) or not self._may_be[self._filled[at]]:
            return 0.0
        row = int(self._filled[at])
        is_set_apart = at + 1 < len(self._filled) and self._filled[at + 1] - row > 1
        is_named = bool((self._kinds[list(heading), 0] > 0).any())
        end = min(end, self._last + 1)
        if (not is_set_apart or is_named) and not (len(heading) > 1 and self._is_above_values(row, end)):
            return 0.0
        is_only_one = row < end and self._alone[end] - self._alone[row] == 1
        return _STUB_NAME if is_only_one and bool(self._kinds[row + 1 : end, 0].any()) else 0.0

    def _is_above_values(self, row: int, end: int) -> bool:
        """Whether nothing but figures, dates and periods stand below it, as pandas writes the name of an index."""
        stub = self._kinds[row + 1 : end, 0]
        filled = stub[stub > 0]
        return len(filled) >= _LEAST_LABELS and bool(np.isin(filled, (*_VALUES, *_PERIODS)).all())


def _go_on(kinds: np.ndarray) -> np.ndarray:
    """Rows of words, each right below another: ``Code`` below ``FIPS``."""
    words = np.isin(kinds, _WORDS)
    above = np.concatenate([np.zeros_like(words[:1]), words[:-1]])
    result: np.ndarray = words.any(axis=1) & ~((kinds > 0) & ~(words & above)).any(axis=1)
    return result


def _series(kinds: np.ndarray, filled: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """Rows of years above figures, with nothing else but words in the stub."""
    periods = np.isin(kinds, _PERIODS)
    above = (periods & figures).sum(axis=1)
    others = (filled & ~periods)[:, 1:].sum(axis=1)
    result: np.ndarray = (above >= _LEAST_SERIES) & (others == 0) & ~periods[:, 0]
    return result


def _is_rule(row: Row) -> bool:
    """Dashes in the stub and in all other cells: a line is drawn, nothing is said."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and bool(row[0].strip()) and all(_RULES.issuperset(cell) for cell in cells)
