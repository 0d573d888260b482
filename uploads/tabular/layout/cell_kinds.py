"""Says of every cell of some rows what kind of thing is written in it, as a matrix of small numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.series_header import are_months_in_order, is_scale, tells_apart
from uploads.tabular.layout.series_names import MONTHS, YEAR, is_fiscal_year

Row = Sequence[str]

MOST_COLUMNS = 48
"""Of a wider row the first columns are looked at."""
_LONG_SERIES = 6
"""Numbers from 1 on that are names wherever they stand; fewer are below a title, or where the row comes again."""
_LABELLED = 2
"""Rows that have to begin with a label below one that has none."""


class Kind(IntEnum):
    """What a cell holds."""

    BLANK = 0
    NUMBER = 1
    YEAR = 2
    PERIOD = 3
    """A month, a quarter, a fiscal year: a name above figures, or a value."""
    DATE = 4
    LETTER = 5
    WORD = 6
    PHRASE = 7
    CODE = 8
    """Letters and digits in one word."""
    MIXED = 9
    MARK = 10
    """What stands for no value."""
    UNIT = 11
    """``(1,000)``, ``£000``, ``000s``: figures are given in thousands; among figures it is one of them, below zero."""


IN_BODY = {
    Kind.BLANK: 0,
    Kind.NUMBER: 1,
    Kind.YEAR: 1,
    Kind.PERIOD: 2,
    Kind.DATE: 3,
    Kind.LETTER: 4,
    Kind.WORD: 4,
    Kind.PHRASE: 4,
    Kind.CODE: 5,
    Kind.MIXED: 4,
    Kind.MARK: 6,
    Kind.UNIT: 6,
}
"""Kinds that differ in a column of values; words and sentences don't."""

_MARKS = re.compile(r"[-–—.*…_?:]+|\(?(n/?a|n\.a\.?|null|nil|none|nan|x|d|s|z)\)|#?n/a|na|nan|nil|null", re.IGNORECASE)
_REMARK = r"(\s?(\\\d+|\*+|[a-z]|[¹²³]))?"
_FIGURE = re.compile(
    r"[<>~≈]?\(?[-+−]?[$€£¥]?\s?(\d[\d.,'\u00a0\u202f ]*|[.,]\d+)([eE][-+]?\d+)?\s?[%€$£¥)]*" + _REMARK
)
IN_THOUSANDS = re.compile(r"[$€£¥]\s?['’]?000s?|['’]000s?|000s")
"""The figures of a column are given in thousands: above them; no value is written so, but for ``£000``."""
_IN_BRACKETS = re.compile(r"\(['’]?(1[ ,.]?)?0{2,3}([ ,.]?000)*\)")
_DECIMAL = re.compile(r"\d{1,4}\.\d{1,2}")
_YEAR_AND_MONTH = re.compile(r"(1[89]|20|21)\d\d\.(0[1-9]|1[0-2])")
_PERIOD = re.compile(
    rf"{MONTHS}([-/ ,']+\d{{2,4}})?|\d{{2,4}}[-/ ]{MONTHS}"
    r"|q[1-4]([-/ ]?\d{2,4})?|\d{4}[-/ ]?q[1-4]|\d{4}[/ -](i|ii|iii|iv)"
    r"|(1[89]|20)\d\d ?(\\\d+|\*+|[a-z¹²³])",
    re.IGNORECASE,
)
_MONTH_DATE = re.compile(r"\d{1,2}[-/. ][^\W\d_]{3,9}[-/., ]+\d{2,4}")


@lru_cache(maxsize=65_536)
def kind_in(cell: str) -> Kind:  # noqa: PLR0911 (one line for each kind)
    """The kind of a cell without outer spaces."""
    if not cell:
        return Kind.BLANK
    if YEAR.match(cell):
        return Kind.YEAR
    if _MARKS.fullmatch(cell):
        return Kind.MARK
    if is_fiscal_year(cell) or _PERIOD.fullmatch(cell):
        return Kind.PERIOD
    if _DECIMAL.fullmatch(cell) and not _YEAR_AND_MONTH.fullmatch(cell):
        return Kind.NUMBER  # and no day of a month
    if kind_of(cell) == "time" or _MONTH_DATE.fullmatch(cell):
        return Kind.DATE
    if _IN_BRACKETS.fullmatch(cell) or IN_THOUSANDS.fullmatch(cell):
        return Kind.UNIT
    if _FIGURE.fullmatch(cell):
        return Kind.NUMBER
    return _word_kind(cell)


