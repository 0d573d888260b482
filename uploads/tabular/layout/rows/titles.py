"""What the lines above a table say, as far as a receipt quotes them: a person knows a table by its title."""

import itertools
from collections.abc import Iterable, Sequence
from functools import partial

_COMMENT_MARKS = ("#", "%", "!", "*", "\\", "//", "--", ";")
_LEAST_MARKED = 3
"""Lines below each other that do not begin with one mark by chance."""
_TITLES = 3
_QUOTED = 60
"""Characters of a title that a note quotes."""
_CUT_APART, _LEAST_OF_CELL = 6, 7
"""So few cells are cut each by itself; below so many characters a cell says nothing any more."""


def headings_in(rows: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """Of some rows by their places, what the first say that hold a single cell: a title of the table does."""
    alone = (row for row in rows if len([cell for cell in row[1] if cell.strip()]) == 1)
    return [str(text) for _, text in titles_in(alone)]


def titles_in(rows: Iterable[tuple[int, Sequence[str]]], *, delimiter: str = "") -> list[list[int | str]]:
    """Place and text of the first rows that say anything, of some by their places: lines of dashes do not.

    ``delimiter``: what stands between the cells, where the text is to say so; else a space, and no blank cells.
    """
    found: list[list[int | str]] = []
    for place, row in rows:
        cells = row if delimiter else list(filter(None, map(str.strip, row)))
        text = _quoted(cells, delimiter or " ")
        if any(map(str.isalnum, text)):
            found.append([place, text])
        if len(found) == _TITLES:
            break
    return found


def _quoted(cells: Sequence[str], delimiter: str) -> str:
    """The cells of a row in so many characters; of a few long ones each is cut by itself, so that none goes unseen."""
    text = delimiter.join(cells).strip(f"{delimiter} ")
    if len(text) <= _QUOTED:
        return text
    if 1 < sum(map(bool, cells)) <= _CUT_APART:
        for most in range(_QUOTED, _LEAST_OF_CELL, -1):
            cut = delimiter.join(map(partial(_cut, most=most), cells)).strip(f"{delimiter} ")
            if len(cut) <= _QUOTED:
                return cut
    return _cut(text, most=_QUOTED)


def _cut(text: str, *, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def comments_in(rows: Iterable[tuple[int, Sequence[str]]]) -> int:
    """How many of some rows are lines of a block that begin with one comment mark: their author said that they are
    none of the table, as the heads of USGS, GEO and IPAC do."""
    marks = (_comment_mark(row) for _, row in rows)
    runs = ((mark, sum(1 for _ in run)) for mark, run in itertools.groupby(marks))
    return sum(count for mark, count in runs if mark is not None and count >= _LEAST_MARKED)


def _comment_mark(row: Sequence[str]) -> str | None:
    first = row[0].lstrip() if row else ""
    return next((mark for mark in _COMMENT_MARKS if first.startswith(mark)), None)
