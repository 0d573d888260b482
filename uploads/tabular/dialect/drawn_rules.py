"""Lines of dashes or the like that only draw a rule below a header, between rows or below them: they are no rows.

CleverCSV 0.8 and DuckDB's sniffer 1.4 take such a line for a row of one cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import BEGIN, END, USUAL, LineForm, filled_lines
from uploads.tabular.dialect.places import MARK
from uploads.tabular.notes import Note, NoteKind

_RULE = re.compile(r"[ \t]*+([-=_*─━═])\1{4,}+[ \t]*+")
_STEPS = (
    (
        re.compile(
            BEGIN + rb"[ \t]*+(?:-{5,}+|={5,}+|_{5,}+|\*{5,}+|(?:\xe2[\x94\x95][\x80\x81\x90]){5,}+)[ \t]*+" + END
        ),
        b"",
    ),
)
_LEAST_ROWS = 3
_LEAST_COLUMNS = 3
_TITLES = 5
"""Lines above the names of columns."""
_MOST_RULES = 0.2
"""Share of the lines: a rule below each row is drawn with bars, which other forms read."""
_ALIKE = 0.9
_FOOTER = 3
"""Lines that can stand below a rule that ends the rows: their sums, and notes."""
_VALUE = re.compile(r"[-+]?\d[\d.,:/-]*%?")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacedWords(CutLines):
    """Lines of as many words as the header are cut at spaces; others, such as titles, are one cell."""

    words: int
    titles: frozenset[str] = frozenset()
    """Lines above the header, which may have as many words."""

    def cells(self, line: str) -> Sequence[str]:
        words = line.split()
        if _RULE.fullmatch(line):
            return []
        is_row = len(words) == self.words and line.strip() not in self.titles
        return words if is_row else [line.strip()]


def find_drawn_rules(text: str) -> LineForm | None:
    """The form of a text with a rule right below its header: the line above has as many cells as the rows below.

    Below more lines of as many cells it is the end of the rows, and notes follow.
    """
    lines = filled_lines(text) if any(mark * 5 in text for mark in "-=_*─━═") else ()
    rules = {at for at, line in enumerate(lines) if _RULE.fullmatch(line)}
    at = min(rules - {0}, default=0)
    if not at or at - 1 in rules or len(rules) > max(_LEAST_ROWS, _MOST_RULES * len(lines)):
        return None
    below = [line for place, line in enumerate(lines[at + 1 :], at + 1) if place not in rules]
    for mark in (*USUAL, None):
        above = [_borders(line, mark) for line in lines[:at]]
        if _are_alike(above[-1], [_borders(line, mark) for line in below]) and above.count(above[-1]) == 1:
            note = Note.of(NoteKind.DRAWN_RULES, rules=len(rules), is_spaced=mark is None)
            spaced = SpacedWords(note=note, words=above[-1] + 1, delimiter=MARK)
            return spaced if mark is None else LineForm(note=note, steps=_STEPS)
    return _above_sums(lines, rules, at)


def _above_sums(lines: Sequence[str], rules: set[int], at: int) -> LineForm | None:
    """The form of rows that a rule parts from their sums: names over values, in words that are as many in each line."""
    words = [line.split() for line in lines[:at]]
    first = next((n for n in range(at) if all(len(row) == len(words[-1]) for row in words[n:])), at)
    below = [line.split() for n, line in enumerate(lines[at:], at) if n not in rules]
    width = len(words[-1])
    if width < _LEAST_COLUMNS or len(below) > _FOOTER or not any("  " in line.strip() for line in lines[first:at]):
        return None
    start = next((n for n in range(first, at - _LEAST_ROWS) if _are_names_over_values(words[n:])), None)
    if start is None or start > _TITLES or not any(len(row) <= width and _VALUE.fullmatch(row[-1]) for row in below):
        return None
    note = Note.of(NoteKind.DRAWN_RULES, rules=len(rules), is_spaced=True)
    titles = frozenset(line.strip() for line in lines[:start])
    return SpacedWords(note=note, words=width, titles=titles, delimiter=MARK)


def _are_names_over_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether no cell of the first row is a value, and more than half of the columns below it hold nothing else."""
    names, *body = rows
    if any(map(_VALUE.fullmatch, names)):
        return False
    columns = zip(*body, strict=True)
    return 2 * sum(all(map(_VALUE.fullmatch, column)) for column in columns) > len(names)


def _borders(line: str, mark: str | None) -> int:
    """How many borders of cells a line has; ``None``: cut at spaces, however many."""
    return len(line.split()) - 1 if mark is None else line.count(mark)


def _are_alike(header: int, rows: Sequence[int]) -> bool:
    """Whether a line has several cells and nearly all rows as many, by the numbers of their borders."""
    return header > 0 and len(rows) >= _LEAST_ROWS and rows.count(header) >= _ALIKE * len(rows)
