"""How whole lines are written around their cells, and how they are rewritten so that any parser reads them.

A line stays a line, with its line end: line numbers and the account of a text do not change by it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Protocol

from uploads.tabular.notes import Note

type Step = tuple[re.Pattern[bytes], bytes | Callable[[re.Match[bytes]], bytes]]
"""What is replaced in some whole lines of UTF-8, and by what."""

BEGIN = rb"(?<![^\r\n])"
END = rb"(?![^\r\n])"
"""Of a line, whether it ends by LF, CR LF or CR."""
LINES = re.compile(r"[^\r\n]+")
USUAL = (";", ",", "\t", "|")
_LOOKED_AT = 1_000
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_VALUE = re.compile(r"[-+]?[$€£]?\d[\d.,:/%-]*")


def in_bytes(text: str) -> bytes:
    """Text of some lines as the lines are; halves of characters, which nothing can be written with, as ``?``."""
    return _HALVES.sub("?", text).encode("utf-8", "surrogateescape")


class Rewriter(Protocol):
    """Takes some whole lines, gives those that are finished; ``final``: no more will come."""

    def __call__(self, lines: bytes, *, final: bool) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class LineForm:
    """One way to write lines."""

    note: Note
    """For the receipt."""
    steps: tuple[Step, ...]
    delimiter: str | None = None
    """What parts the cells of the lines as rewritten, where the form tells."""
    columns: tuple[str, ...] = ()
    """What the columns are called, where the form tells and no line of the text is their header."""

    def start(self) -> "Rewriter":
        """What rewrites one text, piece by piece."""
        return self._replaced

    def _replaced(self, lines: bytes, *, final: bool) -> bytes:
        """Whole lines of UTF-8 as a parser is to see them; each stands for itself."""
        for pattern, by in self.steps:
            lines = pattern.sub(by, lines)
        return lines

    def of_text(self, text: str, *, errors: str) -> str:
        """The same for text; ``errors`` says how its bytes that could not be decoded are written."""
        return self.start()(text.encode("utf-8", errors), final=True).decode("utf-8", errors)


@lru_cache(maxsize=4)
def filled_lines(text: str) -> Sequence[str]:
    """The first lines that hold anything, without those that a sample may have cut off."""
    cut = max(text.rfind("\n"), text.rfind("\r")) + 1
    lines = (match[0] for match in LINES.finditer(text, 0, cut or len(text)))
    return tuple(islice((line for line in lines if line.strip()), _LOOKED_AT))


def has_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column of rows of one width holds nothing but numbers or dates below the first."""
    return len(rows) > 1 and any(
        all(_VALUE.fullmatch(row[at].strip()) for row in rows[1:]) for at in range(len(rows[0]))
    )


def outside_quotes(pattern: bytes, delimiter: bytes, by: bytes) -> Step:
    """Replace what stands outside cells in double quotes; ``delimiter`` parts the cells."""
    border = b"(?:" + BEGIN + b"|(?<=" + re.escape(delimiter) + b"))"
    quoted = border + rb'"(?:[^"]|"")*+"(?=' + re.escape(delimiter) + b"|" + END + b")"
    both = re.compile(quoted + b"|(?P<found>" + pattern + b")")
    return both, lambda match: by if match["found"] is not None else match[0]
