"""A paragraph of names with their values, ``Units:    Percent``, above columns that spaces align.

So FRED wrote its series as texts, and many stations and models do. Cut at their spaces the lines of the paragraph are
rows of any width, which hide the table; pandas' ``read_fwf`` cuts the table where the paragraph has spaces.
"""

import re
from dataclasses import dataclass

from uploads.tabular.dialect.aligned import is_aligned
from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.notes import Note, NoteKind

_LABEL = re.compile(r"[^\W\d_][^:]{0,40}: +\S.*")
_GOES_ON = re.compile(r" {4,}\S.*")
_LEAST_LABELS = 3
_MOST_LINES = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledBlock(LineForm):
    """Each line of the paragraph is one cell; the lines below it are cut at their spaces."""

    steps: tuple[Step, ...] = ()

    def start(self) -> Rewriter:
        return _Cutter().cut


class _Cutter:
    """Follows one text: what a line becomes depends on whether the paragraph has ended."""

    def __init__(self) -> None:
        self._has_begun = False
        self._is_above = True

    def cut(self, lines: bytes, *, final: bool) -> bytes:
        return b"".join(map(self._line, LINE.findall(lines)))

    def _line(self, line: bytes) -> bytes:
        body = line.rstrip(b"\r\n")
        text = body.decode("utf-8", "surrogateescape")
        self._has_begun = self._has_begun or bool(text.strip())
        if self._has_begun and not text.strip():
            self._is_above = False
        cells = [" ".join(text.split())] if self._is_above else text.split()
        return written(cells).encode("utf-8", "surrogateescape") + line[len(body) :]


def find_labelled_block(text: str) -> LineForm | None:
    """The form of a text that begins with such a paragraph and goes on, below a blank line, in aligned columns."""
    lines = first_lines(text)
    begin = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(begin, min(len(lines), begin + _MOST_LINES)) if not lines[at].strip()), begin)
    labels = sum(1 for line in lines[begin:end] if _LABEL.fullmatch(line))
    others = [line for line in lines[begin:end] if not _LABEL.fullmatch(line) and not _GOES_ON.fullmatch(line)]
    if labels < _LEAST_LABELS or others or not _LABEL.fullmatch(lines[begin]):
        return None
    below = [line for line in lines[end:] if line.strip()]
    rows = [line.split() for line in below]
    if not rows or any(len(row) != len(rows[0]) for row in rows) or not is_aligned(below, rows):
        return None
    if is_aligned(lines, [line.split() for line in lines if line.strip()]):
        return None  # above so many rows the paragraph hides nothing
    return LabelledBlock(note=Note.of(NoteKind.ALIGNED), delimiter=MARK)
