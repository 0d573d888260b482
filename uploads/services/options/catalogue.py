"""What a person may say about how to read a file: one declaration, from which form, page, API, commands, receipts and
“Now:” take their names, values and words.

A new option is declared here, and read where ``ReadOptions`` is: these two files, and no third. Those that are about
values or about sheets alone have tables of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from uploads.services.options.of_sources import parse_of_sources, pattern_of_sources, words_of_sources
from uploads.services.options.on_sheets import ON_SHEETS, SHEETS
from uploads.services.options.on_values import ON_VALUES
from uploads.services.options.option import OfSources, Option, OptionKind, Source
from uploads.services.options.parsing import (
    LONGEST_WORD,
    MOST_WORDS,
    UNEVEN_ROWS,
    WORDS_PATTERN,
    parse_begins,
    parse_choice,
    parse_data_row,
    parse_delimiter,
    parse_encoding,
    parse_flag,
    parse_header_row,
    parse_quote,
    parse_sheet,
    parse_skip_rows,
    parse_skip_words,
)
from uploads.services.options.wording import (
    applied_in_effect,
    delimiter_in_effect,
    named,
    one_table_in_effect,
    quote_words,
    uneven_rows_in_effect,
    yes_or_no,
)
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.errors import BadOption
from uploads.tabular.table import FormatHints

_TABLES = SHEETS | {Source.TEXT}
_LONGEST_OF_SOURCES = 2_000
"""Characters of what may be said of each of many sheets."""


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
    option = OPTIONS[key]
    if "\0" in text or len(text) > option.longest:
        raise BadOption(f"The value of “{key}” is too long or holds a NUL character.", hint="Leave it out.")
    if text.strip().lower() == option.find_out:
        return None
    return option.parse(key, text) if option.of_sources is OfSources.NO else parse_of_sources(option, text)


def given_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that are to be found out, in the order in which people are told: arguments of ``ReadOptions``."""
    return {key: options[key] for key in READING_OPTIONS if options.get(key) is not None}


def option_words(key: str, value: Any) -> str:
    """One option for people: ``delimiter “;”``, ``day first``."""
    option = OPTIONS[key]
    return option.found_out if value is None else words_of_sources(option, value)