def _word_kind(cell: str) -> Kind:
    if len(cell) == 1:
        return Kind.LETTER
    has_digits = any(c.isdigit() for c in cell)
    if len(cell.split()) == 1:
        return Kind.CODE if has_digits else Kind.WORD
    return Kind.MIXED if has_digits else Kind.PHRASE


def kinds_of(rows: Sequence[Row]) -> np.ndarray:
    """Kinds of the cells, rows by columns; a row that ends early is blank there.

    Numbers from 0 or 1 on that count the columns, as those of a plate reader, are names, and so are words; so are
    numbers that tell columns apart whose names are alike. Months such as ``01.2024`` are periods where they follow
    each other.
    """
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    kinds = np.zeros((len(rows), width), dtype=np.int8)
    for number, row in enumerate(rows):
        for position, cell in enumerate(row[:width]):
            if cell:
                kinds[number, position] = kind_in(cell[:200].strip())
    for number in [*_counting(rows), *_telling_apart(rows), *_numbering_above(rows)]:
        kinds[number, kinds[number] == Kind.NUMBER] = Kind.WORD
    for number in np.flatnonzero((kinds == Kind.NUMBER).any(axis=1)).tolist():
        places = np.flatnonzero(kinds[number] == Kind.NUMBER).tolist()
        if are_months_in_order([rows[number][at].strip() for at in places]):
            kinds[number, places] = Kind.PERIOD
    return kinds


def _counting(rows: Sequence[Row]) -> list[int]:
    """The rows that hold nothing but numbers from 0 or 1 on, right of one cell at most; not beside another one."""
    found = [
        number
        for number, row in enumerate(rows)
        if is_scale([cell for cell in row[1:MOST_COLUMNS] if cell.strip()]) and kind_of(row[0]) == "text"
    ]
    times = Counter(tuple(rows[number]) for number in found)
    return [
        number
        for number in found
        if (times[tuple(rows[number])] > 1 or len(rows[number]) > _LONG_SERIES or _is_title(rows[:number]))
        and not {number - 1, number + 1} & set(found)
    ]


def _is_title(above: Sequence[Row]) -> bool:
    """Whether the last row is a title: it holds nothing but its first cell."""
    return bool(above) and [at for at, cell in enumerate(above[-1]) if cell.strip()] == [0]


def _telling_apart(rows: Sequence[Row]) -> list[int]:
    """The rows right below names of which some are equal, and above two rows at least that begin with a label."""
    found = []
    for number in range(1, len(rows) - _LABELLED):
        row, names = rows[number], rows[number - 1]
        if not row or row[0].strip() or not names or not names[0].strip() or len(set(names)) == len(names):
            continue
        is_labelled = all(below and below[0].strip() for below in rows[number + 1 : number + 1 + _LABELLED])
        if is_labelled and tells_apart(list(map(str.strip, row)), list(map(str.strip, names))):
            found.append(number)
    return found


def _numbering_above(rows: Sequence[Row]) -> list[int]:
    """The rows at the top that number the columns whose names in the row below are alike: ``x-axis,1,2`` above
    ``second,Volt,Volt`` and rows that begin with a figure, as oscilloscopes write."""
    first = next((number for number, row in enumerate(rows) if any(map(str.strip, row))), len(rows))
    if first + 1 + _LABELLED >= len(rows) or len(rows[first]) != len(rows[first + 1]):
        return []
    row, names = ([cell.strip() for cell in rows[at]] for at in (first, first + 1))
    times = Counter(filter(None, names))
    places = [at for at, name in enumerate(names) if times[name] > 1 and len(name) > 1]
    numbers = [row[at] for at in places]
    others = [cell for at, cell in enumerate(row) if cell and at not in places]
    if not places or len(set(numbers)) < len(numbers) or not all(map(str.isdecimal, numbers)):
        return []
    below = rows[first + 2 : first + 2 + _LABELLED]
    is_named = all(kind_of(name) == "text" for name in names if name) and all(
        cells and kind_of(cells[0]) != "text" for cells in below
    )
    return [first] if is_named and all(kind_of(cell) == "text" for cell in others) else []
