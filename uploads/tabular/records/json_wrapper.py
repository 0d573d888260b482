"""An object around the list of records, as many services answer: ``{"count": 2, "results": [{…}, {…}]}``."""

import re

from uploads.tabular.records.json_stream import JsonText
from uploads.tabular.records.json_text import LENIENT

_LIST = re.compile(r"\[[ \t\r\n]*([^ \t\r\n])")


def find_list(text: JsonText, *, most: int) -> tuple[str, ...]:
    """Go to the first list of objects in the object that begins here: the names down to it, its own the last of them.

    Nothing where there is none. ``most``: characters that another value may have.
    """
    names: list[str] = []
    text.skip()
    text.at += 1
    try:
        while (name := next_name(text, most)) is not None:
            names.append(name)
            if _is_list_of_objects(text):
                return tuple(names)
            decode_value(text, most)
    except (ValueError, RecursionError):
        return ()
    return ()


def pass_rest(text: JsonText, *, most: int) -> tuple[str, ...]:
    """Go on behind the list to the end of its object; the names of what stands there. Raises ``ValueError``."""
    names: list[str] = []
    try:
        while (name := next_name(text, most)) is not None:
            names.append(name)
            decode_value(text, most)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return tuple(names)


def next_name(text: JsonText, most: int) -> str | None:
    """Go to the next value of an object; ``None`` behind its end."""
    mark = text.skip()
    if mark == ",":
        text.at += 1
        mark = text.skip()
    if mark == "}":
        text.at += 1
        return None
    name = decode_value(text, most)
    if not isinstance(name, str) or text.skip() != ":":
        raise ValueError("the object around the list is no JSON")
    text.at += 1
    text.skip()
    return name


def _is_list_of_objects(text: JsonText) -> bool:
    while True:
        found = _LIST.match(text.text, text.at)
        if found is not None:
            return found[1] == "{"
        if text.skip() != "[" or not text.more():
            return False


def decode_value(text: JsonText, most: int) -> object:
    """The value that begins here, of at most so many characters; the place is behind it then."""
    while True:
        try:
            value, end = LENIENT.raw_decode(text.text, text.at)
        except ValueError:
            if len(text.text) - text.at > most or not text.more():
                raise
            continue
        if end == len(text.text) and text.more():
            continue  # a number may go on
        text.at = end
        return value
