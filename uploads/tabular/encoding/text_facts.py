"""What one pass over all bytes of a text tells: its size, line ends, letters beyond ASCII, and pieces of it."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa

from uploads.tabular.line_index import LineIndex, LineMarks

HEAD_BYTES = 256 * 1024
_PLACES = 8
_PLACE_BYTES = 16 * 1024
EVIDENCE_BYTES = 12 * 1024
_EVIDENCE_BYTES_OF_A_BLOCK = 4 * 1024
_CERTAIN = 1_000_000
"""Characters beyond ASCII of which UTF-8 is certain: which bytes the sound blocks behind them hold decides nothing."""
_LONG = 16 * 2**20
"""Bytes from which on a thread costs less than it spares."""
_HIGH_LINE = re.compile(rb"(?<=[\r\n])[^\r\n\x80-\xff]*+[\x80-\xff][^\r\n]*+[\r\n]")
"""Takes nothing back, so that a long line without its end costs its length, not the square of it."""
_ESCAPED = re.compile("[\udc80-\udcff]")
_CHARACTER = re.compile("[^\x00-\x7f\udc80-\udcff]")
_KEPT_LINES = 50
_LOOKED_AT = 500
"""Characters of a block whose lines are looked at: in Chinese there are many, and few of the lines are sound."""
_LONGEST = 4 * 1024
_LOST = "\ufffd".encode()
_CONTROL_CODE = re.compile("[\x80-\x9f]")
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(kw_only=True, slots=True)
class TextFacts:
    """What one pass over all bytes of a text tells."""

    size: int = 0
    head: bytes = b""
    """The first 256 KiB."""
    tail: bytes = b""
    """The last 64 KiB of what lies behind the head."""
    samples: list[bytes] = field(default_factory=list)
    """Some 16 KiB each, at even distances all over the text, and where a backslash stands before a quote."""
    feeds: int = 0
    returns: int = 0
    pairs: int = 0
    """LF alone, CR alone, and CR LF."""
    lines: int = 0
    """Line ends (LF, CR LF or CR), and one for a last line without."""
    blank: bool = True
    """Nothing but white space so far."""
    marks: int = 0
    """Byte order marks of UTF-8, wherever they stand."""
    lost: int = 0
    """Characters U+FFFD, which some program wrote in place of a letter that it could not read."""
    characters: int = 0
    """Characters beyond ASCII, where the bytes are valid UTF-8."""
    characters_apart: int = 0
    """Those of them that stand in blocks which are UTF-8 throughout."""
    invalid: int = 0
    """Bytes that are no UTF-8."""
    controls: Counter[int] = field(default_factory=Counter)
    """How often each control code from U+0080 to U+009F occurs, written as UTF-8; not counted where the first million
    characters beyond ASCII are none."""
    control_lines: list[bytes] = field(default_factory=list)
    """Some lines that have them."""
    histogram: np.ndarray = field(default_factory=lambda: np.zeros(256, dtype=np.int64))
    """How often each byte beyond ASCII occurs."""
    evidence: bytearray = field(default_factory=bytearray)
    """Lines that hold bytes which are no UTF-8, from all over the text."""
    sound_lines: list[bytes] = field(default_factory=list)
    broken_lines: list[bytes] = field(default_factory=list)
    """Some lines beyond ASCII that are UTF-8, and some that are not, of blocks that hold both."""
    index: LineIndex = field(default_factory=LineIndex)
    """Where its lines stand, by a mark a block."""

    @property
    def line_end(self) -> str:
        """``LF``, ``CRLF``, ``CR`` or ``mixed``; empty for a text of one line."""
        kinds = [name for name, count in (("LF", self.feeds), ("CRLF", self.pairs), ("CR", self.returns)) if count]
        return "mixed" if len(kinds) > 1 else "".join(kinds)


def gather_facts(blocks: Iterable[bytes]) -> TextFacts:
    """Look at every byte once. ASCII passes at memory speed, UTF-8 at about 2 GB/s."""
    facts = TextFacts()
    samples = _Samples()
    letters = _Letters(facts)
    marks = LineMarks()
    last = b""
    for block in blocks:
        letters.pass_by(block)
        if last != b"\r" or not block.startswith(b"\n"):
            marks.pass_by(facts.size, facts.feeds + facts.returns + facts.pairs)
        facts.size += len(block)
        _count_line_ends(block, last, facts)
        last = block[-1:]
        samples.pass_by(block)
        if len(facts.head) < HEAD_BYTES:
            room = HEAD_BYTES - len(facts.head)
            facts.head += block[:room]
            facts.tail = (facts.tail + block[room:])[-65536:]
        else:
            facts.tail = (facts.tail + block[-65536:])[-65536:]
        if facts.blank and block.strip():
            facts.blank = False
    letters.end()
    if facts.invalid:
        facts.evidence += _last_line(facts)
    facts.lines = facts.feeds + facts.returns + facts.pairs + (last not in (b"", b"\n", b"\r"))
    facts.samples = [*samples.even, *samples.escapes]
    facts.index = marks.index(facts.size)
    return facts


class _Letters:
    """Tells ``facts`` of the letters beyond ASCII.

    In a long text it does so behind the back of whoever counts lines, which takes as long: nothing else of a load can
    begin before this pass is over.
    """

    def __init__(self, facts: TextFacts) -> None:
        self._facts = facts
        self._held = b""
        """The last bytes, when they may go on in the next block."""
        self._passed = 0
        self._thread: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None

    def pass_by(self, block: bytes) -> None:
        if self._facts.size < _LONG:
            self._look(block)
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1)
        self._wait()
        self._running = self._thread.submit(self._look, block)

    def end(self) -> None:
        self._wait()
        if self._thread is not None:
            self._thread.shutdown()
        self._facts.invalid += len(self._held)
        self._facts.histogram += np.bincount(np.frombuffer(self._held, dtype=np.uint8), minlength=256)

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()

    def _look(self, block: bytes) -> None:
        is_first = not self._passed
        self._passed += len(block)
        if self._held or not block.isascii():
            data, self._held = _split_tail(self._held + block)
            self._count(data, is_first=is_first)

    def _count(self, data: bytes, *, is_first: bool) -> None:
        """Count what is UTF-8 and what isn't."""
        facts = self._facts
        if codecs.BOM_UTF8[:1] in data:  # ten times as fast as the count, and hardly any European text has one
            facts.marks += data.count(codecs.BOM_UTF8)
            facts.lost += data.count(_LOST)
        array = np.frombuffer(data, dtype=np.uint8)
        if (facts.controls or facts.characters < _CERTAIN) and _CONTROL.search(data):  # 0.3 ns a byte
            facts.controls.update(match[1] for match in _CONTROL.findall(data))
            if len(facts.control_lines) < _KEPT_LINES:
                facts.control_lines += _lines_with(_CONTROL_CODE, data.decode("utf-8", "surrogateescape"))
        if is_utf8(data):
            if facts.characters < _CERTAIN:
                facts.histogram += np.bincount(array[array > 127], minlength=256)
            found = int(np.count_nonzero(array >= 0xC0))
            facts.characters += found
            facts.characters_apart += found
            return
        text = data.decode("utf-8", "surrogateescape")
        bad = len(_ESCAPED.findall(text))
        facts.invalid += bad
        room = min(EVIDENCE_BYTES - len(facts.evidence), _EVIDENCE_BYTES_OF_A_BLOCK)
        facts.evidence += _high_lines(b"\n" + data if is_first else data, room)
        high = array[array > 127]
        found = len(text) - (len(data) - len(high)) - bad
        facts.characters += found
        if found and len(facts.sound_lines) < _KEPT_LINES:
            facts.sound_lines += (line for line in _lines_with(_CHARACTER, text) if is_utf8(line))
        if found and len(facts.broken_lines) < _KEPT_LINES:
            facts.broken_lines += _lines_with(_ESCAPED, text)
        facts.histogram += np.bincount(high, minlength=256)


