"""IDs of an .ods that are shown with a word before their digits: ``INV-0042``, and ``INV-1234`` beside it."""

import re
from collections.abc import Iterator

_DIGITS = re.compile(r"\d{1,15}")
_MOST_WAITING = 10_000
"""Cells of a word that are kept until one of them has a leading zero; where none of so many has, it is no ID."""

type Place = tuple[int, int, int, int]
"""Row, column, and how many rows and columns are alike."""


class PrefixedIds:
    """What was found so far in the cells of one sheet."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], int] = {}
        """Digits that each of them has at least."""
        self._waiting: dict[tuple[int, str], list[tuple[Place, str, str]]] = {}

    def add(self, place: Place, value: str, text: str) -> Iterator[tuple[Place, str, str]]:
        """A cell that is shown as this text; yields places, numbers and texts of those that are known for IDs now."""
        word = word_before(value, text)
        if not word:
            return
        key, digits = (place[1], word), len(text) - len(word)
        if key in self._known:
            if digits >= self._known[key]:
                yield place, value, text
            return
        waiting = self._waiting.setdefault(key, [])
        if len(waiting) < _MOST_WAITING:
            waiting.append((place, value, text))
            if text[len(word)] == "0" and digits > 1:
                self._known[key] = digits
                yield from (cell for cell in self._waiting.pop(key) if len(cell[2]) >= len(text))


def word_before(value: str, text: str) -> str:
    """What stands before the digits of a whole number and the zeros before these; empty where no letter does."""
    if _DIGITS.fullmatch(value) is None or not text.endswith(value):
        return ""
    word = text.removesuffix(value).rstrip("0")
    return word if any(map(str.isalpha, word)) and not word.endswith((".", ",")) else ""
