"""What ``ps``, ``top``, ``systemctl`` and ``ls -l`` print: words between spaces, the last cell with spaces of its own.

``ann  1544  0.3  2.5 … 12:34 /usr/lib/firefox -childID 3``. pandas' ``read_fwf`` cuts such lines where the first rows
have spaces, and a wide number then shares its cell with the one beside it; CleverCSV 0.8 splits commands into words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.places import MARK, first_lines
from uploads.tabular.notes import Note, NoteKind

type Cut = Callable[[str], Sequence[str] | None]
"""The cells of a line, and nothing of one that is no row."""

_MAY_BE = re.compile(r"\bPID\b|\bUNIT\b|[-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]")
_BEGINNING = 4_000
"""Characters at the top in which one of these stands."""
_NEARLY_ALL = 0.9
_LEAST_ROWS = 2
_PROCESS_NAMES = re.compile(r"%?[A-Za-z][\w+/%:-]*")
_COMMANDS = frozenset({"COMMAND", "CMD", "ARGS"})
_LEAST_NAMES = 4
_MOST_ABOVE = 12
"""Lines in which ``top`` tells about the machine, and prompts."""
_DAYS = frozenset({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
_UNIT_NAMES = ["UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"]
_UNIT = re.compile(
    r"[ ●○×*↻]*(?P<unit>[^\s●○×*↻]\S*\.[a-z]+) +(?P<load>loaded|not-found|bad-setting|error|merged|masked|stub)"
    r" +(?P<active>\S+) +(?P<sub>\S+)(?: +(?P<description>\S.*))?"
)
_LEGEND = re.compile(r"(?:Legend: +)?(?:LOAD|ACTIVE|SUB|JOB) +[=→] .*")
_ENTRY = re.compile(
    r"(?P<mode>[-bcCdDlMnpPs?][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT][.+@]?) +(?P<links>\d+) +(?P<owner>\S+)"
    r" +(?P<group>\S+) +(?P<size>\d+, *\d+|\d[\d.,]*[BKMGTPE]?) +(?P<modified>"
    r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)? [-+]\d{4})?"
    r"|(?:[^\W\d]+\.?|\d{1,2}月) +\d{1,2}[.日]? +(?:\d{4}|\d\d:\d\d(?::\d\d)?)"
    r"|\d{1,2}\.? +[^\W\d]+\.? +(?:\d{4}|\d\d:\d\d(?::\d\d)?)) (?P<name>.+)"
)
_TOTAL = re.compile(r"(?:total|insgesamt|totale|итого|合計|总用量) \d[\d.,]*[BKMGTPE]?")
_ENTRY_NAMES = ["mode", "links", "owner", "group", "size", "modified", "name"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing(CutLines):
    """Rows are cut as the program writes them; any other line is one cell."""

    names: tuple[str, ...]
    cut: Cut
    is_header: Callable[[str], bool]

    def cells(self, line: str) -> Sequence[str]:
        if self.is_header(line):
            return () if self.columns else self.names
        if not line.strip() or _LEGEND.fullmatch(line.strip()):
            return []
        return self.cut(line) or [line.strip()]


def find_listing(text: str) -> LineForm | None:
    """The form of a text of which nearly all lines are rows of one of these programs."""
    if not _MAY_BE.search(text, 0, _BEGINNING):
        return None
    lines = [line.rstrip() for line in first_lines(text) if line.strip()]
    if len(lines) < _LEAST_ROWS:
        return None
    return _processes(lines) or _units(lines) or _entries(lines)


def _processes(lines: Sequence[str]) -> LineForm | None:
    """``ps`` in any of its forms, and ``top``: names in one line, of which PID is one and the command the last."""
    at = next((at for at, line in enumerate(lines[:_MOST_ABOVE]) if _are_of_processes(line)), None)
    if at is None:
        return None
    names = lines[at].split()
    number = names.index("PID")

    def cut(line: str) -> Sequence[str] | None:
        cells = line.split(None, len(names) - 1)
        return cells if len(cells) == len(names) and cells[number].isdecimal() else None

    rows = [cells for line in lines[at + 1 :] if (cells := cut(line))]
    if any(cell in _DAYS for row in rows for cell in row[:-1]):
        return None  # the moment of a start takes five words
    return _form("processes", names, cut, lines[at + 1 :], is_header=lambda line: line.split() == names)


def _are_of_processes(line: str) -> bool:
    names = line.split()
    return (
        len(names) >= _LEAST_NAMES
        and names[-1] in _COMMANDS
        and names.count("PID") == 1
        and "\t" not in line
        and all(map(_PROCESS_NAMES.fullmatch, names))
    )


def _units(lines: Sequence[str]) -> LineForm | None:
    """``systemctl list-units``, a blank line and a legend below it."""
    if lines[0].split() != _UNIT_NAMES:
        return None

    def cut(line: str) -> Sequence[str] | None:
        found = _UNIT.fullmatch(line.rstrip())
        return None if found is None else [cell or "" for cell in found.groups()]

    below = [line for line in lines[1:] if cut(line)]
    return _form("units", _UNIT_NAMES, cut, below, is_header=lambda line: line.split() == _UNIT_NAMES)


def _entries(lines: Sequence[str]) -> LineForm | None:
    """``ls -l``: its line ``total 24`` has no other meaning than where the names would stand."""

    def cut(line: str) -> Sequence[str] | None:
        found = _ENTRY.fullmatch(line.strip())
        return None if found is None else [" ".join(cell.split()) for cell in found.groups()[:-1]] + [found["name"]]

    rows = [line for line in lines if not _is_total(line)]
    columns = () if len(rows) < len(lines) else tuple(_ENTRY_NAMES)
    return _form("entries", _ENTRY_NAMES, cut, rows, is_header=_is_total, columns=columns)


def _is_total(line: str) -> bool:
    return _TOTAL.fullmatch(line.strip()) is not None


def _form(
    program: str,
    names: Sequence[str],
    cut: Cut,
    lines: Sequence[str],
    *,
    is_header: Callable[[str], bool],
    columns: tuple[str, ...] = (),
) -> LineForm | None:
    rows = sum(1 for line in lines if cut(line))
    if rows < _LEAST_ROWS or rows < _NEARLY_ALL * len(lines):
        return None
    note = Note.of(NoteKind.PROGRAM_FORM, program=program)
    return Listing(note=note, names=tuple(names), cut=cut, is_header=is_header, columns=columns, delimiter=MARK)
