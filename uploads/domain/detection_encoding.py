"""Which encoding a text is written in, decided on all of its bytes (an accent may come in the last kilobyte)."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from uploads.domain.detection_legacy import rank_legacy
from uploads.domain.errors import BadOption

_HEAD_BYTES = 256 * 1024
_PLACES = 8
_PLACE_BYTES = 16 * 1024
_EVIDENCE_BYTES = 12 * 1024
_EVIDENCE_BYTES_OF_A_BLOCK = 4 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH_LINE = re.compile(rb"(?<=[\r\n])[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]")
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(kw_only=True, slots=True)
class TextFacts:
    """What one pass over all bytes of a text tells."""

    size: int = 0
    head: bytes = b""
    """The first 256 KiB."""
    tail: bytes = b""
    """The last 64 KiB of what lies behind the head."""
    places: list[bytes] = field(default_factory=list)
    """Some 16 KiB each, at even distances all over the text, and where a backslash stands before a quote."""
    feeds: int = 0
    returns: int = 0
    pairs: int = 0
    """LF alone, CR alone, and CR LF."""
    lines: int = 0
    """Line ends (LF, CR LF or CR), and one for a last line without."""
    blank: bool = True
    """Nothing but white space so far."""
    characters: int = 0
    """Characters beyond ASCII, where the bytes are valid UTF-8."""
    invalid: int = 0
    """Bytes that are no UTF-8."""
    histogram: np.ndarray = field(default_factory=lambda: np.zeros(256, dtype=np.int64))
    """How often each byte beyond ASCII occurs."""
    evidence: bytearray = field(default_factory=bytearray)
    """Lines that hold bytes which are no UTF-8, from all over the text."""

    @property
    def line_end(self) -> str:
        """``LF``, ``CRLF``, ``CR`` or ``mixed``; empty for a text of one line."""
        kinds = [name for name, count in (("LF", self.feeds), ("CRLF", self.pairs), ("CR", self.returns)) if count]
        return "mixed" if len(kinds) > 1 else "".join(kinds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """A decided encoding: Python's name of the codec, the length of the byte order mark, the evidence."""

    codec: str
    bom: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_utf8(self) -> bool:
        return self.codec == "utf-8"

    @property
    def is_wide(self) -> bool:
        """UTF-16 or UTF-32: its bytes don't show line ends."""
        return self.codec.startswith(("utf-16", "utf-32"))


def gather_facts(blocks: Iterable[bytes]) -> TextFacts:
    """Look at every byte once. ASCII passes at memory speed, UTF-8 at about 1 GB/s."""
    facts = TextFacts()
    places = _Places()
    held = b""
    last = b""
    for block in blocks:
        facts.size += len(block)
        _count_line_ends(block, last, facts)
        last = block[-1:]
        places.pass_by(block)
        if len(facts.head) < _HEAD_BYTES:
            room = _HEAD_BYTES - len(facts.head)
            facts.head += block[:room]
            facts.tail = (facts.tail + block[room:])[-65536:]
        else:
            facts.tail = (facts.tail + block[-65536:])[-65536:]
        if facts.blank and block.strip():
            facts.blank = False
        if held or not block.isascii():
            held = _check_utf8(held + block, facts)
    facts.invalid += len(held)
    facts.evidence += held
    facts.lines = facts.feeds + facts.returns + facts.pairs + (last not in (b"", b"\n", b"\r"))
    facts.places = [*places.even, *places.escapes]
    return facts


