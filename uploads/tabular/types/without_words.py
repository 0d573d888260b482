"""What a column would be if the few words in it, such as ``N/A`` or ``x``, were read as empty."""

from collections import Counter
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.types.blanks import NULL_LIKE, blank_out, words_among
from uploads.tabular.types.offers.likely_values import is_likely

MOST_WORDS = 5
"""Words besides those that often mean "no value"; more are a column of text."""
MOST_PLACES = 50
_HEAD = 100
"""Values that show a column of text at a hundredth of a chunk's cost."""


class _Profile(Protocol):
    """The part of a column's profile that is asked here."""

    values: int
    culprit: tuple[int, str] | None

    @property
    def is_text(self) -> bool: ...

    def observe(self, rows: pa.Int64Array, cells: pa.StringArray) -> None: ...


class WithoutWords[P: _Profile]:
    """A second course beside a column's profile, on which words are blank.

    Any short word without a digit counts, as long as they are few and stand in fewer cells than figures do.
    ``listed_only``: only those of ``NULL_LIKE``, for a column of words for true and false.
    """

    def __init__(self, profile: P, *, listed_only: bool) -> None:
        self.profile = profile
        self.words: Counter[str] = Counter()
        self.places: dict[str, list[int]] = {}
        """The first rows of each word that isn't one of ``NULL_LIKE``."""
        self.was_looked_at = False
        """Whether it is known that the other values are offered more than text."""
        self._listed_only = listed_only
        self._others: set[str] = set()

    def observe(self, rows: pa.Int64Array, cells: pa.StringArray) -> bool:
        """Take in the next cells; false once this course leads nowhere."""
        if not self._listed_only:
            for part in (cells[:_HEAD], cells):
                self._others |= words_among(part)
                if len(self._others) > MOST_WORDS:
                    return False
        blanked, counts = blank_out(cells, NULL_LIKE | self._others)
        self.words.update(counts)
        if not self._others.isdisjoint(counts):
            self._note_places(rows, cells)
        self.profile.observe(rows, blanked)
        cells_of_others = sum(self.words[word] for word in self._others)
        return self._may_lead() and (not cells_of_others or cells_of_others < self.profile.values)

    def _may_lead(self) -> bool:
        """Whether the other values are more than text, or may be where somebody asks for it."""
        culprit = self.profile.culprit
        return not self.profile.is_text or (culprit is not None and is_likely(culprit[1].strip()))

    def _note_places(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        if sum(map(len, self.places.values())) >= MOST_PLACES:
            return
        trimmed = pc.utf8_trim_whitespace(cells)
        found = pc.is_in(trimmed, pa.array(sorted(self._others), pa.string()))
        words, places = trimmed.filter(found)[:MOST_PLACES], rows.filter(found)[:MOST_PLACES]
        for word, place in zip(words.to_pylist(), places.to_pylist(), strict=True):
            self.places.setdefault(word, []).append(place)
