"""Printed tables some of whose cells hold a bar: the rule ``----+------`` shows which bars part columns.

psql and mysql print a bar in a cell as it is. Cut at every bar, as CleverCSV 0.8 and DuckDB's sniffer 1.4 do, such a
row has a cell too many.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.places import MARK, Measure, characters, first_lines, wide_places
from uploads.tabular.notes import Note, NoteKind

_RULE = re.compile(r"\+?-{2,}(?:\+-{2,})+\+?")
_LEAST_ROWS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledBars(CutLines):
    """Lines are cut at the bars that stand where the rule has a plus sign; the rule itself is no line any more."""

    cuts: tuple[int, ...]
    """The places of these bars, a frame's among them."""
    measure: Measure

    def cells(self, line: str) -> Sequence[str]:
        if _RULE.fullmatch(line.rstrip()):
            return []
        shown = self.measure(line)
        if not _conforms(shown, self.cuts):
            return [line.strip()]
        begins, ends = [0, *(at + 1 for at in self.cuts)], [*self.cuts, len(shown)]
        cells = [shown[begin:end].replace("\0", "").strip() for begin, end in zip(begins, ends, strict=True)]
        is_framed = self.cuts[0] == 0
        return cells[1:-1] if is_framed else cells


def find_ruled_bars(text: str) -> LineForm | None:
    """The form of a text whose rows all have bars below the joints of a rule, and some have more of them."""
    if "-+-" not in text or MARK not in text:
        return None
    lines = [line.rstrip() for line in first_lines(text)]
    rules = [line for line in lines if _RULE.fullmatch(line)]
    rows = [line for line in lines if MARK in line]
    if not rules or len(rows) <= _LEAST_ROWS:
        return None
    cuts = tuple(at for at, letter in enumerate(rules[0]) if letter == "+")
    if all(row.count(MARK) == len(cuts) for row in rows):
        return None  # every bar parts columns
    measures = (characters, wide_places)
    found = (measure for measure in measures if all(_conforms(measure(row), cuts) for row in rows))
    measure = next(found, None)
    if measure is None:
        return None
    note = Note.of(NoteKind.PRINTED_TABLE, rules=len(rules))
    return RuledBars(note=note, cuts=cuts, measure=measure, delimiter=MARK)


def _conforms(line: str, cuts: Sequence[int]) -> bool:
    return all(line[at : at + 1] == MARK for at in cuts)