class _Samples:
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
        if len(self.escapes) < _PLACES and b"\\" in block:
            array = np.frombuffer(block, dtype=np.uint8)
            escapes = np.flatnonzero((array[:-1] == 92) & (array[1:] == 34))  # bytes.find takes four times as long
            if len(escapes):
                at = int(escapes[0])
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


def is_utf8(data: bytes) -> bool:
    """Whether all bytes are UTF-8: by Arrow's look at them, which takes a fifth of the time that decoding does."""
    ends = np.array([0, len(data)], dtype=np.int32)
    text = pa.StringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(data))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _lines_with(pattern: re.Pattern[str], text: str) -> list[bytes]:
    """Some lines in which it is found; ``text`` has bytes that are no UTF-8 as lone surrogates."""
    lines, passed = list[bytes](), 0
    for found in islice(pattern.finditer(text), _LOOKED_AT):
        at = found.start()
        if at < passed:
            continue
        before = max(at - _LONGEST, 0)
        ends = (text.find(end, at, at + _LONGEST) for end in "\r\n")
        passed = min((end for end in ends if end >= 0), default=at + _LONGEST)
        begin = max(text.rfind("\n", before, at), text.rfind("\r", before, at), before - 1) + 1
        lines.append(text[begin:passed].encode("utf-8", "surrogateescape"))
    return lines[:_KEPT_LINES]


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


def _last_line(facts: TextFacts) -> bytes:
    """The last line, if it has no line end and bytes beyond ASCII: alone its last byte could be half a character."""
    end = facts.tail or facts.head
    cut = max(end.rfind(b"\n"), end.rfind(b"\r")) + 1
    line = end[cut:]
    if line.isascii() or len(line) > EVIDENCE_BYTES or not (cut or facts.size == len(end)):
        return b""
    return line


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
