"""Which legacy encoding a text is written in: the one in which its letters make one language's words.

Each candidate decodes the lines that are no UTF-8. It scores by the share of letters that one language knows, less
what no writer does: a capital inside a word, a symbol between letters, a control character. The order below decides
ties, and where two encodings give the very same text the choice makes no difference.

On 84 short texts (37 languages or kinds of symbols, 22 encodings, in the tests) this finds all,
charset-normalizer 3.5 finds 48: a few lines give it too little to go by. Of 115 tables in 33 languages and 37 encodings
it finds all once they hold 200 bytes beyond ASCII, and 110 by their first three lines.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from uploads.tabular.encoding.letters import HANGUL, HANZI, KANJI, LATIN, PLACES, SCRIPTS

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
_RARITY = 0.75
"""What the score of a rare encoding counts: two lines with a curly quote read as Lithuanian in code page 775."""
_DOUBLE = ("cp932", "gb18030", "big5hkscs", "cp949", "euc_jp")
_CLOSE = 0.02
"""Scores that differ by less are a tie."""
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
_NO_WORD = -1.0
"""A symbol that never stands between two letters tells more than a letter that does."""
_NO_LETTERS = frozenset("ªºµ")
"""Letters to Unicode, symbols in tables."""
_RAISED = frozenset("²³¹")
"""They follow a letter or a figure (``m²``); one alone is ``ü`` in a Western text taken for code page 850."""
_RARE = frozenset("ÿƒˆ˜")


@dataclass(frozen=True, slots=True)
class LegacyGuess:
    """A codec and how well the text reads in it, from 0 to 1."""

    codec: str
    score: float
    text: str


def rank_legacy(evidence: bytes, occurring: bytes = b"") -> tuple[LegacyGuess, ...]:
    """Encodings in which the text reads well, the best first; never empty.

    ``evidence`` is whole lines that hold bytes beyond ASCII, ``occurring`` each such byte that is anywhere in the
    text: an encoding of single bytes must know them all. Encodings that give the same text are named once.
    """
    guesses = [guess for codec in _DOUBLE if (guess := _double_guess(evidence, codec))]
    guesses += [guess for codec in _SINGLE if (guess := _single_guess(evidence, codec, occurring))]
    if not guesses:
        return (LegacyGuess("cp1252", 0.0, evidence.decode("cp1252", "replace")),)
    order = {codec: rank for rank, codec in enumerate((*_DOUBLE, *_SINGLE))}
    best = max(guess.score for guess in guesses)
    close = sorted((g for g in guesses if g.score >= best - _CLOSE), key=lambda guess: order[guess.codec])
    texts: set[str] = set()
    return tuple(g for g in close if not (g.text in texts or texts.add(g.text)))  # type: ignore[func-returns-value]


def _decoded(evidence: bytes, codec: str) -> str | None:
    try:
        text = evidence.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if codec != "gb18030" and any("\x80" <= c <= "\x9f" for c in text) else text


def _double_guess(evidence: bytes, codec: str) -> LegacyGuess | None:
    """East Asian text: mostly frequent characters of its language."""
    text = _decoded(evidence, codec)
    counted = _without_rare(text) if text is not None and codec == "gb18030" else text
    if text is None or counted is None:
        return None
    wide = [c for c in counted if c > "\x7f" and not _is_punctuation(c)]
    if not wide:
        return None
    known = sum(1 for c in wide if _is_known(c, codec))
    frequent = sum(1 for c in wide if c in _FREQUENT[codec] or (_is_kana(c) and codec in _JAPANESE))
    score = 0.5 * known / len(wide) + 0.5 * min(1.0, 1.6 * frequent / len(wide))
    return LegacyGuess(codec, score, text) if score > 0.5 else None


def _without_rare(text: str) -> str | None:
    """GB 18030 without what takes four bytes there (rare, and of any script); ``None`` where that is most of it."""
    text = text.replace("\xa0", " ")  # four bytes, and common where text comes from a web page
    wide = {c: len(c.encode("gb18030")) == 4 for c in set(text) if c > "\x7f"}
    rare = sum(1 for c in text if wide.get(c))
    if 2 * rare > sum(1 for c in text if c in wide):
        return None
    return "".join(c for c in text if not wide.get(c))


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


def _single_guess(evidence: bytes, codec: str, occurring: bytes) -> LegacyGuess | None:
    text = _decoded(evidence, codec)
    if text is None or _decoded(occurring, codec) is None:
        return None
    high = [i for i, c in enumerate(text) if c > "\x7f"]
    if not high:
        return None
    padded = f" {text} ".lower().replace("i̇", "İ")
    places = [padded[i : i + 3] for i in high if text[i].isalpha() and text[i] not in _NO_LETTERS]
    language = max(_coverage(places, name) for name in (*LATIN, *SCRIPTS, *_LESSER)) if places else 0.0
    total = sum(_place(text, i) for i in high)
    score = total / len(high) * (0.25 + 0.75 * language if places else 1.0)
    return LegacyGuess(codec, score * (_RARITY if codec in _RARE_CODECS else 1.0), text)


def _coverage(places: list[str], language: str) -> float:
    """Share of the letters that a language writes there; for other scripts, also how frequent they are there.

    ``places``: each letter in lower case, between the characters beside it.
    """
    if language in _LESSER:
        weight, shared = _LESSER[language]
        return weight * sum(1 for place in places if place[1] in shared) / len(places)
    if language in LATIN:
        own = _letters(language)
        return sum(1 for place in places if place[1] in own and _is_written(place, language)) / len(places)
    known, frequent = SCRIPTS[language]
    share = sum(1 for place in places if place[1] in known) / len(places)
    often = sum(1 for place in places if place[1] in frequent) / len(places)
    return share * (0.6 + 0.4 * min(1.0, often / 0.6))


def _is_written(place: str, language: str) -> bool:
    pattern = PLACES.get((language, place[1]))
    return pattern is None or re.fullmatch(pattern, place, re.DOTALL) is not None


@lru_cache(maxsize=64)
def _letters(language: str) -> frozenset[str]:
    return frozenset(LATIN[language])


def _place(text: str, i: int) -> float:
    """How well a character stands where it is, from 0 to 1."""
    before = text[i - 1] if i else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    if text[i].isalpha() and text[i] not in _NO_LETTERS:
        return _letter_place(text[i], before, after)
    if before.isalpha() and after.isalpha():
        return _inside_word(text[i], before, after)
    if text[i] in _RAISED and not before.isalnum():
        return 0.1
    if text[i] in "£€" and after.isalpha():
        return 0.1
    return _SYMBOLS.get(text[i], 0.1)


def _inside_word(symbol: str, before: str, after: str) -> float:
    """``it’s`` and Catalan ``col·lecció`` are words; a dash may join two; ``Se§or`` and ``Grî·e`` are none at all."""
    if symbol in "’‘\xa0":
        return _SYMBOLS[symbol]
    if symbol == "·" and before in "lL" and after in "lL":
        return _SYMBOLS[symbol]
    return _NO_WORD if symbol in "§¶·" or unicodedata.category(symbol) in ("So", "Sc") else 0.0


def _letter_place(c: str, before: str, after: str) -> float:
    """``É`` in a word of its own script and case is fine; ``cafÉ``, ``6û19`` and ``АC`` (in two scripts) are not."""
    if c.isupper() and before.islower():
        return 0.0
    if c.islower() and before.islower() and after.isupper():
        return 0.2  # ``LeáMans``
    if before.isdigit() or after.isdigit() or c in _RARE:
        return 0.2
    if any(near.isalpha() and _script(near) != _script(c) for near in (before, after)):
        return 0.2
    if c.isupper() and before.isalpha() and after.islower():
        return 0.2
    return 1.0 if before.isalpha() or after.isalpha() else 0.5


@lru_cache(maxsize=4096)
def _script(c: str) -> str:
    return unicodedata.name(c, "?").split(" ")[0]
