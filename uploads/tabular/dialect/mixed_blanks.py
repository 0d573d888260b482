"""Columns that tabs and spaces part together, as people align them by hand and Fortran programs are fed.

What awk, ``read.table`` of R and ``sep=r"\\s+"`` of pandas split at; cut at its tabs, each row of such a text has
another number of cells.
"""

import re
from collections import Counter
from collections.abc import Sequence

from uploads.tabular.dialect.line_form import BEGIN, END, USUAL, LineForm, filled_lines, has_values
from uploads.tabular.notes import Note, NoteKind

_LEAST_ROWS = 4
_LEAST_WIDTH = 3
_TORN = 0.8
"""Of lines that have as many tabs, fewer than this: else the tabs part the cells."""
_TAB = "\t"
_STEPS = (
    (re.compile(BEGIN + rb"[ \t]++"), b""),
    (re.compile(rb"[ \t]++" + END), b""),
    (re.compile(rb"[ \t]++"), _TAB.encode()),
)


def find_mixed_blanks(text: str) -> LineForm | None:
    """The form of a text whose rows all have as many words, some of them parted by tabs and some by spaces alone.

    A column of values is needed below the header, which may lack the name of the first column or not be there.
    """
    if _TAB not in text or '"' in text:
        return None
    lines = filled_lines(text)
    if len(lines) <= _LEAST_ROWS or any(_most_alike([line.count(mark) for line in lines]) for mark in USUAL):
        return None
    rows = [line.split() for line in lines]
    width = len(rows[-1])
    if width < _LEAST_WIDTH or len(rows[0]) not in (width - 1, width) or any(len(row) != width for row in rows[1:]):
        return None
    if not has_values([rows[1], *rows[1:]]):  # of the first it looks at the width alone, and a header may be narrower
        return None
    return LineForm(note=Note.of(NoteKind.MIXED_BLANKS), steps=_STEPS, delimiter=_TAB)


def _most_alike(counts: Sequence[int]) -> bool:
    """Whether most lines have as many of a mark, and have it at all."""
    [(count, times)] = Counter(counts).most_common(1)
    return count > 0 and times >= _TORN * len(counts)
