"""What Stata's ``list`` prints: a frame around rows whose columns spaces part, and a number before each of them.

     |----------------------------|
  1. | AMC Concord   4,099     22 |

Cut at its bars, as by CleverCSV 0.8 and DuckDB's sniffer 1.4, all columns are one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.blank_places import blank_places
from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.places import MARK, Measure, characters, first_lines, wide_places
from uploads.tabular.notes import Note, NoteKind

_RULE = re.compile(r" *[+|]-{3,}[+|] *")
_NAMES = re.compile(r" *\|(?P<inner>[^|]+)\| *")
_ROW = re.compile(r" *(?P<number>\d+)\. \|(?P<inner>[^|]*)\| *")
_LEAST_ROWS = 2
_WIDE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class StataList(CutLines):
    """Lines are cut between the bars; rules are no lines any more."""

    gaps: tuple[int, ...]
    """The places between two columns, from the first bar."""
    measure: Measure

    def cells(self, line: str) -> Sequence[str]:
        if _RULE.fullmatch(line):
            return []
        shown = self.measure(line)
        row = _ROW.fullmatch(shown)
        found = row or _NAMES.fullmatch(shown)
        if found is None or any(found["inner"][at : at + 1].strip() for at in self.gaps):
            return [line.strip()]
        begins, ends = [0, *self.gaps], [*self.gaps, len(found["inner"])]
        cells = [found["inner"][a:b].replace("\0", "").strip() for a, b in zip(begins, ends, strict=True)]
        return [row["number"] if row else "", *cells]


def find_stata_list(text: str) -> LineForm | None:
    """The form of a text with names between two rules and rows below them, each with its number before the frame."""
    if "-|" not in text:
        return None
    lines = [line.rstrip() for line in first_lines(text) if line.strip()]
    top = next((at for at, line in enumerate(lines) if _RULE.fullmatch(line)), None)
    if top is None or top + 2 >= len(lines) or not _RULE.fullmatch(lines[top + 2]):
        return None
    for measure in (characters,) if text.isascii() else (characters, wide_places):
        shown = [measure(line) for line in lines[top:]]
        names = _NAMES.fullmatch(shown[1])
        rows = [found["inner"] for line in shown if (found := _ROW.fullmatch(line))]
        others = [line for line in shown[2:] if not _ROW.fullmatch(line) and not _RULE.fullmatch(line)]
        if names is None or len(rows) < _LEAST_ROWS or len(others) > len(rows) or {*map(len, rows)} != {len(names[1])}:
            continue
        wide = [gap for gap in blank_places([names["inner"], *rows], 1.0) if len(gap) >= _WIDE]
        if len(wide) + 1 == len(names["inner"].split()) > 1:
            note = Note.of(NoteKind.PROGRAM_FORM, program="stata")
            return StataList(note=note, gaps=tuple(gap.start for gap in wide), measure=measure, delimiter=MARK)
    return None
