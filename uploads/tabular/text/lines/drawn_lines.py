"""Lines of a text that only draw a rule (``---+---``): they are read as blank, and told as what they are."""

import re
from collections.abc import Sequence

from uploads.tabular.dialect.line_form import BEGIN, END, LineForm
from uploads.tabular.layout.row_numbers import Span
from uploads.tabular.layout.rows.places_met import PlacesMet, common_spans

_RULE = re.compile(
    BEGIN
    + rb"(?=[^\r\n]*?(?:[-=_*]{2}|(?:\xe2[\x94\x95][\x80-\xbf]){2}))(?:[-+|:=_*,; \t]|\xe2[\x94\x95][\x80-\xbf])++"
    + END
)
"""Wider than what any form takes for a rule: only those that were read as blank are counted."""


class DrawnLines:
    """Follows the lines of a text as they come, before they are rewritten."""

    def __init__(self, first_line: int) -> None:
        self._line = first_line
        self._met = PlacesMet()

    def take(self, lines: bytes) -> None:
        """Some whole lines, the next ones."""
        found, line, seen = [], self._line, 0
        for match in _RULE.finditer(lines):
            line += _ends(lines, seen, match.start())
            seen = match.start()
            found.append(line)
        self._met.add(found)
        self._line = line + _ends(lines, seen, len(lines))

    def among(self, blank: Sequence[Span]) -> list[Span]:
        """Those of them that stand in some spans of blank lines."""
        return common_spans(self._met.outside(()), blank)


def drawn_lines(forms: Sequence[LineForm], first_line: int) -> DrawnLines | None:
    """``None`` where no form reads rules as blank lines of their own."""
    return DrawnLines(first_line) if any(form.note.figures.get("rules") for form in forms) else None


def _ends(lines: bytes, start: int, stop: int) -> int:
    """How many lines end there: by LF, CR LF or CR."""
    return lines.count(b"\n", start, stop) + lines.count(b"\r", start, stop) - lines.count(b"\r\n", start, stop)
