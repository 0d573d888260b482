"""Which encoding a text is written in, decided on all of its bytes (an accent may come in the last kilobyte)."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.encoding.legacy import rank_legacy
from uploads.tabular.encoding.mixed_codec import mixed_codec
from uploads.tabular.encoding.mixture import are_meant_as_windows, other_encoding, ways_to_read_others
from uploads.tabular.encoding.text_facts import EVIDENCE_BYTES, TextFacts
from uploads.tabular.notes import Note, NoteKind

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNS_NAMED = 3
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """A decided encoding: Python's name of the codec, the length of the byte order mark, the evidence."""

    codec: str
    bom: int = 0
    notes: tuple[Note, ...] = ()
    other_ways: tuple[str, ...] = ()
    """Encodings in which those lines are text as well, another one in each; none where a person chose."""
    other: str | None = None
    """The encoding of lines that are no UTF-8 in a text that is UTF-8 else; then ``codec`` reads both."""
    name: str = ""
    """For people and other programs, where the codec is our own."""

    @property
    def shown(self) -> str:
        """A name that everybody knows."""
        return self.name or self.codec

    @property
    def is_utf8(self) -> bool:
        return self.codec == "utf-8"

    @property
    def is_wide(self) -> bool:
        """UTF-16 or UTF-32: its bytes don't show line ends."""
        return self.codec.startswith(("utf-16", "utf-32"))


def decide_encoding(facts: TextFacts, *, given: str | None = None, likely: str | None = None) -> Encoding:
    """Choose the encoding that all bytes agree with; ``given`` is a person's choice.

    In a text of two encodings the choice is that of the lines which are no UTF-8: to read the others by it as well
    would turn their letters into others, which nobody wants.

    ``likely`` was a person's choice for files of the same kind: it decides where no mark and no UTF-8 does.
    """
    bom = next(((mark, codec) for mark, codec in _BOMS if facts.head.startswith(mark)), None)
    utf8 = bom is None or bom[1] == "utf-8"
    mixed = _mixed(facts, likely=given or likely, bom=len(bom[0]) if bom is not None else 0) if utf8 else None
    if mixed is not None and (given is None or mixed.other == known_codec(given)):
        return mixed if given is None else replace(mixed, other_ways=())
    if given is None and likely is not None and bom is None and _may_be(known_codec(likely), facts):
        given = likely
    if given is not None:
        codec = known_codec(given)
        length = len(bom[0]) if bom is not None and bom[1] == codec else 0
        return Encoding(codec=codec, bom=length, notes=_doubts(codec, facts))
    return _found(facts, bom)


def _found(facts: TextFacts, bom: tuple[bytes, str] | None) -> Encoding:
    """What the bytes say."""
    if bom is not None and not (bom[1] == "utf-8" and not _mostly_utf8(facts) and facts.invalid):
        notes = _bad_bytes_note(facts) if bom[1] == "utf-8" else ()
        return Encoding(codec=bom[1], bom=len(bom[0]), notes=notes)
    wide = _wide_without_bom(facts.head)
    if wide is not None:
        return Encoding(codec=wide, notes=(Note.of(NoteKind.WIDE_ENCODING, encoding=wide),))
    if facts.invalid == 0:
        return _of_sound_utf8(facts)
    if _mostly_utf8(facts):
        return Encoding(codec="utf-8", notes=_bad_bytes_note(facts))
    return _legacy(facts)


def _mixed(facts: TextFacts, *, likely: str | None, bom: int) -> Encoding | None:
    """UTF-8 with lines in another encoding, with characters that became control codes, or both."""
    if b"\x00" in facts.head:  # characters of two bytes are to be looked for first
        return None
    other = None if facts.invalid == 0 else other_encoding(facts, likely=likely and known_codec(likely))
    controls = are_meant_as_windows(facts) and (facts.invalid == 0 or other is not None)
    if other is None and not controls:
        return None
    notes = (_controls_note(facts),) if controls else ()
    codec = mixed_codec(other=other, controls=controls)
    ways = () if other is None or likely is not None else ways_to_read_others(facts, chosen=other)
    return Encoding(codec=codec, bom=bom, notes=notes, other=other, other_ways=ways, name="utf-8")


def _controls_note(facts: TextFacts) -> Note:
    marks = [[bytes([code]).decode("cp1252"), count] for code, count in facts.controls.most_common(_SIGNS_NAMED)]
    found = _CONTROL.search(facts.head)
    line = {"line": len((facts.head[: found.start()] + b"-").splitlines())} if found else {}
    return Note.of(NoteKind.CONTROLS_MENDED, count=facts.controls.total(), marks=marks, **line)


def _doubts(codec: str, facts: TextFacts) -> tuple[Note, ...]:
    """A word of warning where a person said an encoding, and the bytes say UTF-8 as only UTF-8 does."""
    if codec == "utf-8" or facts.invalid or not facts.characters:
        return ()
    return (Note.of(NoteKind.ENCODING_DOUBTED, encoding=codec),)


