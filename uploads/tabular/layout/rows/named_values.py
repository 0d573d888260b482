"""Tells names with their values, line by line, from a table: what instruments write above and below their readings.

``XUNITS;NANOMETERS``, ``NPOINTS;10``: what stands beside the names is now a word, now a figure, as in no column of a
table; or lines such as ``[Header]`` and ``***End_of_Header***`` part them.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.header_depth import are_sure_units
from uploads.tabular.layout.sheet_header import filled

Row = Sequence[str]

_ANY_NAMED: Row = ("…",)
"""Stands for a line of a name and its value where a layout is looked for."""
_FIGURES = (Kind.NUMBER, Kind.YEAR, Kind.DATE)
_NO_WORDS = (Kind.BLANK, Kind.MARK, *_FIGURES)
_READINGS = 5
"""So many rows that are alike begin the readings of an instrument."""
_STRANGERS = 16
"""So many rows that are neither, and most of all, are those of an ordinary table."""
_LOOKED_AT = 200
"""Rows among which they begin."""
_LEAST = 3
LEAST_BELOW = 2
_VALUE = 1
_WRONG, _WRONG_IN_SECTIONS = 1 / 8, 1 / 2
"""Shares of lines that may be of another form."""
_HEADER_ROWS = 4
_GAP = 2
"""Blank rows between the names of columns and the readings."""
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
_SECTION = re.compile(r"\[[^\[\]]+\]|\*{3,}[^*]+\*{3,}")


def with_remarks(rows: Sequence[Row], places: Collection[int]) -> Sequence[Row]:
    """The rows; with a remark in these places."""
    places = {i for i in places if len(rows[i]) > 1 and filled(rows[i])}
    return [_ANY_NAMED if i in places else row for i, row in enumerate(rows)] if places else rows


def named_values_around(rows: Sequence[Row]) -> tuple[range, range]:
    """Where the first rows hold names with values: above the readings of an instrument, and all below the last one."""
    begin = _begin_of_readings(rows[:_LOOKED_AT])
    if begin is None:
        return range(0), range(0)
    above = _several_cells(rows, range(_top_of_names(rows, begin)))
    return above if are_named_values(rows[: above.stop]) else range(0), _named_below(rows, begin)


def _named_below(rows: Sequence[Row], begin: int) -> range:
    """All below the readings that begin in this row; another block of readings is no remark on this one."""
    width = len(rows[begin])
    end = next((at for at in range(len(rows), begin, -1) if _is_reading(rows[at - 1], width)), begin)
    are_named = end < len(rows) and are_named_values(rows[end:], least=LEAST_BELOW)
    return range(end, len(rows)) if are_named and all(_is_reading(row, width) for row in rows[begin:end]) else range(0)


def _several_cells(rows: Sequence[Row], stretch: range) -> range:
    """From the first row of several cells in a stretch to the last."""
    found = [i for i in stretch if filled(rows[i]) > 1]
    return range(found[0], found[-1] + 1) if found else range(0)


def are_named_values(rows: Sequence[Row], *, least: int = _LEAST) -> bool:
    """Whether the rows of several cells are a name and its value, and at least so many; lone cells are titles."""
    lines = [row for row in rows if filled(row) > 1]
    if len(lines) < least:
        return False
    has_sections = any(filled(row) == 1 and _SECTION.fullmatch("".join(row).strip()) for row in rows)
    wrong = sum(not is_named_value(row) for row in lines)
    if wrong > len(lines) * (_WRONG_IN_SECTIONS if has_sections else _WRONG):
        return False
    pairs = [[cell.strip() for cell in row if cell.strip()] for row in lines]
    if 5 * len({pair[0] for pair in pairs}) < 4 * len(pairs):
        return False
    if has_sections or 5 * sum(pair[0].endswith((":", "=")) for pair in pairs) >= 3 * len(pairs):
        return True
    # The first may be the header of a table: what stands below it is of one kind then.
    kinds = [kind_in(pair[1][:200]) for pair in pairs[1:]]
    figures, words = sum(kind in _FIGURES for kind in kinds), sum(kind not in _NO_WORDS for kind in kinds)
    return 5 * min(figures, words) >= len(kinds) > 0


def are_details(rows: Sequence[Row]) -> bool:
    """Whether names stand beside values of which some have a digit and others none, the first of them one: no header
    does. ``Printed;31.01.2024``, ``IBAN;DE12 5001``, ``Bank;ING``. Where the first has none, and may be a header, no
    two values below are written alike, as those of a column are: ``12345678``, ``20-00-00``, ``£1,204.11``."""
    pairs = [[cell.strip() for cell in row if cell.strip()] for row in rows if filled(row) > 1]
    if len(pairs) < _LEAST or not all(is_named_value(row) for row in rows if filled(row) > 1):
        return False
    has_digits = [any(map(str.isdigit, pair[_VALUE])) for pair in pairs]
    are_different = len({pair[0] for pair in pairs}) == len(pairs)
    if has_digits[0]:
        return are_different and 4 * min(sum(has_digits), has_digits.count(False)) >= len(pairs)
    below = [_LETTERS.sub("a", _DIGITS.sub("9", pair[_VALUE])) for pair in pairs[1:]]
    return are_different and any(has_digits) and len(pairs) > _LEAST and len(set(below)) == len(below)


def is_named_value(row: Row) -> bool:
    """Whether a row begins with a name and has a value, with a unit at most."""
    kinds = [kind_in(cell[:200].strip()) for cell in row if cell.strip()]
    return bool(row[0].strip()) and kinds[0] not in _NO_WORDS and not any(k in _FIGURES for k in kinds[_VALUE + 1 :])


def is_figure(cell: str) -> bool:
    return kind_in(cell.strip()[:200]) in _FIGURES


def are_readings(begins: Sequence[str]) -> bool:
    """Whether there are enough rows, and each begins with a figure; ``begins``: their first cells."""
    return len(begins) >= _READINGS and all(map(is_figure, begins))


def _begin_of_readings(rows: Sequence[Row]) -> int | None:
    """The first of some rows of figures that are alike. Below so many rows of an ordinary table no more are looked at:
    it would be a sixth of all that a small file takes."""
    count = strangers = 0
    for number, row in enumerate(rows):
        is_alike = _is_reading(row, len(rows[number - 1]) if count else len(row))
        count = count + 1 if is_alike else int(_is_reading(row, len(row)))
        if count == _READINGS:
            return number - _READINGS + 1
        strangers += not count and filled(row) > 1 and not is_named_value(row)
        if strangers >= _STRANGERS and 2 * strangers > number:
            return None
    return None


def _is_reading(row: Row, width: int) -> bool:
    """Whether a row of so many cells holds figures, and begins with one."""
    if len(row) != width:
        return False
    cells = [cell for cell in (cell[:200].strip() for cell in row) if cell]
    return len(cells) > 1 and kind_in(cells[0]) in _FIGURES and all(kind_in(cell) in _NO_WORDS for cell in cells)


def _top_of_names(rows: Sequence[Row], begin: int) -> int:
    """The first row of the header above row ``begin``, or that row itself."""
    width, top = len(rows[begin]), begin
    while top and begin - top < _GAP and not filled(rows[top - 1]):
        top -= 1
    above = list(takewhile(lambda row: _may_name_columns(row, width), _upwards(rows, top)))[:_HEADER_ROWS]
    if width == 2:  # a name and its value may be two words as well
        units = len(list(takewhile(are_sure_units, above)))
        above = above[: units + 1]
    return top - len(above) if above else begin


def _upwards(rows: Sequence[Row], end: int) -> Iterator[Row]:
    return iter(rows[:end][::-1])


def _may_name_columns(row: Row, width: int) -> bool:
    """Whether a row holds names of so many columns, or of one more that is for remarks and that no row fills."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if not width <= len(row) <= width + (width > 2) or 2 * len(cells) <= width or cells[0].endswith((":", "=")):
        return False
    return not any(kind_in(cell[:200]) in _FIGURES for cell in cells)
