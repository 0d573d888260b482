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
_MOST_RULES = 0.2
"""Share of the lines: a rule below each row is drawn with bars, which other forms read."""
_ALIKE = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacedWords(CutLines):
    """Lines of as many words as the header are cut at spaces; others, such as titles, are one cell."""

    words: int

    def cells(self, line: str) -> Sequence[str]:
        words = line.split()
        if _RULE.fullmatch(line):
            return []
        return words if len(words) == self.words else [line.strip()]


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
    return None


def _borders(line: str, mark: str | None) -> int:
    """How many borders of cells a line has; ``None``: cut at spaces, however many."""
    return len(line.split()) - 1 if mark is None else line.count(mark)


def _are_alike(header: int, rows: Sequence[int]) -> bool:
    """Whether a line has several cells and nearly all rows as many, by the numbers of their borders."""
    return header > 0 and len(rows) >= _LEAST_ROWS and rows.count(header) >= _ALIKE * len(rows)
