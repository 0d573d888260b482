"""Tables that the workbook itself defines in a sheet (Excel: “Format as Table”), with a header row each."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.layout.sheet_layout import Range
from uploads.tabular.workbook.sheet.cell_names import column_number

_MOST = 100
_LARGEST = 2**20
"""Bytes of XML of a definition; it names each column once."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def defined_tables(path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo]) -> tuple[Range, ...]:
    """Their ranges, from 0 in the sheet; ``sheet`` is its part of the package, ``parts`` are all.

    Raises what damaged packages cause: ``HARD_TO_UNPACK`` and ``ParseError``.
    """
    by_name = {part.filename.lower(): part for part in parts}
    folder, name = posixpath.split(sheet.filename)
    links = by_name.get(f"{folder}/_rels/{name}.rels".lower())
    if links is None or links.file_size > _LARGEST:
        return ()
    with zipfile.ZipFile(path) as package:
        targets = [
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).strip("/").lower()
            for link in _root(package, links).iter(_RELATIONSHIP)
            if link.get("Type", "").endswith("/table")
        ]
        found = (by_name[target] for target in targets[:_MOST] if target in by_name)
        return tuple(_ranges(_root(package, part) for part in found if part.file_size <= _LARGEST))


def _ranges(definitions: Iterator[ET.Element]) -> Iterator[Range]:
    for definition in definitions:
        reference = _REFERENCE.fullmatch(definition.get("ref", ""))
        if reference is not None and definition.get("headerRowCount") != "0":
            left, top, right, bottom = reference.groups()
            yield int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1


def _root(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> ET.Element:
    # Expat 2.4 and newer refuse entity bombs, and ElementTree fetches nothing.
    return ET.fromstring(package.read(part))  # noqa: S314
