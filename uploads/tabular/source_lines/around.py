"""Some lines of a text, as bytes: from the mark before them on, whatever lies between them.

A line may be gigabytes long, and the text may have no index yet: no more than ``most_bytes`` are read, and what was
counted on the way is handed back, so that the next look goes on where this one ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO, Protocol

from uploads.tabular.files.streams import RECORDS_AS_LINES, Readable
from uploads.tabular.line_index import LineIndex, LineMarks
from uploads.tabular.source_lines.line_ends import LineEndings

KEPT_BYTES = 8 * 2**10
"""Of a line; a longer one is shown cut."""
_BLOCK = 64 * 2**10
_MARK_EVERY = 2 * 2**20


class Positioned(Protocol):
    """Bytes that are read in order, from further and further on."""

    def read(self, size: int, /) -> bytes: ...

    def skip_to(self, offset: int, /) -> None:
        """Never back."""


class StreamedBytes:
    """A stream that can only be read from its begin; what is passed over is read too."""

    def __init__(self, stream: Readable, *, most_bytes: int) -> None:
        self._stream = stream
        self._most = most_bytes
        self._at = 0

    def read(self, size: int, /) -> bytes:
        if self._at >= self._most:
            raise OutOfBytes
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def skip_to(self, offset: int, /) -> None:
        while self._at < offset and self.read(min(_BLOCK, offset - self._at)):
            pass


class SeekableBytes:
    """A file on disk, of which nothing that is passed over is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def skip_to(self, offset: int, /) -> None:
        self._file.seek(offset)


