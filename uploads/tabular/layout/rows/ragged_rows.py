"""Rows of many lengths, ``Alice;555-1;555-2``: whether the first of them names columns or is a row like the others.

Of such rows few are as long as the first, or none: it is compared with all of them, cut or filled to its length.
"""

from collections.abc import Sequence
from itertools import takewhile

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.header_evidence import Verdict, judge_header
from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.notes import Why, WhyKind

Row = Sequence[str]

_LEAST_RECURRING = 2
_LEAST_CUT = 3
_MOST_CUT = 2
_SHOWN = 30
_WORDS = (Kind.LETTER, Kind.WORD, Kind.PHRASE)


def judge_ragged(rows: Sequence[Row], start: int) -> Verdict:
    """Judge record ``start`` by all that stand below it; others of many cells may stand above it."""
    cells = [cell.strip() for cell in rows[start]]
    below = [[cell.strip() for cell in row] for row in rows[start + 1 :] if filled(row)]
    verdict = judge_header(cells, [fitted(row, len(cells)) for row in below])
    above = [row for row in rows[:start] if filled(row) > 1]
    why = recurring(cells, [*above, *below]) if verdict.is_header else None
    if why is not None:
        return Verdict(is_header=False, why=why)
    is_plain = verdict.why is not None and verdict.why.kind is WhyKind.ONLY_WORDS
    return Verdict(is_header=True) if is_plain else verdict  # words of rows of other lengths say little


def recurring(cells: Row, below: Sequence[Row]) -> Why | None:
    """Why a row is none of names, if two of its cells and half of them stand again in rows below, in any column.

    Lists of values, each as long as it has to be, have the same value in several columns; names stand nowhere else.
    """
    named = {cell.strip(): at for at, cell in enumerate(cells) if cell.strip()}
    columns = {cell.strip(): at for row in below for at, cell in enumerate(row) if cell.strip() in named}
    if len(columns) < _LEAST_RECURRING or 2 * len(columns) < len(named):
        return None
    first = min(columns, key=named.__getitem__)
    shown = first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"
    return Why.of(WhyKind.REPEATED, cell=shown, column=columns[first] + 1)


def first_row_above(rows: Sequence[Row], start: int, *, is_list: bool) -> int:
    """Where the rows begin that record ``start``, the first of the usual length, goes on with: right above it may stand
    others, of more cells or fewer. A title holds one cell, and a note other kinds of values.

    ``is_list``: values are known to stand in any column, and words are enough.
    """
    while start and filled(rows[start - 1]) > 1 and (is_list or _are_alike(rows[start - 1], rows[start])):
        start -= 1
    return start


def without_blank_end(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows; the first of them, names and units with a separator too many at the end, as wide as all others."""
    filled_rows = [at for at, row in enumerate(rows) if filled(row)]
    if len(filled_rows) < _LEAST_CUT or len(rows[filled_rows[0]]) < _LEAST_CUT:
        return rows
    width = len(rows[filled_rows[0]]) - 1
    longer = list(takewhile(lambda at: len(rows[at]) > width, filled_rows[:_MOST_CUT]))
    if any(len(rows[at]) != width + 1 or rows[at][-1].strip() for at in longer):
        return rows
    if any(len(rows[at]) != width for at in filled_rows[len(longer) :]):
        return rows
    return [row[:width] if at in longer else row for at, row in enumerate(rows)]


def fitted(row: Row, width: int) -> list[str]:
    """The row cut or filled to so many cells."""
    return [*row[:width], *[""] * (width - len(row))]


def _are_alike(row: Row, other: Row) -> bool:
    """Whether the cells that both have are of the same kinds, two at least, and not all of them words."""
    pairs = zip(
        (kind_in(cell.strip()[:200]) for cell in row), (kind_in(cell.strip()[:200]) for cell in other), strict=False
    )
    shared = [(_broad(one), _broad(two)) for one, two in pairs if one and two]
    return len(shared) > 1 and all(one == two for one, two in shared) and any(one != Kind.WORD for one, _ in shared)


def _broad(kind: Kind) -> Kind:
    return Kind.WORD if kind in _WORDS else kind
