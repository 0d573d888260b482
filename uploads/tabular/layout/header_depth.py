"""Tells how many rows a header takes: names, and below them units, parts, or what a survey's tool writes there."""

import re
from collections.abc import Sequence

from uploads.tabular.layout.cell_kinds import IN_THOUSANDS
from uploads.tabular.layout.grouped_header import are_years_below_groups, are_years_of_groups
from uploads.tabular.layout.header_evidence import NULL_WORDS
from uploads.tabular.layout.series_header import tells_apart
from uploads.tabular.layout.surveys.survey_header import survey_header

Row = Sequence[str]

MOST_ROWS = 3
VALUE = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,:/\- 'TZ%)]*(?:[eE][-+]?\d+)?[%€)]?")
_WORD = re.compile(r"[^\W\d_]")
_UNITS = frozenset({"%", "‰", "°", "°C", "°F", "$", "€", "£", "¥", "€/$", "#"})
"""Units without a letter; no value is written so."""
_UNIT_WORDS = frozenset({"unit", "units", "einheit", "einheiten", "unité", "unités", "unidad", "unidades", "unità"})
_KNOWN_UNITS = {
    "s", "sec", "ms", "min", "h", "hr", "hrs", "d", "days", "m", "µm", "nm", "mm", "cm", "km", "in", "ft", "mi", "m2",
    "m³", "m3", "kg", "g", "mg", "t", "lb", "lbs", "oz", "l", "ml", "k", "c", "f", "pa", "hpa", "kpa", "mpa", "bar",
    "psi", "v", "mv", "kv", "a", "ma", "w", "kw", "mw", "kwh", "mwh", "gwh", "j", "kj", "mj", "n", "hz", "khz", "mhz",
    "ghz", "rpm", "mph", "kmh", "ppm", "ppb", "mol", "db", "lux", "eur", "usd", "gbp", "chf", "jpy", "stk", "st", "pcs",
}  # fmt: skip
_UNIT = re.compile(r"[^\W\d_]{0,6}[°%²³]?[^\W\d_]{0,6}(?:[/·*][^\W\d_]{1,6}[²³23]?)?")
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_THOUSANDS = re.compile(r"100|1(?:[ .,’']?000)+")
"""Figures below are given in them."""
_LEAST_UNITS = 2
_LEAST_COLUMNS = 3
_LEAST_BELOW_INDEX = 3
_UNTOLD = frozenset({"-", "--", "–", "/", "1", "()", "[]"})
"""What stands for no unit beside others."""


def header_depth(rows: Sequence[Row], start: int, width: int, *, depth: int = 1) -> int:
    """How many rows the header takes: ``depth`` for certain, and up to three that hold words above values."""
    if survey := survey_header(rows, start):
        return survey.depth
    while depth < MOST_ROWS and _goes_on(rows, start + depth - 1, start + depth, width):
        depth += 1
    return depth + (depth > 1 and _names_index(rows, start + depth, width))


def _names_index(rows: Sequence[Row], index: int, width: int) -> bool:
    """Whether row ``index`` holds a name above the dates or figures of the first column, and nothing else: so pandas
    writes ``Date,,`` below two rows of names. No other row holds a first cell alone: it would name a group."""
    below = [row for row in rows[index + 1 :] if any(map(str.strip, row)) and len(row) == width]
    if index >= len(rows) or len(rows[index]) != width or len(below) < _LEAST_BELOW_INDEX:
        return False
    cells = [cell.strip() for cell in rows[index]]
    if any(cells[1:]) or not is_word(cells[0]) or cells[0].endswith(":"):
        return False
    return all(VALUE.fullmatch(row[0].strip()) and any(map(str.strip, row[1:])) for row in below)


def _goes_on(rows: Sequence[Row], names: int, index: int, width: int) -> bool:
    """Whether row ``index`` belongs to the header like the row ``names`` right above it."""
    below = [row for row in rows[index + 1 :] if any(map(str.strip, row)) and len(row) == width]
    if index >= len(rows) or len(rows[index]) != width or not rows[names] or not rows[index]:
        return False
    above, row = ([cell.strip() for cell in rows[i]] for i in (names, index))
    # A row of data begins with what it is about; below a name, a blank there speaks for a header.
    has_corner = not row[0] and bool(above[0]) and all(other[0].strip() for other in below)
    if len(below) < (2 if has_corner else 3):
        return False
    if has_corner and (are_years_below_groups(rows[names], row) or tells_apart(row, above) or _say_units(row, below)):
        return True
    if sum(map(bool, row)) >= 2 and row == above:
        return True
    if _is_unlabelled(row, above, below) or are_years_of_groups(above, row, below):
        return True
    return _are_units(row) or _are_words_above_values(row, below, width)


