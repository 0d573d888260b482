"""The smallest parts of sentences: a piece of text that may be a link, a counted word."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a sentence; ``href`` makes it a link."""

    text: str
    href: str = ""
    is_strong: bool = False


type Pieces = tuple[Piece, ...]


def counted(number: int, word: str, plural: str = "") -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def of_them(number: int, of: int) -> str:
    """How many of those that were just named: ``2 of them``, ``all of them``; ``it`` where there is only one."""
    if number < of:
        return f"{number:,} of them"
    return "it" if of == 1 else "all of them"


def one_of(columns: Sequence[str]) -> str:
    """A value of them: ``a “code”``, ``an “item” and “shop”``."""
    first = columns[0].casefold()
    sounds = first.startswith(_VOWELS) and not first.startswith(_LIKE_CONSONANTS)
    return f"{'an' if sounds else 'a'} {' and '.join(f'“{column}”' for column in columns)}"


_VOWELS = (*"aeio", "ul", "um", "un", "up", "ur")
_LIKE_CONSONANTS = ("eu", "once", "one", "uni", "uri", "url")
"""As in *a unit*, *a euro*."""


def joined(sentences: Sequence[Pieces]) -> Pieces:
    """Sentences one after the other, with a space between two."""
    pieces: list[Piece] = []
    for sentence in sentences:
        if pieces:
            pieces.append(Piece(" "))
        pieces += sentence
    return tuple(pieces)


def listed(words: Sequence[str], *, most: int) -> str:
    """``3, 8 and 12``; of more than ``most`` the first and how many more there are."""
    shown = [*words[:most], f"{len(words) - most:,} more"] if len(words) > most else list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
