"""Where a table begins: the header among a source's first rows, and the title and note lines above it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Range = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column."""

HEADER_DEPTH = 5
"""Rows that a header can take."""


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
    note: str = ""
    """One sentence for the receipt where the decision was not the plain one (first row is the header)."""


_NUMBER = re.compile(r"[-+]?[$€£¥]?\s?(\d[\d.,'\u00a0\u202f ]*|[.,]\d+)([eE][-+]?\d+)?\s?[%€]?$")
_TIME = re.compile(
    r"\d{1,4}[-/.:]\d{1,2}([-/.:]\d{1,4})?([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[-+]\d{2}:?\d{2})?)?$"
)
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"(1[89]|20|21)\d\d$")


def find_header(rows: Sequence[Sequence[str]], *, merged: Sequence[Range] = ()) -> Layout:
    """Find the header in the first rows of a source (a hundred are plenty); blank rows are given too.

    The header is the first row that fills most of the columns that rows fill, and doesn't look like the data
    below. Rows above it are titles and notes, unless merged cells tie them to the header. A row of values is never
    taken for a header.
    """
    start = _first_full_row(rows)
    if start is None:
        return Layout(header=None, first=0)
    width = len(rows[start])
    candidate = _padded(rows[start], width)
    body = [_padded(row, width) for row in rows[start + 1 :] if filled(row)]
    if is_header(candidate, body):
        top, bottom = _top(rows, start, merged), _bottom(rows, start, width)
        return lay_out(rows, top, depth=bottom - top + 1, merged=merged)
    plain = lay_out(rows, None)
    preamble = tuple(index for index in range(start) if filled(rows[index]))
    return Layout(
        header=None,
        first=start,
        preamble=preamble,
        labels=plain.labels,
        note="The first row holds values like the rows below it, so the columns have no header.",
    )


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
    if depth > 1:
        _spread(block, [(top - header, left, bottom - header, right) for top, left, bottom, right in merged])
    labels = tuple(_joined([row[position] for row in block]) for position in range(width))
    preamble = tuple(index for index in range(header) if filled(rows[index]))
    notes = []
    if preamble:
        count = len(preamble)
        notes.append(f"{count} row{'s' * (count > 1)} of titles or notes above the header.")
    if depth > 1:
        notes.append(f"The header takes {depth} rows.")
    return Layout(
        header=header,
        depth=depth,
        first=header + depth,
        preamble=preamble,
        labels=labels,
        spread=frozenset(range(width)) - own,
        note=" ".join(notes),
    )


def is_header(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell a header from a row of data by comparing it, column by column, with the rows below."""
    words = [cell for cell in candidate if cell]
    if not words:
        return False
    if all(_kind(cell) == "text" for cell in words):
        return not (_repeats(candidate, body) or _is_numbered_like(candidate, body))
    return _are_years(candidate, body) or _votes(candidate, body) > 0


def filled(row: Sequence[str]) -> int:
    """How many cells of a row are not blank."""
    return sum(1 for cell in row if cell.strip())


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


def _bottom(rows: Sequence[Sequence[str]], start: int, width: int) -> int:
    """Last row of the header: a row of words with a blank corner, above numbers, names units or parts."""
    bottom = start
    while bottom - start < HEADER_DEPTH - 1 and bottom + 1 < len(rows):
        row = _padded(rows[bottom + 1], width)
        below = [_padded(other, width) for other in rows[bottom + 2 :] if filled(other)]
        words = [cell for cell in row if cell]
        corner = not row[0] or not rows[start][0].strip()
        if not words or not corner or any(_kind(cell) != "text" for cell in words) or _votes(row, below) <= 0:
            break
        bottom += 1
    return bottom


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


def _repeats(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether most of the row's cells occur below it in their own columns, as values do and headers don't."""
    if len(body) < 2:
        return False
    named = [position for position, cell in enumerate(candidate) if cell]
    found = sum(1 for position in named if any(row[position] == candidate[position] for row in body))
    return found * 2 > len(named)


def _is_numbered_like(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """``Table 1`` above ``Table 2`` and ``Table 3``: the same words and other digits, as in a row of values."""
    for position, cell in enumerate(candidate):
        shapes = Counter(_DIGITS.sub("9", row[position]) for row in body if row[position])
        if _DIGITS.search(cell) and shapes.total() > 1 and shapes[_DIGITS.sub("9", cell)] * 2 > shapes.total():
            return True
    return False


def _are_years(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """``Country, 2019, 2020``: years, beside words or a blank corner, above values that are no years."""
    positions = [position for position, cell in enumerate(candidate) if _YEAR.match(cell)]
    others = [cell for cell in candidate if not _YEAR.match(cell)]
    if len(positions) < 2 or not others or any(_kind(cell) != "text" for cell in others if cell):
        return False
    below = [row[position] for row in body for position in positions if row[position]]
    return sum(1 for cell in below if _YEAR.match(cell)) * 2 < len(below)


def _votes(candidate: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """Columns of numbers or dates under a word speak for a header, those under a value against."""
    votes = 0
    for position, cell in enumerate(candidate):
        kinds = Counter(_kind(row[position]) for row in body if row[position])
        if not cell or not kinds:
            continue
        kind, count = kinds.most_common(1)[0]
        if kind != "text" and count >= 0.6 * kinds.total():
            votes += 1 if _kind(cell) == "text" else -1
    return votes


def _kind(cell: str) -> str:
    cell = cell.strip()
    if _TIME.match(cell):
        return "time"
    if _NUMBER.match(cell):
        return "number"
    return "text"
