"""Whether a text is UTF-8 and something else: decided line by line, for a line is what one program wrote."""

import re

from uploads.tabular.encoding.legacy import CODECS, DOUBLE, rank_legacy
from uploads.tabular.encoding.mixed_codec import NOT_IN_WINDOWS
from uploads.tabular.encoding.text_facts import TextFacts, is_utf8

_READS_WELL = 0.5
"""Score from which on lines are taken for text of an encoding."""
_WORSE = 0.6
"""The lines that are UTF-8 read worse than this, as a share of how the others read in their encoding. Where all are
text of that one encoding both read alike: in Chinese and Thai, and in short Russian words of code page 866, a line is
valid UTF-8 by chance (``女`` in GBK is ``Ů``)."""
_FEW = 3
"""Lines that show an encoding, where nearly all others are UTF-8: of fewer a few bytes may as well be damage."""
_MOSTLY = 4
_CERTAIN = 3
"""Characters of a block of 2 MiB without any byte that is no UTF-8, of which it is certain that they are."""
_CUT = re.compile(rb"(?:[\xc3-\xc5\xce-\xd1]|[\xe0-\xef][\x80-\xbf])(?=[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]|$)")
"""The beginning of a Latin, Greek, Cyrillic or East Asian character at the end of a word: UTF-8 that was cut after so
many bytes. In an encoding of single bytes these are capitals, which hardly end a word."""
_NEXT_LINE = 0x85
_NO_BYTE = "\xff"
"""In place of a character that was no byte: such a line was not taken for Latin-1."""
_WRITTEN_SO = 0.7
"""Score from which on control codes are read as what they would be. Dashes, quotes and the words around them have 0.8
and more; random characters had 0.38 to 0.57 in 13 tables."""
_WAYS = 2
"""Encodings that are offered beside the one that was chosen."""
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_SIGNS = rb"[\x80\x82\x84-\x87\x89\x8b\x91-\x97\x99\x9b]+"
_APART = re.compile(
    rb"(?<=[\w ])%b(?![\x80-\xff\w])|(?<![\x80-\xff\w])%b(?=[\w ])|(?<=[A-Za-z])\x92(?=[A-Za-z])" % (_SIGNS, _SIGNS)
)
"""Bullets, daggers, dashes, quotes: they may stand between spaces and at either end of a word, ``’`` within one too."""


def other_encoding(facts: TextFacts, *, likely: str | None = None) -> str | None:
    """The encoding of the lines that are no UTF-8, where the others are; ``None`` where the text is not like that.

    ``likely``: what a person said for files of this kind.
    """
    if not facts.characters:
        return None
    sound = [*facts.sound_lines, *(line for line in _high_lines(facts) if is_utf8(line))]
    broken = _broken_lines(facts)
    if not sound and (words := _words_of_both(broken)) is not None:
        sound, broken = words
    if not broken or not (sound or facts.characters_apart >= _CERTAIN):
        return None
    if facts.characters >= _MOSTLY * facts.invalid and len(broken) < _FEW:
        return None
    if 2 * sum(_is_cut(line) for line in broken) > len(broken):
        return None
    best = rank_legacy(_joined(broken))[0]
    if best.score < _READS_WELL or _score(sound, best.codec) > _WORSE * best.score:
        return None
    return likely if likely is not None and _decodes(broken, likely) else best.codec


def ways_to_read_others(facts: TextFacts, *, chosen: str) -> tuple[str, ...]:
    """Encodings beside the ``chosen`` one in which the lines that are no UTF-8 are text too, the likeliest first."""
    lines = _joined(_broken_lines(facts))
    texts = {lines.decode(chosen, "replace")}
    ways: list[str] = []
    left = {codec for codec in CODECS if codec != chosen}
    while left and len(ways) < _WAYS:
        best = rank_legacy(lines, among=left)[0]
        if best.score < _READS_WELL or best.codec not in left:
            break
        left.remove(best.codec)
        text = lines.decode(best.codec)
        if text not in texts:
            texts.add(text)
            ways.append(best.codec)
    return tuple(ways)


def _words_of_both(lines: list[bytes]) -> tuple[list[bytes], list[bytes]] | None:
    """The words of lines of which none is UTF-8, those that are and those that are not: two columns of a table may come
    from two programs. ``None`` where there are few of either, or the others are of an encoding of several bytes, whose
    lines are not read word by word."""
    words = [word for word in _WORDS.findall(b"\n".join(lines)) if not word.isascii()]
    sound = [word for word in words if is_utf8(word)]
    broken = [word for word in words if not is_utf8(word)]
    if min(len(sound), len(broken)) < _FEW or rank_legacy(_joined(broken))[0].codec in DOUBLE:
        return None
    return sound, broken


def _high_lines(facts: TextFacts) -> list[bytes]:
    return [line for line in bytes(facts.evidence).splitlines() if not line.isascii()]


def _broken_lines(facts: TextFacts) -> list[bytes]:
    return facts.broken_lines or [line for line in _high_lines(facts) if not is_utf8(line)]


def _decodes(lines: list[bytes], codec: str) -> bool:
    try:
        _joined(lines).decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def are_meant_as_windows(facts: TextFacts) -> bool:
    """Whether control codes are characters of Windows-1252 that were taken for Latin-1.

    Each must be a character there, and stand where writers put it. U+0085 alone may be a mainframe's line end (NEL).
    """
    codes = facts.controls.keys()
    if not codes - {_NEXT_LINE} or NOT_IN_WINDOWS & codes:
        return False
    texts = (line.decode("utf-8", "replace") for line in facts.control_lines)
    lines = ("".join(min(c, _NO_BYTE) for c in text).encode("latin-1") for text in texts)
    others = [line for line in (_APART.sub(b"", line) for line in lines) if not line.isascii()]
    is_one = facts.controls.total() == 1  # says little by itself
    return not others or (not is_one and _score(others, "cp1252") >= _WRITTEN_SO)


def _score(lines: list[bytes], codec: str) -> float:
    """How well lines read in an encoding: 0 where they are none of its."""
    best = rank_legacy(_joined(lines), among={codec})[0] if lines else None
    return best.score if best is not None and best.codec == codec else 0.0


def _joined(lines: list[bytes]) -> bytes:
    return b"\n".join((*lines, b""))


def _is_cut(line: bytes) -> bool:
    """Whether nothing in a line is wrong but a character of UTF-8 that was cut."""
    return is_utf8(_CUT.sub(b"", line))
