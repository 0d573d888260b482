"""A text of a file as a page shows it: what nobody could see in it is marked."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from uploads.web.sentences.phrases import counted

_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff"
_LEFTWARD = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Hebrew, Arabic and their neighbours."""
_MARKED = re.compile(f"\t+|^ +| +$|[{_UNSEEN}]+|(?P<leftward>[{_LEFTWARD}]+(?: +[{_LEFTWARD}]+)*)")
_NAMES = {"\x00": "NUL", "\x1b": "ESC", "\xa0": "NBSP", "\xad": "SHY", "\ufeff": "BOM", "\u202f": "NNBSP"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some characters; ``kind``: tab, space or code, leftward for letters that run so, empty for all others."""

    text: str
    kind: str = ""
    title: str = ""


def pieces_of(text: str) -> Iterator[Piece]:
    """The text in order."""
    at = 0
    for found in _MARKED.finditer(text):
        if found.start() > at:
            yield Piece(text=text[at : found.start()])
        at = found.end()
        if found["leftward"]:
            yield Piece(text=found[0], kind="leftward")
        elif found[0].startswith("\t"):
            yield Piece(text=found[0], kind="tab", title="tab")
        elif found[0].startswith(" "):
            yield Piece(
                text=found[0],
                kind="space",
                title=f"{counted(len(found[0]), 'space')} at the {'end' if at == len(text) else 'beginning'}",
            )
        else:
            yield from (_code(letter, sum(1 for _ in run)) for letter, run in groupby(found[0]))
    if at < len(text):
        yield Piece(text=text[at:])


def _code(letter: str, count: int) -> Piece:
    """``NUL``, ``U+202E`` or, for a byte that is no letter in the file's encoding, ``\\xff``."""
    if "\udc00" <= letter <= "\udcff":
        name, title = f"\\x{ord(letter) & 0xFF:02x}", "a byte that is no letter in this encoding"
    else:
        name = _NAMES.get(letter) or (f"\\x{ord(letter):02x}" if letter < "\xa0" else f"U+{ord(letter):04X}")
        title = unicodedata.name(letter, "control character").capitalize()
    times = f" ×{count:,}" if count > 1 else ""
    return Piece(text=f"{name}{times}", kind="code", title=title)
