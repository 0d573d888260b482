"""Logs whose lines are names with their values, ``time=… level=info msg="it started"`` (logfmt, firewalls).

Cut at any one delimiter, as by CleverCSV 0.8 and DuckDB's sniffer 1.4, names and parts of times stand in the cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm, filled_lines
from uploads.tabular.dialect.places import MARK
from uploads.tabular.notes import Note, NoteKind

_PAIR = re.compile(r'(?P<name>[A-Za-z_][\w.@/:-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]*))(?:\s+|$)')
_ESCAPED = re.compile(r'\\(["\\])')
_LEAST_LINES = 3
_LEAST_PAIRS = 2
_MOST_NAMES = 200
_NEARLY_ALL = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyValues(CutLines):
    """Each value in the column of its name; a line with any other name is one cell."""

    def cells(self, line: str) -> Sequence[str]:
        found = _pairs(line)
        if not found or not found.keys() <= set(self.columns):
            return [line.strip()] if line.strip() else []
        return [found.get(name, "") for name in self.columns]


def find_key_values(text: str) -> LineForm | None:
    """The form of a text of which nearly all lines, and the first, are such pairs and begin with the same name."""
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES or not (first := _pairs(lines[0])):
        return None
    found = [pairs for line in lines if len(pairs := _pairs(line)) >= _LEAST_PAIRS]
    alike = sum(1 for pairs in found if next(iter(pairs)) == next(iter(first)))
    names = tuple(dict.fromkeys(name for pairs in found for name in pairs))
    if alike < _NEARLY_ALL * len(lines) or len(names) > _MOST_NAMES:
        return None
    note = Note.of(NoteKind.PROGRAM_FORM, program="key_values")
    return KeyValues(note=note, columns=names, delimiter=MARK)


def _pairs(line: str) -> dict[str, str]:
    """The values by their names; none of a line that has anything else, or a name twice."""
    line, found, at = line.strip(), dict[str, str](), 0
    while pair := _PAIR.match(line, at):
        if pair["name"] in found:
            return {}
        quoted = pair["quoted"]
        found[pair["name"]] = pair["bare"] if quoted is None else _ESCAPED.sub(r"\1", quoted)
        at = pair.end()
    return found if at == len(line) else {}
