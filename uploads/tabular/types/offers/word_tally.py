"""How many cells hold each word that an offer may read as empty, where the offer itself is made by a sample."""

import re
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.types.blanks import NULL_LIKE, blank_out

_BOUNDS = "<>≤≥"
_MASKED = rf"[{_BOUNDS}]=?\s?\d+(\.\d+)?"
"""``<=5``: a figure that is kept back, or below what a device can measure. Null words hold no comma."""
_MASKED_ALONE = re.compile(_MASKED)
_HEAD = 100
_FEW = 8
"""Different values: two words for yes and no, and some that mean nothing."""


def is_masked(value: str) -> bool:
    """Whether it is no figure but the bound of one."""
    return value[0] in _BOUNDS and _MASKED_ALONE.fullmatch(value) is not None


class WordTally:
    """Counts of a column that is text because of ``culprit``, from the chunk on in which that stands.

    Only columns of figures that are kept back, and those of a few words, are counted.
    """

    def __init__(self, culprit: str) -> None:
        self._of_figures = culprit.strip()[:1] in _BOUNDS
        self.cells: Counter[str] = Counter()
        self.is_whole = True
        """Whether every cell was counted."""

    def observe(self, cells: pa.StringArray) -> None:
        """Take in the next cells."""
        if not self.is_whole:
            return
        if self._of_figures:
            trimmed = pc.utf8_trim_whitespace(cells)
            found = trimmed.filter(pc.match_substring_regex(trimmed, f"^(?:{_MASKED})$"))
            self.cells.update({each["values"]: each["counts"] for each in pc.value_counts(found).to_pylist()})
        elif len(pc.unique(cells[:_HEAD])) <= _FEW:
            self.cells.update(blank_out(cells, NULL_LIKE)[1])
        else:
            self.is_whole = False
        self.is_whole = self.is_whole and len(self.cells) <= _HEAD


def cells_of(words: Sequence[str], tally: WordTally | None) -> tuple[int, ...]:
    """Of each word; none where not all cells were counted."""
    is_known = tally is not None and tally.is_whole and all(word in tally.cells for word in words)
    return tuple(tally.cells[word] for word in words) if tally is not None and is_known else ()
