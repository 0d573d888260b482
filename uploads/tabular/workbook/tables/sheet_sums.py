"""Rows of a sheet's table that sum others up: by the workbook's own word, by theirs, and by arithmetic."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.rows.rows_standing_out import MOST_ROWS as MOST_ROWS_STANDING_OUT
from uploads.tabular.layout.rows.rows_standing_out import notes_on_rows
from uploads.tabular.layout.sums.column_sums import (
    MOST_ROWS,
    holds_only_numbers,
    is_sum,
    is_sum_by_arithmetic,
    is_total_above,
    number_of,
)
from uploads.tabular.layout.sums.reckoned_rows import may_hold_subtotals, reckoned, subtotals, sums_of_all_below
from uploads.tabular.layout.sums.worded_sums import (
    LOOKED_IN,
    subtotals_note,
    sums_note,
    totals_at_ends,
    with_ends,
    with_reckoned,
    with_rows,
    worded_sums,
)
from uploads.tabular.layout.totals import looks_like_total
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.workbook.sheet.blocks import blank_rows, rows_of, size_of
from uploads.tabular.workbook.survey import Summing

type Blocks = Sequence[pa.RecordBatch]

_MOST_GROUPS = 500
"""Rows that are looked at whether they sum a group up."""
_TOP = 20
"""Rows from the top among which the first stands that holds anything."""


def total_above(blocks: Blocks) -> int | None:
    """The row, from 0, of a total right below the header, whose numbers are the sums of the rows below it."""
    top = rows_of(blocks, 0, _TOP)
    at = next((at for at, row in enumerate(top) if any(map(str.strip, row))), None)
    if at is None or not looks_like_total(top[at]) or size_of(blocks) > MOST_ROWS:
        return None
    below = [column.slice(at + 1) for column in _columns(blocks, range(blocks[0].num_columns))]
    return at if is_total_above(top[at], below) else None


def notes_on_sums(
    blocks: Blocks, *, first_row: int, columns: Sequence[int], summing: Summing, has_total: bool, twice: bool
) -> Iterator[Note]:
    """On rows that sum others up and are loaded all the same.

    ``first_row``: the sheet's number of the first; ``has_total``: the last one was a total, and is not among them.
    """
    if not columns or not size_of(blocks):
        return
    labels = _columns(blocks, columns[:LOOKED_IN])
    numbers = np.arange(first_row, first_row + size_of(blocks))
    worded = worded_sums(numbers, labels)
    said = _of_pivots(summing, blocks, first_row) | _of_outline(summing, blocks, first_row)
    found = with_rows(worded, said)
    blocks, numbers = _without_blank(blocks, numbers)
    ends = totals_at_ends(
        [[block.column(at) for at in columns] for block in blocks], first=int(numbers[0]), last=int(numbers[-1])
    )
    if may_hold_subtotals(size_of(blocks)):
        found = with_reckoned(found, numbers[subtotals(_columns(blocks, columns))].tolist())
    yield from subtotals_note("row", with_ends(found, ends), twice=twice)
    if size_of(blocks) <= MOST_ROWS_STANDING_OUT:
        yield from notes_on_rows("row", numbers, _columns(blocks, columns))
    last, first_row, last_row = size_of(blocks) - 1, int(numbers[0]), int(numbers[-1])
    top, row = rows_of(blocks, 0, 1)[0], rows_of(blocks, last, 1)[0]
    summed = sums_of_all_below(top, last, lambda at: _columns(blocks, [at])[0].slice(1, last))
    if summed and first_row not in {*found.rows, *said, *ends}:
        yield sums_note("row", first_row, summed, is_first=True)
    if has_total or last_row in {*found.rows, *said, *ends}:
        return
    own = reckoned(row, last, lambda at: _columns(blocks, [at])[0].slice(0, last))
    if own is not None:
        yield sums_note("row", last_row, own.columns, is_mean=own.is_mean)
    elif holds_only_numbers(row) and size_of(blocks) <= MOST_ROWS:
        above = [column.slice(0, last) for column in _columns(blocks, range(len(row)))]
        if is_sum_by_arithmetic(row, above):
            yield sums_note("row", last_row, sum(1 for cell in row if cell.strip()))


def _without_blank(blocks: Blocks, numbers: np.ndarray) -> tuple[Blocks, np.ndarray]:
    """The rows that hold anything, and their numbers: between those of a sheet blank ones may stand. All rows, where
    there are too many for most of what is said."""
    if size_of(blocks) > MOST_ROWS_STANDING_OUT:
        return blocks, numbers
    filled = [pc.invert(blank_rows(block)) for block in blocks]
    kept = np.concatenate([mask.to_numpy(zero_copy_only=False) for mask in filled])
    if kept.all() or not kept.any():
        return blocks, numbers
    return [block.filter(mask) for block, mask in zip(blocks, filled, strict=True)], numbers[kept]


def pivot_notes(summing: Summing, *, first_row: int, rows: int) -> Iterator[Note]:
    """For pivot tables that stand in these rows of the sheet."""
    for pivot in summing.pivots:
        top, bottom = pivot.area[0] + 1, pivot.area[2] + 1
        if top < first_row + rows and first_row <= bottom:
            yield Note.of(NoteKind.PIVOT, name=pivot.name, first=top, last=bottom)


def _of_pivots(summing: Summing, blocks: Blocks, first_row: int) -> set[int]:
    """The sheet's rows that the definition of a pivot table says are subtotals, as far as they hold a number."""
    places = {row + 1 - first_row for pivot in summing.pivots for row in pivot.sums}
    inside = sorted(at for at in places if 0 <= at < size_of(blocks))[:MOST_ROWS]
    return {first_row + at for at in inside if any(map(number_of, rows_of(blocks, at, 1)[0]))}


