"""What a number format shows beside the digits or in place of them: the unit of ``0.0 "kg"``, words."""

import re

_UNIT = re.compile(r"[\s\u00a0]*(°?[^\W\d_][^,;:\"]{0,19}?)[\s\u00a0)]*")
_SHOWN = re.compile(r"([-+\u2212]?\d[\d.,'\u2019\s\u00a0\u202f]*)(\D.*)")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?")
_DASH = r"[-\u2010-\u2015\u2212]"
_ZERO = re.compile(rf"{_DASH}\s*\S{{1,4}}|\S{{1,4}}\s*{_DASH}")
"""``- kr``: a dash for 0, with the money or unit that stands beside all numbers."""
_BLANK = re.compile(r"[-\u2010-\u2015\u2212.\u2026()\s_]*")
_NO_DIGIT = re.compile(r"\D+")
_NO_UNITS = frozenset({"st", "nd", "rd", "th", "cr", "dr"})
"""Behind ordinal numbers, and for credit and debit."""


def unit_in(text: str) -> str:
    """The unit in what stands behind the digits; empty where none does. A comma there makes the digits thousands."""
    found = _UNIT.fullmatch(text)
    return found[1] if found and found[1].casefold() not in _NO_UNITS else ""


def words_in(text: str) -> str:
    """The words or signs in what stands in place of a number; a dash, or dots, are none and stand for 0."""
    words = text.strip()
    return "" if _BLANK.fullmatch(words) or _ZERO.fullmatch(words) else words


def unit_shown(text: str, value: str) -> str:
    """The unit of a number that is shown as this text; of one that is shown in thousands, ``1.5K``, none."""
    found = _SHOWN.fullmatch(text)
    if found is None or _PLAIN.fullmatch(value) is None:
        return ""
    digits = _NO_DIGIT.sub("", found[1]).lstrip("0")
    number = abs(float(value))
    whole = {str(int(number)), str(round(number))}
    is_whole = any(digits.startswith(each.lstrip("0")) for each in whole)
    return unit_in(found[2]) if is_whole else ""
