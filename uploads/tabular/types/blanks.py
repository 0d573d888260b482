"""What counts as blank: the empty cell, and the words that a person says mean nothing."""

import re
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

NULL_LIKE = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "NULL", "null", "Null", "None", "NaN", "nan", "nil", "\\N", "(null)"}
    | {"-", "--", "—", "–", ".", "..", "...", "?"}
)
"""Words that often mean "no value". They are text until a person says otherwise: NA is Namibia too."""

WORDLIKE = (
    r"^(?:[^0-9]{1,20}"
    r"|0{1,4}([-/.])0{1,2}[-/.]0{1,4}(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?)$"
)
"""Official statistics write ``C``, ``x``, ``:`` or ``n. d.`` for a figure that isn't told. No number, date or time is
without a digit, so among figures such words stand out whatever they are; and no day is ``0000-00-00``, by which MySQL
and old exports say that there is none."""


def blank_out(cells: pa.StringArray, words: Collection[str]) -> tuple[pa.StringArray, dict[str, int]]:
    """The cells with the words made blank, and how often which of the words occur."""
    trimmed = pc.utf8_trim_whitespace(cells)
    found = pc.is_in(trimmed, pa.array(sorted(words), pa.string()))
    if not pc.any(found).as_py():
        return cells, {}
    counts = pc.value_counts(trimmed.filter(found)).to_pylist()
    return pc.if_else(found, "", cells), {count["values"]: count["counts"] for count in counts}


def is_wordlike(value: str) -> bool:
    """Whether a value among figures may be a word for "not told"."""
    return value in NULL_LIKE or re.match(WORDLIKE, value) is not None


def words_among(cells: pa.StringArray) -> set[str]:
    """The words that may mean "not told" and are not in ``NULL_LIKE``."""
    trimmed = pc.utf8_trim_whitespace(cells)
    return set(pc.unique(trimmed.filter(pc.match_substring_regex(trimmed, WORDLIKE))).to_pylist()) - NULL_LIKE


def blanks_in(cells: pa.StringArray) -> int:
    """How many cells are empty."""
    if not len(cells) or pc.min(pc.binary_length(cells)).as_py() > 0:
        return 0
    return int(pc.sum(pc.equal(cells, "")).as_py())


def filled_of(cells: pa.StringArray) -> pa.StringArray:
    """The cells that are not empty."""
    return cells.filter(pc.not_equal(cells, "")) if blanks_in(cells) else cells
