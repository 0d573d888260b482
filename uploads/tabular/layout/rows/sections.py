"""Sections below names in brackets, ``[Header]``, ``[Peak Table]``: settings in one, a table in another.

So chromatographs (Shimadzu), sequencers (Illumina) and spectrometers write. Python's ``configparser`` takes each
section by itself, and so is it here; pandas and DuckDB read all of it as one table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.sheet_header import filled

Row = Sequence[str]

_MARK = re.compile(r"\[[^\[\]]+\]")
_FIGURES = (Kind.NUMBER, Kind.YEAR, Kind.DATE)
_NAMES = (Kind.LETTER, Kind.WORD, Kind.PHRASE, Kind.CODE, Kind.MIXED)
_LEAST_COLUMNS = 3
"""Two cells are a setting and its value, unless both are figures in so many lines."""
_LEAST_READINGS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Sections:
    """Where the tables of a text in sections stand."""

    borders: tuple[int, ...] = ()
    """The rows with which the second table and further ones begin, with what stands above each."""
    settings: frozenset[int] = frozenset()
    """Rows of several cells that are no rows of a table: names with their values."""

    def __bool__(self) -> bool:
        return bool(self.borders or self.settings)


def find_sections(rows: Sequence[Row]) -> Sections:
    """The tables of a text of which the first row that holds anything is the name of a section."""
    top = next((row for row in rows if filled(row)), ())
    if not _is_mark(top):
        return Sections()
    marks = [i for i, row in enumerate(rows) if _is_mark(row)]
    borders, settings, begin = list[int](), set[int](), marks[0]
    has_table = False
    for mark, end in zip(marks, [*marks[1:], len(rows)], strict=True):
        header = _header(rows, range(mark + 1, end))
        settings |= {i for i in range(mark + 1, end if header is None else header) if filled(rows[i]) > 1}
        if header is None:
            continue
        if has_table:
            borders.append(begin)
        has_table, begin = True, end
    return Sections(borders=tuple(borders), settings=frozenset(settings)) if has_table else Sections()


def _is_mark(row: Row) -> bool:
    return filled(row) == 1 and bool(row) and _MARK.fullmatch(row[0].strip()) is not None


def _header(rows: Sequence[Row], section: range) -> int | None:
    """The row of a section that names the columns of the rows below it; ``None`` where it holds no table."""
    widths = {i: _width(rows[i]) for i in section if filled(rows[i])}
    widest = max(widths.values(), default=0)
    if widest >= _LEAST_COLUMNS:
        first = next(i for i, width in widths.items() if width == widest)
        below = [i for i in widths if i > first]
        # One of them may say no more than what it is about: a sample that was not measured.
        has_rows = 2 * sum(filled(rows[i]) > 1 for i in below) > len(below)
        return first if has_rows and _are_names(rows[first][:widest]) else None
    readings = [i for i in widths if _are_figures(rows[i])]
    if len(readings) < _LEAST_READINGS or readings != list(widths)[-len(readings) :] or len(readings) == len(widths):
        return None
    header = list(widths)[-len(readings) - 1]
    return header if widths[header] == widest and _are_names(rows[header][:widest]) else None


def _width(row: Row) -> int:
    """Cells down to the last that holds anything."""
    return max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)


def _are_names(cells: Row) -> bool:
    names = [cell.strip() for cell in cells]
    return all(names) and len(set(names)) == len(names) and all(kind_in(name[:200]) in _NAMES for name in names)


def _are_figures(row: Row) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and all(kind_in(cell[:200]) in _FIGURES for cell in cells)
