"""A quick look at the package of an .xlsx: which part is which sheet, what its cells hold, and counts that lie."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.table import Limits
from uploads.tabular.workbook.formats.cell_formats import CellFormats
from uploads.tabular.workbook.kind import partition_name
from uploads.tabular.workbook.package_parts import BOOK, book_name, links_of
from uploads.tabular.workbook.readers.parallel import SheetInPieces
from uploads.tabular.workbook.sheet.cell_names import column_number
from uploads.tabular.workbook.survey import Summing, Survey
from uploads.tabular.workbook.surveys.cell_tally import CellTally, whole_cells
from uploads.tabular.workbook.surveys.defined_tables import Defined, defined_tables
from uploads.tabular.workbook.surveys.hidden import HiddenCells
from uploads.tabular.workbook.surveys.outline import Outline
from uploads.tabular.workbook.surveys.pivots import pivots_of
from uploads.tabular.workbook.surveys.xlsx_formats import FormattedCells, xlsx_formats
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_HARD_TO_SURVEY = (*HARD_TO_UNPACK, ET.ParseError)
"""What damaged packages cause here; the reader proper says what is wrong with them."""

_HEAD = 4096
_LEAST_STRING = 5
"""``<si/>``: bytes of the shortest shared string."""
_LONG_INTEGER = re.compile(rb"<(?:\w+:)?v>-?(\d{16,400})</")
_EXACT = 2**53
"""Up to here every integer has a floating-point number of its own."""
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"'][^<>]*>")
_UNIQUE = re.compile(rb"\buniqueCount=[\"'](\d+)[\"']")
_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding=[\"']([\w-]+)[\"']")
_MAIN = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_OFFICE = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)


class XlsxSurvey:
    """The package's parts by sheet, and what they hold."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self.doubt = ""
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self._others: list[zipfile.ZipInfo] = []
        self._formats = CellFormats()
        try:
            with zipfile.ZipFile(path) as package:
                self.doubt = _doubt(package)
                self._parts = _sheet_parts(package)
                self._others = package.infolist()
                parts = {part.filename.lower(): part for part in self._others}
                self._formats = xlsx_formats(package, parts)
        except _HARD_TO_SURVEY:
            return

    def pieces(self, name: str) -> SheetInPieces | None:
        """What takes the sheet down in pieces while it is looked at."""
        part = self._parts.get(name)
        if part is None:
            return None
        sheets = {other.filename for other in self._parts.values()}
        others = [other for other in self._others if other.filename not in sheets]
        return SheetInPieces(self._path, name, part, others)

    def sheet(
        self, name: str, _position: int, pieces: SheetInPieces | None = None, *, every_time: bool = False
    ) -> Survey:
        """Look at one sheet; at nothing where an odd package hides it.

        ``pieces`` are read meanwhile, as far as nothing was found in them that would be refused. ``every_time``: look
        at each date and time, and not only at those that the reader is known to misread.
        """
        if name not in self._parts:
            return Survey()
        part = self._parts[name]
        try:
            blocks = blocks_of(self._path, part, self._limits)
            if pieces is not None:
                blocks = pieces.copied(blocks)
            first = next(blocks, b"")
            if codec := _misread(first[:_HEAD]):
                return Survey(doubt=f"the sheet is written in {codec}")
            tally = CellTally(first, size=part.file_size)
            formatted = FormattedCells(self._formats, self._formats.wanted(every_time=every_time))
            hidden, outline = HiddenCells(), Outline()
            for text, end in whole_cells(first, blocks):
                tally.add(text, end)
                formatted.add(text, end)
                hidden.add(text, end)
                outline.add(text, end)
                if pieces is not None and tally.survey().fits(self._limits):
                    pieces.begin(tally.looked_at)
            found = tally.survey()
            defined = self._of_package(defined_tables, part) or Defined()
            pivots = self._of_package(pivots_of, part) or ()
            summing = Summing(pivots=pivots, levels=outline.levels, is_below=outline.is_below)
            return replace(
                found,
                hidden=hidden.found,
                tables=defined.tables,
                unheaded=defined.unheaded,
                total_rows=(*defined.totals, *summing.grand_totals),
                summing=summing,
                corrections=formatted.corrections,
            )
        except _HARD_TO_SURVEY:
            return Survey()

    def _of_package[T](
        self, read: Callable[[Path, zipfile.ZipInfo, list[zipfile.ZipInfo]], T], part: zipfile.ZipInfo
    ) -> T | None:
        """Definitions that are damaged tell nothing, and take nothing from what was found in the cells."""
        try:
            return read(self._path, part, self._others)
        except _HARD_TO_SURVEY:
            return None

    def merged(self, name: str, _position: int) -> tuple[Range, ...]:
        """Merged cells, which the second reader leaves out."""
        if name not in self._parts:
            return ()
        found: list[Range] = []
        try:
            rest = b""
            for block in blocks_of(self._path, self._parts[name], self._limits):
                text = rest + block
                end = max(text.rfind(b"<"), 0)
                found.extend(map(_range, _MERGED.finditer(text, 0, end)))
                rest = text[end:]
        except _HARD_TO_SURVEY:
            return ()
        return tuple(found)

    def states_long_integers(self, name: str) -> bool:
        """Whether the sheet states integers that don't fit the floating-point numbers that calamine makes of them."""
        if name not in self._parts:
            return False
        try:
            blocks = blocks_of(self._path, self._parts[name], self._limits)
            pieces = whole_cells(next(blocks, b""), blocks)
            return any(int(found) > _EXACT for text, _ in pieces for found in _LONG_INTEGER.findall(text))
        except _HARD_TO_SURVEY:
            return False


def _range(found: re.Match[bytes]) -> Range:
    left, top, right, bottom = (group.decode() for group in found.groups())
    return int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1


def _doubt(package: zipfile.ZipFile) -> str:
    """What calamine would not survive, or misread: shared texts that are fewer than stated, other encodings, a workbook
    part of another name, in which it finds no sheets."""
    if all(partition_name(part.filename) != BOOK for part in package.infolist()):
        return "its workbook part has an unusual name"
    for part in package.infolist():
        if part.filename.lower().rpartition("/")[2] not in {"sharedstrings.xml", "workbook.xml", "styles.xml"}:
            continue
        with package.open(part) as stream:
            head = stream.read(_HEAD)
        if codec := _misread(head):
            return f"{part.filename} is written in {codec}"
        stated = _UNIQUE.search(head)
        if stated and int(stated[1]) * _LEAST_STRING > part.file_size:
            return f"it states {int(stated[1]):,} different texts and holds fewer"
    return ""


def _misread(head: bytes) -> str:
    """The encoding, where it isn't UTF-8, for which calamine takes everything: it would find no cells."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:8]:
        return "UTF-16"
    stated = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    codec = stated[1].decode() if stated else "utf-8"
    return "" if codec.lower() in {"utf-8", "utf8", "us-ascii", "ascii"} else codec


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The package's file of each sheet, by the sheet's name."""
    parts = {part.filename.lower(): part for part in package.infolist()}
    name = book_name(package, parts)
    targets = {id_: target for id_, _, target in links_of(package, parts, name)}
    book = _parse(package, parts[name])
    found = {}
    for main, office in zip(_MAIN, _OFFICE, strict=True):
        for node in book.iter(f"{main}sheet"):
            part = parts.get(targets.get(node.get(f"{office}id", ""), ""))
            if part is not None:
                found[node.get("name", "")] = part
    return found


def _parse(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> ET.Element:
    # Expat 2.4 and newer refuse entity bombs, and ElementTree fetches nothing.
    return ET.fromstring(package.read(part))  # noqa: S314
