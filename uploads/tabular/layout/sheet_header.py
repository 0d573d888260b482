"""Where a table begins: the header among a source's first rows, and the title and note lines above it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from uploads.tabular.layout.grouped_header import joined_names
from uploads.tabular.layout.header_depth import are_units_above_values
from uploads.tabular.layout.header_evidence import Verdict, count_votes, judge_header, kind_of, maybe_value
from uploads.tabular.layout.series_header import is_series_header
from uploads.tabular.layout.series_names import YEAR
from uploads.tabular.layout.surveys.index_levels import labels_on_levels
from uploads.tabular.layout.surveys.survey_header import SurveyHeader, find_survey, survey_header
from uploads.tabular.notes import Why

Range = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column."""

HEADER_DEPTH = 5
"""Rows that a header can take."""
_LEAST_BELOW_UNITS = 3
_MOST_NOTES = 2
"""Rows of several cells above a table that are no table themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How the first rows of a source are laid out. Indexes count from 0 in the rows that were given."""

    header: int | None
    """First row of the header; ``None``: there is no header, and every label is blank."""
    depth: int = 1
    """Rows that the header takes; their cells are joined into one label a column."""
    first: int
    """First row below the header (or the first data row)."""
    preamble: tuple[int, ...] = ()
    """Non-blank rows above the header."""
    labels: tuple[str, ...] = ()
    """Header cells, outer spaces removed; blank where the header is blank. As many as the rows have cells."""
    spread: frozenset[int] = frozenset()
    """Columns whose label comes from a merged neighbour only."""
    why: Why | None = None
    """Why there is no header, or what speaks against the one that was found, if anything does."""
    survey: SurveyHeader | None = None
    """The header as a survey's tool wrote it, with what describes the columns."""
    names: Mapping[str, Any] = field(default_factory=dict)
    """Of a header of several rows: ``joined_names``."""
    tops: tuple[int, ...] = ()
    """Rows in which further tables begin right below another one, titles included."""


def find_header(rows: Sequence[Sequence[str]], *, merged: Sequence[Range] = ()) -> Layout:
    """Find the header in the first rows of a source (a hundred are plenty); blank rows are given too.

    The header is the first row that fills most of the columns that rows fill, and doesn't look like the data
    below. Rows above it are titles and notes, unless merged cells tie them to the header. A row of values is never
    taken for a header.
    """
    survey = find_survey(rows)
    if survey is not None:
        return _lay_out_survey(rows, survey)
    if merged and (levels := _find_levels(rows, merged)) is not None:
        return levels
    start = _first_full_row(rows)
    if start is None:
        return Layout(header=None, first=0)
    width = len(rows[start])
    candidate = _padded(rows[start], width)
    body = [_padded(row, width) for row in rows[start + 1 :] if filled(row)]
    verdict = judge_header(candidate, _without_repeats(candidate, body))
    is_judged = verdict.is_header and not are_pairs(rows[start])
    below = None if is_judged else _below_notes(rows, start, merged)
    if below is not None:
        return below
    if not verdict.is_header and is_series_header(candidate, body):
        value = next(cell for cell in candidate if cell and kind_of(cell) != "text")
        verdict = Verdict(is_header=True, why=maybe_value(value, candidate, body))
    if verdict.is_header:
        top, bottom = _top(rows, start, merged), _bottom(rows, start, width, merged)
        layout = lay_out(rows, top, depth=bottom - top + 1, merged=merged)
        return replace(layout, why=None if layout.depth > 1 else verdict.why)
    plain = lay_out(rows, None)
    preamble = tuple(index for index in range(start) if filled(rows[index]))
    return Layout(
        header=None,
        first=start,
        preamble=preamble,
        labels=plain.labels,
        why=verdict.why,
    )


def _below_notes(rows: Sequence[Sequence[str]], start: int, merged: Sequence[Range]) -> Layout | None:
    """The layout of a wider table with a header, below a blank row and one or two such as ``Printed on, 3 May``.

    Of rows such as ``Customer:, Miller, No.:, 0042`` there may be more, and no blank one below; nor need the table be
    wider, and below a blank row it may be narrower.
    """
    end = next((index for index in range(start, len(rows)) if not are_pairs(rows[index])), len(rows))
    is_sure = end > start
    if not is_sure:
        end = next((index for index in range(start, len(rows)) if not filled(rows[index])), len(rows))
    begin = next((index for index in range(end, len(rows)) if filled(rows[index])), None)
    if begin is None or (end - start > _MOST_NOTES and not is_sure):
        return None
    least = max(map(filled, rows[start:end])) + (not is_sure)
    if filled(rows[begin]) < least and not (is_sure and begin > end):
        return None
    moved = [(top - begin, left, bottom - begin, right) for top, left, bottom, right in merged if top >= begin]
    found = find_header(rows[begin:], merged=moved)
    if found.header is None:
        return None
    return replace(
        found,
        header=found.header + begin,
        first=found.first + begin,
        preamble=tuple(index for index in range(found.header + begin) if filled(rows[index])),
    )


