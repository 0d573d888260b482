r"""Records whose values stand below each other, a line for each: mysql's ``\G``, psql's ``\x``, PowerShell's lists.

*************************** 1. row ***************************
  id: 7
name: Ann

CleverCSV 0.8, pandas 2.2 and DuckDB 1.4 read each line as a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.notes import Note, NoteKind

_BEGINS = (
    (re.compile(r"\*{9,} \d+\. row \*{9,} *"), ":"),
    (re.compile(r"[-+─┌╔]*\[ RECORD \d+ \][-+─┬╤═┐╗]* *"), "|"),
    (re.compile(r"[-+─┌╔]*\[ RECORD \d+ \][-+─┬╤═┐╗]* *"), "│"),
)
"""What mysql and psql write above each record, and behind each name."""
_FIELD = re.compile(r"[^\W\d_][^:]{0,60}:(?: .*)?")
_GOES_ON = re.compile(r" {2,}\S.*")
_CLOSING = re.compile(r"\d+ rows? in set\b.*")
_NOTE = Note.of(NoteKind.VERTICAL_RECORDS)
_LEAST_NAMES = 2
_LEAST_BLOCKS = 3
_MOST_LINES = 1_000
"""Lines of values of several lines, in one record."""
_WHOLE = 0.9
"""Share of the records that hold each name in its place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerticalRecords(LineForm):
    """The names stand in the first line of the first record, each record in the first of its values or above it; the
    other lines are blank then."""

    steps: tuple[Step, ...] = ()
    begin: re.Pattern[str] | None
    """What stands above each record; ``None``: a blank line below it."""
    mark: str
    names: tuple[str, ...]

    def start(self) -> Rewriter:
        return _Turner(self).turn

    def value_of(self, line: str, at: int) -> str | None:
        """The value in a line that begins with one of the names; ``None`` in any other."""
        name = self.names[at] if at < len(self.names) else None
        shown = line.lstrip(" ")
        if name is None or not shown.startswith(name):
            return None
        between, mark, value = shown[len(name) :].partition(self.mark)
        return None if between.strip(" ") or not mark else value.removeprefix(" ").rstrip(" ")

    def goes_on(self, line: str, *, is_whole: bool) -> str | None:
        """What a line adds to the value above; ``None`` where it is none of it."""
        if self.begin is None:
            return line.strip() if _GOES_ON.fullmatch(line) else None
        if self.mark != ":":
            name, mark, value = line.partition(self.mark)
            return value.removeprefix(" ").rstrip(" ") if mark and not name.strip() else None
        return None if is_whole and _CLOSING.fullmatch(line.strip()) else line


