"""What a person says about how to read a file, from any kind of caller, as it is kept with the file."""

from collections.abc import Iterable, Mapping
from typing import Any

from uploads.tabular.dialect.dialect import delimiter_option
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.errors import BadOption

READING_OPTIONS = (
    "delimiter",
    "encoding",
    "header_row",
    "sheet",
    "decimal",
    "day_first",
    "null_words",
    "all_text",
    "one_table",
)
"""The options that say how to read a file; ``ReadOptions`` explains each."""
OF_SHEETS = frozenset({"sheet"})
OF_TEXT = frozenset({"delimiter", "encoding"})
FIND_OUT = "auto"
"""Said of an option: find it out from the file, whatever its dataset remembers."""
EVERY_SHEET = "*"
"""The same said of the sheet, which may be called “auto”; no program lets a sheet be called this."""

_DECIMAL_MARKS = {".": ".", ",": ",", "point": ".", "comma": ","}
_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off"})
_LAST_ROW = 2**31 - 1
MOST_NULL_WORDS = 20
LONGEST_NULL_WORD = 40
_WORDS = {
    "delimiter": "delimiter “{}”",
    "encoding": "encoding {}",
    "header_row": "header row {}",
    "sheet": "sheet “{}”",
    "decimal": "decimal mark “{}”",
}
_WORDS_OF_FLAGS = {
    "day_first": ("day first", "month first"),
    "all_text": ("everything as text", "with types"),
    "one_table": ("everything as one table", "with totals, notes and other tables apart"),
}
_NAMES = {"\t": "tab", " ": "space"}
_FOUND_OUT = {
    "header_row": "header row found out",
    "sheet": "every sheet",
    "decimal": "decimal mark found out",
    "day_first": "order of dates found out",
    "all_text": "types found out",
    "one_table": "totals, notes and other tables found out",
    "null_words": "no words as empty",
}


def parse_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Reading options as keyword arguments of ``ReadOptions``; strings or values, blank ones left out.

    ``None`` stays for an option of which ``FIND_OUT`` is said. Null words come as a list, or as text with commas
    between them. Raises ``BadOption`` for one that is unknown or cannot be used.
    """
    options: dict[str, Any] = {}
    for key, value in given.items():
        if key not in READING_OPTIONS:
            raise BadOption(f"There is no option “{key}”.", hint=f"The options are {', '.join(READING_OPTIONS)}.")
        if value is None or value in ("", [], ()):
            continue
        options[key] = parse_option(key, ",".join(value) if isinstance(value, list | tuple) else str(value))
    return options


def parse_option(key: str, text: str) -> Any:
    """One option; ``None``: it is to be found out. Raises ``BadOption``."""
    if "\0" in text or len(text) > 255:
        raise BadOption(f"The value of “{key}” is too long or holds a NUL character.", hint="Leave it out.")
    if text.strip().lower() == (EVERY_SHEET if key == "sheet" else FIND_OUT):
        return None
    return _PARSERS[key](key, text)


def given_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that are to be found out, in the order in which people are told: arguments of ``ReadOptions``."""
    return {key: options[key] for key in READING_OPTIONS if options.get(key) is not None}


def option_words(key: str, value: Any) -> str:
    """One option for people: ``delimiter “;”``, ``day first``."""
    if value is None:
        return _FOUND_OUT.get(key, f"{key} found out")
    if key in _WORDS_OF_FLAGS:
        yes, no = _WORDS_OF_FLAGS[key]
        return yes if value else no
    if key == "null_words":
        return f"{' and '.join(f'“{word}”' for word in value)} as empty"
    if key == "header_row" and value == "none":
        return "no header row"
    return _WORDS[key].format(_NAMES.get(str(value), value))


def options_in_words(options: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> str:
    """Several options for people: ``delimiter “;”, day first``."""
    return ", ".join(option_words(key, value) for key, value in dict(options).items())


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


def parse_null_words(key: str, text: str) -> list[str]:
    """Words between commas; raises ``BadOption`` for too many or too long ones."""
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if len(words) > MOST_NULL_WORDS or any(len(word) > LONGEST_NULL_WORD for word in words):
        raise BadOption(
            f"There may be {MOST_NULL_WORDS} null words of up to {LONGEST_NULL_WORD} characters.",
            hint="Give a few short ones, such as NA, N/A.",
        )
    return words


_PARSERS = {
    "delimiter": _delimiter,
    "encoding": _encoding,
    "header_row": _header_row,
    "sheet": _sheet,
    "decimal": _decimal,
    "day_first": parse_flag,
    "all_text": parse_flag,
    "one_table": parse_flag,
    "null_words": parse_null_words,
}
