"""calamine against openpyxl and xlrd: the same sheets, the same cells, over all real workbooks."""

from pathlib import Path

import pytest

from uploads.domain.second_readers import open_second
from uploads.domain.sheet_cells import column_text
from uploads.domain.sheets import RawSheet
from uploads.domain.table import FileFormat, Limits
from uploads.domain.workbooks import CalamineWorkbook

REFUSED = {"password-protected-password123.xlsx", "poc-xmlbomb.xlsx", "xlsx-corrupted.xlsx"}


def texts(sheet: RawSheet | None) -> list[list[str]]:
    """All cells as text, without the blank rows and columns around them."""
    rows = [column_text(row)[0].to_pylist() for row in sheet.rows] if sheet else []
    left = min((next(i for i, cell in enumerate(row) if cell) for row in rows if any(row)), default=0)
    return _without_blank_end([_without_blank_end(row[left:]) for row in rows])


def _without_blank_end[Item](items: list[Item]) -> list[Item]:
    while items and not items[-1]:
        items.pop()
    return items


def workbooks(folder: Path) -> list[Path]:
    paths = [*(folder / "workbooks").iterdir(), *(folder / "statsnz").glob("*.xlsx")]
    return [path for path in paths if path.name not in REFUSED]


def test_both_readers_see_the_same_cells(corpus: Path, subtests: pytest.Subtests) -> None:
    for path in workbooks(corpus):
        kind = FileFormat.XLS if path.suffix == ".xls" else FileFormat.XLSX
        first = CalamineWorkbook(path)
        second = open_second(path, name=path.name, kind=kind, refusal=ValueError("asked for"))
        assert (first.names, first.hidden) == (second.names, second.hidden)
        for name in first.names:
            with subtests.test(f"{path.name} {name}"):
                assert texts(first.read(name, Limits())) == texts(second.read(name, Limits()))
        first.close()
        second.close()
