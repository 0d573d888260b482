"""The text of a file of markup, in the encoding that its bytes and its own words say."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.text_facts import gather_facts
from uploads.tabular.errors import LimitExceeded
from uploads.tabular.table import Limits, ReadOptions

_BLOCK = 2**18
_HEAD = 2**13
_DECLARED = re.compile(
    rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)


def utf8_blocks(path: Path, *, name: str, options: ReadOptions, limits: Limits) -> Iterator[bytes]:
    """The text as UTF-8 without its byte order mark; what cannot be decoded stays visible as ``\\xNN``.

    Raises ``LimitExceeded`` before a file that would not fit into memory is read: its cells are held there.
    """
    size = path.stat().st_size
    if size > limits.memory_bytes:
        raise LimitExceeded(
            f"{name} has {size:,} bytes of markup; {limits.memory_bytes:,} are allowed.",
            hint="Save the table as CSV, which can be of any length, or split it.",
        )
    encoding = encoding_of(path, options)
    decoder = codecs.getincrementaldecoder(encoding.codec)("backslashreplace")
    for number, block in enumerate(_blocks(path)):
        text = decoder.decode(block if number else block[encoding.bom :])
        yield text.encode("utf-8", "backslashreplace")
    yield decoder.decode(b"", final=True).encode("utf-8", "backslashreplace")


def encoding_of(path: Path, options: ReadOptions) -> Encoding:
    """The encoding that a person said, that the text itself says where its bytes allow it, or that they show."""
    with path.open("rb") as file:
        found = _DECLARED.search(file.read(_HEAD))
    said = (found[1] or found[2]).decode() if found else None
    facts = gather_facts(_blocks(path))
    encoding = decide_encoding(facts, given=options.encoding, likely=said if said and _is_known(said) else None)
    # A page that calls itself Latin-1 is read as Windows-1252 by every browser (WHATWG Encoding, 4.2).
    return replace(encoding, codec="cp1252") if encoding.codec in {"iso8859-1", "ascii"} else encoding


def _is_known(codec: str) -> bool:
    try:
        found = codecs.lookup(codec)
    except LookupError:
        return False
    return found.name not in {"utf-7", "idna", "punycode"} and getattr(found, "_is_text_encoding", True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
