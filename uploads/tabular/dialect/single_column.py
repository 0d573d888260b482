"""Where delimiters are only marks in values: one column of numbers, dates or times, or times between delimiters."""

import re
from collections.abc import Sequence

_LEAST_LINES = 5
_ZONE = r"(?:Z| ?[-+]\d{2}:?\d{2})?"
_DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_ONE_VALUE = re.compile(
    rf"(?:{_DAY}?)?(?:{_TIME})?(?: ?[AaPp][Mm]|{_ZONE})|\w+://\S+|[+-]?\d+(?: \d{{3}})*"
    r"|[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
)
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?"
_ALWAYS_ONE = re.compile(rf"{_DAY}{_TIME}{_ZONE}|{_CLOCK}{_ZONE}|[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
"""Values that are one cell even in a file of a line or two."""
_TIME_CELL = re.compile(rf'[;,\t|]"?(?:{_DAY})?{_CLOCK}{_ZONE}"?[;,\t|]')
_SPACED_TIME = re.compile(rf"(?:^|\s)(?:{_DAY})?(?:[01]?\d|2[0-3])(?::[0-5]\d){{2}}(?:[.,]\d+)?{_ZONE}\s")
_SPLIT_SECOND = re.compile(r"(?<=:\d\d),\d{3}(?=[]) ])")
"""``06:25:10,123`` before more text, as the logging of Python and of Java write it."""
_MONEY = r"[-+]?(?:[$€£¥]\ ?)?"
_DECIMAL_COMMA = re.compile(rf"{_MONEY}\d+(?:\.\d{{3}})*,\d+")
_THOUSANDS = re.compile(rf"{_MONEY}\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?")
_PLAIN = re.compile(rf"{_MONEY}\d+(?:\.\d+)?")
_BOTH_MARKS = re.compile(rf"{_MONEY}(?:\d{{1,3}}(?:\.\d{{3}})+,\d+|\d{{1,3}}(?:,\d{{3}})+\.\d+)")
"""``1.234,50`` and ``$2,341.00``: one number even alone."""


def length_of_all(lines: Sequence[str]) -> int | None:
    """The characters that each of several lines has, where words in them stand apart: columns of fixed width."""
    lengths = {len(line) for line in lines}
    is_padded = len(lengths) == 1 and len(lines) >= _LEAST_LINES and all("  " in line for line in lines)
    return lengths.pop() if is_padded and not single_values(lines) else None


def single_values(lines: Sequence[str]) -> bool:
    """Whether each line is one number, date or time, quoted or not, but for a header."""
    filled = _filled(lines)
    ones = sum(1 for line in filled if _ONE_VALUE.fullmatch(line))
    return ones >= 0.8 * len(filled) or (len(filled) > 1 and all(map(_ALWAYS_ONE.fullmatch, filled[1:])))


def has_times_between(lines: Sequence[str]) -> bool:
    """Whether nearly all lines below the first hold a time between other delimiters than colons, or one with seconds
    between spaces, as in logs."""
    below = [line.strip() for line in lines[1:] if line.strip()]
    found = sum(1 for line in below if any(c in line for c in ";,\t|") and _TIME_CELL.search(f",{line},"))
    spaced = sum(1 for line in below if _SPACED_TIME.search(line))
    return max(found, spaced) > 0 and max(found, spaced) >= 0.8 * len(below)


def are_split_seconds(lines: Sequence[str]) -> bool:
    """Whether nearly all lines hold a time whose thousandths stand behind a comma, and some have no other comma."""
    filled = _filled(lines)
    found = [line for line in filled if _SPLIT_SECOND.search(line)]
    return len(found) > 0.8 * len(filled) and not all("," in _SPLIT_SECOND.sub("", line) for line in found)


def numbers_with_commas(lines: Sequence[str]) -> bool:
    """A column of its own: ``price`` above ``1,50`` and ``2,25``, or ``people`` above ``1,204`` and ``3,112,500``.

    One in ten may be something else, without a comma.
    """
    name, *values = _filled(lines) or [""]
    numbers = [value for value in values if "," in value]
    strangers = sum(1 for value in values if "," not in value and not _PLAIN.fullmatch(value))
    enough = len(numbers) > 1 or any(map(_BOTH_MARKS.fullmatch, numbers))
    if not enough or "," in name or strangers > 0.1 * len(values) or 2 * len(numbers) < len(values):
        return False
    return all(map(_DECIMAL_COMMA.fullmatch, numbers)) or all(map(_THOUSANDS.fullmatch, numbers))


def _filled(lines: Sequence[str]) -> list[str]:
    """Lines of a single column, without quotes and blank ones."""
    return [bare for line in lines if (bare := line.strip().strip('"'))]
