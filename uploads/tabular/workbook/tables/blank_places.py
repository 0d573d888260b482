"""Where the blank rows of a sheet's table stand, as one pass over its rows meets them."""

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from uploads.tabular.layout.rows.places_met import PlacesMet, blank_note
from uploads.tabular.notes import Note
from uploads.tabular.text.row_masks import filled_among


class BlankPlaces:
    """Rows by their numbers in the sheet. ``above``: blank ones above the first row of data, in order; ``taken``: rows
    that are told of otherwise, though they look blank: a person had them left out, or they are a total."""

    def __init__(self, above: Sequence[int], *, taken: Collection[int]) -> None:
        self._above = above
        self._taken = np.array(sorted(taken), dtype=np.int64)
        self.begin()

    def begin(self) -> None:
        """Forget what another pass has met."""
        self._met = PlacesMet()
        self._met.add(self._above)
        self._spaced = PlacesMet()

    def add(self, numbers: np.ndarray | Sequence[int], cells: pa.RecordBatch | None = None) -> None:
        """Take in rows that hold nothing but spaces, in order, from below the header; ``cells``: theirs."""
        rows = np.asarray(numbers, dtype=np.int64)
        free = ~np.isin(rows, self._taken)
        self._met.add(rows[free])
        if cells is not None and len(rows):
            spaced = filled_among(free, cells.columns)
            self._spaced.add(rows[spaced])

    def note(self, count: int) -> list[Note]:
        """On all of them; ``count``: how many there are."""
        return blank_note("row", self._met.outside(()), count, spaced=self._spaced.outside(()))
