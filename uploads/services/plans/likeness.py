"""How alike the names of two columns are, and which column of a file is which of a dataset.

rapidfuzz 3.14 (MIT) has the measure, the share of letters that need not be changed, where two that changed places
(``regoin``) are one change; here also with the words of a name in another order. Its ``fuzz`` ratios count letters that
stand elsewhere too: ``amount`` is 77 % ``account`` by them.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from uploads.services.plans.plan import Because, DatasetColumnFact, may_hold

ALIKE = 0.75
"""One letter of four, two of eight."""
HALF_ALIKE = 0.5
SHORTEST = 3
"""Letters of a name that may be another with one letter more: ``net`` and ``nett``."""
FEWEST = 7
"""Letters of two names that may differ in one: ``qty`` and ``qtr`` are two things."""
VALUES_ALIKE = 0.8
"""Of a file's different values in a column, those that the dataset's column has too, where the names say nothing."""
VALUES_SUPPORT = 0.5
"""The same where the names are half alike."""
LEAST_VALUES = 3
"""Fewer different values are in many a column."""

MOST_COMPARED = 40_000
"""Pairs of names; of tables so wide that hardly a name is the same nobody can say which column is which."""

type Values = Mapping[str, Collection[str]]
"""Different values of columns, by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A column of the file, by name, that is one of the dataset."""

    own: str
    theirs: str
    because: Because
    likeness: int = 0
    is_supported: bool = False
    """Where the names are alike: the values are such as the dataset's column has."""


def likeness(one: str, other: str) -> float:
    """Of two names of columns, 0 to 1. Names with other figures in them are of other things: ``2023`` and ``2024``."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    if min(len(one), len(other)) < SHORTEST or len(one) + len(other) < FEWEST:
        return 0.0
    letters = OSA.normalized_similarity(one.replace("_", ""), other.replace("_", ""))
    words = OSA.normalized_similarity(*("".join(sorted(name.split("_"))) for name in (one, other)))
    return max(letters, words)


def pairs(
    own: Sequence[tuple[str, str]],
    theirs: Sequence[DatasetColumnFact],
    *,
    own_values: Values | None = None,
    their_values: Values | None = None,
) -> list[Pair]:
    """Which columns belong together: by name, by letters and digits, then by likeness, the most alike first.

    ``own``: name and type of each column of the file. Types and values support what names say, or speak against it.
    """
    types = dict(own)
    found = _equal(types, theirs, by=lambda name: name, because=Because.SAME)
    left = [column for column in theirs if column.name not in {pair.theirs for pair in found}]
    mine = {name: type_ for name, type_ in types.items() if name not in {pair.own for pair in found}}
    by_letters = _equal(mine, left, by=lambda name: name.replace("_", ""), because=Because.LETTERS)
    found += by_letters
    left = [column for column in left if column.name not in {pair.theirs for pair in by_letters}]
    mine = {name: type_ for name, type_ in mine.items() if name not in {pair.own for pair in by_letters}}
    return found + _alike(mine, left, own_values or {}, their_values or {})


def _equal(
    types: Mapping[str, str], theirs: Sequence[DatasetColumnFact], *, by: Callable[[str], str], because: Because
) -> list[Pair]:
    keyed: dict[str, list[str]] = {}
    for column in theirs:
        keyed.setdefault(by(column.name), []).append(column.name)
    mine: dict[str, list[str]] = {}
    for name in types:
        mine.setdefault(by(name), []).append(name)
    return [
        Pair(own=names[0], theirs=keyed[key][0], because=because)
        for key, names in mine.items()
        if len(names) == 1 and len(keyed.get(key, ())) == 1
    ]


def _alike(
    mine: Mapping[str, str], theirs: Sequence[DatasetColumnFact], own_values: Values, their_values: Values
) -> list[Pair]:
    scored = []
    for name, type_ in mine.items() if len(mine) * len(theirs) <= MOST_COMPARED else ():
        for column in theirs:
            if not may_hold(column.type, type_):
                continue
            names = likeness(name, column.name)
            values = _shared(own_values.get(name, ()), their_values.get(column.name, ()))
            if names >= ALIKE or (names >= HALF_ALIKE and values >= VALUES_SUPPORT):
                pair = Pair(own=name, theirs=column.name, because=Because.ALIKE, likeness=round(100 * names))
            elif values >= VALUES_ALIKE:
                pair = Pair(own=name, theirs=column.name, because=Because.VALUES)
            else:
                continue
            scored.append((names + values, pair))
    found: list[Pair] = []
    for _, pair in sorted(scored, key=lambda each: -each[0]):
        if not any(pair.own == other.own or pair.theirs == other.theirs for other in found):
            found.append(pair)
    return found


def _shared(own: Collection[str], theirs: Collection[str]) -> float:
    """The share of the file's values that the dataset has; 0 where there are too few to say."""
    common = set(own) & set(theirs)
    return len(common) / len(set(own)) if len(common) >= LEAST_VALUES else 0.0
