"""A large sheet of an .xlsx as two packages, each with half of its rows, which calamine reads at the same time.

Calamine reads a sheet on one processor, outside of Python's lock. The survey unpacks the sheet's XML anyway, so it is
kept, cut in two between rows and put into packages where calamine needn't unpack it again: 87 MB of XML (300,000 × 8
cells) take 0.46 s on two processors instead of 1.1 s on one, and 0.08 s to write down.

Both together hold the same cells as the whole; whatever is not plain is left whole.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO

import python_calamine as calamine

from uploads.domain.nameless import nameless_file, path_of
from uploads.domain.workbooks.first_reader import CalamineWorkbook
from uploads.domain.workbooks.unpacking import HARD_TO_UNPACK

LEAST_XML = 8 * 2**20
"""Bytes of XML below which there is nothing to gain."""

MOST_XML = 2 * 2**30
OTHER_PARTS = 0.25
"""Both packages hold the other parts, the shared strings above all: so much of the sheet's size they may have."""

_DATA = b"<sheetData>"
_END = b"</sheetData></worksheet>"
_BETWEEN_ROWS = re.compile(rb"</row>\s*(?=<row\s[^<>]*?\br=\"\d)")
"""A row that states its number may stand first."""


class SheetInHalves:
    """The two packages, made while the sheet's XML passes by."""

    def __init__(self, path: Path, part: zipfile.ZipInfo, others: Sequence[zipfile.ZipInfo]) -> None:
        """``others``: the parts of the package that both halves need."""
        self._path = path
        self._part = part
        self._others = others
        self._open = ExitStack()
        self._files: list[IO[bytes]] = []
        self._writing = ExitStack()
        self._sheet: IO[bytes] | None = None
        self._head = b""
        self._written = 0
        self._last = b""
        self._complete = False
        size = sum(other.file_size for other in others)
        self._fit = LEAST_XML <= part.file_size <= MOST_XML and size <= part.file_size * OTHER_PARTS

    def close(self) -> None:
        """Forget the packages."""
        self._fit = self._complete = False
        self._writing.close()
        self._open.close()

    def copied(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks of XML as they are, each of them written down first."""
        for block in blocks:
            if self._fit:
                self._try(block)
            yield block
        if self._fit and len(self._files) == 2:
            self._writing.close()
            self._complete = True

    def read(self, name: str) -> list[calamine.CalamineSheet]:
        """The upper half and the lower; nothing where the sheet has to be read as a whole."""
        if not self._complete:
            return []
        first, second = map(path_of, self._files)
        try:
            with ThreadPoolExecutor(max_workers=1) as pool:
                lower = pool.submit(_sheet, second, name)
                halves = [_sheet(first, name), lower.result()]
        except calamine.CalamineError:
            return []
        end, start = halves[0].end, halves[1].start
        return halves if end is not None and start is not None and end[0] < start[0] else []

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
        self._last = block[-1:]
        if self._sheet is None:
            end = block.find(_DATA) + len(_DATA)
            if end < len(_DATA):
                self.close()
                return
            self._head = block[:end]
            self._sheet = self._begin()
        middle = self._part.file_size // 2 - self._written
        self._written += len(block)
        if len(self._files) == 1 and middle < len(block):
            between = _BETWEEN_ROWS.search(block, max(middle, 0))
            if between is not None:
                self._sheet.write(block[: between.end()] + _END)
                self._writing.close()
                self._sheet = self._begin()
                block = self._head + block[between.end() :]
        self._sheet.write(block)

    def _begin(self) -> IO[bytes]:
        """Begin a package: the other parts, then the sheet, which is open for writing."""
        file = self._open.enter_context(nameless_file())
        self._files.append(file)
        package = self._writing.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_STORED))
        with zipfile.ZipFile(self._path) as source:
            for other in self._others:
                package.writestr(other.filename, source.read(other))
        return self._writing.enter_context(package.open(self._part.filename, "w", force_zip64=True))


def _sheet(path: Path, name: str) -> calamine.CalamineSheet:
    with closing(CalamineWorkbook(path)) as book:
        return book.sheet(name)
