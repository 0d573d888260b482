"""Which legacy encoding a text is written in: the one in which its letters make one language's words.

Each candidate decodes the lines that are no UTF-8. It scores by the share of letters that one language knows, less
what no writer does: a capital inside a word, a symbol between letters, a control character. The order below decides
ties, and where two encodings give the very same text the choice makes no difference.

``make corpus`` prints these figures beside those of chardet 7.7.0, the best library that was found. Of 94 short texts
(37 languages or kinds of symbols, 22 encodings) this reads all and chardet 68; of the first 84 charset-normalizer 3.5
reads 48: a few letters give it too little to go by. Of 115 tables in 33 languages and 37 encodings this reads all once
they hold 200 bytes beyond ASCII (chardet 111), and all by their first three lines (chardet 115). Three rules that were
tried on 1,113 other tables of two rows (36 languages) tell the last of them: a word's plain letters are its language's
too, a language needs an encoding that can write it, and many letters outweigh that an encoding is rare. Of those tables
1,105 were read right with them, 1,093 without them and 1,017 by chardet, whose models know pairs of plain letters: it
alone reads ``Vèisènen`` and ``Kemijèrvi`` as Finnish.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from uploads.tabular.encoding.letters import FOREIGN, HANGUL, HANZI, KANJI, LATIN, PLACES, SCRIPTS
from uploads.tabular.encoding.neighbours import (
    CodecTable,
    Neighbourhoods,
    codec_table,
    count_neighbourhoods,
    count_words,
    letter_mask,
    standing,
)

_SINGLE = (
    "cp1252", "cp1250", "cp1251", "cp1254", "cp1257", "cp1255", "cp1256", "iso8859_15", "iso8859_2", "cp850", "cp437",
    "cp852", "mac_roman", "koi8_r", "koi8_u", "cp866", "cp1253", "iso8859_5", "iso8859_7", "iso8859_9", "cp874",
    "mac_cyrillic", "cp857", "cp737", "cp775", "iso8859_13", "iso8859_6", "iso8859_8",
)  # fmt: skip
_LESSER: dict[str, tuple[float, frozenset[str]]] = {
    "several Western languages": (
        0.8,
        frozenset().union(
            *(LATIN[name] for name in ("French", "German", "Spanish", "Danish, Norwegian", "Swedish, Finnish"))
        ),
    ),
    "several Central European languages": (
        0.7,
        frozenset().union(*(LATIN[name] for name in ("Polish", "Czech, Slovak", "Hungarian", "Croatian, Slovene"))),
    ),
    "Scottish Gaelic": (0.95, frozenset("àèìòù")),
}
"""What counts for less than one language that many write: names from all over a region, and Gaelic, which has ``ì``
inside words (``mìsto`` is more likely Czech). Each with the share that it counts, and its letters.

