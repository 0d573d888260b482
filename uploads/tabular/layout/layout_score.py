"""What it costs, in bits, to take lines for notes, for a header, or for rows: the cheapest reading is the likeliest.

Rows of one table agree with each other, column by column, so a few kinds describe them; a title or a header among them
is dear. The weights were set by hand and tried on one half of the annotated tables (``tests/corpus/annotated.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from uploads.tabular.layout.boxhead.boxhead_rows import StubNames, are_group_names, boxhead_bits
from uploads.tabular.layout.boxhead.name_bits import REPEATED_BELOW, name_bits, written_alike
from uploads.tabular.layout.cell_kinds import IN_BODY, Kind, kinds_of
from uploads.tabular.layout.grouped_header import joined_labels
from uploads.tabular.layout.header_depth import are_sure_units
from uploads.tabular.layout.sheet_header import are_pairs

Row = Sequence[str]

_NOTE = 0.6
_NOTE_CELLS = (0.6, 4.5, 7.5, 10.0, 13.0)
_NOTE_MARKED = 4.0
"""Saved where a note begins with ``#`` or its first cell ends with a colon."""
_NOTE_OF_TABLE = 4.0
"""Names with figures below them, line by line, are a small table."""
_NOTE_ASIDE = 8.0
"""A single cell further right is no title: it stands above the columns that it names."""
_NOTES_ASIDE = 5.0
"""Several beside a blank one stand so too."""
_NOTE_FIGURE = 2.0
"""A figure alone is rarely a title."""
_GROUP_ROW = 3.0
"""A row of one cell among rows: the name of a group."""
_GROUP_ASIDE = 8.0
"""Words further right name no group: they belong to the name above them."""
_NO_HEADER = 7.0
_MORE_ROW = 5.0
_GAP = 4.0
"""Blank rows between two rows of a header; more of them in one place say little more."""
_WIDER_GAP = 0.5
_USELESS_ROW = 12.0
_NARROW_ROW = 30.0
_TITLE_ROW = 8.0
"""A sentence alone in the first cell is a title, not the name of a column."""
_TITLE_WORDS = 5
_NAMELESS = 6.0
_EQUAL_NAMES = 3.0
_SHOWN_ROWS = 30
_OTHER_WIDTH = 6.0
_OPEN, _OPEN_COLUMN = 14.0, 1.5
_DIRECTLY_BELOW = 6.0
_SAME_WIDTH = 25.0
SEEN_BEFORE = 8.0
"""Saved where a header stood above another table before."""
_FULL_COLUMNS = 6
_BODY_KINDS = 7
_FIGURES = (Kind.NUMBER, Kind.YEAR)
_WORDS = (Kind.LETTER, Kind.WORD, Kind.PHRASE, Kind.MIXED, Kind.CODE)
_SMALL_TABLE = 2
_PAIR = 2
_LAST_FIGURE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """Rows of a header, from the first to the last, with blank ones between them."""

    rows: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.rows[0]

    @property
    def below(self) -> int:
        return self.rows[-1] + 1


