"""The number formats that files name by a number alone, and which formats the first reader takes for dates."""

import re

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    # In East Asian versions of Excel (§18.8.30): some are days there and times elsewhere, which the number tells.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 59)), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35), "h:mm:ss"),
}
"""The formats that have a number and no code in the file, as far as they are not plain numbers."""


_LITERAL = re.compile(r'"[^"]*"?|[_\\\\].?', re.DOTALL)
_BRACKET = re.compile(r"\[[^\]]*\]?")
_ELAPSED_FIRST = re.compile(r"\[([hms])\1*\]")
_DATE_LETTER = re.compile(r"[adhmsy]")
_DATES_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))


def seen_as_date(code: str | None, number: int) -> bool:
    """Whether calamine 0.9.1 takes a format for one of dates, times or durations.

    It reads the first section alone, knows no conditions, and of the numbers below 164 only its own.
    """
    if code is None:
        return number in _DATES_BUILT_IN
    first = _LITERAL.sub("", code).partition(";")[0].lower()
    if _ELAPSED_FIRST.search(first):
        return True
    letters = _BRACKET.sub("", first)
    found = _DATE_LETTER.search(letters)
    if found is None:
        return False
    return found[0] != "a" or any(sign in letters[found.end() :] for sign in "pm/")
