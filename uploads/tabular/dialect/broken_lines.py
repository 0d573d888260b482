"""Records that line ends outside quotes cut into several lines, as exports of free texts without quotes are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from uploads.tabular.dialect.line_form import USUAL, LineForm, Rewriter, Step, filled_lines, has_values
from uploads.tabular.notes import Note, NoteKind

_LEAST_ROWS = 3
_LEAST_BROKEN = 2
_OTHER_TABLE = 3
"""Lines in a row of one width that is not the header's: another table."""
_WHOLE = 0.98
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BREAK = re.compile(rb"[\r\n]")


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenLines(LineForm):
    """A line with too few cells goes on in the next; so does the last cell, in lines without any delimiter."""

    steps: tuple[Step, ...] = ()
    separators: int
    """Delimiters of a whole record."""
    mark: bytes = field(default=b"")

    def start(self) -> Rewriter:
        return _Joiner(self.mark, self.separators).join


class _Joiner:
    """Puts lines together as they come. A cell with a line end gets quotes; lines with quotes stay as they are."""

    def __init__(self, mark: bytes, separators: int) -> None:
        self._mark = mark
        self._separators = separators
        self._has_begun = False
        self._open: list[bytes] = []
        self._found = 0
        """Delimiters in the open record."""

    def join(self, lines: bytes, *, final: bool) -> bytes:
        done = []
        for line in _LINE.findall(lines):
            count = line.count(self._mark)
            if not self._goes_on(line, count):
                done.append(self._closed())
                self._found = 0
            self._open.append(line)
            self._found += count
            self._has_begun = self._has_begun or count == self._separators
        if final:
            done.append(self._closed())
        return b"".join(done)

    def _goes_on(self, line: bytes, count: int) -> bool:
        """Whether a line belongs to the open record. Titles stand above the first whole one."""
        if not self._has_begun or not self._open or b'"' in line or b'"' in self._open[-1]:
            return False
        if self._found < self._separators:
            return self._found + count <= self._separators
        return count == 0 and bool(line.strip()) and self._found == self._separators

    def _closed(self) -> bytes:
        """The open record as one of any CSV."""
        text, several = b"".join(self._open), len(self._open) > 1
        self._open = []
        if not several:
            return text
        body = text.rstrip(b"\r\n")
        cells = body.split(self._mark)
        cells = [b'"' + cell + b'"' if _BREAK.search(cell) else cell for cell in cells]
        return self._mark.join(cells) + text[len(body) :]


def find_broken(text: str, *, given: str | None = None) -> LineForm | None:
    """The form of a text whose lines are whole records once some are put together, as wide as the first line.

    ``given``: the delimiter, where a person said that lines are broken. Otherwise nearly all records must be whole
    then, and one column must hold values: prose with commas is no table.
    """
    lines = filled_lines(text)
    if len(lines) < _LEAST_ROWS or (given is None and '"' in text):
        return None
    for delimiter in [given] if given else USUAL:
        separators = lines[0].count(delimiter)
        if not separators:
            continue
        form = BrokenLines(
            note=Note.of(NoteKind.LINES_JOINED),
            separators=separators,
            mark=delimiter.encode(),
            delimiter=delimiter,
        )
        if given is not None or _is_table(lines, form, delimiter):
            return form
    return None


def _is_table(lines: Sequence[str], form: BrokenLines, delimiter: str) -> bool:
    counts = [line.count(delimiter) for line in lines]
    if any(0 < count < form.separators and len(list(run)) >= _OTHER_TABLE for count, run in groupby(counts)):
        return False
    joiner = _Joiner(form.mark, form.separators)
    joined = [joiner.join(line.encode("utf-8", "surrogatepass") + b"\n", final=False) for line in lines]
    joined.append(joiner.join(b"", final=True))
    records = [record.decode("utf-8", "surrogatepass") for record in joined if record]
    whole = [record for record in records if record.count(delimiter) == form.separators]
    broken = sum("\n" in record[:-1] for record in whole)
    if len(records) < _LEAST_ROWS or broken < _LEAST_BROKEN or len(whole) < _WHOLE * len(records):
        return False
    return has_values([record.split(delimiter) for record in whole])
