"""Rows that agree in shape: what prose, titles and pairs of a name and a value don't do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.totals import looks_like_total

Row = Sequence[str]
type _Shape = Mapping[int, str]

LEAST = 3
"""So many lines of several cells are a table, its header among them."""
_MOST_ROWS = 1_000
_NUMBER_OF_NOTE = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])[.)]")
_SENTENCE_WORDS = 3
_PAIR = 2
_BROAD = {
    Kind.NUMBER: "figure",
    Kind.YEAR: "figure",
    Kind.PERIOD: "time",
    Kind.DATE: "time",
    Kind.LETTER: "word",
    Kind.WORD: "word",
    Kind.PHRASE: "word",
    Kind.MIXED: "word",
    Kind.CODE: "code",
}
"""A mark for no value agrees with anything, as a blank cell does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlikeRows:
    """Rows that stand together, counted from 0 in those that were given."""

    header: int | None
    """The row above the others, if it names their columns."""
    first: int
    last: int

    @property
    def top(self) -> int:
        return self.first if self.header is None else self.header


def rows_alike(rows: Sequence[Row]) -> Iterator[AlikeRows]:
    """Each group of three or more that stand below each other without a blank one between.

    Notes begin with ``#``, are pairs whose first cell ends with a colon, or sentences behind a number (``1.``, ``(a)``)
    in a cell of its own; sums are of the table above them.
    """
    header: int | None = None
    run: list[int] = []
    known: dict[int, str] = {}
    for number, row in enumerate([*rows[:_MOST_ROWS], ()]):
        shape = _shape(row)
        if run and shape and _agree(shape, known):
            run.append(number)
            known |= shape
            continue
        if (found := _found(header, run)) is not None:
            yield found
            header = None
        else:
            header = run[0] if len(run) == 1 and shape and _names(rows[run[0]], shape, known) else None
        run, known = ([number], dict(shape)) if shape else ([], {})


def _found(header: int | None, run: Sequence[int]) -> AlikeRows | None:
    if len(run) < LEAST - (header is not None):
        return None
    return AlikeRows(header=header, first=run[0], last=run[-1])


def _shape(row: Row) -> _Shape:
    """The kinds of the filled cells; nothing for a row of less than two, and for what is no row of a table."""
    cells = [cell.strip() for cell in row]
    words = [cell for cell in cells if cell]
    if len(words) < 2 or words[0].startswith("#") or words[0].endswith(":") or looks_like_total(words):
        return {}
    if len(words) == _PAIR and _NUMBER_OF_NOTE.fullmatch(words[0]) and len(words[1].split()) >= _SENTENCE_WORDS:
        return {}
    kinds = ((position, _BROAD.get(kind_in(cell[:200]))) for position, cell in enumerate(cells) if cell)
    return {position: kind for position, kind in kinds if kind is not None}


def _agree(shape: _Shape, known: _Shape) -> bool:
    shared = shape.keys() & known.keys()
    return len(shared) > 1 and all(shape[position] == known[position] for position in shared)


def _names(row: Row, below: _Shape, known: _Shape) -> bool:
    """Whether the row holds a word above each cell below it, and no figure."""
    return below.keys() <= known.keys() and all(kind != "figure" for kind in known.values()) and len(set(row)) > 1
