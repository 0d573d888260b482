"""How the bytes beyond ASCII of a text stand between their neighbours, and how well each stands there in an encoding.

Each candidate asks the same of the same bytes, so equal neighbourhoods are counted once for all of them, and each
candidate looks at what is different: of 12 KiB of Russian, 1,500 neighbourhoods instead of 9,000 letters.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_SYMBOLS = {
    **dict.fromkeys("–—‘’“”„…€§«»·•®©™½¼²³º±×", 0.8),
    "°": 0.97,
    "µ": 0.97,
    "\xa0": 0.9,
    "£": 0.8,
    "ª": 0.4,
    "´": 0.3,
    "¡": 0.4,
    "¿": 0.4,
}
_OTHER_SYMBOL = 0.1
_NO_WORD = -1.0
"""A symbol that never stands between two letters tells more than a letter that does."""
_NO_LETTERS = "ªºµ"
"""Letters to Unicode, symbols in tables."""
_RAISED = "²³¹"
"""They follow a letter or a figure (``m²``); one alone is ``ü`` in a Western text taken for code page 850."""
_RARE = "ÿƒˆ˜"
_SPACE = 0x20
"""What stands beside the first and the last character."""


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Each byte beyond ASCII between the bytes beside it: what is different, and how often it occurs."""

    before: np.ndarray
    at: np.ndarray
    after: np.ndarray
    counts: np.ndarray

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def only(self, mask: np.ndarray) -> "Neighbourhoods":
        return Neighbourhoods(self.before[mask], self.at[mask], self.after[mask], self.counts[mask])

    def as_rows(self) -> Iterable[tuple[int, int, int, int]]:
        """Before, at, after, count."""
        return zip(*(array.tolist() for array in (self.before, self.at, self.after, self.counts)), strict=True)


def count_neighbourhoods(text: bytes) -> Neighbourhoods:
    """All neighbourhoods of the bytes beyond ASCII."""
    padded = np.frombuffer(b" " + text + b" ", dtype=np.uint8).astype(np.uint32)
    triples = (padded[:-2] << 16) | (padded[1:-1] << 8) | padded[2:]
    different, counts = np.unique(triples[padded[1:-1] > 127], return_counts=True)
    return Neighbourhoods(different >> 16, (different >> 8) & 255, different & 255, counts)


def letter_mask(letters: str) -> int:
    """A bit for each plain letter."""
    return sum(1 << (ord(letter) - ord("a")) for letter in letters)


_PLAIN = np.array(
    [letter_mask(chr(byte).lower()) if chr(byte).isalpha() else 0 for byte in range(128)], dtype=np.uint32
)
_PLAIN = np.concatenate((_PLAIN, np.zeros(128, dtype=np.uint32)))
_IS_OF_WORD = (_PLAIN != 0) | (np.arange(256) > 127)


