"""Finds tables that stand side by side in a sheet: an empty column between two headers of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.notes import Why
from uploads.tabular.workbook.sheet.blocks import Mask, filled_cells, is_blank
from uploads.tabular.workbook.tables.neighbours import level_table, why_apart
from uploads.tabular.workbook.tables.regions import Region

_MOST_RUNS = 50
"""Runs of filled columns that are compared; a sheet with more of them is one wide table with gaps."""
_MOST_OF_A_TABLE = 20
"""Runs that are looked at as one table. Without this bound 49 runs that are one took 0.6 s, with it 0.06 s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of several tables that stand side by side."""

    region: Region
    why: Why | None = None
    """Why it is told from the one to its left; nothing for the first."""


def side_by_side(region: Region) -> list[Side]:
    """The tables that stand side by side in the region, from left to right; nothing where they are one."""
    titles = _title_rows(region)
    runs = _runs(region, titles)
    if not 1 < len(runs) <= _MOST_RUNS:
        return []
    cells = filled_cells(region.blocks)
    cuts = list(_cuts(region, runs, cells, among_others=False))
    if cuts and len(cuts) < len(runs) - 1:
        cuts = list(_cuts(region, runs, cells, among_others=True))
    sides = []
    left, why = 0, None
    for last, begin, reason in [*cuts, (runs[-1][1], region.width, None)]:
        # A title in the empty columns is the left table's.
        right = begin if cells[:titles, last:begin].any() else last
        sides.append(Side(region=_trimmed(region, left, right, cells), why=why))
        left, why = begin, reason
    return sides if cuts else []


def _title_rows(region: Region) -> int:
    """Rows at the top that hold one cell at most."""
    rows = region.rows()
    return next((index for index, row in enumerate(rows) if filled(row) > 1), len(rows))


def _runs(region: Region, titles: int) -> list[tuple[int, int]]:
    """Begin and end of the runs of columns between those that are empty below the titles."""
    head = region.rows()[titles:]
    blocks = region.rows_below(titles)
    empty = [
        not any(row[column].strip() for row in head)
        and all(is_blank(block.column(column)).false_count == 0 for block in blocks)
        for column in range(region.width)
    ]
    between = list(empty)
    for top, left, bottom, right in region.merged:
        tied = range(left + 1, min(right, region.width))
        if any(empty[column] for column in tied) and sum(map(filled, region.rows(top, bottom - top + 1))) > 1:
            # A name over several columns ties them together; a title that stands alone doesn't.
            between[tied.start : tied.stop] = [False] * len(tied)
    edges = np.flatnonzero(np.diff([True, *between, True])).tolist()
    return [run for run in zip(edges[::2], edges[1::2], strict=True) if not all(empty[run[0] : run[1]])]


def _trimmed(region: Region, left: int, right: int, cells: Mask) -> Region:
    """The columns without the rows above the first and below the last that hold anything."""
    rows = np.flatnonzero(cells[:, left:right].any(axis=1))
    return region.part(top=int(rows[0]), bottom=int(rows[-1]) + 1, left=left, right=right)


def _cuts(
    region: Region, runs: Sequence[tuple[int, int]], cells: Mask, *, among_others: bool
) -> Iterator[tuple[int, int, Why]]:
    """Where one table ends and the next begins, and why they are two.

    The next is the next run, or all that are left: it may have an empty column itself.
    """
    begin = 0
    for place in range(1, len(runs)):
        if place - begin > _MOST_OF_A_TABLE:
            return
        first, last, start = runs[begin][0], runs[place - 1][1], runs[place][0]
        left = level_table(_trimmed(region, first, last, cells), cells[:, first:last], region.first_row)
        if left is None:
            continue
        rest = runs[-1][1] if len(runs) - place <= _MOST_OF_A_TABLE else runs[place][1]
        for stop in {runs[place][1]: None, rest: None}:
            right = level_table(_trimmed(region, start, stop, cells), cells[:, start:stop], region.first_row)
            why = right and why_apart(left, right, among_others=among_others)
            if why:
                yield last, start, why
                begin = place
                break
