"""Logs whose lines are a time, who wrote it, and a message in words: syslog's, and those of applications.

``Nov 28 10:11:12 mail sshd[9]: …`` and ``2026-11-28 10:11:12,123 INFO app.main: …``. At spaces, as CleverCSV 0.8 and
DuckDB's sniffer 1.4 cut them, each message has another number of cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.choice import choose_dialect
from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm, filled_lines
from uploads.tabular.dialect.places import MARK
from uploads.tabular.notes import Note, NoteKind

_STAMP = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[-+]\d\d:?\d\d)?"
_DAY = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
_LEVEL = (
    r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE"
    r"|trace|debug|info|notice|warn|warning|error|err|critical|crit|fatal|Debug|Info|Notice|Warning|Error|Critical)"
)
_FORMS = (
    ("levels", ("time", "level", "message"), rf"\[?({_STAMP})\]? +(?:- )?\[?({_LEVEL})\]?:? +(?:- )?(.*)"),
    (
        "threads",
        ("time", "thread", "level", "message"),
        rf"\[?({_STAMP})\]? +(?:- )?\[([^\[\]]+)\] +(?:- )?\[?({_LEVEL})\]?:? +(?:- )?(.*)",
    ),
    ("threads", ("time", "level", "thread", "message"), rf"\[({_STAMP}): ({_LEVEL})/([\w.-]+)\] ?(.*)"),
    (
        "syslog",
        ("time", "host", "program", "message"),
        rf"({_DAY}|{_STAMP}) ([\w.:-]+) ([\w./@-]+(?:\([\w./@-]+\))?(?:\[\d+\])?): ?(.*)",
    ),
)
"""Which columns there are, and how a line writes them."""
_TIMED = re.compile(rf"\[?({_STAMP}(?: (?:UTC|GMT))?)\]?:? +(?:- )?(.*)")
_LEAST_LINES = 3
_NEARLY_ALL = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageLog(CutLines):
    """The message is the rest of the line; a line of another form is one cell."""

    pattern: re.Pattern[str]

    def cells(self, line: str) -> Sequence[str]:
        found = self.pattern.fullmatch(line)
        return found.groups() if found else [line.strip()] if line.strip() else []


def find_message_log(text: str) -> LineForm | None:
    """The form of a text of which nearly all lines, and the first, are so, with messages of several lengths.

    Where all have as many words, or one delimiter parts all lines alike, it may be a table.
    """
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES:
        return None
    for kind, columns, written in _FORMS:
        pattern = re.compile(written)
        if pattern.fullmatch(lines[0]) is None:
            continue
        # Times are alike, and have commas and spaces of their own: what follows says whether it is a table.
        found = [line[match.end(1) :] for line in lines if (match := pattern.fullmatch(line))]
        if len(found) < _NEARLY_ALL * len(lines) or any(_parts_alike(found, mark) for mark in ";,\t| "):
            return None
        note = Note.of(NoteKind.PROGRAM_FORM, program=kind)
        return MessageLog(note=note, columns=columns, pattern=pattern, delimiter=MARK)
    return None


def find_timed_lines(text: str) -> LineForm | None:
    """The same of a text that is no table: nearly all lines, and the first, begin with a time, whatever follows."""
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES or _TIMED.fullmatch(lines[0]) is None:
        return None
    found = [line for line in lines if _TIMED.fullmatch(line)]
    if len(found) < _NEARLY_ALL * len(lines) or not choose_dialect(text).dialect.single_column:
        return None
    note = Note.of(NoteKind.PROGRAM_FORM, program="timed")
    return MessageLog(note=note, columns=("time", "message"), pattern=_TIMED, delimiter=MARK)


def _parts_alike(lines: Sequence[str], mark: str) -> bool:
    """Whether a delimiter stands as often in each line."""
    counts = {line.count(mark) for line in lines}
    return len(counts) == 1 and counts != {0}
