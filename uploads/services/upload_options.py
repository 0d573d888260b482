"""What a sender says about a file, from any kind of caller, as it is kept with the file."""

from collections.abc import Mapping
from typing import Any

from uploads.domain.detection_dialect import delimiter_option
from uploads.domain.detection_encoding import known_codec
from uploads.domain.errors import BadOption

READING_OPTIONS = ("delimiter", "encoding", "header_row", "sheet", "decimal", "day_first", "all_text")
"""The options that say how to read a file; ``ReadOptions`` explains each."""

_DECIMAL_MARKS = {".": ".", ",": ",", "point": ".", "comma": ","}
_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off"})
_LAST_ROW = 2**31 - 1


def parse_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Reading options as keyword arguments of ``ReadOptions``; strings or values, blank ones left out.

    Raises ``BadOption`` for one that is unknown or cannot be used.
    """
    options: dict[str, Any] = {}
    for key, value in given.items():
        if key not in READING_OPTIONS:
            raise BadOption(f"There is no option “{key}”.", hint=f"The options are {', '.join(READING_OPTIONS)}.")
        if value is None or value == "":
            continue
        text = str(value)
        if "\0" in text or len(text) > 255:
            raise BadOption(f"The value of “{key}” is too long or holds a NUL character.", hint="Leave it out.")
        options[key] = _PARSERS[key](key, text)
    if options.get("all_text") is False:
        del options["all_text"]  # as it is without saying so
    return options


def parse_flag(key: str, text: str | bool | None) -> bool | None:
    """Yes, no, or ``None`` where nothing was said."""
    word = "" if text is None else str(text).strip().lower()
    if word == "":
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadOption(f"“{text}” is neither yes nor no for “{key}”.", hint="Say true or false.")


def _delimiter(key: str, text: str) -> str:
    return delimiter_option(text)


def _encoding(key: str, text: str) -> str:
    known_codec(text)
    return text.strip()


def _header_row(key: str, text: str) -> int | str:
    word = text.strip().lower()
    if word == "none":
        return "none"
    if word.isascii() and word.isdigit() and 1 <= int(word[:11]) <= _LAST_ROW:
        return int(word)
    raise BadOption(f"“{text}” is not the number of a header row.", hint="Give a number from 1, or the word none.")


def _sheet(key: str, text: str) -> str:
    return text


def _decimal(key: str, text: str) -> str:
    mark = _DECIMAL_MARKS.get(text.strip().lower())
    if mark is None:
        raise BadOption(f"“{text}” is not a decimal mark.", hint="Give a point or a comma.")
    return mark


_PARSERS = {
    "delimiter": _delimiter,
    "encoding": _encoding,
    "header_row": _header_row,
    "sheet": _sheet,
    "decimal": _decimal,
    "day_first": parse_flag,
    "all_text": parse_flag,
}
