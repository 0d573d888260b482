"""Other places for header and first row that explain the rows nearly as well as the chosen ones do.

A way is offered only where reading with its options does what it says: each is tried on the first rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from uploads.tabular.layout.grouped_header import corner_row
from uploads.tabular.layout.layout_choice import cost_of, readings_near
from uploads.tabular.layout.layout_score import Heading, LayoutScore
from uploads.tabular.layout.series_header import is_series_header
from uploads.tabular.layout.series_names import are_series_names
from uploads.tabular.layout.sheet_header import Layout, filled
from uploads.tabular.layout.surveys.survey_header import survey_header
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import Note, NoteKind

type Rows = Sequence[Sequence[str]]
type Said = Mapping[str, Any]

_NEAR = 3.0
"""Bits: a reading that costs no more than so much above the chosen one fits nearly as well. So 24 of 3,000 generated
tables are asked about, none of the survey's clean twins and none of Pollock's files; with 4 bits it was 43."""
_NAMES = 2.0
"""Bits less where the same rows are loaded and nothing but names is at stake."""
_ROWS_OF_HEADER = 3.0
"""Bits less where a row may belong to the header above it: the rules know units and parts, and costs do not."""
_LEAST_ROWS = 3
"""Fewer rows hold no evidence, and a person sees them at once."""
_MOST_WAYS = 2
_SHOWN_ROWS = 100
"""Rows below a header that show whether its names are a series."""
_LONGEST_NAME = 120
"""Characters: names of several rows that make sense are shorter."""
_TABLE_LINES = 3
"""So many lines of several cells are a table, never a note."""
_FULL_LINES = 2
_NARROW = 3
"""Of so few columns many a row fills but one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Where a reading has its header, if any, and its first filled row; counted from 0 in the first rows."""

    header: int | None
    first: int
    is_doubted: bool = field(default=False, compare=False)
    """Whether the header may be data by its words too."""

    @classmethod
    def of(cls, rows: Rows, layout: TextLayout | Layout) -> "Placed":
        first = _first_filled(rows, layout.first)
        return cls(header=layout.header, first=first, is_doubted=layout.why is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """How a source numbers its rows, and what becomes of them where a person says something."""

    unit: str
    """line or row"""
    number_of: Callable[[int], int]
    """The line or row of the sheet in which one of the first rows stands."""
    header_number: Callable[[int], int]
    """The same as it is said of a header."""
    read_with: Callable[[Said], Placed | None]
    """Where header and first row are then; ``None``: it cannot be said."""

    def of(self, placed: Placed) -> dict[str, int | None]:
        """As figures of a note."""
        header = None if placed.header is None else self.number_of(placed.header)
        return {"header": header, "first": self.number_of(placed.first)}


def on_runners_up(rows: Rows, score: LayoutScore, own: Placed, places: Places) -> Iterator[Note]:
    """What is asked of the chosen header and first row; nothing where no other reading is near, or none can be said."""
    likeliest: dict[int | None, Placed] = {}
    if (alone := last_row_of_header(rows, own)) is not None:
        likeliest[alone.header] = alone
    for other in runners_up(rows, score, own):
        likeliest.setdefault(other.header, other)
    found = ((other, _way_to(other, places)) for other in likeliest.values())
    ways = ({**places.of(other), "options": said} for other, said in found if said is not None)
    if told := list(islice(ways, _MOST_WAYS)):
        yield Note.of(NoteKind.LAYOUT_RUNNER_UP, unit=places.unit, **places.of(own), ways=told)


def last_row_of_header(rows: Rows, own: Placed) -> Placed | None:
    """The last row of a header of several as the header alone, where joining them looks wrong: names come out as long
    as sentences, or half of them name columns that hold nothing. The rows above may be titles or notes."""
    if own.header is None or survey_header(rows, own.header) is not None:
        return None
    heading = [at for at in range(own.header, own.first) if filled(rows[at])]
    if len(heading) < 2:
        return None
    body = rows[own.first : own.first + _SHOWN_ROWS]
    names = [" ".join(_cell(rows[at], column) for at in heading).strip() for column in range(max(map(len, rows)))]
    named = [column for column, name in enumerate(names) if name]
    empty = [column for column in named if not any(_cell(row, column) for row in body)]
    is_last_named = filled(rows[heading[-1]]) > 1
    if not is_last_named or (max(map(len, names)) <= _LONGEST_NAME and 2 * len(empty) < len(named)):
        return None
    return Placed(header=heading[-1], first=own.first)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def runners_up(rows: Rows, score: LayoutScore, own: Placed) -> list[Placed]:
    """The likeliest first. Readings that load the same rows under a header that begins in the same row are one."""
    if own.header is not None and survey_header(rows, own.header) is not None:
        return []
    below = rows[own.first :]
    widest = max(map(len, below), default=0)
    if sum(1 for row in below if 2 * filled(row) > widest) < _LEAST_ROWS:
        return []
    heading = None
    if own.header is not None:
        heading = Heading(rows=tuple(i for i in range(own.header, own.first) if filled(rows[i])))
    most = cost_of(score, heading=heading, begin=own.first) + _NEAR
    costs: dict[Placed, float] = {}
    for reading in readings_near(score, most=most):
        [table] = reading.tables
        header = None if table.heading is None else table.heading.first
        placed = Placed(header=header, first=_first_filled(rows, table.begin))
        if placed != own and reading.cost <= most - _less_near(placed, own) and _is_rival(rows, placed, own):
            costs[placed] = min(reading.cost, costs.get(placed, most))
    found = sorted(costs, key=lambda placed: costs[placed])
    if own.header is None or all(placed.header is not None for placed in found):
        return found
    is_sure = not own.is_doubted or _is_series(rows, own)
    return [placed for placed in found if placed.header is not None] if is_sure else found


def _less_near(other: Placed, own: Placed) -> float:
    if other.header == own.header:
        return _ROWS_OF_HEADER
    return _NAMES if other.first == own.first and None not in (other.header, own.header) else 0.0


def _is_series(rows: Rows, own: Placed) -> bool:
    """Whether the header names its columns by years, dates or a scale: of that no cost knows."""
    candidate = [cell.strip() for cell in rows[own.header or 0]]
    width = len(candidate)
    body = [
        [cell.strip() for cell in (*row[:width], *[""] * (width - len(row)))]
        for row in rows[own.first : own.first + _SHOWN_ROWS]
    ]
    body = [row for row in body if any(row)]
    return are_series_names(candidate, body) or is_series_header(candidate, body)


def _is_rival(rows: Rows, other: Placed, own: Placed) -> bool:
    """Whether a person may mean it: a table with few blank cells can begin anywhere by its cost alone.

    Three lines of several cells never become notes, nor do two as full as the header below them. Without a header the
    rows begin no further down than below the one that was found, and below that another has several cells too.
    """
    begin = own.first if own.header is None else own.header
    top = other.first if other.header is None else other.header
    is_narrow = max(map(len, rows), default=0) <= _NARROW
    if sum(1 for row in rows[begin:top] if filled(row) > (0 if is_narrow else 1)) >= _TABLE_LINES:
        return False
    if own.header is None or top <= own.header:
        return True
    if other.first == own.first and _is_without_corner(rows, other, own):
        return False
    if sum(1 for row in rows[begin:top] if filled(row) >= filled(rows[top])) >= _FULL_LINES:
        return False
    return other.first <= own.first if other.header is None else filled(rows[other.header]) > 1


def _is_without_corner(rows: Rows, other: Placed, own: Placed) -> bool:
    """Whether it is the same header without the row that names its blank corner: then a column would have no name."""
    heading = [at for at in range(other.header or 0, other.first) if filled(rows[at])]
    return other.header is not None and bool(heading) and corner_row(rows, heading) == own.header


def _way_to(other: Placed, places: Places) -> dict[str, Any] | None:
    """What a person says to have header and rows there."""
    header = "none" if other.header is None else places.header_number(other.header)
    ways: list[dict[str, Any]] = [
        {"header_row": header},
        {"header_row": header, "data_row": places.number_of(other.first)},
    ]
    return next((way for way in ways if places.read_with(way) == other), None)


def _first_filled(rows: Rows, begin: int) -> int:
    return next((i for i in range(begin, len(rows)) if filled(rows[i])), begin)