class RecordsInLines:
    """Bytes in which each record separator of ASCII is a line end."""

    def __init__(self, source: Positioned) -> None:
        self._source = source

    def read(self, size: int, /) -> bytes:
        return self._source.read(size).translate(RECORDS_AS_LINES)

    def skip_to(self, offset: int, /) -> None:
        self._source.skip_to(offset)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLine:
    """A line as it stands in the text, without its end."""

    number: int
    data: bytes
    """The first ``KEPT_BYTES`` of it."""
    length: int | None
    """Bytes in all; ``None``: more than may be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinesFound:
    lines: tuple[SourceLine, ...]
    total: int | None
    """Lines of the whole text, where its end was reached; ``None``: not known."""
    index: LineIndex
    """What is known now of the places of lines."""
    is_within_limit: bool
    """Whether what was wanted lies within the bytes that may be read; else ``lines`` are those up to there."""


class OutOfBytes(Exception):
    """All bytes that may be read were read."""


class _Blocks:
    """Pieces of a text that part neither a character nor a CR LF."""

    def __init__(self, source: Positioned, ends: LineEndings, *, most_bytes: int) -> None:
        self._source = source
        self._ends = ends
        self._left = most_bytes
        self._held = b""
        self._ended = False
        self.at = 0
        """Offset of the byte that comes next."""

    def skip_to(self, offset: int) -> None:
        if offset > self.at:
            if offset > self.at + len(self._held):
                self._source.skip_to(offset)
                self._held = b""
            else:
                self._held = self._held[offset - self.at :]
            self.at = offset

    def next(self) -> bytes:
        """Nothing at the end of the text. Raises ``OutOfBytes``."""
        while not self._ended:
            held = self._held
            if self._left <= 0:
                raise OutOfBytes
            data = self._source.read(_BLOCK)
            self._left -= len(data)
            self._ended = not data
            whole = held + data
            cut = len(whole) if self._ended else self._whole(whole)
            self._held = whole[cut:]
            if cut:
                self.at += cut
                return whole[:cut]
        data, self._held = self._held, b""
        self.at += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        """The end of what was just handed out."""
        self._held = data + self._held
        self.at -= len(data)

    def _whole(self, data: bytes) -> int:
        cut = len(data) // self._ends.unit * self._ends.unit
        return cut - self._ends.unit if data[:cut].endswith(self._ends.back) else cut


def lines_around(
    source: Positioned, *, index: LineIndex, ends: LineEndings, first: int, last: int, most_bytes: int
) -> LinesFound:
    """The lines ``first`` to ``last``, from 1, as far as the text has them."""
    blocks = _Blocks(source, ends, most_bytes=most_bytes)
    begin = _Begin(blocks, index, ends)
    try:
        if not begin.find(first):
            return LinesFound(lines=(), total=begin.total, index=begin.index, is_within_limit=True)
    except OutOfBytes:
        return LinesFound(lines=(), total=None, index=begin.index, is_within_limit=False)
    known = begin.index
    found: list[SourceLine] = []
    total: int | None = None
    try:
        for line in _lines(blocks, known, ends, first=first):
            if line is None:
                total = found[-1].number if found else first - 1
                break
            found.append(line)
            if line.number == last:
                break
    except OutOfBytes:
        return LinesFound(lines=tuple(found), total=None, index=known, is_within_limit=False)
    return LinesFound(lines=tuple(found), total=total, index=known, is_within_limit=True)


class _Begin:
    """Where a line begins: from the last mark above it on, line ends are counted."""

    def __init__(self, blocks: _Blocks, index: LineIndex, ends: LineEndings) -> None:
        self._blocks = blocks
        self._known = index
        self._marks = LineMarks(index)
        self._ends = ends
        self._marked = index.size
        self.total: int | None = None

    @property
    def index(self) -> LineIndex:
        return self._marks.index(max(self._marked, self._known.size))

    def find(self, line: int) -> bool:
        """Have the next block begin with it; false where the text has fewer, and ``total`` says how many."""
        offset, at = self._known.before(line)
        self._blocks.skip_to(offset)
        has_rest = False
        while at < line:
            begin = self._blocks.at
            self._mark(begin, at)
            data = self._blocks.next()
            if not data:
                self.total = at if has_rest else at - 1
                self._marked = begin
                return False
            found = self._ends.count(data)
            if at + found >= line:
                self._blocks.give_back(data[self._ends.behind(data, line - at) :])
                return True
            at += found
            has_rest = not data.endswith((self._ends.feed, self._ends.back))
        return True

    def _mark(self, offset: int, line: int) -> None:
        """Blocks are small; a mark every two megabytes is enough."""
        if offset >= self._marked + _MARK_EVERY:
            self._marks.pass_by(offset, line - 1)
            self._marked = offset


def _lines(blocks: _Blocks, index: LineIndex, ends: LineEndings, *, first: int) -> Iterator[SourceLine | None]:
    """Line after line; ``None`` at the end of the text. A line too long to be read to its end is the last one."""
    for number in count(first):
        line = _Line(blocks.at)
        try:
            is_ended = _read_line(line, blocks, index, ends, number=number)
        except OutOfBytes:
            if line.data:
                yield SourceLine(number=number, data=line.data, length=None)
            raise
        if is_ended or blocks.at > line.begin:
            yield SourceLine(number=number, data=line.data, length=blocks.at - line.begin - line.end)
        if not is_ended:
            yield None
            return


@dataclass(slots=True)
class _Line:
    begin: int
    data: bytes = b""
    end: int = 0
    """Bytes of its line end."""

    def add(self, data: bytes) -> None:
        if len(self.data) < KEPT_BYTES:
            self.data += data[: KEPT_BYTES - len(self.data)]


def _read_line(line: _Line, blocks: _Blocks, index: LineIndex, ends: LineEndings, *, number: int) -> bool:
    """Read to behind the end of a line; false where the text ends first."""
    while data := blocks.next():
        end = ends.first(data)
        if end is not None:
            line.add(data[: end[0]])
            line.end = end[1] - end[0]
            blocks.give_back(data[end[1] :])
            return True
        line.add(data)
        if len(line.data) == KEPT_BYTES:
            blocks.skip_to(index.last_within(number, behind=blocks.at))
    return False
