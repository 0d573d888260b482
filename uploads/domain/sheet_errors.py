"""Cells that hold an Excel error (#N/A, #DIV/0!), counted here, for calamine reads them as blank without a word.

Only for xlsx, where one look at the sheet's XML finds them; in the binary formats they stay uncounted.
"""

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.domain.table import FileFormat

_BLOCK_BYTES = 2**20

_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\bt=[\"']e[\"']")

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def count_error_cells(path: Path, kind: FileFormat, sheet: str) -> int:
    """How many cells of the sheet hold an error; 0 where the format or an odd package doesn't let us look.

    170 MB of XML take a third of a second, most of it in zlib, which lets other threads work.
    """
    if kind is not FileFormat.XLSX:
        return 0
    try:
        with zipfile.ZipFile(path) as package:
            member = _member_of(package, sheet)
            return _count(package, member) if member else 0
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, LookupError, ValueError, EOFError, NotImplementedError):
        # The reader proper says what is wrong with the package.
        return 0


def _member_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    """The package's file that holds the sheet."""
    book = _parse(package, "xl/workbook.xml")
    ids = {node.get("name"): node.get(f"{_OFFICE}id") for node in book.iter(f"{_MAIN}sheet")}
    links = _parse(package, "xl/_rels/workbook.xml.rels")
    targets = {node.get("Id"): node.get("Target", "") for node in links.iter(f"{_PACKAGE}Relationship")}
    target = targets.get(ids.get(sheet))
    if not target:
        return None
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _parse(package: zipfile.ZipFile, member: str) -> ET.Element:
    # Expat 2.4 and newer refuse entity bombs, and ElementTree fetches nothing.
    return ET.fromstring(package.read(member))  # noqa: S314


def _count(package: zipfile.ZipFile, member: str) -> int:
    count = 0
    rest = b""
    with package.open(member) as xml:
        while block := xml.read(_BLOCK_BYTES):
            text = rest + block
            cut = text.rfind(b"<")
            if b'"e"' in text or b"'e'" in text:
                count += len(_ERROR_CELL.findall(text, 0, cut))
            rest = text[cut:] if cut >= 0 else b""
    return count