def options_in_words(options: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> str:
    """Several options for people: ``delimiter “;”, day first``."""
    return ", ".join(option_words(key, value) for key, value in dict(options).items())


_DECLARED = (
    Option(
        name="delimiter",
        kind=OptionKind.CHOICE,
        parse=parse_delimiter,
        words=named("delimiter “{}”"),
        found_out="delimiter detected automatically",
        in_effect=delimiter_in_effect,
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
        parse=parse_quote,
        words=quote_words,
        found_out="quote detected automatically",
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
        parse=partial(parse_choice, among=tuple(UNEVEN_ROWS)),
        words=UNEVEN_ROWS.__getitem__,
        found_out="rows of other lengths rejected",
        in_effect=uneven_rows_in_effect,
        help=(
            "What becomes of rows with too few or too many cells: fill (short ones end in empty cells), collect (and "
            "the rest of long ones is the last cell's) or join (a line with too few cells goes on in the next)."
        ),
        label="Rows of other lengths",
        hint="Where rows have too few or too many cells",
        choices=(
            ("fill", "fill short rows"),
            ("collect", "fill short rows, keep the rest of long ones in the last column"),
            ("join", "join lines that were broken"),
        ),
        argument="--uneven-rows",
        metavar="HOW",
        applies_to=frozenset({Source.TEXT}),
    ),
    Option(
        name="encoding",
        kind=OptionKind.TEXT,
        parse=parse_encoding,
        words=named("encoding {}"),
        found_out="encoding detected automatically",
        in_effect=lambda load: (load.encoding,) if load.encoding else (),
        help="How letters are written as bytes, such as utf-8 or cp1252; of one member of an archive: jan.csv!cp1252.",
        label="Encoding",
        placeholder="Detect automatically",
        argument="--encoding",
        metavar="E",
        applies_to=frozenset({Source.TEXT, Source.ENCODED_SHEETS, Source.ENCODED_RECORDS}),
        suggestions=("utf-8", "utf-16", "cp1252", "iso-8859-1", "cp850", "shift_jis", "gb18030", "big5"),
        of_sources=OfSources.INSTEAD,
        longest=_LONGEST_OF_SOURCES,
        remembered_as="likely_encoding",  # exporters change
        was_followed=lambda dialect, value: dialect.encoding == known_codec(value),
    ),
    Option(
        name="header_row",
        kind=OptionKind.TEXT,
        parse=parse_header_row,
        words=lambda value: "no header row" if value == "none" else f"header row {value}",
        found_out="header row detected automatically",
        in_effect=lambda load: (f"row {load.header_row:,}" if load.header_row else "no header",),
        help="Row with the column names, from 1, or none where there isn't one; of one sheet or member: Sheet2!3.",
        label="Header row",
        hint="A row number, or “none”; of one sheet: Sheet2!3",
        placeholder="Detect automatically",
        argument="--header-row",
        places_rows=True,
        metavar="N",
        is_number_too=True,
        suggestions=("none",),
        applies_to=_TABLES,
        pattern=pattern_of_sources("0*[1-9][0-9]*|[Nn][Oo][Nn][Ee]"),
        of_sources=OfSources.INSTEAD,
        longest=_LONGEST_OF_SOURCES,
        wrong="write a number such as 3, or none",
    ),
    Option(
        name="data_row",
        kind=OptionKind.TEXT,
        parse=parse_data_row,
        words=named("data from row {}"),
        found_out="first row of data detected automatically",
        in_effect=applied_in_effect("data_row"),
        help=(
            "Row where the data begin, from 1; rows of units or second headers above it are left out; of one sheet or"
            " member: Sheet2!4."
        ),
        label="Data begin in row",
        hint="Leaves out units or second headers above it; of one sheet: Sheet2!4",
        placeholder="Detect automatically",
        argument="--data-row",
        places_rows=True,
        metavar="N",
        is_number_too=True,
        pattern=pattern_of_sources("0*[1-9][0-9]*"),
        of_sources=OfSources.INSTEAD,
        longest=_LONGEST_OF_SOURCES,
        wrong="write a number such as 3",
        applies_to=_TABLES,
    ),
    Option(
        name="skip_rows",
        kind=OptionKind.TEXT,
        parse=parse_skip_rows,
        words=named("rows {} left out"),
        found_out="no rows left out by number",
        in_effect=applied_in_effect("skip_rows"),
        help="Numbers of rows to leave out, such as 12, 40-45; of one sheet or member: Sheet2!12; for this file only.",
        label="Leave these rows out",
        hint="Row numbers in this file, such as: 12, 40-45; of one sheet: Sheet2!12",
        placeholder="None",
        argument="--skip-rows",
        places_rows=True,
        metavar="ROWS",
        pattern=pattern_of_sources("[0-9]+\\s*(?:-\\s*[0-9]+)?"),
        of_sources=OfSources.TOO,
        longest=_LONGEST_OF_SOURCES,
        wrong="write row numbers such as 12, 40-45",
        applies_to=_TABLES,
        is_number_too=True,
        of_datasets=False,
    ),
    Option(
        name="skip_words",
        kind=OptionKind.WORDS,
        parse=parse_skip_words,
        words=lambda value: f"rows that begin with {' or '.join(f'“{word}”' for word in value)} left out",
        found_out="no rows left out by their first word",
        in_effect=applied_in_effect("skip_words"),
        help="Leave out rows whose first filled cell is one of these words, such as Total, or begins with it: Total*.",
        label="Leave out rows that begin with",
        hint="Words in the first filled cell, such as: Total, Sum*",
        placeholder="None",
        pattern=WORDS_PATTERN,
        wrong=f"write up to {MOST_WORDS} words of up to {LONGEST_WORD} characters, such as Total, Sum*",
        argument="--skip-word",
        places_rows=True,
        metavar="WORD",
        applies_to=_TABLES,
    ),
    Option(
        name="table_rows",
        kind=OptionKind.TEXT,
        parse=parse_begins,
        words=named("another table from row {} on"),
        found_out="tables detected automatically",
        in_effect=applied_in_effect("table_rows"),
        help="Rows where another table begins, such as 12, 40; of one sheet or member: Sheet2!12; for this file only.",
        label="Another table begins in row",
        hint="Row numbers in this file, such as: 12, 40; of one sheet: Sheet2!12",
        placeholder="Detect automatically",
        argument="--table-rows",
        places_rows=True,
        metavar="ROWS",
        pattern=pattern_of_sources("0*(?:[2-9]|[1-9][0-9]+)"),
        of_sources=OfSources.TOO,
        longest=_LONGEST_OF_SOURCES,
        wrong="write row numbers from 2 such as 12, 40",
        applies_to=_TABLES,
        is_number_too=True,
        of_datasets=False,
    ),
    Option(
        name="sheet",
        kind=OptionKind.TEXT,
        parse=parse_sheet,
        words=named("sheet “{}”"),
        found_out="every sheet",
        in_effect=lambda load: (f"“{load.source}”",) if load.source else (),
        help="Load this sheet only; * for every one.",
        label="Sheet",
        placeholder="Every sheet with data",
        argument="--sheet",
        metavar="NAME",
        applies_to=SHEETS,
        keeps_spaces=True,
        find_out="*",  # a sheet may be called “auto”; no program lets one be called this
    ),
    *ON_VALUES,
    Option(
        name="one_table",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=yes_or_no("everything as one table", "totals, notes and other tables kept apart"),
        found_out="totals, notes and other tables detected automatically",
        in_effect=one_table_in_effect,
        help="Load every row below the header as data of one table: totals, notes and other tables too.",
        label="Read everything as one table",
        hint="Totals, notes and other tables below the header are rows too",
        applies_to=_TABLES,
        argument="--one-table",
        places_rows=True,
    ),
    *ON_SHEETS,
)
OPTIONS = {option.name: option for option in _DECLARED}
"""By name, in the order in which people are told; ``ReadOptions`` explains each."""
READING_OPTIONS = tuple(OPTIONS)
OF_DATASETS = tuple(option.name for option in _DECLARED if option.of_datasets)
OF_VALUES = tuple(option.name for option in _DECLARED if option.of_values)
OF_COLUMNS = tuple(field.name for field in fields(FormatHints))
"""What may be said too where a column gets another type."""
