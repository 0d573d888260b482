"""Delimiters of several characters (``::``, ``||``, ``|~|``) and single ones with spaces on both sides."""

import re
from collections.abc import Sequence

from uploads.tabular.dialect.dialect import LONGEST_DELIMITER
from uploads.tabular.dialect.line_form import BEGIN, END, USUAL, LineForm, filled_lines, has_values, outside_quotes
from uploads.tabular.dialect.quoting import quote_around_all
from uploads.tabular.notes import Note, NoteKind

_MARKS = "|~^#@!&*<>¦§:;,\t"
_RUN = re.compile(f"[{re.escape(_MARKS)}]{{2,{LONGEST_DELIMITER}}}")
_LEAST_LINES = 3
_LEAST_RUNS = 2
_SPACED = "#~^&*!@"
_SPACED_UNQUOTED = ";,|"
"""The same of a text without quotes."""
_STAND_INS = ("\t", "\x1e", "\x1d", "\x1c")
"""What takes the place of a long delimiter: a tab, which people can see in a rejected row, where the text has none."""


def find_long_delimiter(text: str, *, given: str | None = None, quote: str = '"') -> LineForm | None:
    """The form of a text whose cells are separated by several characters; ``given`` by a person."""
    lines = filled_lines(text)
    found = given or (None if quote_around_all(text) else _found(lines))
    if found is None:
        return None
    # A tab that only stands within the delimiter goes with it.
    stand_in = next(mark for mark in _STAND_INS if mark not in text.replace(found, "") or mark == _STAND_INS[-1])
    mark = found.encode()
    step = outside_quotes(re.escape(mark), mark, stand_in.encode())
    if quote not in text:
        step = (re.compile(re.escape(mark)), stand_in.encode())
    note = Note.of(NoteKind.LONG_DELIMITER, delimiter=found)
    return LineForm(note=note, steps=(step,), delimiter=stand_in)


def _found(lines: Sequence[str]) -> str | None:
    """Characters that stand together, as often in each line, and no usual delimiter among them anywhere else."""
    if len(lines) < _LEAST_LINES:
        return None
    runs: list[str] = _RUN.findall(lines[0])
    return next((run for run in dict.fromkeys(runs) if _parts_cells(run, lines)), None)


def _parts_cells(run: str, lines: Sequence[str]) -> bool:
    """Whether a run of marks stands as often in each line, and is no blank cell between two delimiters."""
    letters = set(run)
    if len(letters) > 1 and letters & set(";,\t"):
        return False
    if any(line.count(run) != lines[0].count(run) for line in lines):
        return False
    if any(_parts_more(letter, [line.replace(run, "") for line in lines], run) for letter in letters & set(USUAL)):
        return False
    runs = re.compile(f"{re.escape(run[0])}+")
    if len(letters) > 1 or all(len(other) % len(run) == 0 for line in lines for other in runs.findall(line)):
        return True
    return _is_among_single_ones(run, lines)


def _parts_more(letter: str, lines: Sequence[str], run: str) -> bool:
    """Whether a usual delimiter stands besides ``run``: in each line, or anywhere beside ``||``. A bar in some cells
    between ``~|~`` is none."""
    times = {line.count(letter) for line in lines}
    return times != {0} if len(set(run)) == 1 else 0 not in times


def _is_among_single_ones(run: str, lines: Sequence[str]) -> bool:
    """Whether single marks stand in cells, as the colons of ``1::Toy Story: 2::10:30``: a column holds values, and
    nothing else parts all lines into as many cells. ``fe80::1:2`` has one run and no more."""
    if lines[0].count(run) < _LEAST_RUNS or any(run + run[0] in line for line in lines):
        return False
    others = (mark for mark in USUAL if lines[0].count(mark) >= lines[0].count(run))
    if any(len({line.count(mark) for line in lines}) == 1 for mark in others):
        return False
    return has_values([line.split(run) for line in lines])


def find_spaces_around(text: str) -> LineForm | None:
    """Spaces stand on both sides of each delimiter: ``  1 # 'a' # 'b'``, ``1 ; a ; b``. They and those before the first
    cell are padding. A column of values is needed, for ``R & D`` stands in each line of some lists too."""
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES:
        return None
    for delimiter in _SPACED if '"' in text else _SPACED + _SPACED_UNQUOTED:
        times = lines[0].count(delimiter)
        if not times or any(line.count(delimiter) != times for line in lines):
            continue
        if all(line.count(f" {delimiter} ") == times for line in lines) and has_values(
            [line.split(delimiter) for line in lines]
        ):
            mark = delimiter.encode()
            steps = (
                (re.compile(BEGIN + b" ++"), b""),
                (re.compile(b" +" + re.escape(mark) + b"(?= )"), mark),
                (re.compile(b" +" + END), b""),
            )
            return LineForm(note=Note.of(NoteKind.SPACES_AROUND), steps=steps, delimiter=delimiter)
    return None
