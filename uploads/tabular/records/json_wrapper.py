"""An object around lists of records, as many services answer: ``{"count": 2, "results": [{…}, {…}]}``."""

import re
from collections.abc import Sequence

from uploads.tabular.records.json_stream import JsonText
from uploads.tabular.records.json_text import LENIENT

type Path = tuple[str, ...]
"""The names down to a value."""

_ROWS = re.compile(r"\[[ \t\r\n]*([^ \t\r\n])")
_LIST = re.compile(r"\[[ \t\r\n]*(?:\{[ \t\r\n]*([^ \t\r\n])|[^ \t\r\n{])")
DEEPEST = 3
"""Objects within each other in which lists are looked for: ``{"response": {"data": {"items": [{…}]}}}``."""
_NO_TABLES = frozenset({"error", "errors", "fault", "exception"})
"""Objects in which a service tells what went wrong."""


class Wrapper:
    """The object that begins here, gone through once: the lists of objects in it, and what else stands there."""

    def __init__(self, text: JsonText, *, most: int, depth: int = 1) -> None:
        """``most``: characters that another value may have; ``depth``: how many objects within each other are gone
        through."""
        self.lists: list[Path] = []
        self.rows: list[Path] = []
        """Lists of lists."""
        self._met: list[Path] = []
        """All that stands there, in its order."""
        self._text = text
        self._most = most
        self._depth = depth
        self._open: list[str] = []
        self._is_over = False
        text.skip()
        text.at += 1

    def go_to(self, wanted: Path | None = None) -> bool:
        """Go to the next list of objects, or to the ``wanted`` one, which then begins here; false behind the end of the
        object. Raises ``ValueError`` at what is no JSON."""
        try:
            return self._go_to(wanted)
        except RecursionError as error:
            raise ValueError("it is nested too deep") from error

    def _go_to(self, wanted: Path | None) -> bool:
        text = self._text
        while not self._is_over:
            name = next_name(text, self._most)
            if name is None:
                self._is_over = not self._open
                self._open = self._open[:-1]
                continue
            path = (*self._open, name)
            self._met.append(path)
            if _is_list_of_objects(text):
                self.lists.append(path)
                if wanted in (None, path):
                    return True
                self.pass_list()
            elif text.skip() == "{" and len(path) < self._depth and name.lower() not in _NO_TABLES:
                text.at += 1
                self._met.pop()
                self._open.append(name)
            else:
                is_rows = (found := _ROWS.match(text.text, text.at)) is not None and found[1] == "["
                self.rows += [path] * is_rows
                decode_value(text, self._most)
        return False

    def pass_list(self) -> None:
        """Go on behind the list that begins here, element by element: it may be longer than any value."""
        text = self._text
        text.at += 1
        while (mark := text.skip()) != "]":
            if mark == ",":
                text.at += 1
                text.skip()
            decode_value(text, self._most)
        text.at += 1

    def others(self, lists: Sequence[Path]) -> tuple[str, ...]:
        """What stands beside some lists, each by as few of its names as tell it from them."""
        beside = (path for path in self._met if path not in lists)
        return tuple(dict.fromkeys(shown_path(_apart(path, lists)) for path in beside))


def _apart(path: Path, lists: Sequence[Path]) -> Path:
    """The names down to where the way to a value parts from all of some others."""
    return next((path[:n] for n in range(1, len(path)) if all(other[:n] != path[:n] for other in lists)), path)


def shown_path(path: Sequence[str]) -> str:
    return ".".join(path)


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
            return found[1] == '"'
        if text.skip() != "[" or not text.more():
            return False


def is_before_list(text: JsonText, *, most: int) -> bool:
    """Whether a list follows the value that begins here, as another element."""
    try:
        decode_value(text, most)
    except (ValueError, RecursionError):
        return False
    if text.skip() != ",":
        return False
    text.at += 1
    return text.skip() == "["


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
