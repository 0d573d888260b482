"""Pivot tables of a sheet of an .xlsx: where they stand, and which of their rows sum others up.

ECMA-376 part 1, 18.10: ``rowItems`` names each row, with the depth of its group and whether it is a subtotal; the
grand total over the columns is its last row unless ``colGrandTotals`` is off.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.workbook.pivot_lines import MOST_LINES, pivot_of_lines
from uploads.tabular.workbook.survey import Pivot
from uploads.tabular.workbook.surveys.defined_tables import linked_parts, parsed, range_of

LARGEST = 4 * 2**20
"""Bytes of a definition, which names each value of its fields."""
_OFF = frozenset({"0", "false", "off"})
_DATA_FIELD = "-2"
"""What stands for “the figures themselves” among the fields of rows."""


def pivots_of(path: Path, sheet: zipfile.ZipInfo, parts: Sequence[zipfile.ZipInfo]) -> tuple[Pivot, ...]:
    """``sheet`` is its part of the package, ``parts`` are all.

    Raises what damaged packages cause: ``HARD_TO_UNPACK`` and ``ParseError``.
    """
    roots = map(parsed, linked_parts(path, sheet, parts, kind="/pivotTable", largest=LARGEST))
    return tuple(pivot for pivot in map(_pivot, roots) if pivot is not None)


def _pivot(root: ET.Element) -> Pivot | None:
    place = next((node for node in root if _is(node, "location")), None)
    area = None if place is None else range_of(place.get("ref", ""))
    if place is None or area is None:
        return None
    top, _, bottom, _ = area
    offset = place.get("firstDataRow", "1")
    first = top + (int(offset) if offset.isascii() and offset.isdigit() else 1)
    items = next((list(node) for node in root if _is(node, "rowItems")), [])[:MOST_LINES]
    depths = [_whole(item.get("r", "0")) + sum(1 for part in item if _is(part, "x")) for item in items]
    kinds = [item.get("t", "") for item in items]
    pivot = pivot_of_lines(root.get("name", ""), area, first=first, lines=list(zip(kinds, depths, strict=True)))
    return replace(pivot, grand=bottom) if not items and _has_grand_total(root) else pivot


def _has_grand_total(root: ET.Element) -> bool:
    fields = [node.get("x") for part in root if _is(part, "rowFields") for node in part]
    return root.get("colGrandTotals", "1") not in _OFF and any(field != _DATA_FIELD for field in fields)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _is(node: ET.Element, name: str) -> bool:
    return node.tag.rpartition("}")[2] == name
