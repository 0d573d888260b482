"""Letters that were written as UTF-8 twice: ``FranÃ§ois`` where ``François`` is meant.

A program read UTF-8 as Windows-1252, or Latin-1, and saved what it saw as UTF-8. The package ftfy repairs such letters
one by one; nothing is changed here, for what a cell holds is what was sent.
"""

import re
from collections.abc import Iterable

_BEHIND = "".join(
    char
    for byte in range(0x80, 0xC0)
    for char in {bytes([byte]).decode("cp1252", "ignore"), bytes([byte]).decode("latin-1")}
)
"""What a byte that continues a character of UTF-8 looks like."""
_TWICE = re.compile(f"[\u00c2-\u00df][{_BEHIND}]|[\u00e0-\u00ef][{_BEHIND}]{{2}}|[\u00f0-\u00f4][{_BEHIND}]{{3}}")
_PUNCTUATION = "‘’“”…–—»›"
_SIGNS = "²³°±·"
"""What ends a word behind a letter of its own: ``LIBERTÉ”``, ``12 Å²``."""
_USUAL = "ÂÃ"
"""With one of these most letters of the West begin; no sign stands behind it else."""
_WORD = re.compile(r"[^\s,;|\"']*")
_LONGEST = 30
_SHORTEST = 2
_LEAST = 3
"""Fewer may be an example in a text about letters."""


def written_twice(texts: Iterable[str]) -> tuple[str, str] | None:
    """A word whose letters were written as UTF-8 twice, and the word that is meant, if some texts hold several such."""
    found: list[tuple[str, str]] = []
    for text in texts:
        if text.isascii():
            continue
        for match in _TWICE.finditer(text):
            if _may_end_a_word(text, match):
                continue
            word = _word_around(text, match)
            meant = _read_once(word)
            if meant is not None:
                found.append((word, meant))
            if len(found) == _LEAST:
                return found[0]
    return None


def _may_end_a_word(text: str, match: re.Match[str]) -> bool:
    """Whether it may be a letter and the punctuation behind a word."""
    signs = _PUNCTUATION if match[0][0] in _USUAL else _PUNCTUATION + _SIGNS
    return match[0][1] in signs and len(match[0]) == _SHORTEST and not text[match.end() : match.end() + 1].isalpha()


def _word_around(text: str, match: re.Match[str]) -> str:
    begin = match.start()
    while begin and match.start() - begin < _LONGEST and _WORD.fullmatch(text[begin - 1]):
        begin -= 1
    rest = _WORD.match(text, match.end(), match.end() + _LONGEST)
    return text[begin : rest.end() if rest is not None else match.end()]


def _read_once(word: str) -> str | None:
    """The word as it was before; ``None`` where its letters cannot have been bytes of UTF-8."""
    try:
        data = b"".join(_byte_of(char) for char in word)
        return data.decode("utf-8")
    except UnicodeError:
        return None


def _byte_of(char: str) -> bytes:
    """As Windows-1252 writes it, which leaves five bytes out that Latin-1 has."""
    return char.encode("latin-1") if "\x80" <= char <= "\x9f" else char.encode("cp1252")
