"""Tells names that are dates or numbers from values: days or months above figures, a scale of 1 to n.

COVID tables, budgets by month and surveys name their columns so. A row of values is no series of this kind.
"""

import re
from collections import Counter
from collections.abc import Sequence

Row = Sequence[str]

_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([ T]\d{2}:\d{2}(:\d{2})?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})|\d{1,2}[-/]\d{4}|(0?[1-9]|1[0-2])\.(19|20)\d{2}"
)
_MONTH = re.compile(r"(0?[1-9]|1[0-2])\.((?:19|20)\d{2})")
_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,'\u00a0\u202f ]*([eE][-+]?\d+)?\s?[%€)]?")
_SCALE = re.compile(r"0|[1-9]\d{0,3}")
_LEAST_DATES = 2
_LEAST_NUMBERS = 3
"""Numbers in a row that make a scale; two may be any values."""
_MOSTLY = 0.8
_LEAST_LETTERS = 3
"""Of a name that stands above several columns."""


def is_series_header(candidate: Row, body: Sequence[Row]) -> bool:
    """Whether the row names its columns by dates, or by numbers from 0 or 1 on, above other kinds of values.

    ``candidate`` is stripped, the rows of ``body`` are as long. What else it holds are words; a word that is written
    like those below it, ``Q0`` above ``Q1``, is a value.
    """
    words = [
        place for place, cell in enumerate(candidate) if cell and not _NUMBER.fullmatch(cell) and not _is_date(cell)
    ]
    named = [place for place, cell in enumerate(candidate) if cell and place not in words]
    if not body or len(named) + len(words) < len(candidate) - 1 or not (words or not candidate[0]):
        return False
    if any(_is_written_like_values(candidate[place], [row[place] for row in body]) for place in words):
        return False
    if all(_is_date(candidate[place]) for place in named):
        return len(named) >= _LEAST_DATES and all(_holds_figures([row[place] for row in body]) for place in named)
    return is_scale([candidate[place] for place in named]) and not any(
        is_scale([row[place] for place in named]) for row in body
    )


def tells_apart(row: Row, names: Row) -> bool:
    """``,Time [s],0,60`` below ``Well,Content,Raw data,Raw data``: it says which is which of columns named alike.

    Both are stripped. A row of data begins with what it is about; this one with a blank below a name.
    """
    if not row or row[0] or not names[0] or names[0].endswith(":"):
        return False
    alike = [name for name, times in Counter(filter(None, names)).items() if times > 1]
    if any(sum(map(str.isalpha, name)) < _LEAST_LETTERS for name in alike):
        return False  # marks
    places = [at for at, name in enumerate(names) if name in alike]
    others = [cell for at, cell in enumerate(row) if cell and at not in places]
    if not places or len(places) <= places[-1] - places[0] or any(map(_NUMBER.fullmatch, others)):
        return False  # names that columns share by chance
    cells = [[row[at] for at, other in enumerate(names) if other == name and at < len(row)] for name in alike]
    return bool(cells) and all(all(group) and len(set(group)) == len(group) for group in cells)


def are_months_in_order(cells: Sequence[str]) -> bool:
    """``11.2023, 12.2023, 01.2024``: each the month after the one before, as no figures are."""
    if len(cells) <= _LEAST_DATES or not _MONTH.fullmatch(cells[0]):
        return False
    found = [_MONTH.fullmatch(cell) for cell in cells]
    months = [12 * int(month[2]) + int(month[1]) for month in found if month is not None]
    return len(found) == len(months) == months[-1] - months[0] + 1 and months == sorted(months)


def _is_date(cell: str) -> bool:
    return _DATE.fullmatch(cell) is not None


def is_scale(cells: Sequence[str]) -> bool:
    """``1, 2, 3``: each one more than the one before, from 0 or 1 on."""
    if len(cells) < _LEAST_NUMBERS or not all(map(_SCALE.fullmatch, cells)):
        return False
    numbers = list(map(int, cells))
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _holds_figures(cells: Sequence[str]) -> bool:
    """Numbers by far, and no date."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    figures = sum(1 for cell in filled if _NUMBER.fullmatch(cell) and not _is_date(cell))
    return figures >= _MOSTLY * len(filled) and not any(map(_is_date, filled))


def _is_written_like_values(word: str, below: Sequence[str]) -> bool:
    """Whether the same word comes again, or its letters with other digits, in most of the rows."""
    shape = re.sub(r"\d+", "9", word)
    filled = [cell.strip() for cell in below if cell.strip()]
    if word in filled:
        return True
    return "9" in shape and sum(1 for cell in filled if re.sub(r"\d+", "9", cell) == shape) * 2 > len(filled)
