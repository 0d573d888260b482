"""Chooses the cheapest reading of some rows as notes and tables: where each begins, its header, and where it ends.

Whether a text is read so, rather than by the rules of ``text_header.py``, is said by ``text_choice.py``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from uploads.tabular.layout.cell_kinds import Kind
from uploads.tabular.layout.layout_score import SEEN_BEFORE, Heading, LayoutScore, opening

Row = Sequence[str]

MOST_ROWS = 600
MOST_PLACES = 26
_TOP_PLACES = 8
_HEADER_ROWS = 7
_HEADER_GAP = 8
"""Blank rows that may stand inside a header."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundTable:
    """A table among the rows; ``top`` is where its titles begin."""

    top: int
    heading: Heading | None
    begin: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The tables of one reading, and its cost in bits."""

    tables: tuple[FoundTable, ...]
    cost: float


def cheapest_table(score: LayoutScore, is_allowed: Callable[[FoundTable], bool] = lambda _: True) -> Reading:
    """The cheapest way to read all rows as notes and then one table, of those allowed, that goes on to the end.

    There is none where notes alone are cheaper: so few rows hold no evidence.
    """
    best = Reading(tables=(), cost=float(score.notes.sum()))
    above = np.concatenate([[0.0], np.cumsum(score.notes)])
    for start in sorted({_first_filled(score), *_tops(score)}):
        for heading, begin in _headings(score, start):
            table = FoundTable(top=0, heading=heading, begin=begin, end=score.count)
            if not _is_headed(score, heading, begin, score.count) or not is_allowed(table):
                continue
            # Most readings are too dear by their rows alone.
            if above[start] + score.body(begin, score.count) < best.cost:
                cost = float(above[start]) + score.table(heading, begin, score.count)
                best = min(best, Reading(tables=(table,), cost=cost), key=lambda reading: reading.cost)
    return best if best.tables else Reading(tables=(), cost=float("inf"))


def cheapest_reading(score: LayoutScore, *, most: float = float("inf")) -> Reading:
    """The cheapest way to read all rows, as any number of tables; ``most``: a known cost."""
    starts = _places(score)
    ends = _ends(score, starts)
    best: list[Reading | None] = [None] * (score.count + 1)
    best[0] = Reading(tables=(), cost=0.0)
    at = set(starts)
    for row in range(score.count):
        here = best[row]
        if here is None:
            continue
        _keep(best, row + 1, Reading(tables=here.tables, cost=here.cost + score.note(row)))
        for heading, begin in _headings(score, row) if row in at else ():
            saved = SEEN_BEFORE if _is_seen(score, heading, here) else 0.0
            for end in ends:
                known = best[end]
                bound = most if known is None or not known.tables else min(most, known.cost)
                # Most readings are too dear by their rows alone.
                if _is_headed(score, heading, begin, end) and here.cost + score.body(begin, end) - saved < bound:
                    table = FoundTable(top=row, heading=heading, begin=begin, end=end)
                    _keep(best, end, _with_table(score, here, table))
    last = best[score.count]
    return last if last is not None and last.tables else Reading(tables=(), cost=float("inf"))


def readings_near(score: LayoutScore, *, most: float) -> Iterator[Reading]:
    """All ways to read the rows as one table that goes on to the end, if they cost no more than ``most``.

    After the cheapest was sought this costs little: what rows and headers cost is known of all but the dear ones.
    """
    end = score.count
    for top in _tops(score):
        above = float(score.notes[:top].sum())
        if above > most:
            return
        for heading, begin in _headings(score, top):
            if not _is_headed(score, heading, begin, end) or above + score.body(begin, end) > most:
                continue
            cost = above + score.table(heading, begin, end)
            if cost <= most:
                yield Reading(tables=(FoundTable(top=top, heading=heading, begin=begin, end=end),), cost=cost)


def _is_headed(score: LayoutScore, heading: Heading | None, begin: int, end: int) -> bool:
    """Whether there are rows below a header, and no fewer than it takes: else rows would be taken for more names."""
    least = 1 if heading is None else len(heading.rows)
    return score.count_rows(begin, end) >= least


def groups_of(score: LayoutScore) -> int:
    """How many groups of filled rows blank ones set apart."""
    filled = score.filled > 0
    return int(filled[:1].sum() + (filled[1:] & ~filled[:-1]).sum())


def cost_of(score: LayoutScore, *, heading: Heading | None, begin: int) -> float:
    """What it costs to read all rows from ``begin`` on as one table, and those above it as notes."""
    top = begin if heading is None else heading.first
    return float(score.notes[:top].sum()) + score.table(heading, begin, score.count)


def _keep(best: list[Reading | None], at: int, reading: Reading) -> None:
    known = best[at]
    if known is None or reading.cost < known.cost or (reading.tables and not known.tables and at == len(best) - 1):
        best[at] = reading


def _with_table(score: LayoutScore, before: Reading, table: FoundTable) -> Reading:
    """``table.top`` is its first row; the titles above belong to it too."""
    above = before.tables[-1] if before.tables else None
    heading = table.heading
    cost = before.cost + score.table(heading, table.begin, table.end)
    cost += opening(
        is_first=above is None,
        is_directly_below=above is not None and above.end == table.top,
        is_alike=above is not None
        and heading is None
        and score.width(above.begin, above.end) == score.width(table.begin, table.end),
        is_seen=_is_seen(score, heading, before),
    )
    table = replace(table, top=0 if above is None else above.end)
    return Reading(tables=(*before.tables, table), cost=cost)


def _is_seen(score: LayoutScore, heading: Heading | None, before: Reading) -> bool:
    """Whether a table above has the same header."""
    names = heading and [score.rows[i] for i in heading.rows]
    others = (other.heading for other in before.tables if other.heading)
    return any([score.rows[i] for i in other.rows] == names for other in others)


def _headings(score: LayoutScore, start: int) -> Iterator[tuple[Heading | None, int]]:
    """No header, or one of up to seven filled rows from ``start`` on, and the row where the body begins then."""
    yield None, start
    rows: list[int] = []
    gaps = 0
    for row in range(start, score.count):
        if not score.filled[row]:
            gaps += 1
            if gaps > _HEADER_GAP:
                return
            continue
        rows.append(row)
        if len(rows) > _HEADER_ROWS:
            return
        yield Heading(rows=tuple(rows)), row + 1


def _first_filled(score: LayoutScore) -> int:
    return int(np.argmax(score.filled > 0))


def _tops(score: LayoutScore) -> list[int]:
    tops: list[int] = np.flatnonzero(score.filled)[: 2 * MOST_PLACES].tolist()
    return tops


def _places(score: LayoutScore) -> list[int]:
    """Rows where a table may begin, the likeliest ones if there are many."""
    filled = np.flatnonzero(score.filled)
    marks: dict[int, float] = {}
    for number, row in enumerate(filled.tolist()):
        if number < _TOP_PLACES:
            marks[row] = 100.0 - number
            continue
        above = filled[number - 1]
        mark = 0.0
        if row - above > 1:
            mark += 2.0
        elif score.filled[above] == 1 and score.columns > 2:
            mark += 1.5
        if score.widths[row] != score.widths[above]:
            mark += 2.0 if score.filled[row] > 1 else 0.5
        mark += _names_above_figures(score, row, filled[number + 1 : number + 4])
        if mark >= 1.5:
            marks[row] = mark
    return sorted(sorted(marks, key=lambda row: -marks[row])[:MOST_PLACES])


_FIGURES = (Kind.NUMBER, Kind.YEAR, Kind.DATE)
_WORDS = (Kind.WORD, Kind.PHRASE, Kind.MIXED, Kind.CODE, Kind.LETTER)


def _names_above_figures(score: LayoutScore, row: int, below: np.ndarray) -> float:
    """How much a row looks like a header: words where the next rows hold figures."""
    if not len(below) or score.filled[row] < 2:
        return 0.0
    words = np.isin(score.kinds[row], _WORDS)
    figures = np.isin(score.kinds[below], _FIGURES).mean(axis=0) > 0.6
    return 3.0 * float((words & figures).sum()) / max(int(figures.sum()), 1)


def _ends(score: LayoutScore, starts: Sequence[int]) -> list[int]:
    """Where tables may end: where the next begins, or above the blank rows and titles that stand there."""
    ends = {score.count}
    for start in starts:
        ends.add(start)
        row = start
        while row > 0 and score.filled[row - 1] <= 1:
            row -= 1
            if not score.filled[row]:
                ends.add(row)
        ends.add(row)
    return sorted(ends)
