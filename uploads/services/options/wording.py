"""What options say for people: the words for a value, and what was decided for one in a table."""

from collections.abc import Callable, Iterable
from typing import Any

from uploads.models import Load
from uploads.services.options.parsing import UNEVEN_ROWS
from uploads.tabular.dialect.dialect import NO_QUOTE
from uploads.tabular.notes import Note, delimiter_in_file

_NAMES = {"\t": "tab", " ": "space"}
_MARK_NAMES = {".": "point", ",": "comma"}


def named(form: str) -> Callable[[Any], str]:
    return lambda value: form.format(_NAMES.get(str(value), value))


def yes_or_no(yes: str, no: str) -> Callable[[Any], str]:
    return lambda value: yes if value else no


def quote_words(value: str) -> str:
    return "no quotes" if value == NO_QUOTE else f"quote “{value}”"


def delimiter_in_effect(load: Load) -> Iterable[str]:
    delimiter = delimiter_in_file(load.delimiter, map(Note.from_json, load.notes))
    yield named("“{}”")(delimiter) if delimiter else "none"


def decimals_in_effect(load: Load) -> Iterable[str]:
    for column in load.kept_columns:
        if column["type"] in ("numeric", "double precision") or column["format"].get("thousands"):
            yield _MARK_NAMES[column["format"]["decimal"]]


def date_orders_in_effect(load: Load) -> Iterable[str]:
    """Of dates in figures alone: strptime's letters are d and m, or -d and -m without zeros."""
    for column in load.kept_columns:
        letters = column["format"].get("pattern", "").replace("-", "")
        day, month = letters.find("%d"), letters.find("%m")
        if min(day, month) >= 0 and not letters.startswith("%Y"):
            yield "day first" if day < month else "month first"


def years_in_effect(load: Load) -> Iterable[str]:
    for column in load.kept_columns:
        if column["format"].get("first_year"):
            yield f"{column['format']['first_year']} to {column['format']['last_year']}"


def null_words_in_effect(load: Load) -> Iterable[str]:
    if load.dataset is not None and load.dataset.null_words:
        yield ", ".join(load.dataset.null_words)


def uneven_rows_in_effect(load: Load) -> Iterable[str]:
    return (UNEVEN_ROWS[how] for how in _applied(load, "uneven_rows"))


def flag_in_effect(key: str) -> Callable[[Load], Iterable[str]]:
    return lambda load: ("yes",) if _is_on(load, key) else ()


def one_table_in_effect(load: Load) -> Iterable[str]:
    if _is_on(load, "one_table"):
        yield "yes"
    elif load.footer:
        yield f"{load.footer:,} row{'s' * (load.footer != 1)} below the table left out"
    elif any(Note.from_json(note).is_on_rows_left_out for note in load.notes):
        yield "no: a note or another table stands apart"


def applied_in_effect(key: str) -> Callable[[Load], Iterable[str]]:
    """What was said and applied, for an option of which a table shows nothing by itself."""
    return lambda load: map(_written, _applied(load, key))


def _applied(load: Load, key: str) -> Iterable[Any]:
    return (applied["value"] for applied in load.applied_options if applied["option"] == key)


def _is_on(load: Load, key: str) -> bool:
    return True in _applied(load, key)


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
