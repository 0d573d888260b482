"""Date patterns for people: ``%d/%m/%Y`` is shown as ``DD/MM/YYYY``."""

import re

from uploads.tabular.table import MIXED

_WORDS = {
    "%d": "DD",
    "%-d": "D",
    "%m": "MM",
    "%-m": "M",
    "%Y": "YYYY",
    "%y": "YY",
    "%A": "Weekday",
    "%s": "seconds since 1970",
    "%Q": "milliseconds since 1970",
    "%Of": "microseconds since 1970",
    "%+H": "hh (to 24)",
    "%b": "Mon",
    "%B": "Month",
    "%^b": "MON",
    "%H": "hh",
    "%-H": "h",
    "%I": "hh",
    "%-I": "h",
    "%M": "mm",
    "%S": "ss",
    "%-f": "[.f]",
    "%p": "AM/PM",
    "%P": "am/pm",
    "%:z": "±hh:mm",
    "%z": "±hhmm",
    "%:::z": "±hh",
    "%:Z": "±hh:mm or Z",
    "%Z": "±hhmm or Z",
    "%:::Z": "±hh or Z",
}
_LETTER = re.compile(r"%(?P<digits>[1-6])f|%(?:[-^+O]|:+)?[A-Za-z]")


def in_words(pattern: str) -> str:
    """The pattern in letters that spreadsheets use too; what is no letter of a pattern stays as it is. Of values that
    are written in several ways: how most would write them."""
    return _LETTER.sub(_word, pattern.removeprefix(MIXED))


def _word(letter: re.Match[str]) -> str:
    return "f" * int(letter["digits"]) if letter["digits"] else _WORDS.get(letter[0], letter[0])
