"""What the lines above a table say, as far as a receipt quotes them: a person knows a table by its title."""

from collections.abc import Iterable, Sequence

_TITLES = 2
_QUOTED = 60
"""Characters of a title that a note quotes."""


def headings_in(rows: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """Of some rows by their places, what the first say that hold a single cell: a title of the table does."""
    alone = (row for row in rows if len([cell for cell in row[1] if cell.strip()]) == 1)
    return [str(text) for _, text in titles_in(alone)]


def titles_in(rows: Iterable[tuple[int, Sequence[str]]]) -> list[list[int | str]]:
    """Place and text of the first rows that say anything, of some by their places: lines of dashes do not."""
    found: list[list[int | str]] = []
    for place, row in rows:
        text = " ".join(filter(None, map(str.strip, row)))
        if any(map(str.isalnum, text)):
            found.append([place, text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"])
        if len(found) == _TITLES:
            break
    return found
