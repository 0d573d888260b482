"""Lines of a file as a page shows them: what nobody could see in them is marked, long ones are cut."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.source_lines.around import AROUND, LinesAround, TextLine, has_lines
from uploads.web.sentences.phrases import counted

LONGEST_BESIDE = 1_000
"""Characters of the lines around; of the line itself all are shown that were read."""
MOST_PIECES = 600
"""Of a line: one that is nothing but control characters would make a page of megabytes."""

_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff"
_MARKED = re.compile(f"\t+| +$|[{_UNSEEN}]+")
_NAMES = {"\x00": "NUL", "\x1b": "ESC", "\xa0": "NBSP", "\xad": "SHY", "\ufeff": "BOM", "\u202f": "NNBSP"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some characters of a line; ``kind``, as a class of CSS: tab, space or code, or empty for plain text."""

    text: str
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLine:
    number: int
    pieces: tuple[Piece, ...]
    cut: str
    """What is said where the line is cut; empty where it isn't."""
    is_wanted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLines:
    lines: tuple[ShownLine, ...]
    hint: str
    earlier: int | None
    later: int | None
    """The line in the middle of those before and behind; ``None`` where there are none."""


def shown_lines(found: LinesAround) -> ShownLines:
    """``found``, ready to be shown."""
    lines = tuple(_shown(line, is_wanted=line.number == found.line) for line in found.lines)
    first, last = found.lines[0].number, found.lines[-1].number
    whole = "" if found.total is None else f" {counted(found.total, 'line')} in all."
    return ShownLines(
        lines=lines,
        hint=f"Read as {found.encoding}.{whole} Tabs, spaces at the end and what can't be seen are marked.",
        earlier=max(1, first - 1 - AROUND) if first > 1 else None,
        later=min(last + 1 + AROUND, found.total or last + 1) if found.has_more else None,
    )


def lines_address(token: str, load: LoadReceipt) -> str:
    """Of the page of the table's lines, ready for the number of one; empty where its rows don't stand in lines."""
    if not has_lines(format_=load.format):
        return ""
    return f"{reverse('source-lines', args=[token, load.load_id])}?line="


def _shown(line: TextLine, *, is_wanted: bool) -> ShownLine:
    text = line.text if is_wanted else line.text[:LONGEST_BESIDE]
    pieces = tuple(_pieces(text))
    is_cut = line.is_cut or len(text) < len(line.text) or len(pieces) > MOST_PIECES
    length = "of more bytes than were read" if line.length is None else f"of {counted(line.length, 'byte')}"
    cut = f"cut here, {length}" if is_cut else ""
    return ShownLine(number=line.number, pieces=pieces[:MOST_PIECES], cut=cut, is_wanted=is_wanted)


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    for found in _MARKED.finditer(text):
        if found.start() > at:
            yield Piece(text=text[at : found.start()])
        at = found.end()
        if found[0].startswith("\t"):
            yield Piece(text=found[0], kind="tab", title="tab")
        elif found[0].startswith(" "):
            yield Piece(text=found[0], kind="space", title=f"{counted(len(found[0]), 'space')} at the end")
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