def count_words(text: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Of each word how many of its bytes are beyond ASCII, and which plain letters it has, as a mask."""
    array = np.frombuffer(b" " + text, dtype=np.uint8)
    of_word = _IS_OF_WORD[array]
    starts = np.flatnonzero(of_word[1:] & ~of_word[:-1]) + 1
    if not len(starts):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint32)
    counts = np.add.reduceat(array > 127, starts, dtype=np.int64)
    some = counts > 0
    return counts[some], np.bitwise_or.reduceat(_PLAIN[array], starts)[some]


@dataclass(frozen=True, slots=True)
class CodecTable:
    """What each of the 256 bytes is in an encoding of single bytes; of bytes it lacks, U+FFFD."""

    characters: tuple[str, ...]
    lower: tuple[str, ...]
    known: np.ndarray
    """Whether the byte is a character there, and no control character beyond ASCII."""
    is_alpha: np.ndarray
    is_letter: np.ndarray
    """As ``is_alpha``, but for letters that are symbols in tables."""
    is_upper: np.ndarray
    is_lower: np.ndarray
    is_digit: np.ndarray
    is_alnum: np.ndarray
    script: np.ndarray
    """A number for each script."""
    is_rare: np.ndarray
    is_raised: np.ndarray
    is_currency: np.ndarray
    is_of_money: np.ndarray
    """Begins what may stand behind a currency: ``£m``, ``£k``, ``£bn``."""
    symbol: np.ndarray
    """How well a symbol stands where no letters are on both sides."""
    inside: np.ndarray
    """How well a symbol stands between two letters."""
    is_sign: np.ndarray
    """Of a mark or a patent, behind a name."""
    is_point: np.ndarray
    is_l: np.ndarray


@lru_cache(maxsize=64)
def codec_table(codec: str) -> CodecTable:
    """The table of an encoding of single bytes."""
    characters = tuple(bytes([byte]).decode(codec, "replace") for byte in range(256))
    scripts = {name: number for number, name in enumerate(dict.fromkeys(map(_script, characters)))}
    letter = [c.isalpha() and c not in _NO_LETTERS for c in characters]
    return CodecTable(
        characters=characters,
        lower=tuple(c if c == "İ" else c.lower() for c in characters),
        known=_flags(c != "\ufffd" and not "\x80" <= c <= "\x9f" for c in characters),
        is_alpha=_flags(c.isalpha() for c in characters),
        is_letter=_flags(letter),
        is_upper=_flags(c.isupper() for c in characters),
        is_lower=_flags(c.islower() for c in characters),
        is_digit=_flags(c.isdigit() for c in characters),
        is_alnum=_flags(c.isalnum() for c in characters),
        script=np.array([scripts[_script(c)] for c in characters]),
        is_rare=_flags(c in _RARE for c in characters),
        is_raised=_flags(c in _RAISED for c in characters),
        is_currency=_flags(c in "£€" for c in characters),
        is_of_money=_flags(c in "mkbMKB" for c in characters),
        symbol=np.array([_SYMBOLS.get(c, _OTHER_SYMBOL) for c in characters]),
        inside=np.array([_inside_word(c) for c in characters]),
        is_sign=_flags(c in "®™" for c in characters),
        is_point=_flags(c == "·" for c in characters),
        is_l=_flags(c in "lL" for c in characters),
    )


def _flags(values: Iterable[bool]) -> np.ndarray:
    return np.fromiter(values, dtype=bool, count=256)


def _script(c: str) -> str:
    return unicodedata.name(c, "?").split(" ")[0]


def _inside_word(symbol: str) -> float:
    """``it’s`` is a word; a dash may join two; ``Se§or`` and ``Grî·e`` are none at all."""
    if symbol in "’‘\xa0":
        return _SYMBOLS[symbol]
    return _NO_WORD if symbol in "§¶·" or unicodedata.category(symbol) in ("So", "Sc") else 0.0


def standing(found: Neighbourhoods, table: CodecTable) -> np.ndarray:
    """How well each character stands where it is, from 0 to 1; below 0 where none ever stands so."""
    letters = table.is_letter[found.at]
    return np.where(letters, _standing_of_letters(found, table), _standing_of_symbols(found, table))


def _standing_of_symbols(found: Neighbourhoods, table: CodecTable) -> np.ndarray:
    before, at, after = found.before, found.at, found.after
    catalan = table.is_point[at] & table.is_l[before] & table.is_l[after]  # ``col·lecció``
    inside = table.is_alpha[before] & table.is_alpha[after] & ~catalan
    out_of_place = (table.is_raised[at] & ~table.is_alnum[before]) | (table.is_currency[at] & table.is_alpha[after])
    of_money = table.is_currency[at] & table.is_of_money[after] & ~table.is_alnum[before]
    between_names = inside & table.is_sign[at] & table.is_upper[after]  # ``Lego®Technic``
    return np.select(
        [between_names, inside, of_money, out_of_place],
        [_OTHER_SYMBOL, table.inside[at], 1.0, _OTHER_SYMBOL],
        table.symbol[at],
    )


def _standing_of_letters(found: Neighbourhoods, table: CodecTable) -> np.ndarray:
    """``É`` in a word of its own script and case is fine; ``cafÉ``, ``6û19`` and ``АC`` (in two scripts) are not."""
    before, at, after = found.before, found.at, found.after
    upper, lower = table.is_upper[at], table.is_lower[at]
    after_letter, before_letter = table.is_alpha[before], table.is_alpha[after]
    script = table.script[at]
    odd = lower & table.is_lower[before] & table.is_upper[after]  # ``LeáMans``
    odd |= table.is_digit[before] | table.is_digit[after] | table.is_rare[at]
    odd |= (after_letter & (table.script[before] != script)) | (before_letter & (table.script[after] != script))
    odd |= upper & after_letter & table.is_lower[after]
    inside_capital = upper & table.is_lower[before]
    alone = (
        after_letter & before_letter & (table.script[before] == table.script[after]) & (table.script[before] != script)
    )
    return np.select([alone, inside_capital, odd, after_letter | before_letter], [_NO_WORD, 0.0, 0.2, 1.0], 0.5)
