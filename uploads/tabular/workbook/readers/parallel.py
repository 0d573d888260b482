"""A large sheet of an .xlsx as several packages, each with some of its rows, which calamine reads at the same time.

Calamine reads a sheet on one processor, outside of Python's lock. The survey unpacks the sheet's XML anyway, so it is
kept, cut between rows and put into packages where calamine needn't unpack it again. The first are read while the rest
is unpacked, and turned into text while the last are read.

All together hold the same cells as the whole; whatever is not plain is left whole.
"""

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import IO

import python_calamine as calamine

from uploads.tabular.files.temporary_files import path_of, temporary_file
from uploads.tabular.workbook.readers.calamine import CalamineWorkbook
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK

LEAST_XML = 8 * 2**20
"""Bytes of XML below which there is nothing to gain."""

MOST_XML = 2 * 2**30
MOST_PIECES = 4
"""More are read no faster: calamine counts up to the first row of each, blank row by blank row."""
OTHER_PARTS = 0.5
"""Every package holds the other parts, the shared strings above all: so much of the sheet's size they may have, taken
together."""

_READERS = 2
_DATA = b"<sheetData>"
_END = b"</sheetData></worksheet>"
_BETWEEN_ROWS = re.compile(rb"</row>\s*(?=<row\s[^<>]*?\br=\"\d)")
"""A row that states its number may stand first."""


class NotInPieces(Exception):
    """The pieces are not the sheet, or calamine refuses one: the whole has to be read."""


class SheetInPieces:
    """The packages, made while the sheet's XML passes by."""

    def __init__(self, path: Path, name: str, part: zipfile.ZipInfo, others: Sequence[zipfile.ZipInfo]) -> None:
        """``others``: the parts of the package that all pieces need."""
        self._path = path
        self._name = name
        self._part = part
        self._others = others
        self._count = _count_pieces(part.file_size, sum(other.file_size for other in others))
        self._open = ExitStack()
        self._readers = self._open.enter_context(_Readers(max_workers=_READERS))
        self._piece: _Piece | None = None
        self._written = deque[_Piece]()
        self._read = deque[Future[calamine.CalamineSheet]]()
        self._head = b""
        self._last = b""
        self._size = 0
        self._checksum = 0
        self._complete = False

    def close(self) -> None:
        """Forget the packages."""
        self._count = 0
        self._complete = False
        self._open.close()

    def copied(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks of XML as they are, each of them written down first."""
        for block in blocks:
            if self._count:
                self._try(block)
            yield block
        if self._count and self._piece is not None and self._checksum == self._part.CRC:
            self._complete = bool(self._written or self._read)
            self._end_piece(self._piece, self._size)

    def begin(self, looked_at: int) -> None:
        """Begin to read the pieces that end within so many bytes of the sheet's XML."""
        while self._written and self._written[0].end <= looked_at:
            file = self._written.popleft().file
            self._read.append(self._readers.submit(_sheet, path_of(file), self._name))

    def sheets(self) -> Iterator[calamine.CalamineSheet]:
        """The pieces from above, each as soon as it is read. Raises ``NotInPieces``, also after some of them."""
        if not self._complete:
            raise NotInPieces
        self.begin(self._size)
        last = -1
        while self._read:
            try:
                sheet = self._read.popleft().result()
            except calamine.CalamineError as error:
                raise NotInPieces from error
            if sheet.start is None or sheet.end is None or sheet.start[0] <= last:
                raise NotInPieces
            last = sheet.end[0]
            yield sheet
            # Its cells take much memory, and the next may not be there yet.
            del sheet

    def _try(self, block: bytes) -> None:
        try:
            self._write(block)
        except HARD_TO_UNPACK:
            # A full disk, or a part that cannot be unpacked: the reader proper says what is wrong with that.
            self.close()

    def _write(self, block: bytes) -> None:
        if b"<!" in block or (self._last == b"<" and block.startswith(b"!")):
            # Where comments and the like may stand, a row's end need not be one.
            self.close()
            return
        begin = 0
        if self._piece is None:
            begin = block.find(_DATA) + len(_DATA)
            if begin < len(_DATA):
                self.close()
                return
            self._head = block[:begin]
        piece = self._piece or self._begin_piece()
        while end := self._next_cut(block, begin):
            piece.write(block[begin:end], _END)
            self._end_piece(piece, self._size + end)
            piece, begin = self._begin_piece(), end
        piece.write(block[begin:])
        self._piece = piece
        self._last = block[-1:]
        self._size += len(block)
        self._checksum = zlib.crc32(block, self._checksum)

    def _next_cut(self, block: bytes, begin: int) -> int:
        """Where in the block the piece ends that is being written; 0 if it does not end there."""
        number = len(self._written) + len(self._read) + 1
        middle = self._part.file_size * number // self._count - self._size
        if number == self._count or middle >= len(block):
            return 0
        between = _BETWEEN_ROWS.search(block, max(middle, begin))
        return between.end() if between else 0

    def _begin_piece(self) -> "_Piece":
        piece = self._open.enter_context(closing(_Piece(self._part.filename)))
        with zipfile.ZipFile(self._path) as source:
            for other in self._others:
                piece.add(other.filename, source.read(other))
        piece.write(self._head)
        return piece

    def _end_piece(self, piece: "_Piece", end: int) -> None:
        piece.finish(end)
        self._written.append(piece)


class _Piece:
    """A package that is written: some other parts, then the sheet."""

    def __init__(self, sheet: str) -> None:
        self.file = temporary_file()
        self.end = 0
        """Where it ends in the whole sheet's XML."""
        self._package = zipfile.ZipFile(self.file, "w", zipfile.ZIP_STORED)
        self._name = sheet
        self._sheet: IO[bytes] | None = None

    def add(self, name: str, content: bytes) -> None:
        """Add one of the other parts, all of which come before the sheet."""
        self._package.writestr(name, content)

    def write(self, *texts: bytes) -> None:
        """Write some of the sheet's XML."""
        if self._sheet is None:
            self._sheet = self._package.open(self._name, "w", force_zip64=True)
        for text in texts:
            self._sheet.write(text)

    def finish(self, end: int) -> None:
        """Make a package of it that can be read."""
        if self._sheet is not None:
            self._sheet.close()
        self._package.close()
        self.end = end

    def close(self) -> None:
        """Forget it; where it cannot be finished for want of room, it isn't wanted either."""
        with self.file, suppress(OSError):
            self.finish(self.end)


class _Readers(ThreadPoolExecutor):
    """Threads that read; what they have not begun when they are dismissed is left."""

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)


def _count_pieces(size: int, others: int) -> int:
    """In how many pieces a sheet is read, by the bytes of its XML and of the other parts; 0 if as a whole."""
    count = min(MOST_PIECES, int(size * OTHER_PARTS / max(others, 1)))
    return count if count > 1 and LEAST_XML <= size <= MOST_XML else 0


def _sheet(path: Path, name: str) -> calamine.CalamineSheet:
    with closing(CalamineWorkbook(path)) as book:
        return book.sheet(name)
