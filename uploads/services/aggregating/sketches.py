"""What is known of a column's values before anything is counted: from its profile, or from some rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uploads.services.reading.profile_merge import Merged

MOST_IN_ONE = 0.9
"""Share of the rows in one group, beyond which the others are not seen beside it."""
_FEWEST_ALIKE = 3
_ROWS_ALIKE = 5
"""By chance two groups have as many rows, or all of them very few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """How the rows of a column share its values."""

    rows: int
    blanks: int
    different: int
    frequent: tuple[int, ...]
    """The rows of its most frequent values, the most first."""

    @property
    def is_even(self) -> bool:
        """No value, and no blank, has nearly all rows."""
        most = max(self.blanks, *self.frequent[:1], 0)
        return most <= self.rows * MOST_IN_ONE

    @property
    def is_designed(self) -> bool:
        """Most values have as many rows as each other, as in a survey that asks everybody everything: to count them
        says what was asked, and not what was answered."""
        rows, values = Counter(self.frequent).most_common(1)[0] if self.frequent else (0, 0)
        return rows >= _ROWS_ALIKE and values >= _FEWEST_ALIKE and 2 * values > len(self.frequent)

    @property
    def repeats(self) -> bool:
        """Its values come again, and so are groups."""
        return 2 * self.different < self.rows - self.blanks

    @property
    def is_name(self) -> bool:
        """Nearly each row has a value of its own."""
        return 20 * self.different > 19 * (self.rows - self.blanks)


def of_profile(figures: Merged) -> Sketch:
    return Sketch(
        rows=figures.rows,
        blanks=figures.blanks,
        different=figures.distinct,
        frequent=tuple(rows for _, rows in figures.values),
    )


def of_sample(values: Sequence[Any]) -> Sketch:
    """``None`` is a blank."""
    counted = Counter(value for value in values if value is not None)
    return Sketch(
        rows=len(values),
        blanks=len(values) - counted.total(),
        different=len(counted),
        frequent=tuple(rows for _, rows in counted.most_common()),
    )
