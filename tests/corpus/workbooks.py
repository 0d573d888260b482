"""calamine against openpyxl and xlrd: the same sheets, the same cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from uploads.tabular.table import FileFormat, Limits
from uploads.tabular.workbook.kind import COMPOUND
from uploads.tabular.workbook.readers.calamine import CalamineWorkbook, raw_sheet
from uploads.tabular.workbook.readers.fallback import open_second
from uploads.tabular.workbook.sheet.cells import column_text
from uploads.tabular.workbook.sheet.raw import RawSheet
from uploads.tabular.workbook.sheet.text import SheetText
from uploads.tabular.workbook.surveys.xls import XlsSurvey
from uploads.tabular.workbook.surveys.xlsx import XlsxSurvey

MOST_ROWS = 2**20
"""What a sheet can hold."""

REFUSED = frozenset({"password-protected-password123.xlsx", "poc-xmlbomb.xlsx", "xlsx-corrupted.xlsx"})
"""No reader opens these."""

SURVEYS: Mapping[str, Callable[[Path, Limits], XlsxSurvey | XlsSurvey]] = {".xlsx": XlsxSurvey, ".xls": XlsSurvey}
"""Formats that two readers know, and who tells what both would misread."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet by both readers."""

    workbook: str
    sheet: str
    differs: str


def compare_all(folder: Path) -> list[Sheet]:
    """Every sheet of the real workbooks, and of those after public reports that the first reader is let read."""
    paths = [*(folder / "workbooks").iterdir(), *(folder / "statsnz").glob("*.xlsx")]
    reported = [path for path in (folder / "people" / "workbooks").iterdir() if is_read_by_both(path)]
    readable = [path for path in sorted([*paths, *reported]) if path.name not in REFUSED]
    return [sheet for path in readable for sheet in compare(path)]


def is_read_by_both(path: Path) -> bool:
    """Whether a file is a workbook of which nothing is known that one of the readers could not read."""
    survey = SURVEYS.get(path.suffix)
    if survey is None or not path.read_bytes().startswith((b"PK\x03\x04", COMPOUND)):
        return False
    found = survey(path, Limits())
    return not found.doubt and not any(found.sheet(name, 0).doubt for name in CalamineWorkbook(path).names)


def compare(path: Path) -> list[Sheet]:
    """Every sheet of one workbook."""
    kind = FileFormat.XLS if path.suffix == ".xls" else FileFormat.XLSX
    first = CalamineWorkbook(path)
    second = open_second(path, name=path.name, kind=kind, refusal=ValueError("asked for"), limits=Limits())
    names = [] if (first.names, first.hidden) == (second.names, second.hidden) else ["the names of the sheets"]
    sheets = [Sheet(workbook=path.name, sheet="", differs=name) for name in names]
    survey = SURVEYS[path.suffix](path, Limits())
    for name in first.names:
        found = survey.sheet(name, first.positions[name], every_time=True)
        by_first = raw_sheet([first.sheet(name)], text=_as_they_are(), limits=Limits(), survey=found, kind=kind)
        by_second = second.read(name, _as_they_are(), Limits(), corrections=found.corrections)
        one, other = _texts(by_first), _texts(by_second)
        sheets.append(Sheet(workbook=path.name, sheet=name, differs=_difference(one, other)))
    first.close()
    second.close()
    return sheets


def _as_they_are() -> SheetText:
    """Where all cells stay cells."""
    return SheetText(head_rows=MOST_ROWS, chunk_rows=1)


def _difference(one: list[list[str]], other: list[list[str]]) -> str:
    if len(one) != len(other):
        return f"{len(one):,} rows and {len(other):,}"
    places = (n for n, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs)
    place = next(places, None)
    return "" if place is None else f"row {place}: {one[place]} and {other[place]}"


def _texts(sheet: RawSheet | None) -> list[list[str]]:
    """All cells as text, without the blank rows and columns around them."""
    rows = [column_text(row)[0].to_pylist() for row in sheet.text.head()] if sheet else []
    left = min((next(i for i, cell in enumerate(row) if cell) for row in rows if any(row)), default=0)
    return _without_blank_end([_without_blank_end(row[left:]) for row in rows])


def _without_blank_end[Item](items: list[Item]) -> list[Item]:
    while items and not items[-1]:
        items.pop()
    return items
