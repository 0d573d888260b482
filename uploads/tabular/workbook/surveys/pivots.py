"""Pivot tables of a sheet of an .xlsx: where they stand, and which of their rows sum others up.

ECMA-376 part 1, 18.10: ``rowItems`` names each row, with the depth of its group and whether it is a subtotal; the
grand total over the columns is its last row unless ``colGrandTotals`` is off.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.layout.sheet_layout import Range
from uploads.tabular.workbook.survey import Pivot
from uploads.tabular.workbook.surveys.defined_tables import linked_parts, parsed, range_of

LARGEST = 4 * 2**20
"""Bytes of a definition, which names each value of its fields."""
MOST_LINES = 100_000
_OFF = frozenset({"0", "false", "off"})
DATA, BLANK, GRAND, SUBTOTAL = "data", "blank", "grand", "default"
_PLAIN = frozenset({"", DATA, BLANK})
"""Kinds of rows that sum nothing up."""
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


def pivot_of_lines(name: str, area: Range, *, first: int, lines: Sequence[tuple[str, int]]) -> Pivot:
    """``lines``: what each row from ``first`` on is, with the depth of its group: ``grand``, blank, a plain row, or
    any other word for a subtotal."""
    bottom = area[2]
    deepest = max((depth for kind, depth in lines if kind in _PLAIN), default=0)
    sums = [
        first + at
        for at, (kind, depth) in enumerate(lines)
        if kind not in {*_PLAIN, GRAND} or (kind not in {GRAND, BLANK} and depth < deepest)
    ]
    grand = [first + at for at, (kind, _) in enumerate(lines) if kind == GRAND]
    return Pivot(
        name=name,
        area=area,
        sums=frozenset(row for row in sums if row <= bottom),
        grand=grand[-1] if grand and grand[-1] == bottom else None,
    )


def _has_grand_total(root: ET.Element) -> bool:
    fields = [node.get("x") for part in root if _is(part, "rowFields") for node in part]
    return root.get("colGrandTotals", "1") not in _OFF and any(field != _DATA_FIELD for field in fields)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _is(node: ET.Element, name: str) -> bool:
    return node.tag.rpartition("}")[2] == name
