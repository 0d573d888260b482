"""From what a person writes for an option to the value that is kept with a file; each raises ``BadOption``."""

from uploads.tabular.dialect.dialect import delimiter_option, quote_option
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.errors import BadOption
from uploads.tabular.layout.row_numbers import LAST_ROW, parse_row_numbers, parse_table_rows, written_row_numbers

_DECIMAL_MARKS = {".": ".", ",": ",", "point": ".", "comma": ","}
YES = frozenset({"true", "1", "yes", "on"})
NO = frozenset({"false", "0", "no", "off"})
MOST_WORDS = 20
LONGEST_WORD = 40
WORDS_PATTERN = f"[^,]{{0,{LONGEST_WORD}}}(,[^,]{{0,{LONGEST_WORD}}}){{0,{MOST_WORDS - 1}}}"
"""For browsers."""
EARLIEST_YEAR, LATEST_YEAR = 1500, 2400
UNEVEN_ROWS = {
    "fill": "short rows filled",
    "collect": "short rows filled, the rest of long ones in the last column",
    "join": "broken lines joined",
}
"""What may become of rows of other lengths, and its words."""


def parse_flag(key: str, text: str | bool | None) -> bool | None:
    """Yes, no, or ``None`` where nothing was said."""
    word = "" if text is None else str(text).strip().lower()
    if word == "":
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadOption(f"“{text}” is neither yes nor no for “{key}”.", hint="Say true or false.")


def parse_choice(key: str, text: str, *, among: tuple[str, ...]) -> str:
    word = text.strip().lower()
    if word not in among:
        raise BadOption(f"“{text}” is no choice for “{key}”.", hint=f"Choose one of {', '.join(among)}.")
    return word


def parse_delimiter(key: str, text: str) -> str:
    return delimiter_option(text)


def parse_quote(key: str, text: str) -> str:
    return quote_option(text)


def parse_encoding(key: str, text: str) -> str:
    known_codec(text)
    return text.strip()


def parse_header_row(key: str, text: str) -> int | str:
    word = text.strip().lower()
    if word == "none":
        return "none"
    if word.isascii() and word.isdigit() and 1 <= int(word[:11]) <= LAST_ROW:
        return int(word)
    raise BadOption(f"“{text}” is not the number of a header row.", hint="Give a number from 1, or the word none.")


def parse_data_row(key: str, text: str) -> int:
    word = text.strip()
    if word.isascii() and word.isdigit() and 1 <= int(word[:11]) <= LAST_ROW:
        return int(word)
    raise BadOption(f"“{text}” is not the number of a row.", hint="Give a number from 1, such as 3.")


def parse_skip_rows(key: str, text: str) -> str:
    return written_row_numbers(parse_row_numbers(text))


def parse_begins(key: str, text: str) -> str:
    return ", ".join(map(str, parse_table_rows(text)))


def parse_sheet(key: str, text: str) -> str:
    return text


def parse_decimal(key: str, text: str) -> str:
    mark = _DECIMAL_MARKS.get(text.strip().lower())
    if mark is None:
        raise BadOption(f"“{text}” is not a decimal mark.", hint="Give a point or a comma.")
    return mark


def parse_first_year(key: str, text: str) -> int:
    word = text.strip()
    if word.isascii() and word.isdigit() and EARLIEST_YEAR <= int(word[:5]) <= LATEST_YEAR:
        return int(word)
    raise BadOption(
        f"“{text}” is not the first of a hundred years.",
        hint=f"Give a year from {EARLIEST_YEAR} to {LATEST_YEAR}, such as 1930.",
    )


def parse_null_words(key: str, text: str) -> list[str]:
    """Words between commas; raises ``BadOption`` for too many or too long ones."""
    return _short_words(text, what="null words", such_as="NA, N/A")


def parse_skip_words(key: str, text: str) -> list[str]:
    return _short_words(text, what="words", such_as="Total, Sum")


def _short_words(text: str, *, what: str, such_as: str) -> list[str]:
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        raise BadOption(
            f"There may be {MOST_WORDS} {what} of up to {LONGEST_WORD} characters.",
            hint=f"Give a few short ones, such as {such_as}.",
        )
    return words