class _Places:
    """Keeps pieces of a stream of unknown length at even distances: where there are too many, every other goes."""

    def __init__(self) -> None:
        self.even: list[bytes] = []
        self.escapes: list[bytes] = []
        self._stride = 1
        self._passed = 0

    def pass_by(self, block: bytes) -> None:
        if self._passed % self._stride == 0:
            middle = len(block) // 2
            self.even.append(block[middle : middle + _PLACE_BYTES])
            if len(self.even) > _PLACES:
                self.even = self.even[::2]
                self._stride *= 2
        self._passed += 1
        if len(self.escapes) < _PLACES and (at := block.find(b'\\"')) >= 0:
            self.escapes.append(block[max(0, at - _PLACE_BYTES // 8) : at + _PLACE_BYTES // 8])


def _count_line_ends(block: bytes, last: bytes, facts: TextFacts) -> None:
    array = np.frombuffer(block, dtype=np.uint8)
    facts.feeds += int(np.count_nonzero(array == 10))
    if b"\r" in block:
        pairs = block.count(b"\r\n")
        facts.pairs += pairs
        facts.feeds -= pairs
        facts.returns += int(np.count_nonzero(array == 13)) - pairs
    if last == b"\r" and block.startswith(b"\n"):  # one line end across two blocks, counted as two so far
        facts.feeds -= 1
        facts.returns -= 1
        facts.pairs += 1


def _check_utf8(data: bytes, facts: TextFacts) -> bytes:
    """Count what is UTF-8 and what isn't; return the last bytes when they may go on in the next block."""
    data, held = _split_tail(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        bad = len(_ESCAPED.findall(text))
        facts.invalid += bad
        facts.characters -= bad
        room = min(_EVIDENCE_BYTES - len(facts.evidence), _EVIDENCE_BYTES_OF_A_BLOCK)
        facts.evidence += _high_lines(data if facts.size > len(data) else b"\n" + data, room)
    array = np.frombuffer(data, dtype=np.uint8)
    high = array[array > 127]
    facts.characters += len(text) - (len(data) - len(high))
    facts.histogram += np.bincount(high, minlength=256)
    return held


def _split_tail(data: bytes) -> tuple[bytes, bytes]:
    """Cut off the first bytes of a character that the next block may complete."""
    for length in range(1, min(4, len(data) + 1)):
        byte = data[-length]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return (data[:-length], data[-length:]) if needed > length else (data, b"")
    return data, b""


def _high_lines(data: bytes, room: int) -> bytes:
    """Some whole lines that hold bytes beyond ASCII; a part of a line could begin or end inside a character."""
    lines = []
    for line in _HIGH_LINE.finditer(data):
        if room <= 0:
            break
        if len(line.group()) <= room:
            lines.append(line.group())
        room -= len(line.group())
    return b"".join(lines)


def decide_encoding(facts: TextFacts, *, told: str | None = None, likely: str | None = None) -> Encoding:
    """Choose the encoding that all bytes agree with; ``told`` is a person's choice.

    ``likely`` was a person's choice for files of the same kind: it decides where no mark and no UTF-8 does.
    """
    bom = next(((mark, codec) for mark, codec in _BOMS if facts.head.startswith(mark)), None)
    if told is None and likely is not None and bom is None and _may_be(known_codec(likely), facts):
        told = likely
    if told is not None:
        codec = known_codec(told)
        length = len(bom[0]) if bom is not None and bom[1] == codec else 0
        return Encoding(codec=codec, bom=length)
    if bom is not None and not (bom[1] == "utf-8" and not _mostly_utf8(facts) and facts.invalid):
        notes = _bad_bytes_note(facts) if bom[1] == "utf-8" else ()
        return Encoding(codec=bom[1], bom=len(bom[0]), notes=notes)
    wide = _wide_without_bom(facts.head)
    if wide is not None:
        return Encoding(
            codec=wide, notes=(f"Read as {wide.upper()}: every other byte is zero, though no mark says so.",)
        )
    if facts.invalid == 0:
        return Encoding(codec="utf-8")
    if _mostly_utf8(facts):
        return Encoding(codec="utf-8", notes=_bad_bytes_note(facts))
    return _legacy(facts)


def known_codec(name: str) -> str:
    """Python's normal name for an encoding that a person named."""
    try:
        info = codecs.lookup(name.strip())
        "a".encode(info.name)
    except (LookupError, ValueError, TypeError) as error:
        raise BadOption(
            f'"{name}" is not an encoding known here.', hint="Give a name such as utf-8, cp1252, utf-16 or shift_jis."
        ) from error
    aliases = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    return aliases.get(info.name, info.name)


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


def _bad_bytes_note(facts: TextFacts) -> tuple[str, ...]:
    if not facts.invalid:
        return ()
    return (f"Read as UTF-8; {facts.invalid:,} bytes in it are not UTF-8, and the rows that hold them are rejected.",)


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: mostly Latin text has zeros in the same places."""
    if len(head) < 4 or b"\x00" not in head:
        return None
    sample = np.frombuffer(head[: len(head) // 4 * 4], dtype=np.uint8).reshape(-1, 4)
    zeros = (sample == 0).mean(axis=0)
    if zeros[0] < 0.1 and zeros[1:].min() > 0.7:
        return "utf-32-le"
    if zeros[3] < 0.1 and zeros[:3].min() > 0.7:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _legacy(facts: TextFacts) -> Encoding:
    occurring = bytes(byte for byte in range(128, 256) if facts.histogram[byte])
    ranked = rank_legacy(bytes(facts.evidence) or facts.head[:_EVIDENCE_BYTES], occurring)
    note = f"Not UTF-8; read as {ranked[0].codec}, in which its letters make words."
    if len(ranked) > 1:
        others = " or ".join(guess.codec for guess in ranked[1:4])
        note = f"Not UTF-8; read as {ranked[0].codec}, though it could also be {others}: say so if letters look wrong."
    return Encoding(codec=ranked[0].codec, notes=(note,))
