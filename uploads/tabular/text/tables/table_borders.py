"""Finds where another table of the same width begins: below a blank record or a title, under a header of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.header_evidence import WITHHELD, count_votes, judge_header, kind_of
from uploads.tabular.layout.series_names import YEAR
from uploads.tabular.layout.sheet_header import filled

Row = Sequence[str]

SHOWN_ROWS = 50
"""Rows on each side of a border that are compared."""
_ENOUGH_ROWS = 10
"""So many show which columns of a table hold figures."""
MOST_TITLES = 3
_NEXT = 100
_MOST_LOOKS = 1_000
"""Places in one text whose row is looked at by itself. Where so many were no border, blank records set groups of rows
apart. A place does not count whose row has no word in a column of figures: that is seen for a whole block at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """The first rows below a border, and what stands above it."""

    header: Row
    body: Sequence[Row]
    """Rows below the header, down to the next blank record or title."""
    titled: bool
    """Whether a title stands between the tables."""
    titled_right: bool = False
    """Whether nothing stands between it and the header but blank records."""
    titles: int = 0
    """Rows above the header that hold nothing but a title."""


class BorderSeeker:
    """Follows the rows of a text, and judges the places where another table may begin."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._own_labels = self._labels = tuple(labels)
        self._recent: list[list[pa.Array]] = []
        self._count = 0
        self._figures: list[int] | None = None
        self._skip = 0
        self._looks = _MOST_LOOKS
        self._plain = 0
        """Places so far in this table where a blank record or a title was followed by nothing but more rows."""
        self._plain_ahead = np.array([], dtype=np.int64)
        """The lines of such places as are seen already, for a whole block is looked at at once, and not yet counted."""

    def follow(self, columns: Sequence[pa.Array]) -> None:
        """Note rows that belong to the table; costs nothing for a row, for they are noted a block at a time."""
        if self._skip:
            passed = min(self._skip, len(columns[0]))
            self._skip -= passed
            columns = [column.slice(passed) for column in columns]
        self._recent.append(list(columns))
        self._count += len(columns[0])
        while len(self._recent) > 1 and self._count - len(self._recent[0][0]) >= SHOWN_ROWS:
            self._count -= len(self._recent.pop(0)[0])

    def begin(self, header: Row | None, *, line: int, skip: int = 0) -> None:
        """Follow another table from this line, whose own rows begin ``skip`` rows on; ``None``: the first one again."""
        self._pass_by(line)
        self._labels = self._own_labels if header is None else tuple(header)
        self._recent, self._count, self._figures, self._plain, self._skip = [], 0, None, 0, skip

    def places(
        self, lines: np.ndarray, columns: Sequence[pa.Array], borders: Sequence[int], *, held: bool
    ) -> frozenset[int]:
        """Which of the rows that stand behind a blank record or a title may begin another table.

        Those that may, and those next to come: if one does begin a table, the table has figures in other columns.
        ``lines``: where the rows stand; ``held``: rows above them are held as such a beginning.
        """
        if not borders or not self._looks:
            return frozenset()
        places = np.array(borders)
        figures = self._figures_above(columns, borders)
        found = (self._with_names(columns, places, figures) if figures else places)[: self._looks]
        # Row 0 is looked at by itself.
        if not held:
            self._pass_by(lines[0])
        plain = np.setdiff1d(places[places > 0], found)
        self._plain_ahead = np.concatenate((self._plain_ahead, lines[plain]))
        self._looks -= len(found)
        begin = np.union1d(found, places[:1]) if held else found
        nearby = np.searchsorted(places, begin)[:, None] + np.arange(_NEXT)
        return frozenset(places[np.unique(nearby[nearby < len(places)])].tolist())

    def may_begin(self, columns: Sequence[pa.Array]) -> bool:
        """Whether a header of other names may stand in the first of these rows, or below titles there."""
        if not self._looks:
            return False
        rows = [[cell.strip() for cell in row] for row in rows_of([columns], MOST_TITLES + 1)]
        names = next((row for row in rows if filled(row) > 1), None)
        may = names is None or self._has_names(names)
        self._plain += not may
        return may

    def _pass_by(self, line: int) -> None:
        """Count the places above this line."""
        self._plain += int(np.count_nonzero(self._plain_ahead < line))
        self._plain_ahead = self._plain_ahead[self._plain_ahead >= line]

    def is_border(self, found: Beginning, *, line: int) -> bool:
        """Whether the evidence is strong enough to part the rows: a row of data must not be taken for a header.

        In every case the header's cells are names, told from the rows below by words above figures. One of them stands
        in a column that holds nothing but figures above the border too, or they share a name with the header above, or
        a title says what is to come. Where nothing else changes, they must also be written as the names above are, or
        with capitals below the first title: "on request" in the first row of a group of goods is no name.

        Below a title, with at most blank records between, half of the names above in their own places are enough: no
        row of values repeats them, and a table can be as small as ``NIL return``. ``line``: where its rows begin.
        """
        self._pass_by(line)
        header, body, above = found.header, found.body, self._above()
        is_one = self._has_names(header) and (
            (found.titled_right and bool(body) and self._repeats_names(header))
            or (
                len(body) > 1
                and _is_told_apart(header, body, above)
                and (self._shares_a_name(header) or self._parts(header, body, above, titled=found.titled))
            )
        )
        self._looks = max(self._looks - 1, 0)
        self._plain += not is_one
        return is_one

    def _parts(self, header: Row, body: Sequence[Row], above: Sequence[Row], *, titled: bool) -> bool:
        """Whether so much changes at the header that it can be no row of the table above."""
        named = [i for i, cell in enumerate(header) if cell]
        words = [i for i in named if kind_of(header[i]) == "text" and _are_figures(_cells(body, i))]
        if any(not self._labels[i] and not _cells(above, i) for i in words if i < len(self._labels)):
            return True  # a column begins with this name
        among = [i for i in words if _are_all_figures(_cells(above, i))]
        if not among or any(len(header[i]) < 2 for i in words):
            return titled and len(words) > 1 and not among and not self._plain
        capitals = not any(header[i].islower() for i in among)
        if _changes(body, above) or (titled and capitals and not self._plain):
            return True
        alike = {_case(header[i]) for i in named} <= {_case(label) for label in self._labels if label}
        if not alike or len(above) < 2:
            return False
        is_long = len(above) > 2 and len(body) > 2
        is_named = (is_long and capitals) or _is_written_apart(header, body)
        # In 4,400 texts made of real tables, in groups, with words for figures in a row: 4 are parted, and not 57.
        return sum([len(among) > 1, is_named, not self._plain]) > 1

    def _has_names(self, header: Row) -> bool:
        """Whether all filled cells are different words, or years among names of the table above."""
        names = [cell.casefold() for cell in header if cell]
        if len(names) < 2 or len(set(names)) < len(names) or any(name in WITHHELD for name in names):
            return False
        if names == [label.casefold() for label in self._labels if label]:
            return False
        years = self._shares_a_name(header)
        return all(kind_of(name) == "text" or (years and bool(YEAR.match(name))) for name in names)

    def _shares_a_name(self, header: Row) -> bool:
        known = {label.casefold() for label in self._labels if label}
        return any(cell.casefold() in known for cell in header if cell)

    def _repeats_names(self, header: Row) -> bool:
        """Whether two names or more, and half of all, are those of the table above, each in its own place."""
        same = sum(
            cell.casefold() == label.casefold() for cell, label in zip(header, self._labels, strict=False) if cell
        )
        return same > 1 and 2 * same >= filled(header)

    def _above(self) -> list[Row]:
        return rows_of(self._recent, SHOWN_ROWS, last=True)

    def _figures_above(self, columns: Sequence[pa.Array], borders: Sequence[int]) -> list[int]:
        """Positions of the columns that hold figures in this table, as far as it is known."""
        if self._figures is not None:
            return self._figures
        first = next((place for place in borders if place), len(columns[0]))
        above = self._above() or rows_of([[column.slice(0, first) for column in columns]], SHOWN_ROWS)
        figures = [i for i in range(len(columns)) if _are_figures(_cells(above, i))]
        if len(above) >= _ENOUGH_ROWS:
            self._figures = figures
        return figures

    def _with_names(self, columns: Sequence[pa.Array], places: np.ndarray, figures: Sequence[int]) -> np.ndarray:
        """Places whose row, or the row below a title there, has a word where the rows above have figures, or a name
        of the table above."""
        labels = pa.array([label.lower() for label in self._labels if label], pa.string())
        found = np.zeros(len(places), dtype=bool)
        at = places
        for _ in range(MOST_TITLES + 1):
            inside = np.minimum(at, len(columns[0]) - 1)
            taken = [column.take(pa.array(inside)) for column in columns]
            words = np.zeros(len(places), dtype=bool)
            for i in figures:
                words |= pc.match_substring_regex(taken[i], r"\pL").to_numpy(zero_copy_only=False)
            for cells in taken:
                words |= pc.is_in(pc.utf8_lower(cells), value_set=labels).to_numpy(zero_copy_only=False)
            count = sum(pc.not_equal(cells, "").to_numpy(zero_copy_only=False).astype(int) for cells in taken)
            found |= words | (at > inside)  # what follows a title at the end is not known yet
            titles = (count == 1) & ~found
            if not titles.any():
                break
            at = np.where(titles, at + 1, at)
        return places[found]


def _is_told_apart(header: Row, body: Sequence[Row], above: Sequence[Row]) -> bool:
    """Whether a row of names is none of the rows beside it: its cells stand nowhere else in their columns, words stand
    above figures, and a column without a name holds nothing below."""
    named = [i for i, cell in enumerate(header) if cell]
    if any(filled([row[i] for row in body]) for i in range(len(header)) if i not in named):
        return False
    if any(row[i] == header[i] for row in (*above, *body) for i in named):
        return False
    has_years = any(YEAR.match(header[i]) for i in named)
    return judge_header(header, body).is_header and (has_years or count_votes(header, body) > 0)


def rows_of(pieces: Iterable[Sequence[pa.Array]], count: int, *, last: bool = False) -> list[Row]:
    """The first rows of these columns, or the last, every cell stripped."""
    rows: list[Row] = []
    for columns in pieces:
        begin = max(0, len(columns[0]) - count) if last else 0
        cells = zip(*(column.slice(begin, count).to_pylist() for column in columns), strict=True)
        rows += [tuple(cell.strip() for cell in row) for row in cells]
    return rows[-count:] if last else rows[:count]


def _cells(rows: Sequence[Row], position: int) -> list[str]:
    return [row[position] for row in rows if row[position]]


def _is_written_apart(header: Row, rows: Sequence[Row]) -> bool:
    """Whether a name in small letters stands in a column of words of which none is."""
    columns = [[cell for cell in _cells(rows, i) if kind_of(cell) == "text"] for i in range(len(header))]
    return any(
        header[i].islower() and column and not any(cell.islower() for cell in column)
        for i, column in enumerate(columns)
    )


def _are_figures(cells: Sequence[str]) -> bool:
    """Numbers, dates or times, but for one stranger in ten."""
    return bool(cells) and sum(kind_of(cell) != "text" for cell in cells) >= 0.9 * len(cells)


def _are_all_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and all(kind_of(cell) != "text" for cell in cells)


def _changes(body: Sequence[Row], above: Sequence[Row]) -> bool:
    """Whether a column holds words on one side of the border and figures on the other, or below it nothing at all."""
    for i in range(len(body[0])):
        over, under = _cells(above, i), _cells(body, i)
        if (over and not under and len(over) == len(above)) or _is_turned(over, under) or _is_turned(under, over):
            return True
    return False


def _is_turned(words: Sequence[str], figures: Sequence[str]) -> bool:
    return bool(words) and all(kind_of(cell) == "text" for cell in words) and _are_all_figures(figures)


def _case(name: str) -> str:
    """How a name is written: ``name``, ``Name`` or ``NAME``."""
    letters = [c for c in name if c.isalpha()]
    if not letters or name.islower():
        return "lower"
    return "upper" if name.isupper() and len(letters) > 1 else "capital" if letters[0].isupper() else "mixed"
