"""Which rows of a block are blank, too wide, or the header again, and where faulty ones stand together."""

import itertools
from collections.abc import Container, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import Reject

_FAULTS_TOGETHER = 3
"""So many in a row may be another table; fewer are not looked at one by one."""


def together(
    places: Sequence[int], faults: Sequence[Reject | None], *, cuts: Container[int], count: int
) -> Iterator[tuple[int, list[Reject | None], list[Reject | None]]]:
    """Cut ``count`` sound rows where faults stand together that may be another table, at ``cuts``, and at both ends.

    ``places``: the row behind each fault. Gives the end of each piece, the faults that stand alone among its rows, and
    those right behind it.
    """
    among: list[Reject | None] = []
    for place, group in itertools.groupby(zip(places, faults, strict=True), key=lambda item: item[0]):
        some = [fault for _, fault in group]
        if 0 < place < count and len(some) < _FAULTS_TOGETHER and place not in cuts:
            among += some
        else:
            yield place, among, some
            among = []
    yield count, among, []


def blank_rows(columns: list[pa.Array]) -> np.ndarray | None:
    """Rows whose every cell is empty or white space; the common case costs one look at one column."""
    blank: np.ndarray | None = None
    for column in columns:
        more = _blank_cells(column)
        if more is None:
            return None
        blank = more if blank is None else blank & more
        if not blank.any():
            return None
    return blank


def filled_among(blank: np.ndarray, columns: list[pa.Array]) -> np.ndarray:
    """Which of the ``blank`` rows have a cell of white space."""
    rows = np.flatnonzero(blank)
    spaced = np.zeros(len(rows), dtype=bool)
    for column in columns:
        spaced |= pc.not_equal(column.take(pa.array(rows)), "").to_numpy(zero_copy_only=False)
    return rows[spaced]


def surplus_rows(surplus: list[pa.Array]) -> np.ndarray | None:
    """Rows with a value beyond the last label; white space, a quoted line break too, is none."""
    found: np.ndarray | None = None
    for column in surplus:
        bad = pc.not_equal(column, "")
        if pc.any(bad).as_py():
            bad = pc.not_equal(pc.utf8_trim_whitespace(column), "")
        if pc.any(bad).as_py():
            more = bad.to_numpy(zero_copy_only=False)
            found = more if found is None else found | more
    return found


def equal_rows(columns: list[pa.Array], cells: Sequence[str]) -> np.ndarray | None:
    """Rows that hold exactly these cells; the common case costs one look at one column."""
    found = None
    for column, cell in zip(columns, cells, strict=False):
        equal = pc.equal(column, cell) if found is None else pc.and_(found, pc.equal(column, cell))
        if not pc.any(equal).as_py():
            return None
        found = equal
    return None if found is None else found.to_numpy(zero_copy_only=False)


def _blank_cells(column: pa.Array) -> np.ndarray | None:
    """Which cells are empty or white space; ``None``: none is."""
    blank = pc.equal(pc.utf8_trim_whitespace(column), "")
    return blank.to_numpy(zero_copy_only=False) if pc.any(blank).as_py() else None