class _Turner:
    """Takes lines as they come; those of a record that has begun wait for the rest of it."""

    def __init__(self, form: VerticalRecords) -> None:
        self._form = form
        self._has_names = False
        self._is_open = False
        self._lines: list[tuple[str, bytes]] = []
        """Those of the open record, each with its end."""
        self._values: list[str] = []
        self._breaks = 0
        """Line ends within the values."""
        self._blank = 0
        """Blank lines below the last value of a whole record."""
        self.rows = self.whole = self.others = 0
        """Records, those that hold each name in its place, and filled lines outside of records."""

    def turn(self, lines: bytes, *, final: bool) -> bytes:
        done = [self._take(line) for line in LINE.findall(lines)]
        if final:
            done.append(self._finished())
        return b"".join(done)

    def _take(self, line: bytes) -> bytes:
        body = line.rstrip(b"\r\n")
        text, end = body.decode("utf-8", "surrogateescape"), line[len(body) :]
        begin = self._form.begin
        if begin is not None and begin.fullmatch(text):
            done = self._finished()
            self._is_open, self._lines = True, [(text, end)]
            return done
        if begin is None and not self._is_open and self._form.value_of(text, 0) is not None:
            self._is_open = True
        if self._is_open and self._belongs(text):
            self._lines.append((text, end))
            return b""
        self.others += bool(text.strip())
        return self._finished() + _as_it_stands(text) + end

    def _belongs(self, text: str) -> bool:
        """Whether a line is a value of the open record, or goes on with one; that is kept then."""
        value = self._form.value_of(text, len(self._values))
        if value is not None:
            self._values.append(value)
            return True
        is_whole = len(self._values) == len(self._form.names)
        more = self._form.goes_on(text, is_whole=is_whole) if self._values else None
        if more is None or self._breaks + self._blank >= _MOST_LINES:
            return False
        if is_whole and not text.strip():
            self._blank += 1  # it is the value's if that goes on below it
            return True
        above = self._values[-1]
        above = above.removesuffix("+").rstrip(" ") if self._form.mark != ":" else above
        ends = [end.decode() for _, end in self._lines[len(self._lines) - 1 - self._blank :]]
        self._values[-1] = above + "".join(ends) + more
        self._breaks += len(ends)
        self._blank = 0
        return True

    def _finished(self) -> bytes:
        """The record in one line, and blank lines for those that it stood in."""
        if not self._is_open:
            return b""
        self.rows += 1
        is_whole = len(self._values) == len(self._form.names)
        self.whole += is_whole
        found = b"".join(self._written(self._lines, is_whole=is_whole))
        self._is_open, self._lines, self._values, self._breaks, self._blank = False, [], [], 0, 0
        return found

    def _written(self, lines: Sequence[tuple[str, bytes]], *, is_whole: bool) -> Iterator[bytes]:
        if not self._has_names:
            self._has_names = True
            yield _in_bytes(written(self._form.names)) + lines[0][1]
            lines = lines[1:]
        if not is_whole:
            # Other names, or fewer: nothing is guessed, its lines are rejected one by one.
            yield from (_as_it_stands(text) + end for text, end in lines)
            return
        yield _in_bytes(written(self._values))
        yield from (end for _, end in lines[self._breaks :])


def find_vertical(text: str) -> LineForm | None:
    """The form of a text of such records, all of the same names; what stands above and below stays as it is."""
    lines = first_lines(text)
    for begin, mark in _BEGINS:
        at = next((at for at, line in enumerate(lines) if begin.fullmatch(line)), None)
        if at is not None and (names := _names(lines[at + 1 :], begin, mark)):
            form = VerticalRecords(note=_NOTE, begin=begin, mark=mark, names=names, delimiter=MARK)
            return form if _is_most(lines, form, least=1) else None
    filled = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    block = list(takewhile(str.strip, lines[filled:]))
    names = tuple(line.partition(":")[0].strip() for line in block if _FIELD.fullmatch(line))
    others = [line for line in block if not _FIELD.fullmatch(line) and not _GOES_ON.fullmatch(line)]
    if others or not block or not _FIELD.fullmatch(block[0]):
        return None
    form = VerticalRecords(note=_NOTE, begin=None, mark=":", names=names, delimiter=MARK)
    return form if _is_most(lines, form, least=_LEAST_BLOCKS) else None


def _is_most(lines: Sequence[str], form: VerticalRecords, *, least: int) -> bool:
    """Whether nearly all records hold each name in its place."""
    if len(form.names) < _LEAST_NAMES or len(set(form.names)) < len(form.names):
        return False
    turner = _Turner(form)
    turner.turn("\n".join(lines).encode("utf-8", "surrogateescape"), final=True)
    if form.begin is None and turner.others:
        return False
    # The last record may be cut off by the end of the sample.
    return turner.whole >= max(least, _WHOLE * (turner.rows - 1))


def _names(lines: Sequence[str], begin: re.Pattern[str], mark: str) -> tuple[str, ...]:
    """The names of the first record. mysql pads them, so that their marks stand at one place."""
    record = list(takewhile(lambda line: not begin.fullmatch(line), lines))
    place = record[0].find(mark) if record else -1
    if place < 0:
        return ()
    if mark != ":":
        return tuple(name for line in record if mark in line and (name := line.partition(mark)[0].strip()))
    named = (line[: line.find(mark)] for line in record if mark in line)
    return tuple(name.strip() for name in named if name.strip() and (len(name) == place or not name.isascii()))


def _as_it_stands(text: str) -> bytes:
    return _in_bytes(written([text.strip()]))


def _in_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
