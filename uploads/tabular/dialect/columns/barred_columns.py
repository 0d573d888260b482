"""Columns whose places bars in the header show, above rows without bars: tables of the infrared archive IPAC.

``|   ra   |  dec  |`` names them; up to three such lines below it say types, units and what stands for blank, and
lines that begin with a backslash are remarks. astropy reads them where it is told the format (``ascii.ipac``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.notes import Note, NoteKind

_REMARK = "\\"
_LEAST_COLUMNS = 2
_HEADER_LINES = 4
_TYPES, _UNITS = 1, 2
"""The lines of the header, from 0, that hold them."""
_TYPE_WORDS = frozenset({"char", "c", "date", "int", "i", "long", "l", "double", "d", "float", "f", "real", "r"})
"""All that there are: where the second line says anything else, it is a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BarredColumns(LineForm):
    """Lines are cut where the header has bars. What it says below the names is no line any more."""

    steps: tuple[Step, ...] = ()
    cuts: tuple[int, ...]
    """The places of all bars but the first and the last."""

    def start(self) -> Rewriter:
        return _Cutter(self.cuts).cut


class _Cutter:
    """Cuts lines as they come; of the lines with the bars of the header only the first has the names."""

    def __init__(self, cuts: tuple[int, ...]) -> None:
        self._cuts = cuts
        self._is_named = False

    def cut(self, lines: bytes, *, final: bool) -> bytes:
        return b"".join(map(self._written, LINE.findall(lines)))

    def _written(self, line: bytes) -> bytes:
        body = line.rstrip(b"\r\n")
        cells = self._cells(body.decode("utf-8", "surrogateescape"))
        return written(cells).encode("utf-8", "surrogateescape") + line[len(body) :]

    def _cells(self, line: str) -> Sequence[str]:
        if line.startswith(MARK) and _bars(line)[:-1] == (0, *self._cuts):
            is_first, self._is_named = not self._is_named, True
            return _between_bars(line) if is_first else []
        if line.startswith(_REMARK) or not _conforms(line, self._cuts):
            return [line.strip()]
        begins, ends = [0, *(at + 1 for at in self._cuts)], [*self._cuts, len(line)]
        return [line[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]


def find_barred(text: str) -> LineForm | None:
    """The form of a text with remarks, a header between bars, and rows that have a space below each bar."""
    if not text.startswith((_REMARK, MARK)):
        return None
    lines = first_lines(text)
    top = next((at for at, line in enumerate(lines) if not line.startswith(_REMARK)), len(lines))
    header = [line for line in lines[top : top + _HEADER_LINES] if line.startswith(MARK)]
    rows = [line for line in lines[top + len(header) :] if line.strip()]
    if not header or not rows or lines[top : top + len(header)] != header:
        return None
    bars = [_bars(line) for line in header]
    names = _between_bars(header[0])
    if any(one[:-1] != bars[0][:-1] for one in bars) or len(names) < _LEAST_COLUMNS or not all(names):
        return None
    if len(header) > _TYPES and not _TYPE_WORDS.issuperset(map(str.lower, _between_bars(header[_TYPES]))):
        return None
    cuts = bars[0][1:-1]
    if not header[0].rstrip().endswith(MARK) or any(MARK in row or not _conforms(row, cuts) for row in rows):
        return None
    units = _between_bars(header[_UNITS]) if len(header) > _UNITS else []
    said = [f"{name}: {unit}" for name, unit in zip(names, units, strict=False) if unit]
    note = Note.of(NoteKind.BARRED_COLUMNS, columns=len(names), more=len(header) - 1, units=said)
    return BarredColumns(note=note, cuts=cuts, delimiter=MARK)


def _bars(line: str) -> tuple[int, ...]:
    places = accumulate((len(piece) + 1 for piece in line.rstrip().split(MARK)[:-1]), initial=-1)
    return tuple(places)[1:]


def _between_bars(line: str) -> list[str]:
    return [cell.strip() for cell in line.rstrip().split(MARK)[1:-1]]


def _conforms(line: str, cuts: Sequence[int]) -> bool:
    return all(line[at : at + 1] in ("", " ") for at in cuts)
