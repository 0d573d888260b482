"""Whether the values of two columns say what their names only seem to say: that they are the same column."""

from collections.abc import Collection, Sequence

from uploads.database.lookups.samples import sample_numbers, sample_values
from uploads.services.plans.likeness import Pair

SAMPLED_ROWS = 1_000
"""Of the file; of the dataset five times as many."""
NUMBERS = frozenset({"bigint", "numeric", "double precision"})
MOMENTS = frozenset({"date", "timestamp", "timestamp with time zone"})
DAY = 86_400.0
MOST = 0.5
"""Of the file's values, those that are such as the dataset has."""


def supported(pairs: Sequence[tuple[Pair, str, str]], *, part: str, table: str) -> list[Pair]:
    """Those of which the values agree; with each pair the types of its column in the file and in the dataset.

    Words agree where half of them are there already, two at least; numbers and days where half of them lie where the
    dataset's do, or as far beyond as these reach: the next month, a higher price. Of two kinds of type nothing agrees.
    """
    found: list[Pair] = []
    measured = [(pair, own) for pair, own, theirs in pairs if {own, theirs} <= NUMBERS or {own, theirs} <= MOMENTS]
    if measured:
        mine = sample_numbers(
            table=part, columns={pair.own: own in MOMENTS for pair, own in measured}, rows=SAMPLED_ROWS
        )
        there = sample_numbers(
            table=table, columns={pair.theirs: own in MOMENTS for pair, own in measured}, rows=5 * SAMPLED_ROWS
        )
        found += [
            pair
            for pair, own in measured
            if lie_near(mine[pair.own], there[pair.theirs], least=DAY if own in MOMENTS else 0.0)
        ]
    words = [pair for pair, own, theirs in pairs if own == theirs == "text"]
    if words:
        own_words = sample_values(table=part, names=[pair.own for pair in words], rows=SAMPLED_ROWS)
        their_words = sample_values(table=table, names=[pair.theirs for pair in words], rows=5 * SAMPLED_ROWS)
        found += [pair for pair in words if are_there(own_words[pair.own], their_words[pair.theirs])]
    return found


def lie_near(own: Collection[float], theirs: Collection[float], *, least: float = 0.0) -> bool:
    """``least``: how far beyond is near in any case; a column of one value reaches as far as it is from 0."""
    if not (own and theirs):
        return False
    low, high = min(theirs), max(theirs)
    reach = max(high - low, least) or abs(high)
    return sum(low - reach <= value <= high + reach for value in own) >= MOST * len(own)


def are_there(own: Collection[str], theirs: Collection[str]) -> bool:
    common = set(own) & set(theirs)
    return len(common) >= max(1, MOST * len(set(own)), min(2, len(set(own))))
