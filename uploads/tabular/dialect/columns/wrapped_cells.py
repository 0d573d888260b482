"""Printed tables whose cells go on in the next lines: grids with a rule below each row, and psql's ``+`` at a bar.

+------+-----------+      |  id |    remark
| code | remark    |      | ----+--------------
+======+===========+      |   1 | first line  +
| A    | two       |      |     | second line
|      | lines     |      |   2 | one line
+------+-----------+      |
| B    | one       |
+------+-----------+
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from uploads.tabular.dialect.columns.lines_apart import VALUE
from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.notes import Note, NoteKind

_GRID_RULE = re.compile(r"\+(?:-{2,}+\+)+|\+(?:={2,}+\+)+")
_RULE = re.compile(r"\+?-{2,}+(?:\+-{2,}+)++\+?")
_LEAST_ROWS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedCells(LineForm):
    """The lines of a row make one, its cells joined by spaces; it stands in the first, the others are blank then."""

    steps: tuple[Step, ...] = ()
    rule: str
    is_grid: bool

    def start(self) -> Rewriter:
        return _Joiner(self.rule, is_grid=self.is_grid).join


class _Joiner:
    """Takes lines as they come; those of a row that has begun wait for the rest of it."""

    def __init__(self, rule: str, *, is_grid: bool) -> None:
        self._rule = rule
        self._bars = [at for at, mark in enumerate(rule) if mark == "+"]
        self._is_grid = is_grid
        self._lines: list[list[str]] = []
        self._ends: list[bytes] = []

    def join(self, lines: bytes, *, final: bool) -> bytes:
        done = [self._take(line) for line in LINE.findall(lines)]
        if final:
            done.append(self._finished())
        return b"".join(done)

    def _take(self, line: bytes) -> bytes:
        text = line.rstrip(b"\r\n")
        end, shown = line[len(text) :], text.decode("utf-8", "surrogateescape")
        if (_GRID_RULE if self._is_grid else _RULE).fullmatch(shown.strip()):
            return self._finished() + end
        cells = _cells(shown.strip() if self._is_grid else shown, self._bars)
        if cells is None:
            return self._finished() + text + end
        marks = set() if self._is_grid else _marks(shown, cells, self._rule)
        self._lines.append([(cell[:-1] if at in marks else cell).strip() for at, cell in enumerate(cells)])
        self._ends.append(end)
        return b"" if self._is_grid or marks else self._finished()

    def _finished(self) -> bytes:
        if not self._lines:
            return b""
        cells = [" ".join(filter(None, column)) for column in zip(*self._lines, strict=True)]
        row = written(cells).encode("utf-8", "surrogateescape") + b"".join(self._ends)
        self._lines, self._ends = [], []
        return row


def find_wrapped_cells(text: str) -> LineForm | None:
    """The form of a printed table of which some row takes several lines."""
    lines = first_lines(text)
    grid = next((line.strip() for line in lines if _GRID_RULE.fullmatch(line.strip())), None)
    if grid is not None and _is_grid([line.strip() for line in lines], grid):
        return _form(grid, is_grid=True)
    rule = next((line for line in lines if _RULE.fullmatch(line)), None)
    if rule is None:
        return None
    bars = [at for at, mark in enumerate(rule) if mark == "+"]
    rows = [(line, cells) for line in lines if (cells := _cells(line, bars)) is not None]
    marked = [at for at, (line, cells) in enumerate(rows) if _marks(line, cells, rule)]
    is_wrapped = bool(marked) and marked[-1] < len(rows) - 1 and len(rows) - len(marked) > _LEAST_ROWS
    return _form(rule, is_grid=False) if is_wrapped else None


def _marks(line: str, cells: Sequence[str], rule: str) -> set[int]:
    """The cells that end with ``+`` where else the space in front of a bar is, or that at the end of the line."""
    is_framed = rule.endswith("+")
    marks = {at for at, cell in enumerate(cells if is_framed else cells[:-1]) if cell.endswith("+")}
    return marks if is_framed or line[len(rule) - 1 : len(rule)] != "+" else {*marks, len(cells) - 1}


def _form(rule: str, *, is_grid: bool) -> LineForm:
    note = Note.of(NoteKind.WRAPPED_CELLS, is_grid=is_grid)
    return WrappedCells(note=note, rule=rule, is_grid=is_grid, delimiter=MARK)


def _is_grid(lines: Sequence[str], rule: str) -> bool:
    """Whether a rule parts all rows, some of several lines: below the first no figures, and a blank cell in each."""
    blocks = list(_blocks(lines, [at for at, mark in enumerate(rule) if mark == "+"]))
    below = [line for block in blocks[1:] for line in block[1:]]
    if len(blocks) <= _LEAST_ROWS or not below:
        return False
    return all("" in line and not any(map(VALUE.fullmatch, filter(None, line))) for line in below)


def _blocks(lines: Sequence[str], bars: Sequence[int]) -> Iterator[list[list[str]]]:
    for is_rule, group in groupby(lines, key=lambda line: _GRID_RULE.fullmatch(line) is not None):
        cells = [list(map(str.strip, found)) for line in group if (found := _cells(line, bars)) is not None]
        if not is_rule and cells:
            yield cells


def _cells(line: str, bars: Sequence[int]) -> list[str] | None:
    """The cells of a line that has a bar at each place, or as many where wide letters move them; else ``None``."""
    if all(line[at : at + 1] == "|" for at in bars):
        begins, ends = [0, *(at + 1 for at in bars)], [*bars, len(line)]
        cells = [line[begin:end] for begin, end in zip(begins, ends, strict=True)]
    elif line.count("|") == len(bars) and not line.isascii():
        cells = line.split("|")
    else:
        return None
    return cells if bars[0] else cells[1:-1]