def _may_be(codec: str, facts: TextFacts) -> bool:
    """Whether the bytes are such as only an encoding of this kind has: neither UTF-8 nor plain ASCII."""
    if codec.startswith(("utf-16", "utf-32")):
        return b"\x00" in facts.head
    if codec.startswith("iso2022"):
        return b"\x1b" in facts.head
    return codec != "utf-8" and facts.invalid > 0 and not _mostly_utf8(facts)


def _mostly_utf8(facts: TextFacts) -> bool:
    """A few broken bytes in a text that is otherwise UTF-8: four sound characters and more for each of them.

    Legacy text is hardly ever valid UTF-8 by chance: that takes a capital accent followed by a symbol.
    """
    if facts.characters >= 4 * facts.invalid:
        return True
    return _only_impossible(facts)


def _only_impossible(facts: TextFacts) -> bool:
    """A handful of 0xFF among nothing but ASCII: damage, for no text in any encoding has only that byte."""
    lines = max(facts.head.count(b"\n"), facts.head.count(b"\r"), 1)
    return facts.characters == 0 and int(facts.histogram[:255].sum()) == 0 and facts.invalid * 10 <= lines


def _bad_bytes_note(facts: TextFacts) -> tuple[Note, ...]:
    if not facts.invalid:
        return ()
    return (Note.of(NoteKind.BAD_BYTES, count=facts.invalid),)


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: characters take as many bytes each, and line ends show in which order."""
    if len(head) < 4 or b"\x00" not in head:
        return None
    fours = np.frombuffer(head[: len(head) // 4 * 4], dtype=np.uint8).reshape(-1, 4)
    # The highest byte of a character is always zero, the one below it at most 16: no UTF-16 text is like that.
    for codec, high, middle in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        if not fours[:, high].any() and fours[:, middle].max() <= 16:
            return codec
    pairs = np.frombuffer(head[: len(head) // 2 * 2], dtype=np.uint8).reshape(-1, 2)
    for codec, low in (("utf-16-le", 0), ("utf-16-be", 1)):
        if _ends_lines(pairs, low) or _is_latin(pairs, low):
            return codec
    return None


def _ends_lines(pairs: np.ndarray, low: int) -> bool:
    """Whether LF (or else CR) often takes two bytes, the other one zero (its byte is in Chinese characters too).

    In a text of single bytes with stray NULs it never does.
    """
    for byte in (10, 13):
        samples = int(np.count_nonzero(pairs == byte))
        if samples:
            wide = int(np.count_nonzero((pairs[:, low] == byte) & (pairs[:, 1 - low] == 0)))
            return wide >= 0.3 * samples
    return False


def _is_latin(pairs: np.ndarray, low: int) -> bool:
    """Mostly Latin text on one line: every other byte is zero."""
    zeros = (pairs == 0).mean(axis=0)
    return bool(zeros[1 - low] > 0.4 and zeros[low] < 0.05)


def _of_sound_utf8(facts: TextFacts) -> Encoding:
    """UTF-8, but for plain ASCII that switches between character sets."""
    switched = _iso2022(facts) if facts.characters == 0 else None
    if switched is None:
        return Encoding(codec="utf-8")
    return Encoding(codec=switched, notes=(Note.of(NoteKind.SWITCHING_ENCODING, encoding=switched),))


def _iso2022(facts: TextFacts) -> str | None:
    """East Asian text in bytes of ASCII: escape sequences switch between character sets."""
    for start, codec in ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp")):
        if any(start in piece for piece in (facts.head, *facts.samples, facts.tail)):
            return codec
    return None


def _legacy(facts: TextFacts) -> Encoding:
    occurring = bytes(byte for byte in range(128, 256) if facts.histogram[byte])
    ranked = rank_legacy(bytes(facts.evidence) or _first_lines(facts.head), occurring)
    codec, *others = [guess.codec for guess in ranked[:4]]
    figures: dict[str, Any] = {"encoding": codec} | _signs_alone(facts, occurring, codec)
    note = Note.of(NoteKind.LEGACY_ENCODING, **figures)
    if others:
        note = Note.of(NoteKind.LEGACY_ENCODING_DOUBTED, **figures, others=others)
    return Encoding(codec=codec, notes=(note,))


def _signs_alone(facts: TextFacts, occurring: bytes, codec: str) -> dict[str, list[str]]:
    """The signs that are seen most often, where no byte is a letter that could make a word; else nothing."""
    by_count = sorted(occurring, key=lambda byte: -facts.histogram[byte])
    signs = [bytes([byte]).decode(codec, errors="ignore") for byte in by_count]
    if any(len(sign) != 1 or sign.isalpha() for sign in signs):  # half a character may be one of a letter
        return {}
    return {"signs": [sign for sign in signs if sign.isprintable() and not sign.isspace()][:_SIGNS_NAMED]}


def _first_lines(head: bytes) -> bytes:
    """Whole lines as far as there are any: the end of a piece may be half a character."""
    piece = head[:EVIDENCE_BYTES]
    return piece[: max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1] or piece
