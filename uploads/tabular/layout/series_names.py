"""Tells column names that are a series of periods or numbers from values: ``sensor, 2026-05-01, 2026-05-02``."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

Row = Sequence[str]

YEAR = re.compile(r"(1[89]|20|21)\d\d(\.0)?$")
"""``1990.0`` too, as pandas writes the names of columns that a pivot made of years beside blanks."""
MONTHS = (
    r"(jan(uar[yi]?|vier|eiro)?|feb(ruar[yi]?|rero|braio)?|mar(ch|s|t|zo)?|apr(ile?)?|mayo?|jun([ei]|io)?|jul([iy]|io)?"
    r"|aug(ust(us)?)?|sep(t|tember|tembre|tiembre)?|oct(ober|obre|ubre)?|nov(ember|embre|embro|iembre)?"
    r"|dec(ember|embre|embro)?)\.?"
)
"""No word that only begins like one: ``Separated``, ``Marine``."""
MONTH = re.compile(MONTHS, re.IGNORECASE)
_FISCAL = re.compile(r"((?:1[89]|20|21)\d\d) ?[-/–] ?(?:(?:1[89]|20|21))?(\d\d)$")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?$|(0?[1-9]|1[0-2])[-/.](19|20)\d\d$"
    r"|(\d{4}-)?\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?$|\d{1,2}:\d{2}$"
)
_SURE_DATE = re.compile(
    r"\d{4}[-/]\d{1,2}([-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?)?)?$|\d{4}\.\d{1,2}\.\d{1,2}$"
    r"|\d{1,2}([-/.])\d{1,2}\4(\d{2}|\d{4})$|(0?[1-9]|1[0-2])[-/](19|20)\d\d$|\d{1,2}:\d{2}$"
)
"""No decimal number is written so."""
_FIGURE = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?")
_LEAST_NUMBERS = 3
"""Two whole numbers in a row, ``1, 2``, stand in many a row of data."""
_SCALES = range(5, 10)
"""So many numbers in their order are hardly a row of answers; ranks, each number once, are no answers."""


def is_fiscal_year(cell: str) -> bool:
    """``2013-14``, ``2013/14`` or ``2013–2014``, whose second year follows the first: no month, and no value."""
    found = _FISCAL.match(cell)
    return found is not None and (int(found[1]) + 1) % 100 == int(found[2]) > 12


def are_series_names(candidate: Row, body: Sequence[Row]) -> bool:
    """Years, dates, or the numbers from 1 on, beside words or a blank corner, above values of other kinds."""
    filled = [position for position, cell in enumerate(candidate) if cell]
    for is_one in (YEAR.match, _DATE.match):
        places = [position for position in filled if is_one(candidate[position])]
        names = {candidate[position] for position in places}
        if len(places) > 1 and len(names) > 1 and _others_are_words(candidate, places):
            below = [row[position] for row in body for position in places if row[position]]
            if sum(1 for cell in below if is_one(cell)) * 2 < len(below):
                return True
    return _are_numbered(candidate, filled, body) or _are_spaced(candidate, filled, body)


def is_sure_series(candidate: Row, body: Sequence[Row]) -> bool:
    """Whether nobody would take the row for data: three or more years in equal steps, or as many different dates,
    beside words or a blank corner, and no row below has nothing but such in their place."""
    for pattern in (YEAR, _SURE_DATE):
        places = [position for position, cell in enumerate(candidate) if pattern.match(cell)]
        names = [candidate[position] for position in places]
        if len(places) < _LEAST_NUMBERS or len(set(names)) < len(names) or not _others_are_words(candidate, places):
            continue
        is_series = pattern is not YEAR or _has_equal_steps(names) or _has_equal_steps(names[::-1])
        below = ([row[position] for position in places if row[position]] for row in body)
        if is_series and not any(cells and all(map(pattern.match, cells)) for cells in below):
            return True
    return False


def _are_numbered(candidate: Row, filled: Sequence[int], body: Sequence[Row]) -> bool:
    """``id, 1, 2, 3`` above values, none in that order: most from another scale, or five answers or more."""
    places = [position for position in filled if candidate[position].isdecimal()]
    numbers = [candidate[position] for position in places]
    if len(places) < _LEAST_NUMBERS or not body or not _others_are_words(candidate, places):
        return False
    if numbers not in (_from(0, len(places)), _from(1, len(places))):
        return False
    words = [position for position in range(len(candidate)) if position not in places]
    if any(_is_written_like(candidate[i], [row[i] for row in body]) for i in words):
        return False
    rows = [[row[position] for position in places] for row in body]
    below = [cell for row in rows for cell in row if cell]
    if not below or numbers in rows:
        return False
    on_scale = sum(1 for cell in below if cell in numbers)
    ranks = sum(1 for row in rows if sorted(row) == numbers)
    return on_scale * 2 < len(below) or (len(places) in _SCALES and ranks * 2 < len(rows))


def _are_spaced(candidate: Row, filled: Sequence[int], body: Sequence[Row]) -> bool:
    """``freq_hz, -20, 0, 20, 40`` above figures: a word in a column of numbers, and beside it an axis of equal steps,
    which hardly any row below has, and none of its numbers."""
    places = [position for position in filled if _FIGURE.fullmatch(candidate[position])]
    words = [position for position in range(len(candidate)) if position not in places]
    if len(places) < _LEAST_NUMBERS or len(words) != 1 or len(body) < _LEAST_NUMBERS:
        return False
    is_name = candidate[words[0]][:1].isalpha() and all(_FIGURE.fullmatch(row[words[0]]) for row in body)
    axis = [candidate[position] for position in places]
    rows = [[row[position] for position in places] for row in body]
    if not is_name or not _has_equal_steps(axis) or any(not set(row).isdisjoint(axis) for row in rows):
        return False
    return 2 * sum(map(_has_equal_steps, rows)) < len(rows)


def _has_equal_steps(cells: Sequence[str]) -> bool:
    if not all(map(_FIGURE.fullmatch, cells)):
        return False
    steps = {Decimal(other) - Decimal(one) for one, other in pairwise(cells)}
    return len(steps) == 1 and steps.pop() > 0


def _is_written_like(cell: str, below: Sequence[str]) -> bool:
    """``r1`` above ``r2``: letters and digits in the same places, as in a column of row names."""
    return bool(cell) and _shape(cell) in map(_shape, below)


def _shape(cell: str) -> str:
    return "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in cell)


def _from(first: int, count: int) -> list[str]:
    return [str(number) for number in range(first, first + count)]


def _others_are_words(candidate: Row, places: Sequence[int]) -> bool:
    """Whether all that stands beside the series are words, or a corner is blank."""
    others = [cell for position, cell in enumerate(candidate) if position not in places]
    return bool(others) and not any(cell[:1].isdigit() or cell[:1] in "+-.," for cell in others if cell)
