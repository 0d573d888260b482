"""What a person may say about how to read a file: one declaration, from which form, page, API, commands, receipts and
“Now:” take their names, values and words.

A new option is declared here, and read where ``ReadOptions`` is: these two files, and no third.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from uploads.models import Load
from uploads.services.options.option import Flag, Option, OptionKind, Source
from uploads.tabular.dialect.dialect import NO_QUOTE, delimiter_option, quote_option
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.errors import BadOption
from uploads.tabular.notes import Note
from uploads.tabular.table import FormatHints

_DECIMAL_MARKS = {".": ".", ",": ",", "point": ".", "comma": ","}
_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off"})
_LAST_ROW = 2**31 - 1
EARLIEST_YEAR, LATEST_YEAR = 1500, 2400
MOST_NULL_WORDS = 20
LONGEST_NULL_WORD = 40
_NAMES = {"\t": "tab", " ": "space"}
_MARK_NAMES = {".": "point", ",": "comma"}


def parse_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Reading options as keyword arguments of ``ReadOptions``; strings or values, blank ones left out.

    ``None`` stays for an option that is to be found out. Null words come as a list, or as text with commas
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
    if text.strip().lower() == OPTIONS[key].find_out:
        return None
    return OPTIONS[key].parse(key, text)


def given_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that are to be found out, in the order in which people are told: arguments of ``ReadOptions``."""
    return {key: options[key] for key in READING_OPTIONS if options.get(key) is not None}


def option_words(key: str, value: Any) -> str:
    """One option for people: ``delimiter “;”``, ``day first``."""
    option = OPTIONS[key]
    return option.found_out if value is None else option.words(value)


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


def _quote(key: str, text: str) -> str:
    return quote_option(text)


_UNEVEN = {
    "fill": "rows of other lengths made to fit",
    "join": "broken lines joined",
}


def _uneven_rows(key: str, text: str) -> str:
    word = text.strip().lower()
    if word not in _UNEVEN:
        raise BadOption(f"“{text}” is nothing to do with rows of other lengths.", hint="Say fill or join.")
    return word


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


def _decimal(key: str, text: str) -> str:
    mark = _DECIMAL_MARKS.get(text.strip().lower())
    if mark is None:
        raise BadOption(f"“{text}” is not a decimal mark.", hint="Give a point or a comma.")
    return mark


def _first_year(key: str, text: str) -> int:
    word = text.strip()
    if word.isascii() and word.isdigit() and EARLIEST_YEAR <= int(word[:5]) <= LATEST_YEAR:
        return int(word)
    raise BadOption(
        f"“{text}” is not the first of a hundred years.",
        hint=f"Give a year from {EARLIEST_YEAR} to {LATEST_YEAR}, such as 1930.",
    )


def parse_null_words(key: str, text: str) -> list[str]:
    """Words between commas; raises ``BadOption`` for too many or too long ones."""
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if len(words) > MOST_NULL_WORDS or any(len(word) > LONGEST_NULL_WORD for word in words):
        raise BadOption(
            f"There may be {MOST_NULL_WORDS} null words of up to {LONGEST_NULL_WORD} characters.",
            hint="Give a few short ones, such as NA, N/A.",
        )
    return words


def _named(form: str) -> Callable[[Any], str]:
    return lambda value: form.format(_NAMES.get(str(value), value))


def _yes_or_no(yes: str, no: str) -> Callable[[Any], str]:
    return lambda value: yes if value else no


def _decimals_in_effect(load: Load) -> Iterable[str]:
    for column in load.columns:
        if column["type"] in ("numeric", "double precision") or column["format"].get("thousands"):
            yield _MARK_NAMES[column["format"]["decimal"]]


def _date_orders_in_effect(load: Load) -> Iterable[str]:
    """Of dates in figures alone: strptime's letters are d and m, or -d and -m without zeros."""
    for column in load.columns:
        letters = column["format"].get("pattern", "").replace("-", "")
        day, month = letters.find("%d"), letters.find("%m")
        if min(day, month) >= 0 and not letters.startswith("%Y"):
            yield "day first" if day < month else "month first"


def _years_in_effect(load: Load) -> Iterable[str]:
    for column in load.columns:
        if column["format"].get("first_year"):
            yield f"{column['format']['first_year']} to {column['format']['last_year']}"


def _null_words_in_effect(load: Load) -> Iterable[str]:
    if load.dataset is not None and load.dataset.null_words:
        yield ", ".join(load.dataset.null_words)


def _uneven_rows_in_effect(load: Load) -> Iterable[str]:
    for applied in load.applied_options:
        if applied["option"] == "uneven_rows":
            yield _UNEVEN[applied["value"]]


def _flag_in_effect(option: str) -> Callable[[Load], Iterable[str]]:
    return lambda load: ("yes",) if _applied_to(load, option) else ()


