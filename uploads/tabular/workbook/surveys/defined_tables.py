"""Tables that the workbook itself defines in a sheet (Excel: “Format as Table”), with a header row each."""

import posixpath
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.workbook.sheet.cell_names import column_number
from uploads.tabular.workbook.survey import Unheaded

_MOST = 100
_LARGEST = 2**20
"""Bytes of XML of a definition; it names each column once."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_INVENTED = re.compile(r"[^\W\d_]+(\d+)")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, kw_only=True, slots=True)
class Defined:
    """Tables of one sheet; rows and columns are counted from 0 in it."""

    tables: tuple[Range, ...] = ()
    """Those with a header row."""
    totals: tuple[int, ...] = ()
    """Rows that sum a table up."""
    unheaded: tuple[Unheaded, ...] = ()
    """Those whose header row is switched off."""


def defined_tables(path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo]) -> Defined:
    """``sheet`` is its part of the package, ``parts`` are all.

    Raises what damaged packages cause: ``HARD_TO_UNPACK`` and ``ParseError``.
    """
    return _defined(map(parsed, linked_parts(path, sheet, parts, kind="/table", largest=_LARGEST)))


def linked_parts(
    path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo], *, kind: str, largest: int
) -> list[bytes]:
    """The parts of one ``kind``, the end of its name, that a sheet refers to; raises what ``defined_tables`` does.

    Those of more than ``largest`` bytes are passed over.
    """
    by_name = {part.filename.lower(): part for part in parts}
    folder, name = posixpath.split(sheet.filename)
    links = by_name.get(f"{folder}/_rels/{name}.rels".lower())
    if links is None or links.file_size > _LARGEST:
        return []
    with zipfile.ZipFile(path) as package:
        targets = [
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).strip("/").lower()
            for link in parsed(package.read(links)).iter(_RELATIONSHIP)
            if link.get("Type", "").endswith(kind)
        ]
        found = (by_name[target] for target in targets[:_MOST] if target in by_name)
        return [package.read(part) for part in found if part.file_size <= largest]


def range_of(reference: str) -> Range | None:
    """``B3:D8`` as first row, first column, last row, last column, from 0."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return (int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1)


def _defined(definitions: Iterable[ET.Element]) -> Defined:
    tables: list[Range] = []
    totals: list[int] = []
    unheaded: list[Unheaded] = []
    for definition in definitions:
        area = range_of(definition.get("ref", ""))
        if area is None:
            continue
        if definition.get("totalsRowCount", "0") != "0":
            totals.append(area[2])
        if definition.get("headerRowCount") != "0":
            tables.append(area)
        else:
            names = (node.get("name", "").strip() for node in definition.iter() if node.tag.endswith("}tableColumn"))
            unheaded.append(Unheaded(area=area, names=_own_names(list(names))))
    return Defined(tables=tuple(tables), totals=tuple(totals), unheaded=tuple(unheaded))


def _own_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names; none where Excel invented all: ``Column1``, ``Column2``, in any language."""
    numbers = [found[1] for name in names if (found := _INVENTED.fullmatch(name))]
    return () if numbers == [str(number) for number in range(1, len(names) + 1)] else tuple(names)


def parsed(content: bytes) -> ET.Element:
    """The root of a part's XML."""
    # Expat 2.4 and newer refuse entity bombs, and ElementTree fetches nothing.
    return ET.fromstring(content)  # noqa: S314
