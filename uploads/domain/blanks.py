"""What counts as blank: the empty cell, and the words that a person says mean nothing."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

NULL_LIKE = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "NULL", "null", "Null", "None", "NaN", "nan", "nil", "\\N", "(null)"}
    | {"-", "--", "—", "–", ".", "..", "...", "?"}
)
"""Words that often mean "no value". They are text until a person says otherwise: NA is Namibia too."""


def blank_out(cells: pa.StringArray, words: Collection[str]) -> tuple[pa.StringArray, set[str]]:
    """The cells with the words made blank, and which of the words occur."""
    trimmed = pc.utf8_trim_whitespace(cells)
    found = pc.is_in(trimmed, pa.array(sorted(words), pa.string()))
    if not pc.any(found).as_py():
        return cells, set()
    return pc.if_else(found, "", cells), set(pc.unique(trimmed.filter(found)).to_pylist())


def blanks_in(cells: pa.StringArray) -> int:
    """How many cells are empty."""
    if not len(cells) or pc.min(pc.binary_length(cells)).as_py() > 0:
        return 0
    return int(pc.sum(pc.equal(cells, "")).as_py())


def filled_of(cells: pa.StringArray) -> pa.StringArray:
    """The cells that are not empty."""
    return cells.filter(pc.not_equal(cells, "")) if blanks_in(cells) else cells