def _of_outline(summing: Summing, blocks: Blocks, first_row: int) -> set[int]:
    """The sheet's rows that are grouped less deeply than the ones beside them, whose sum they hold in a column.

    On the side that the sheet says, or else on the other: xlwt and its like say none, and that means above.
    """
    size = size_of(blocks)
    if not summing.levels or size > MOST_ROWS:
        return set()
    levels = [summing.levels.get(first_row - 1 + at, 0) for at in range(size)]
    columns = _columns(blocks, range(blocks[0].num_columns))
    sides = (summing.is_below, not summing.is_below)
    found = next(filter(None, (_sums_of_groups(levels, columns, is_below=is_below) for is_below in sides)), set[int]())
    return {first_row + at for at in found}


def _sums_of_groups(levels: Sequence[int], columns: Sequence[pa.Array], *, is_below: bool) -> set[int]:
    found = set[int]()
    for at, group in list(_groups(levels, is_below=is_below))[:_MOST_GROUPS]:
        own = pa.array(_next_level(group, levels))
        cells = ((position, column[at].as_py()) for position, column in enumerate(columns))
        if any(number_of(cell) and is_sum(cell, columns[position].take(own)) for position, cell in cells):
            found.add(at)
    return found


def _groups(levels: Sequence[int], *, is_below: bool) -> Iterator[tuple[int, range]]:
    """Each row that is less deep than the one before it (behind it), and the rows that are deeper than it there."""
    step = -1 if is_below else 1
    for at, level in enumerate(levels):
        end = at + step
        while 0 <= end < len(levels) and levels[end] > level:
            end += step
        if end != at + step:
            yield at, range(end + 1, at) if is_below else range(at + 1, end)


def _next_level(group: Collection[int], levels: Sequence[int]) -> list[int]:
    """The rows of a group that are least deep: the others are summed up in them."""
    least = min(levels[at] for at in group)
    return [at for at in group if levels[at] == least]


def _columns(blocks: Blocks, positions: Collection[int]) -> list[pa.Array]:
    return [pa.concat_arrays([block.column(position) for block in blocks]) for position in positions]
