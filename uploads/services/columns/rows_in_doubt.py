"""Rows of a loaded table that are none, by what was found in its columns: totals, units below the header.

They are offered to be left out. Nobody is offered to read their words as empty, which would hide a row and keep it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uploads.services.options.catalogue import OPTIONS, parse_option
from uploads.services.options.of_sources import said_too, spoken

type ColumnJson = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowsOffered:
    """What may be left out, and how."""

    rows: tuple[int, ...]
    words: tuple[str, ...]
    """That stand in them, where other rows hold values of other types."""
    types: tuple[str, ...] = ()
    """Those types, by their names in PostgreSQL."""
    options: Mapping[str, Any]
    """What is said of the file then, beside all that was said before."""


def offer_rows(columns: Sequence[ColumnJson], *, options: Mapping[str, Any], origin: str = "") -> RowsOffered | None:
    """What to leave out of a table of these columns; ``options``: what was said of its file so far.

    By its word where all of it stands in the first column, for later files have totals too; else by its number.
    ``origin``: the sheet or member of which alone it is said, by its numbers.
    """
    found = [(position, suggestion) for position, suggestion in _suggestions(columns) if suggestion.get("rows")]
    if not found:
        return None
    rows = tuple(sorted({row for _, suggestion in found for row in suggestion["rows"]}))
    words = tuple(dict.fromkeys(word for _, suggestion in found for word in suggestion["row_words"]))
    if not origin and all(position == 0 and is_sure(suggestion) for position, suggestion in found):
        said = {"skip_words": [*dict.fromkeys([*(options.get("skip_words") or ()), *words])]}
    else:
        said = skipping(rows, options=options, origin=origin)
    types = tuple(dict.fromkeys(suggestion["type"] for _, suggestion in found))
    return RowsOffered(rows=rows, words=words, types=types, options=said)


def skipping(rows: Sequence[int], *, options: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """What is said to leave these rows out too, of one sheet or member if it has a name."""
    option, before = OPTIONS["skip_rows"], options.get("skip_rows")
    numbers = ", ".join(map(str, rows))
    if origin:
        own = spoken(option, before).get(origin) if before else None
        return {option.name: said_too(option, before, origin=origin, value=", ".join(filter(None, [own, numbers])))}
    return {option.name: parse_option(option.name, ", ".join(filter(None, [before, numbers])))}


type RowsNamed = Counter[tuple[int, ...]]
"""How many columns name the same rows as such that are to be left out."""


def rows_named(columns: Sequence[ColumnJson]) -> RowsNamed:
    """By the columns of a load, counted once for all of their suggestions."""
    return Counter(tuple(other.get("rows", ())) for _, other in _suggestions(columns))


def is_of_a_row(suggestion: Mapping[str, Any], alike: RowsNamed) -> bool:
    """Whether a suggestion is about a row that is to be left out: for certain, or because other columns say so too."""
    rows = tuple(suggestion.get("rows", ()))
    return bool(rows) and (is_sure(suggestion) or alike[rows] > 1)


def rejects_that_row(suggestion: Mapping[str, Any], column: ColumnJson, alike: RowsNamed) -> bool:
    """Whether a column's suggestion would reject a row of which several columns say that it is to be left out."""
    own = column.get("suggestion") or {}
    rows = tuple(own.get("rows", ()))
    return bool(suggestion.get("rejects")) and bool(rows) and alike[rows] > 1


def is_sure(suggestion: Mapping[str, Any]) -> bool:
    """Whether the words of the row are not offered as empty."""
    return not set(suggestion["row_words"]) <= set(suggestion["null_words"])


def _suggestions(columns: Sequence[ColumnJson]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for position, column in enumerate(columns):
        if column.get("suggestion"):
            yield position, column["suggestion"]