def are_pairs(row: Sequence[str]) -> bool:
    """Whether a row holds nothing but names that end with a colon, each left of its value."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and all(cell.endswith(":") for cell in cells[::2]) and not cells[1].endswith(":")


def lay_out(
    rows: Sequence[Sequence[str]], header: int | None, *, depth: int = 1, merged: Sequence[Range] = ()
) -> Layout:
    """The layout with the header in the given row, or with none."""
    width = max(map(len, rows), default=0)
    if header is None:
        first = next((index for index, row in enumerate(rows) if filled(row)), 0)
        return Layout(header=None, first=first, labels=("",) * width)
    block = [list(_padded(row, width)) for row in rows[header : header + depth]]
    own = {position for row in block for position, cell in enumerate(row) if cell}
    heading = [tuple(row) for row in block]
    if depth > 1:
        _spread(block, [(top - header, left, bottom - header, right) for top, left, bottom, right in merged])
    labels = tuple(_joined([row[position] for row in block]) for position in range(width))
    preamble = tuple(index for index in range(header) if filled(rows[index]))
    return Layout(
        header=header,
        depth=depth,
        first=header + depth,
        preamble=preamble,
        labels=labels,
        spread=frozenset(range(width)) - own,
        names=joined_names(heading, labels) if depth > 1 else {},
    )


def _lay_out_survey(rows: Sequence[Sequence[str]], start: int) -> Layout:
    survey = survey_header(rows, start)
    if survey is None:
        return lay_out(rows, start)
    layout = lay_out(rows, start, depth=survey.depth)
    more = ("",) * (len(layout.labels) - len(survey.labels))
    return replace(layout, labels=(*survey.labels, *more), survey=survey)


def _find_levels(rows: Sequence[Sequence[str]], merged: Sequence[Range]) -> Layout | None:
    """The layout of names on several levels near the top, each group in a cell merged over its columns."""
    width = max(map(len, rows), default=0)
    spread = [list(_padded(row, width)) for row in rows]
    _spread(spread, [range_ for range_ in merged if range_[0] == range_[2]])
    start = next((top for top in range(HEADER_DEPTH) if labels_on_levels(spread, top)), None)
    if start is None:
        return None
    layout = _lay_out_survey(spread, start)
    names = joined_names(spread[start : layout.first], layout.labels)
    return replace(layout, survey=None, names=names)


def filled(row: Sequence[str]) -> int:
    """How many cells of a row are not blank."""
    return sum(1 for cell in row if cell.strip())


def _without_repeats(candidate: Sequence[str], body: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows without those equal to the candidate, where its names stand above figures: pages repeat a header."""
    others = [row for row in body if row != candidate]
    return others if count_votes(candidate, others) > 0 else body


def _first_full_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row that fills more than half as many cells as rows usually do; titles fill one or two."""
    fills = Counter(filled(row) for row in rows)
    usual = max(((count, fill) for fill, count in fills.items() if fill > 1), default=(0, 1))[1]
    for index, row in enumerate(rows):
        fill = filled(row)
        # Half is enough for words that reach the last column, as headers with blanks between them do.
        if fill * 2 > usual or (fill * 2 == usual and fill > 1 and row[-1].strip()):
            return index
    return None


def _top(rows: Sequence[Sequence[str]], start: int, merged: Sequence[Range]) -> int:
    """First row of the header: rows right above belong to it if merged cells head several of its columns."""
    width = sum(1 for cell in rows[start] if cell.strip())
    top = start
    while top > 0 and start - top < HEADER_DEPTH and filled(rows[top - 1]) > 1:
        heads = [r for r in merged if r[0] <= top - 1 <= r[2] and (r[3] > r[1] or r[2] > r[0])]
        if not any(right - left + 1 < width or last > first for first, left, last, right in heads):
            break
        top -= 1
    return top


def _bottom(rows: Sequence[Sequence[str]], start: int, width: int, merged: Sequence[Range]) -> int:
    """Last row of the header: a row of words with a blank corner, above numbers, names units or parts.

    So is any row, of years too, into which a header cell is merged downwards: no row of data begins inside a name.
    """
    bottom = start
    while bottom - start < HEADER_DEPTH - 1 and bottom + 1 < len(rows):
        if any(first <= bottom < last and first >= start for first, _, last, _ in merged):
            bottom += 1
            continue
        row = _padded(rows[bottom + 1], width)
        below = [_padded(other, width) for other in rows[bottom + 2 :] if filled(other)]
        groups = [range_ for range_ in merged if range_[0] <= bottom <= range_[2]]
        if _are_years_of_groups(row, below, groups) or (
            len(below) >= _LEAST_BELOW_UNITS and are_units_above_values(row, below)
        ):
            bottom += 1
            continue
        words = [cell for cell in row if cell]
        corner = not row[0] or not rows[start][0].strip()
        if not words or not corner or any(kind_of(cell) != "text" for cell in words) or count_votes(row, below) <= 0:
            break
        bottom += 1
    return bottom


def _are_years_of_groups(row: Sequence[str], below: Sequence[Sequence[str]], merged: Sequence[Range]) -> bool:
    """``,2023,2024`` below ``Region`` and a name merged over both years; rows begin with what they are about."""
    years = [position for position, cell in enumerate(row) if cell]
    if row[0] or len(years) < 2 or not below or not all(other[0] for other in below):
        return False
    groups = [(left, right) for _, left, _, right in merged if right > left]
    return all(YEAR.match(row[i]) and any(left <= i <= right for left, right in groups) for i in years)


def _spread(block: list[list[str]], merged: Sequence[Range]) -> None:
    """Copy a merged cell's text to all the cells that it covers."""
    for top, left, bottom, right in merged:
        if 0 <= top < len(block) and left < len(block[0]):
            text = block[top][left]
            for row in block[top : bottom + 1]:
                for position in range(left, min(right + 1, len(row))):
                    row[position] = row[position] or text


def _joined(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    words = [" ".join(part.split()) for part in parts if part]
    return " ".join(word for index, word in enumerate(words) if index == 0 or word != words[index - 1])


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row[:width]]
    return tuple(cells + [""] * (width - len(cells)))
