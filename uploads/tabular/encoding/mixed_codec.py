"""UTF-8 among whose lines are some of another encoding, and characters of Windows-1252 that became control codes.

Two programs wrote into one file, or somebody appended one file to another. Each line is read by itself: as UTF-8 where
it is that, else by the other encoding (Perl's Encoding::FixLatin does so for single bytes). In an encoding of single
bytes a line may hold both: what is UTF-8 in it stays that, for no Latin text is so by chance. Cyrillic and Greek words
are, in a letter or two: ``Пё`` and ``Ні`` of code page 1251 are one character of UTF-8 each.

A text of Windows-1252 that was taken for Latin-1 and written as UTF-8 has ``U+0096`` where it had ``–``. Nobody writes
those codes on purpose; HTML reads them as what was meant too (WHATWG, "numeric character reference end state").
"""

import codecs
import re
from collections.abc import Buffer, Iterator, Mapping
from contextlib import suppress

from uploads.tabular.encoding.legacy import DOUBLE
from uploads.tabular.encoding.marked_bytes import MARK_BYTES
from uploads.tabular.encoding.text_facts import is_utf8
from uploads.tabular.files.streams import Readable

_PREFIX = "uploads_utf8"
_LONG_LINE = 32 * 2**20
"""Bytes of a line from which on it is not waited for its end."""
_READ_BYTES = 2 * 2**20
_ESCAPED = re.compile("[\udc80-\udcff]")
_OTHER_LINE = re.compile("[^\r\n]*[\udc80-\udcff][^\r\n]*")
_BEYOND = re.compile("[^\x00-\x7f]+")
_FIRST_GREEK, _LAST_CYRILLIC = "\u0370", "\u052f"
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_CONTROL = re.compile(rb"\xc2([\x80-\x9f])")
_WINDOWS = {bytes([byte]): bytes([byte]).decode("cp1252", "ignore").encode() for byte in range(0x80, 0xA0)}
NOT_IN_WINDOWS = frozenset(byte[0] for byte, meant in _WINDOWS.items() if not meant)
"""Bytes that are no character in Windows-1252."""
_NAMED_LINES = 8


def mixed_codec(*, other: str | None = None, controls: bool = False) -> str:
    """The name of the codec that reads lines which are no UTF-8 by ``other``, and ``controls`` as Windows-1252."""
    return f"{_PREFIX}_{int(controls)}_{other or ''}"


def other_lines(stream: Readable) -> tuple[int, list[int]]:
    """How many lines are no UTF-8, and the numbers of the first of them."""
    count, named = 0, list[int]()
    number = 1
    for data in _whole_lines(stream):
        if is_utf8(data):
            number += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
            continue
        for line in data.splitlines(keepends=True):
            if not _is_sound(line):
                count += 1
                named += [number] * (len(named) < _NAMED_LINES)
            number += 1
    return count, named


def _whole_lines(stream: Readable) -> Iterator[bytes]:
    held = b""
    while data := stream.read(_READ_BYTES):
        data, held = _cut(held + data)
        yield data
    yield held


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines of a piece of text, and the rest; a CR at its end may be half a line end."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
    if not end and len(data) > _LONG_LINE:
        return data, b""
    return data[:end], data[end:]


class _Decoder(codecs.IncrementalDecoder):
    """Decodes whole lines; what is no character in either encoding comes out as a lone surrogate."""

    def __init__(self, errors: str = "strict", *, other: str = "", controls: bool = False) -> None:
        super().__init__(errors)
        self._other = other
        self._controls = controls
        self._held = b""
        self._letters = _letters_of(other)
        self._has_words = any(map(_is_greek_or_cyrillic, (self._letters or {}).values()))

    def decode(self, data: Buffer, final: bool = False) -> str:
        whole, self._held = (self._held + bytes(data), b"") if final else _cut(self._held + bytes(data))
        letters = self._letters
        if letters is None:  # of what is half a character, half may look like a control code
            return "".join(map(self._line, whole.splitlines(keepends=True)))
        text = self._mended(whole).decode("utf-8", "surrogateescape")
        if self._has_words:
            text = _OTHER_LINE.sub(lambda line: _BEYOND.sub(lambda word: _word(word[0], letters), line[0]), text)
        return _ESCAPED.sub(lambda byte: letters.get(byte[0], byte[0]), text)

    def reset(self) -> None:
        self._held = b""

    def _line(self, line: bytes) -> str:
        if _is_sound(line):
            return self._mended(line).decode("utf-8")
        return line.decode(self._other, MARK_BYTES)

    def _mended(self, data: bytes) -> bytes:
        return _CONTROL.sub(_meant, data) if self._controls else data


def _word(word: str, letters: Mapping[str, str]) -> str:
    """A word of a line that is no UTF-8, where nothing or little of it is: as it reads in the other encoding."""
    count = len(_ESCAPED.findall(word))
    sound = len(word) - count
    # A letter by itself is Cyrillic UTF-8 (“в”, “и”) rather than two that happen to be it.
    if sound > max(1, count - 1) or (not count and (sound > 1 or _CYRILLIC.fullmatch(word))):
        return word
    other = "".join(letters.get(chr(0xDC00 + byte), "") for byte in word.encode("utf-8", "surrogateescape"))
    whole = len(other) == len(word.encode("utf-8", "surrogateescape"))
    return other if whole and all(map(_is_greek_or_cyrillic, other)) else word


def _is_greek_or_cyrillic(letter: str) -> bool:
    return _FIRST_GREEK <= letter <= _LAST_CYRILLIC and letter.isalpha()


def _is_sound(line: bytes) -> bool:
    """Whether a line is UTF-8; a whole block is looked at by ``is_utf8``, which takes longer to begin."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _meant(control: re.Match[bytes]) -> bytes:
    return _WINDOWS[control[1]] or control[0]


def _letters_of(codec: str) -> dict[str, str] | None:
    """What each escaped byte is in an encoding of single bytes; ``None`` for one of several."""
    if codec in DOUBLE:
        return None
    letters = {}
    for byte in range(0x80, 0x100) if codec else ():
        with suppress(UnicodeDecodeError):
            letters[chr(0xDC00 + byte)] = bytes([byte]).decode(codec)
    return letters


def _find_codec(name: str) -> codecs.CodecInfo | None:
    if not name.startswith(f"{_PREFIX}_"):
        return None
    controls, _, other = name.removeprefix(f"{_PREFIX}_").partition("_")

    class Decoder(_Decoder):
        def __init__(self, errors: str = "strict") -> None:
            super().__init__(errors, other=other, controls=controls == "1")

    def decode(data: Buffer, errors: str = "strict") -> tuple[str, int]:
        return Decoder(errors).decode(data, final=True), memoryview(data).nbytes

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        raise ValueError("nothing is written in two encodings")

    return codecs.CodecInfo(encode, decode, incrementaldecoder=Decoder, name=name)


codecs.register(_find_codec)
