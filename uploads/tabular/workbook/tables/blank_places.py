"""Where the blank rows of a sheet's table stand, as one pass over its rows meets them."""

from collections.abc import Collection, Sequence

import numpy as np

from uploads.tabular.layout.rows.places_met import PlacesMet, blank_note
from uploads.tabular.notes import Note


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

    def add(self, numbers: np.ndarray | Sequence[int]) -> None:
        """Take in rows that hold nothing, in order, from below the header."""
        rows = np.asarray(numbers, dtype=np.int64)
        self._met.add(rows[~np.isin(rows, self._taken)])

    def note(self, count: int) -> list[Note]:
        """On all of them; ``count``: how many there are."""
        return blank_note("row", self._met.outside(()), count)