def _one_table_in_effect(load: Load) -> Iterable[str]:
    if _applied_to(load, "one_table"):
        yield "yes"
    elif load.footer:
        yield f"{load.footer:,} row{'s' * (load.footer != 1)} below the table left out"
    elif any(Note.from_json(note).is_on_rows_left_out for note in load.notes):
        yield "no: a note or another table stands apart"


def _applied_to(load: Load, key: str) -> bool:
    return any(applied["option"] == key and applied["value"] is True for applied in load.applied_options)


_DECLARED = (
    Option(
        name="delimiter",
        kind=OptionKind.CHOICE,
        parse=_delimiter,
        words=_named("delimiter “{}”"),
        found_out="delimiter found out",
        in_effect=lambda load: (_named("“{}”")(load.delimiter) if load.delimiter else "none",),
        help="What separates the cells: up to five characters such as ; or ||, or the word tab.",
        label="Delimiter",
        choices=(
            (";", "semicolon  ;"),
            (",", "comma  ,"),
            ("tab", "tab"),
            ("|", "bar  |"),
            (" ", "space"),
            (":", "colon  :"),
        ),
        argument="--delimiter",
        metavar="C",
        applies_to=frozenset({Source.TEXT}),
        is_open=True,
        keeps_spaces=True,
    ),
    Option(
        name="quote",
        kind=OptionKind.CHOICE,
        parse=_quote,
        words=lambda value: "no quotes" if value == NO_QUOTE else f"quote “{value}”",
        found_out="quote found out",
        in_effect=lambda load: (f"“{load.quotechar}”" if load.quotechar else "none",),
        help="What stands around cells that may hold a delimiter: a character, or none.",
        label="Quote",
        hint="Around cells that hold the delimiter",
        choices=(
            ('"', 'double quote  "'),
            ("'", "apostrophe  '"),
            ("|", "bar  |"),
            ("þ", "thorn  þ"),
            ("none", "none"),
        ),
        argument="--quote",
        metavar="C",
        applies_to=frozenset({Source.TEXT}),
        is_open=True,
    ),
    Option(
        name="uneven_rows",
        kind=OptionKind.CHOICE,
        parse=_uneven_rows,
        words=_UNEVEN.__getitem__,
        found_out="rows of other lengths rejected",
        in_effect=_uneven_rows_in_effect,
        help=(
            "What becomes of rows with too few or too many cells: fill (short ones end in empty cells, the rest of "
            "long ones is the last cell's) or join (a line with too few cells goes on in the next)."
        ),
        label="Rows of other lengths",
        hint="Where rows have too few or too many cells",
        choices=(
            ("fill", "fill short rows, keep the rest in the last column"),
            ("join", "join lines that were broken"),
        ),
        argument="--uneven-rows",
        metavar="fill / join",
        applies_to=frozenset({Source.TEXT}),
    ),
    Option(
        name="encoding",
        kind=OptionKind.TEXT,
        parse=_encoding,
        words=_named("encoding {}"),
        found_out="encoding found out",
        in_effect=lambda load: (load.encoding,) if load.encoding else (),
        help="How letters are written as bytes, such as utf-8 or cp1252.",
        label="Encoding",
        placeholder="Find out",
        argument="--encoding",
        metavar="E",
        applies_to=frozenset({Source.TEXT, Source.ENCODED_SHEETS}),
        suggestions=("utf-8", "utf-16", "cp1252", "iso-8859-1", "cp850", "shift_jis", "gb18030", "big5"),
        remembered_as="likely_encoding",  # exporters change
        was_followed=lambda dialect, value: dialect.encoding == known_codec(value),
    ),
    Option(
        name="header_row",
        kind=OptionKind.TEXT,
        parse=_header_row,
        words=lambda value: "no header row" if value == "none" else f"header row {value}",
        found_out="header row found out",
        in_effect=lambda load: (f"row {load.header_row:,}" if load.header_row else "no header",),
        help="Row with the column names, from 1, or none where there isn't one.",
        label="Header row",
        hint="A row number, or “none”",
        placeholder="Find out",
        argument="--header-row",
        metavar="N",
        is_number_too=True,
        suggestions=("none",),
        applies_to=frozenset({Source.TEXT, Source.SHEETS, Source.ENCODED_SHEETS}),
        pattern="0*[1-9][0-9]*|[Nn][Oo][Nn][Ee]",
        wrong="write a number such as 3, or none",
    ),
    Option(
        name="sheet",
        kind=OptionKind.TEXT,
        parse=lambda _, text: text,
        words=_named("sheet “{}”"),
        found_out="every sheet",
        in_effect=lambda load: (f"“{load.source}”",) if load.source else (),
        help="Load this sheet only; * for every one.",
        label="Sheet",
        placeholder="Every sheet with data",
        argument="--sheet",
        metavar="NAME",
        applies_to=frozenset({Source.SHEETS, Source.ENCODED_SHEETS}),
        keeps_spaces=True,
        find_out="*",  # a sheet may be called “auto”; no program lets one be called this
    ),
    Option(
        name="decimal",
        kind=OptionKind.CHOICE,
        parse=_decimal,
        words=_named("decimal mark “{}”"),
        found_out="decimal mark found out",
        in_effect=_decimals_in_effect,
        help="Decimal mark where 1.234 could mean two things: a point or a comma.",
        label="Decimal mark",
        hint="For numbers like 1.234, which can mean two things",
        choices=((".", "point  1,234.5"), (",", "comma  1.234,5")),
        argument="--decimal",
        metavar="C",
        of_values=True,
    ),
    Option(
        name="day_first",
        kind=OptionKind.CHOICE,
        parse=parse_flag,
        words=_yes_or_no("day first", "month first"),
        found_out="order of dates found out",
        in_effect=_date_orders_in_effect,
        help="Order of dates that can be read in two ways: day first, or month first.",
        label="Order of dates",
        hint="For dates like 01/02/2024",
        choices=(("true", "day first"), ("false", "month first")),
        argument="--day-first",
        flags=(
            Flag(name="--day-first", value=True, help="01/02/2024 is the 1st of February"),
            Flag(name="--month-first", value=False, help="01/02/2024 is January the 2nd"),
        ),
        of_values=True,
    ),
    Option(
        name="first_year",
        kind=OptionKind.CHOICE,
        parse=_first_year,
        words=_named("years of two digits from {} on"),
        found_out="years of two digits found out",
        in_effect=_years_in_effect,
        help="First of the hundred years that two digits stand for: with 1930, 45 is 1945; with 1970, it is 2045.",
        label="Years of two digits",
        hint="For dates like 13.02.45",
        choices=(("1930", "1930 to 2029: 45 is 1945"), ("1970", "1970 to 2069: 45 is 2045")),
        argument="--first-year",
        metavar="YEAR",
        is_number_too=True,
        is_open=True,
        of_values=True,
    ),
    Option(
        name="null_words",
        kind=OptionKind.WORDS,
        parse=parse_null_words,
        words=lambda value: f"{' and '.join(f'“{word}”' for word in value)} as empty",
        found_out="no words as empty",
        in_effect=_null_words_in_effect,
        help="Words that mean an empty cell, such as NA, with commas between; for a file of a new dataset.",
        label="Words that mean empty",
        hint="For a new dataset, such as: NA, N/A",
        placeholder="None",
        pattern=f"[^,]{{0,{LONGEST_NULL_WORD}}}(,[^,]{{0,{LONGEST_NULL_WORD}}}){{0,{MOST_NULL_WORDS - 1}}}",
        wrong=f"write up to {MOST_NULL_WORDS} words of up to {LONGEST_NULL_WORD} characters, such as NA, N/A",
        argument="--null-word",
        metavar="WORD",
        of_datasets=False,
    ),
    Option(
        name="all_text",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=_yes_or_no("everything as text", "with types"),
        found_out="types found out",
        in_effect=_flag_in_effect("all_text"),
        help="Keep every column as text.",
        label="Read everything as text",
        hint="No column becomes numbers or dates",
        argument="--all-text",
        excludes=("decimal", "day_first", "first_year"),
        of_values=True,
        yields_to_types=True,
    ),
    Option(
        name="one_table",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=_yes_or_no("everything as one table", "with totals, notes and other tables apart"),
        found_out="totals, notes and other tables found out",
        in_effect=_one_table_in_effect,
        help="Every row below the header is data of one table: no total, note or other table is told from them.",
        label="Read everything as one table",
        hint="Totals, notes and other tables below the header are rows too",
        applies_to=frozenset({Source.TEXT, Source.SHEETS, Source.ENCODED_SHEETS}),
        argument="--one-table",
    ),
    Option(
        name="visible_only",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=_yes_or_no("visible cells only", "with hidden rows and columns"),
        found_out="hidden rows and columns too",
        in_effect=_flag_in_effect("visible_only"),
        help="Leave out the rows and columns that a sheet hides, by hand or by a filter.",
        label="Visible rows and columns only",
        hint="Leaves out what a sheet hides, by hand or by a filter",
        argument="--visible-only",
        applies_to=frozenset({Source.SHEETS, Source.ENCODED_SHEETS}),
    ),
    Option(
        name="fill_down",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=_yes_or_no("merged cells filled down", "merged cells as they are"),
        found_out="merged cells as they are",
        in_effect=_flag_in_effect("fill_down"),
        help="Give each row the value of the merged cell that spans it.",
        label="Fill merged cells down",
        hint="Each row gets the value of the merged cell that spans it",
        argument="--fill-down",
        applies_to=frozenset({Source.SHEETS, Source.ENCODED_SHEETS}),
    ),
)
OPTIONS = {option.name: option for option in _DECLARED}
"""By name, in the order in which people are told; ``ReadOptions`` explains each."""
READING_OPTIONS = tuple(OPTIONS)
OF_DATASETS = tuple(option.name for option in _DECLARED if option.of_datasets)
OF_VALUES = tuple(option.name for option in _DECLARED if option.of_values)
OF_COLUMNS = tuple(field.name for field in fields(FormatHints))
"""What may be said too where a column gets another type."""