13 of 1,102 tables are told by the first, 45 of 3,000 by the second and by where a word has a letter (``PLACES``). Were
the second to count as much as the first, curly quotes would be Slovak.
"""
_RARE_CODECS = frozenset({"cp857", "cp737", "cp775", "iso8859_13", "iso8859_6", "iso8859_8"})
_RARITY = 0.25
_FEW = 4
"""What a rare encoding loses of its score (two lines with a curly quote read as Lithuanian in code page 775): all of it
by up to four different letters, and the less the more letters speak for it."""
_FOREIGN = 0.06
"""What a language loses where all its letters stand in words with others that it has not: enough to decide a tie."""
_WRITABLE = 0.7
"""The share of its letters that an encoding must have to be taken for a language's: nobody writes Turkish in code page
850, which lacks ``ğ``, ``ş`` and ``İ``. Romanian has two forms of two letters, of which an encoding has one."""
DOUBLE = ("cp932", "gb18030", "big5hkscs", "cp949", "euc_jp")
CODECS = (*DOUBLE, *_SINGLE)
"""All that are told from each other."""
_THORNS = b"\xfe\x14\xfe"
_BREAK_IN_CELL = b"\xae"
_THORN = re.compile(rb"(?<![^\x14\r\n])\xfe|\xfe(?![^\x14\r\n])")
_CLOSE = 0.02
"""Scores that differ by less are a tie."""


@dataclass(frozen=True, slots=True)
class LegacyGuess:
    """A codec and how well the text reads in it, from 0 to 1."""

    codec: str
    score: float


def rank_legacy(
    evidence: bytes, occurring: bytes = b"", *, among: Collection[str] | None = None
) -> tuple[LegacyGuess, ...]:
    """Encodings in which the text reads well, the best first; never empty.

    ``evidence`` is whole lines that hold bytes beyond ASCII, ``occurring`` each such byte that is anywhere in the
    text: an encoding of single bytes must know them all. Encodings that give the same text are named once, by the most
    common of them, whichever language spoke for it. ``among``: the only encodings that can be, none of them rare.
    """
    bytes_beyond = _beyond_ascii(evidence + occurring)
    in_single = _without_breaks(evidence)
    evidence = _without_thorns(evidence)
    found, foreign = count_neighbourhoods(in_single), _foreign_shares(in_single)
    double, single = ([c for c in codecs if among is None or c in among] for codecs in (DOUBLE, _SINGLE))
    rare = _RARE_CODECS if among is None else frozenset[str]()
    guesses = [guess for codec in double if (guess := _double_guess(evidence, codec))]
    guesses += [guess for codec in single if (guess := _single_guess(found, foreign, bytes_beyond, codec, rare))]
    if not guesses:
        return (LegacyGuess("cp1252", 0.0),)
    order = {codec: rank for rank, codec in enumerate((*DOUBLE, *_SINGLE))}
    best = max(guess.score for guess in guesses)
    close = {guess.codec for guess in guesses if guess.score >= best - _CLOSE}
    texts: dict[tuple[str, str], LegacyGuess] = {}
    for guess in sorted(guesses, key=lambda guess: order[guess.codec]):
        read = evidence if guess.codec in DOUBLE else in_single
        text = read.decode(guess.codec), occurring.decode(guess.codec, "replace")
        texts.setdefault(text, guess)
        if guess.codec in close:
            close.add(texts[text].codec)
    return tuple(guess for guess in texts.values() if guess.codec in close)


def _without_thorns(evidence: bytes) -> bytes:
    """Without the ``þ`` that Concordance writes around cells, between which its own delimiter stands: no letters of a
    word. Each is one byte in Windows' encodings, whatever letter that is there."""
    return _THORN.sub(b"", evidence) if _THORNS in evidence else evidence


def _without_breaks(evidence: bytes) -> bytes:
    """The same also without the ``®`` (AE) that it writes for line ends inside cells; for encodings of single bytes
    alone, for elsewhere that byte is half of a letter."""
    if _THORNS not in evidence:
        return evidence
    return _without_thorns(evidence.replace(_BREAK_IN_CELL, b" "))


def _beyond_ascii(data: bytes) -> list[int]:
    return [byte for byte in set(data) if byte > 127]


def _double_guess(evidence: bytes, codec: str) -> LegacyGuess | None:
    """East Asian text: mostly frequent characters of its language."""
    counts = _counted(evidence, codec)
    wide = {c: count for c, count in counts.items() if not _is_punctuation(c)}
    if not wide:
        return None
    total = sum(wide.values())
    known = sum(count for c, count in wide.items() if _is_known(c, codec))
    frequent = sum(count for c, count in wide.items() if c in _FREQUENT[codec] or (_is_kana(c) and codec in _JAPANESE))
    score = 0.5 * known / total + 0.5 * min(1.0, 1.6 * frequent / total)
    return LegacyGuess(codec, score) if score > 0.5 else None


def _counted(evidence: bytes, codec: str) -> dict[str, int]:
    """How often each character beyond ASCII occurs; none where the text is not of this encoding."""
    try:
        counts = Counter(evidence.decode(codec))
    except UnicodeDecodeError:
        return {}
    beyond = {c: count for c, count in counts.items() if c > "\x7f"}
    if codec == "gb18030":
        return _without_rare(beyond)
    return {} if any(c <= "\x9f" for c in beyond) else beyond


def _without_rare(counts: dict[str, int]) -> dict[str, int]:
    """GB 18030 without what takes four bytes there (rare, and of any script); none where that is most of it."""
    counts = {c: count for c, count in counts.items() if c != "\xa0"}  # four bytes, and common in text of web pages
    usual = {c: count for c, count in counts.items() if len(c.encode("gb18030")) != 4}
    return usual if 2 * sum(usual.values()) >= sum(counts.values()) else {}


_JAPANESE = frozenset({"cp932", "euc_jp"})
_FREQUENT = {
    "cp932": frozenset(KANJI),
    "euc_jp": frozenset(KANJI),
    "gb18030": frozenset(HANZI),
    "big5hkscs": frozenset(HANZI),
    "cp949": frozenset(HANGUL),
}


def _is_kana(c: str) -> bool:
    return "\u3041" <= c <= "\u30fe"


def _is_punctuation(c: str) -> bool:
    return "\u3000" <= c <= "\u3020" or "\uff01" <= c <= "\uff5e" or unicodedata.category(c)[0] in "PSZ"


