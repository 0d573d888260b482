"""Zeros that a sheet shows as dates: they are read as blank, for there is no day 0, and stand in the file as 0."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from uploads.tabular.kept_cells import KeptCells, KeptColumn

NO_ZEROS: Mapping[int, Sequence[int]] = {}
_WRITTEN = "0"


def zeros_in(zeros: Mapping[int, Sequence[int]], rows: pa.Int64Array, columns: Sequence[int]) -> KeptCells:
    """Those among these ``rows``; ``columns``: of the sheet, as ``zeros`` names them, in the order of the table."""
    if not zeros or not len(rows):
        return KeptCells()
    numbers = rows.to_numpy(zero_copy_only=False)
    found = (
        (position, np.intersect1d(np.asarray(zeros[column], dtype=np.int64), numbers))
        for position, column in enumerate(columns)
        if column in zeros
    )
    return KeptCells(
        columns=tuple(
            KeptColumn.of(position, pa.array(some), pa.array([_WRITTEN] * len(some)))
            for position, some in found
            if len(some)
        )
    )