def _say_units(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row beside a blank corner has a word or a round unit, and a word somewhere, above each column of values
    and above no other: ``Anzahl``, ``Prozent``, ``1000``, as GENESIS writes."""
    typed = {i for i in range(1, len(row)) if holds_values([line[i].strip() for line in below])}
    if not typed or {i for i, cell in enumerate(row) if cell} != typed:
        return False
    words = [i for i in typed if len(row[i]) > 1 and _is_word_or_thousands(row[i])]
    return bool(words) and all(i in words or row[i] in _UNITS or _THOUSANDS.fullmatch(row[i]) for i in typed)


def _is_unlabelled(row: Row, above: Row, below: Sequence[Row]) -> bool:
    """Whether a row below a blank corner has none of the labels that all rows below it have, and says something of each
    column that none of them says: hours below the days of a poll."""
    if row[0] or above[0] or len(row) < _LEAST_COLUMNS or not all(other[0].strip() for other in below):
        return False
    if not all(map(_is_word_or_thousands, row[1:])) or not all(above[1:]):
        return False
    return not any(other[at].strip() == cell for other in below for at, cell in enumerate(row[1:], 1))


def are_units_above_values(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row right below names says the units of the values below it: ``s``, ``(km/h)``, ``%``, some well known.

    All rows are as long, without outer spaces. A sheet's row of any other words may be its first row of data.
    """
    typed = [i for i in range(len(row)) if holds_values([line[i].strip() for line in below])]
    if sum(1 for i in typed if row[i] and row[i] not in _UNTOLD) < _LEAST_UNITS or any(not row[i] for i in typed):
        return False
    bare = [cell.strip("()[]") for cell in row if cell and cell not in _UNTOLD]
    known = sum(1 for cell in bare if cell.casefold() in _KNOWN_UNITS or cell in _UNITS or "/" in cell or "°" in cell)
    return 2 * known >= len(bare) and all(_UNIT.fullmatch(cell) or cell in _UNITS for cell in bare)


def are_sure_units(row: Row) -> bool:
    """Whether a row holds nothing but units, each in brackets or well known."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) >= _LEAST_UNITS and all(
        _BRACKETED.fullmatch(cell) or cell.casefold() in _KNOWN_UNITS or cell in _UNITS for cell in cells
    )


def _are_units(row: Row) -> bool:
    """``unit``, and then no value: the row says so itself."""
    return row[0].strip(":").casefold() in _UNIT_WORDS and not any(map(VALUE.fullmatch, filter(None, row[1:])))


def _are_words_above_values(row: Row, below: Sequence[Row], width: int) -> bool:
    typed = [i for i in range(width) if holds_values([line[i].strip() for line in below])]
    words = _words(row, typed, has_units=_has_corner_of_units(row, below))
    values = [i for i in typed if row[i] and i not in words]
    if any(row[i] not in _UNTOLD for i in values):
        return False
    return len(words) >= 2 and len(words) * 2 > len(typed) - len(values)


def _has_corner_of_units(row: Row, below: Sequence[Row]) -> bool:
    """Whether the first cell says so, or is the only one of its column that is blank."""
    if row[0]:
        return row[0].strip(":").casefold() in _UNIT_WORDS
    return all(line[0].strip() for line in below)


def _words(row: Row, typed: Sequence[int], *, has_units: bool) -> list[int]:
    """Positions among ``typed`` where a name or a unit stands, ``£000`` too where the row ``has_units``.

    A single letter can stand for a value kept back (``x``, ``c``) too. It is a name beside longer ones or units, or
    where nothing but letters stands in the row, and not the same everywhere: ``X,Y,X,Y``.
    """
    is_name = _is_word_or_thousands if has_units else is_word
    words = [i for i in typed if is_name(row[i]) or row[i].strip("()[]") in _UNITS]
    letters = [i for i in typed if len(row[i]) == 1 and _WORD.match(row[i])]
    cells = [cell for cell in row if cell]
    only_letters = all(len(cell) == 1 and _WORD.match(cell) for cell in cells) and len(set(cells)) > 1
    beside_units = len(words) > 0 and all(at in typed or cell in _UNTOLD for at, cell in enumerate(row))
    return sorted({*words, *letters}) if only_letters or beside_units else words


def is_word(cell: str) -> bool:
    """Letters that are no part of a value, as in ``10:00:00Z`` and ``1e5``, and stand for none."""
    return bool(_WORD.search(cell)) and not VALUE.fullmatch(cell) and cell.lower() not in NULL_WORDS


def _is_word_or_thousands(cell: str) -> bool:
    """For a row that names nothing of its own: beside a name ``£000`` is its value."""
    return is_word(cell) or IN_THOUSANDS.fullmatch(cell) is not None


def holds_values(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers, dates or times, by far."""
    known = [cell for cell in cells if cell]
    return len(known) >= 2 and sum(1 for cell in known if VALUE.fullmatch(cell)) >= 0.9 * len(known)
