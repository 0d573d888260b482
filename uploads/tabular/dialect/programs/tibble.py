"""What R prints of a tibble or a data.table: types below the names, ``<chr> <dbl>``, and a number before each row.

A single space may part two columns, so only where all lines have one is cut. pandas' ``read_fwf`` takes the types for
a row, and number and first column for one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.places import MARK, characters, first_lines, wide_places
from uploads.tabular.notes import Note, NoteKind

_TYPES = re.compile(r" *\*? *(?:<[a-zA-Z][^<>]*> *)+")
_TYPE = re.compile(r"<[^<>]*>")
_NUMBERED = re.compile(r" *\d+:? ")
_ROUNDED = re.compile(r"(-?\d+)\.")
"""A number of which no decimals are shown."""
_REMARK = "#"
_LEAST_COLUMNS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Tibble(CutLines):
    """Lines below the names are cut at the same places; the types are no line any more."""

    cuts: tuple[int, ...]
    names: tuple[str, ...]
    header: str
    figures: frozenset[int]
    """The columns of numbers that may be rounded."""
    is_wide: bool

    def cells(self, line: str) -> Sequence[str]:
        if not line.strip() or _TYPES.fullmatch(line):
            return []
        if line.rstrip() == self.header:
            return self.names
        shown = wide_places(line) if self.is_wide else line
        if not _NUMBERED.match(shown) or not _is_parted(shown, self.cuts):
            return [line.strip()]
        cells = _cut(shown, self.cuts)
        cells[0] = cells[0].removesuffix(":")
        return [_whole(cell) if at in self.figures else cell for at, cell in enumerate(cells)]


def find_tibble(text: str) -> LineForm | None:
    """The form of a text with names, types right below them, and rows that each begin with a number."""
    if ">" not in text:
        return None
    lines = [line.rstrip() for line in first_lines(text)]
    at = next((at for at, line in enumerate(lines) if at and _TYPES.fullmatch(line)), None)
    if at is None:
        return None
    header, types = lines[at - 1], lines[at]
    rows = [line for line in lines[at + 1 :] if _NUMBERED.match(line)]
    if not rows or any(line.strip() for line in lines[at + 1 :] if line not in rows and not line.startswith(_REMARK)):
        return None
    for measure in (characters,) if text.isascii() else (wide_places, characters):
        block = [measure(line) for line in (header, *rows)]
        cuts = _cuts(types, block)
        if cuts is None:
            continue
        names = ["", *(cell.strip("`") for cell in _cut(block[0], cuts)[1:])]
        found = [match[0] for match in _TYPE.finditer(types)]
        if len(found) < _LEAST_COLUMNS or not all(names[1:]):
            continue
        return Tibble(
            note=Note.of(NoteKind.PROGRAM_FORM, program="tibble"),
            cuts=cuts,
            names=tuple(names),
            header=header,
            figures=frozenset(n for n, kind in enumerate(found, 1) if kind in {"<dbl>", "<num>"}),
            is_wide=measure is wide_places,
            delimiter=MARK,
        )
    return None


def _cuts(types: str, lines: Sequence[str]) -> tuple[int, ...] | None:
    """The last place before each type at which no line has a letter; the first lies behind the numbers of rows."""
    numbers = max(len(found[0]) for line in lines[1:] if (found := _NUMBERED.match(line)))
    spans = [match.span() for match in _TYPE.finditer(types)]
    cuts: list[int] = []
    for begin, before in zip((span[0] for span in spans), [0, *(span[1] for span in spans)], strict=False):
        places = [numbers - 1] if not cuts else range(begin - 1, before - 1, -1)
        free = next((at for at in places if all(line[at : at + 1] in ("", " ") for line in lines)), None)
        if free is None or free < 0:
            return None
        cuts.append(free)
    return tuple(cuts)


def _is_parted(line: str, cuts: Sequence[int]) -> bool:
    return all(line[at : at + 1] in ("", " ") for at in cuts)


def _cut(line: str, cuts: Sequence[int]) -> list[str]:
    begins, ends = [0, *(at + 1 for at in cuts)], [*cuts, len(line)]
    return [line[begin:end].replace("\0", "").strip() for begin, end in zip(begins, ends, strict=True)]


def _whole(cell: str) -> str:
    found = _ROUNDED.fullmatch(cell)
    return found[1] if found else cell
