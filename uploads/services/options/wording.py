"""What options say for people: the words for a value, and what was decided for one in a table."""

from collections.abc import Callable, Iterable
from typing import Any

from uploads.models import Load

_NAMES = {"\t": "tab", " ": "space"}


def named(form: str) -> Callable[[Any], str]:
    return lambda value: form.format(_NAMES.get(str(value), value))


def yes_or_no(yes: str, no: str) -> Callable[[Any], str]:
    return lambda value: yes if value else no


def date_orders_in_effect(load: Load) -> Iterable[str]:
    """Of dates in figures alone: strptime's letters are d and m, or -d and -m without zeros."""
    for column in load.columns:
        letters = column["format"].get("pattern", "").replace("-", "")
        day, month = letters.find("%d"), letters.find("%m")
        if min(day, month) >= 0 and not letters.startswith("%Y"):
            yield "day first" if day < month else "month first"


def null_words_in_effect(load: Load) -> Iterable[str]:
    if load.dataset is not None and load.dataset.null_words:
        yield ", ".join(load.dataset.null_words)


def applied_in_effect(key: str) -> Callable[[Load], Iterable[str]]:
    """What was said and applied, for an option of which a table shows nothing by itself."""
    return lambda load: (_written(applied["value"]) for applied in load.applied_options if applied["option"] == key)


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