def _is_known(c: str, codec: str) -> bool:
    """Whether a character lies where its code puts what is in everyday use."""
    if codec in _JAPANESE and _is_kana(c):
        return True
    if codec == "cp949":
        return "\uac00" <= c <= "\ud7a3"
    if not "\u4e00" <= c <= "\u9fff":
        return False
    lead = c.encode(codec)[0]
    return {
        "cp932": 0x88 <= lead <= 0x98,
        "euc_jp": 0xB0 <= lead <= 0xCF,
        "gb18030": 0xB0 <= lead <= 0xD7 and c.encode(codec)[1] >= 0xA1,
        "big5hkscs": 0xA4 <= lead <= 0xC6,
    }[codec]


def _single_guess(
    found: Neighbourhoods, foreign: np.ndarray, bytes_beyond: list[int], codec: str, rare: Collection[str]
) -> LegacyGuess | None:
    table = codec_table(codec)
    if not found.total or not table.known[bytes_beyond].all():
        return None
    letters = found.only(table.is_letter[found.at])
    score = float(standing(found, table) @ found.counts) / found.total
    if letters.total:
        score *= 0.25 + 0.75 * _best_coverage(letters, foreign, codec, table)
    if codec in rare:
        different = len({table.lower[byte] for byte in set(letters.at.tolist())})
        score *= 1.0 - _RARITY * min(1.0, _FEW / max(different, 1))
    return LegacyGuess(codec, score)


def _best_coverage(letters: Neighbourhoods, foreign: np.ndarray, codec: str, table: CodecTable) -> float:
    """Share of the letters that one language writes where they stand; for other scripts, also how frequent they are.

    A language's places are only looked at where its letters alone would make it the best.
    """
    coverage = _language_weights(codec) @ np.bincount(letters.at, weights=letters.counts, minlength=256) / letters.total
    scripts = coverage[len(_BY_LETTERS) :].reshape(-1, 2)
    best = float((scripts[:, 0] * (0.6 + 0.4 * np.minimum(1.0, scripts[:, 1] / 0.6))).max())
    for number in np.argsort(-coverage[: len(_BY_LETTERS)]):
        if coverage[number] <= best:
            break
        known = float(coverage[number]) - _FOREIGN * float(foreign[number])
        if known > best:
            best = max(best, known - _misplaced(letters, _BY_LETTERS[number], codec, table) / letters.total)
    return best


_BY_LETTERS = (*LATIN, *_LESSER)


@lru_cache(maxsize=64)
def _language_weights(codec: str) -> np.ndarray:
    """What each byte counts for each language: one row a language, two (all letters, frequent ones) a script."""
    table = codec_table(codec)
    written = set(table.lower)
    rows = [(float(_is_written(letters, written)), frozenset(letters)) for letters in LATIN.values()]
    rows += [*_LESSER.values(), *((1.0, frozenset(letters)) for both in SCRIPTS.values() for letters in both)]
    return np.array([[weight * (c in letters) for c in table.lower] for weight, letters in rows])


def _is_written(letters: str, written: set[str]) -> bool:
    return len(written & set(letters)) > _WRITABLE * len(set(letters))


def _foreign_shares(evidence: bytes) -> np.ndarray:
    """For each language, the share of bytes beyond ASCII in words with a plain letter that its own words never have."""
    counts, plain = count_words(evidence)
    foreign: np.ndarray = ((_FOREIGN_MASKS & plain) != 0) @ counts
    return foreign / max(int(counts.sum()), 1)


_FOREIGN_MASKS = np.array([[letter_mask(FOREIGN.get(language, ""))] for language in _BY_LETTERS], dtype=np.uint32)


def _misplaced(letters: Neighbourhoods, language: str, codec: str, table: CodecTable) -> int:
    """How many of its letters stand where the language never writes them."""
    has_places = _has_places(language, codec)[letters.at]
    if not has_places.any():
        return 0
    some, lower, patterns = letters.only(has_places), table.lower, _PATTERNS[language]
    return sum(
        count
        for before, at, after, count in some.as_rows()
        if not patterns[lower[at]].fullmatch(lower[before] + lower[at] + lower[after])
    )


@lru_cache(maxsize=1024)
def _has_places(language: str, codec: str) -> np.ndarray:
    """Of each byte whether the language writes its letter in some places only."""
    return np.array(
        [byte > 127 and c in _PATTERNS.get(language, {}) for byte, c in enumerate(codec_table(codec).lower)]
    )


_PATTERNS: dict[str, dict[str, re.Pattern[str]]] = {}
for (_language, _letter), _pattern in PLACES.items():
    _PATTERNS.setdefault(_language, {})[_letter] = re.compile(_pattern, re.DOTALL)
