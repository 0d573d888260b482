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
_MOST_TITLES = 6
"""Lines above the header; below more it is a row above a sum."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacedWords(CutLines):
    """Lines of as many words as the header are cut at spaces; others, such as titles, are one cell."""

    words: int
    titles: frozenset[str]
    """What stands above the header."""

    def cells(self, line: str) -> Sequence[str]:
        words = line.split()
        if _RULE.fullmatch(line):
            return []
        return words if len(words) == self.words and line not in self.titles else [line.strip()]


def find_drawn_rules(text: str) -> LineForm | None:
    """The form of a text with a rule right below its header: the line above has as many cells as the rows below."""
    lines = filled_lines(text) if any(mark * 5 in text for mark in "-=_*─━═") else ()
    rules = {at for at, line in enumerate(lines) if _RULE.fullmatch(line)}
    at = min(rules - {0}, default=0)
    if not 0 < at <= _MOST_TITLES + 1 or len(rules) > max(_LEAST_ROWS, _MOST_RULES * len(lines)):
        return None
    header, above = lines[at - 1], lines[: at - 1]
    below = [line for place, line in enumerate(lines[at + 1 :], at + 1) if place not in rules]
    if at - 1 in rules or len(below) < _LEAST_ROWS:
        return None
    if any(_are_alike([line.count(mark) for line in (header, *below)]) for mark in USUAL):
        return LineForm(note=Note.of(NoteKind.DRAWN_RULES, rules=len(rules), is_spaced=False), steps=_STEPS)
    if _are_alike([len(line.split()) - 1 for line in (header, *below)]):
        note = Note.of(NoteKind.DRAWN_RULES, rules=len(rules), is_spaced=True)
        return SpacedWords(note=note, words=len(header.split()), titles=frozenset(above), delimiter=MARK)
    return None


def _are_alike(borders: Sequence[int]) -> bool:
    """Whether the first line, the header, has several cells and nearly all others as many."""
    header, rows = borders[0], borders[1:]
    return header > 0 and rows.count(header) >= _ALIKE * len(rows)
