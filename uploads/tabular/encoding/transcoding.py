"""Text in any encoding as a stream of UTF-8 bytes, with what cannot be decoded still visible in it."""

import codecs
import re

from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.marked_bytes import MARK_BYTES
from uploads.tabular.encoding.text_facts import TextFacts
from uploads.tabular.files.streams import Readable

_LINES_WITHIN = re.compile(rb"(?<=[\r\n])[^\r\n].*[\r\n]", re.DOTALL)
"""From the first line that begins in a piece of text to the last that ends there."""


class Utf8Stream:
    """Reads an encoded stream as UTF-8 without its byte order mark.

    Bytes of a UTF-8 text pass unchanged, sound or not. In other encodings, what cannot be decoded comes out as lone
    surrogates in UTF-8's shape, which is no valid UTF-8: the careful parser finds and rejects those rows.
    """

    def __init__(self, stream: Readable, encoding: Encoding) -> None:
        self._stream = stream
        self._skip = encoding.bom
        self._decoder = None if encoding.is_utf8 else codecs.getincrementaldecoder(encoding.codec)(MARK_BYTES)
        self._ended = False
        self._drop = 0

    def skip(self, count: int) -> None:
        """Leave out the first ``count`` bytes of the UTF-8 form."""
        self._drop = count

    def read(self, size: int) -> bytes:
        """Some bytes, about ``size``; none at the end."""
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            if self._skip and data:
                cut = min(self._skip, len(data))
                data, self._skip = data[cut:], self._skip - cut
            if self._decoder is not None:
                data = self._decoder.decode(data, final=self._ended).encode("utf-8", "surrogatepass")
            if self._drop and data:
                cut = min(self._drop, len(data))
                data, self._drop = data[cut:], self._drop - cut
            if data:
                return data
        return b""


def decode_head(facts: TextFacts, encoding: Encoding) -> tuple[str, bool]:
    """The first characters of a text, and whether they are all of it."""
    whole = facts.size <= len(facts.head)
    errors = "surrogateescape" if encoding.is_utf8 else MARK_BYTES
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors)
    return decoder.decode(facts.head[encoding.bom :], final=whole), whole


def printable(text: str) -> str:
    """Text as it can be stored and shown: undecodable bytes as ``\\xNN``, NUL as ``\\x00``."""
    if encodable(text) and "\x00" not in text:
        return text
    return "".join(f"\\x{ord(c) & 0xFF:02x}" if "\udc00" <= c <= "\udcff" or c == "\x00" else c for c in text).encode(
        "utf-8", "backslashreplace"
    ).decode("utf-8")  # fmt: skip


def first_undecoded(text: str) -> dict[str, int | str]:
    """The first byte of a text that could not be decoded, as figures: ``byte``, and ``at`` which character, from 1."""
    found = ((at, ord(letter)) for at, letter in enumerate(text, start=1) if "\udc00" <= letter <= "\udcff")
    return next(({"byte": f"{code & 0xFF:02X}", "at": at} for at, code in found), {})


def encodable(text: str) -> bool:
    """Whether all of a text was decoded: no lone surrogate stands in it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def decode_samples(facts: TextFacts, encoding: Encoding) -> tuple[str, ...]:
    """Whole lines from all over the text behind its head; none where line ends cannot be told by their bytes."""
    if encoding.is_wide or facts.size <= len(facts.head):
        return ()
    errors = "surrogateescape" if encoding.is_utf8 else MARK_BYTES
    pieces = (_LINES_WITHIN.search(piece) for piece in (*facts.samples, facts.tail))
    return tuple(piece[0].decode(encoding.codec, errors) for piece in pieces if piece is not None)