class LayoutScore:
    """Costs over one set of rows; sums of what stands above each row make any stretch as cheap as the next."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.count = len(rows)
        self.kinds = kinds_of(rows)
        self.columns = self.kinds.shape[1]
        self.widths = np.array([len(row) for row in rows], dtype=np.int64)
        self.filled = (self.kinds > 0).sum(axis=1)
        self._counts = np.concatenate([[0], np.cumsum(self.filled > 0)])
        # A word beside a blank first cell says something of the figures below it; among words it is but one of them.
        figures = 3 * (self.kinds == Kind.NUMBER).sum(axis=0) > (self.kinds > 0).sum(axis=0)
        names = (self.kinds > 0) & (self.kinds != Kind.NUMBER)
        self._is_aside = (self.kinds[:, 0] == 0) & (names & figures).any(axis=1)
        self.notes = np.array([self._note(i) for i in range(self.count)]) + _NOTE_OF_TABLE * self._are_tables()
        body = self._in_body = np.array([IN_BODY[kind] for kind in Kind], dtype=np.int8)[self.kinds]
        self._name_costs = name_bits(self.kinds)
        # Years above figures are names; above years they are one of them.
        years = self.kinds == Kind.YEAR
        are_years = years.sum(axis=0) > (self.kinds == Kind.NUMBER).sum(axis=0)
        self._is_period = (self.kinds == Kind.PERIOD) | (self.kinds == Kind.DATE) | (years & are_years)
        self._width_ids = np.unique(self.widths, return_inverse=True)[1]
        # A row of one cell among wider ones names a group: it is told apart, and no column has to explain it.
        # So is one that has another number of cells than both its neighbours: a separator too many shifts its cells.
        self._is_odd = self._are_odd()
        named = are_group_names(rows, self.kinds)
        self._is_row = (self.filled > (1 if self.columns > 2 else 0)) & ~self._is_odd & ~named
        shown = np.where(self._is_row[:, None], body, -1)
        one_hot = np.stack([shown == kind for kind in range(_BODY_KINDS)])
        self._sums = np.concatenate([np.zeros((_BODY_KINDS, 1, self.columns)), np.cumsum(one_hot, axis=1)], axis=1)
        self._turns = self._turned(body)
        groups = ((self.filled == 1) | named) & ~self._is_row & ~self._is_odd
        aside = groups & self._is_aside
        self._groups = np.concatenate([[0], np.cumsum(_GROUP_ROW * groups + _GROUP_ASIDE * aside)])
        self._odd = np.concatenate([[0], np.cumsum(self._is_odd)])
        self._boxhead = boxhead_bits(rows, self.kinds)
        self._stub_names = StubNames(rows, self.kinds)
        self._bodies: dict[tuple[int, int], float] = {}
        self._headings: dict[tuple[tuple[int, ...], int, int], float] = {}

    def note(self, row: int) -> float:
        return float(self.notes[row])

    def count_rows(self, begin: int, end: int) -> int:
        """How many of these rows hold anything: a header with nothing below it heads no table."""
        return int(self._counts[end] - self._counts[begin]) if end > begin else 0

    def body(self, begin: int, end: int) -> float:
        """Rows ``begin`` to ``end`` (excluded) as rows of one table, with opening it."""
        known = self._bodies.get((begin, end))
        if known is None:
            used = int(self.used(begin, end).sum())
            known = _OPEN + _OPEN_COLUMN * _root(used) + self._rows(begin, end)
            self._bodies[begin, end] = known
        return known

    def _rows(self, begin: int, end: int) -> float:
        counts = self._sums[:, end] - self._sums[:, begin]
        rows = counts.sum(axis=0)
        filled = counts[1:]
        total = filled.sum(axis=0)
        kinds = _bits(filled, total)
        blank = np.minimum(_bits(np.stack([counts[0], total]), rows), self._patterns(begin, end, rows))
        wrong = self._other_widths(begin, end)
        groups = float(self._groups[end] - self._groups[begin])
        return self._weighted(kinds + blank) + _OTHER_WIDTH * wrong + groups

    def table(self, heading: Heading | None, begin: int, end: int) -> float:
        """A table whose rows are ``begin`` to ``end``, with its header."""
        rows = self.body(begin, end) + float(self._boxhead[begin])
        if heading is None:
            return rows + _NO_HEADER
        return rows + self.heading(heading, begin, end) + self._stub_names.bits(heading.rows, begin, end)

    def heading(self, heading: Heading, begin: int, end: int) -> float:
        """The rows of a header above rows ``begin`` to ``end``; some of these show what the columns hold."""
        key = (heading.rows, begin, min(end, begin + _SHOWN_ROWS))
        if key not in self._headings:
            self._headings[key] = self._heading(heading, begin, key[2])
        return self._headings[key]

    def _heading(self, heading: Heading, begin: int, end: int) -> float:
        used = self.used(begin, end)
        counts = (self._sums[:, end] - self._sums[:, begin])[1:]
        total = counts.sum(axis=0)
        usual = counts.argmax(axis=0) + 1
        is_figures = (usual <= _LAST_FIGURE) & (total > 0)
        named = np.zeros(self.columns, dtype=bool)
        costs = np.zeros(self.columns)
        has_units = len(heading.rows) > 1 and are_sure_units(self.rows[heading.rows[-1]])
        cost = _gaps(heading) + _MORE_ROW * (len(heading.rows) - 1 - has_units)
        for row in reversed(heading.rows):
            filled = self.kinds[row] > 0
            beside = self._beside_units(row, used, is_figures)
            costs += np.where(beside, 0.0, self._names(row, usual, total))
            news = filled & (is_figures | ~named)
            if len(heading.rows) > 1 and not news.any():
                cost += _USELESS_ROW
            if row != heading.first and self._holds_values(row, used, beside):
                cost += _USELESS_ROW
            if self.widths[row] != self.widths[heading.first]:
                cost += _NARROW_ROW
            if self.filled[row] == 1 and len(self.rows[row][0].split()) > _TITLE_WORDS:
                cost += _TITLE_ROW
            named |= filled
        if self._names_no_readings(heading, begin, end, used & ~is_figures):
            cost += _TITLE_ROW
        missing = used & ~named
        if not missing[1:].any():
            missing[0] = False  # a corner needs no name
        costs += _NAMELESS * missing + self._written_alike(heading.rows[-1], begin, end)
        return cost + self._weighted(costs) + _EQUAL_NAMES * _root(self._equal_names(heading))

    def _names_no_readings(self, heading: Heading, begin: int, end: int, words: np.ndarray) -> bool:
        """Whether a lone word stands above several columns of nothing but figures: a title such as ``XYDATA``.

        R writes the name of a lone column so, above rows that are numbered from 1 on.
        """
        if self.filled[list(heading.rows)].sum() > 1 or self.columns < _PAIR or words.any():
            return False
        return any(self.rows[i][:1] != (str(n),) for n, i in enumerate(range(begin, end), 1) if self.filled[i])

    def _beside_units(self, row: int, used: np.ndarray, is_figures: np.ndarray) -> np.ndarray:
        """Numbers beside two units or more above figures, where no row has anything: the settings of an instrument."""
        numbers = (self.kinds[row] == Kind.NUMBER) & ~used
        has_units = (np.isin(self.kinds[row], _WORDS) & is_figures).sum() >= _PAIR
        return numbers if has_units else np.zeros(self.columns, dtype=bool)

    def _holds_values(self, row: int, used: np.ndarray, beside: np.ndarray) -> bool:
        """Whether a further row of a header holds numbers, or a date above a column with nothing else in it."""
        lone_dates = (self.kinds[row] == Kind.DATE) & ~used
        return bool(((self.kinds[row] == Kind.NUMBER) & ~beside).any() or lone_dates.any())

    def _equal_names(self, heading: Heading) -> int:
        labels = [label for label in joined_labels([self.rows[row][: self.columns] for row in heading.rows]) if label]
        return len(labels) - len(set(labels))

    def used(self, begin: int, end: int) -> np.ndarray:
        """Columns that hold anything in these rows."""
        counts = self._sums[:, end] - self._sums[:, begin]
        used: np.ndarray = counts[1:].sum(axis=0) > 0
        return used

    def width(self, begin: int, end: int) -> int:
        """Cells that most filled rows have, the wider on a tie."""
        widths = self.widths[begin:end][self.filled[begin:end] > 0]
        if not len(widths):
            return 0
        values, counts = np.unique(widths, return_counts=True)
        return int(values[len(counts) - 1 - counts[::-1].argmax()])

    def _note(self, row: int) -> float:
        filled = int(self.filled[row])
        if not filled:
            return 0.0
        cost = _NOTE_CELLS[filled - 1] if filled <= len(_NOTE_CELLS) else _NOTE_CELLS[-1] + 3.0 * (filled - 5)
        first = self.rows[row][0].strip()
        if self._are_sure_pairs(row):
            return _NOTE
        if first.startswith("#") or first.endswith(":"):
            cost = max(cost - _NOTE_MARKED, _NOTE)
        if self.columns > 2:
            if not first:
                cost += _NOTE_ASIDE if filled == 1 else _NOTES_ASIDE * self._is_aside[row]
            elif filled == 1 and self.kinds[row, 0] in _FIGURES:
                cost += _NOTE_FIGURE
        return cost

    def _are_sure_pairs(self, row: int) -> bool:
        """Whether two names or more end with colons, each left of its value."""
        return self.filled[row] > _PAIR and are_pairs(self.rows[row])

    def _names(self, row: int, usual: np.ndarray, total: np.ndarray) -> np.ndarray:
        """What the cells of a row cost as names: values are dear, most of all above values of their kind."""
        same = (self._in_body[row] == usual) & self._is_period[row] & (total > 0)
        costs: np.ndarray = self._name_costs[row] + REPEATED_BELOW * same
        return costs

    def _written_alike(self, row: int, begin: int, end: int) -> np.ndarray:
        # The same row once more is the header again, on a new page or above another table.
        cells = self.rows[row]
        sample = [self.rows[i] for i in range(begin, end) if self._is_row[i] and self.rows[i] != cells]
        return written_alike(cells, sample, self.columns)

    def _turned(self, body: np.ndarray) -> np.ndarray:
        """How often blank and filled cells have followed each other down to each row, by column; groups don't count."""
        turns = np.zeros((self.count + 1, self.columns))
        last: np.ndarray | None = None
        for row in range(self.count):
            turns[row + 1] = turns[row]
            if not self._is_row[row]:
                continue
            blank = body[row] == 0
            if last is not None:
                turns[row + 1] += blank != last
            last = blank
        return turns

    def _patterns(self, begin: int, end: int, rows: np.ndarray) -> np.ndarray:
        turns = self._turns[end] - self._turns[min(begin + 1, end)]
        result: np.ndarray = turns * (1.0 + np.log2(np.maximum(rows, 2)))
        return result

    def _other_widths(self, begin: int, end: int) -> int:
        odd = int(self._odd[end] - self._odd[begin])
        widths = self._width_ids[begin:end]
        rows = widths[self._is_row[begin:end]]
        usual = np.bincount(widths[self.filled[begin:end] > 0], minlength=1)
        mode = len(usual) - 1 - int(usual[::-1].argmax())
        return odd + int((rows != mode).sum())

    def _are_tables(self) -> np.ndarray:
        """Rows of several cells, filled alike, that stand together: names, and two or more with figures below one."""
        found = np.zeros(self.count, dtype=bool)
        filled, figures = self.kinds > 0, np.isin(self.kinds, (Kind.NUMBER, Kind.DATE))
        begin = 0
        for row in range(1, self.count + 1):
            if row < self.count and self.filled[row] > 1 and (filled[row] == filled[begin]).all():
                continue
            is_headed = (figures[begin + 1 : row].all(axis=0) & np.isin(self.kinds[begin], _WORDS)).any()
            if row - begin > _SMALL_TABLE and is_headed:
                found[begin:row] = True
            begin = row
        return found

    def _are_odd(self) -> np.ndarray:
        filled = np.flatnonzero(self.filled)
        odd = np.zeros(self.count, dtype=bool)
        widths = self.widths[filled]
        if len(filled) > 2:
            odd[filled[1:-1]] = (
                (widths[1:-1] != widths[:-2]) & (widths[1:-1] != widths[2:]) & (widths[:-2] == widths[2:])
            )
        return odd

    def _weighted(self, costs: np.ndarray) -> float:
        """Columns beyond six say less each: they are often of one kind together."""
        used = max(int((self.filled > 0).any() and len(costs)), 1)
        return float(costs.sum()) * _root(used) / used


def _gaps(heading: Heading) -> float:
    """What the blank rows between the rows of a header cost."""
    blank = [below - above - 1 for above, below in pairwise(heading.rows) if below - above > 1]
    return _GAP * len(blank) + _WIDER_GAP * (sum(blank) - len(blank))


def opening(*, is_first: bool, is_directly_below: bool, is_alike: bool, is_seen: bool) -> float:
    """What more it costs to open a further table: right below another's rows, or of the same width without a header."""
    if is_first:
        return 0.0
    return _DIRECTLY_BELOW * is_directly_below + _SAME_WIDTH * is_alike - SEEN_BEFORE * is_seen


def _bits(counts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Entropy of each column times its cells, and the cost of saying its kinds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(counts > 0, counts * np.log2(counts / np.maximum(total, 1)), 0.0)
    kinds = np.maximum((counts > 0).sum(axis=0) - 1, 0)
    result: np.ndarray = -shares.sum(axis=0) + kinds * 0.5 * np.log2(np.maximum(total, 2))
    return result


def _root(columns: int) -> float:
    return float(columns) if columns <= _FULL_COLUMNS else _FULL_COLUMNS + (columns - _FULL_COLUMNS) ** 0.5
