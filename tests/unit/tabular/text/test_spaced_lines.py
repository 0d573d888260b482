"""Rows that hold nothing but spaces are counted among the blank ones and told as what they are."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.workbook.tables_beside import Rows, found, workbook
from tests.unit.tabular.workbook.tables_beside import read as read_sheets
from tests.unit.tabular.workbook.test_damaged import rewritten
from tests.unit.tabular.workbook.test_markup import read
from uploads.tabular.notes import NoteKind

ROWS = "a,b\n1,2\n{}\n3,4\n5,6\n"


@pytest.mark.parametrize(
    ("text", "spaced", "blank"),
    [
        pytest.param(ROWS.format("  ,\t"), [[3, 3]], [], id="in cells"),
        pytest.param(ROWS.format("   "), [[3, 3]], [], id="in a line"),
        pytest.param(ROWS.format('"  ",'), [[3, 3]], [], id="in quotes"),
        pytest.param(ROWS.format("  ,\n\n ,"), [[3, 3], [5, 5]], [[4, 4]], id="among blank lines"),
        pytest.param("Of 2024\n  \n" + ROWS.format("0,1"), [[2, 2]], [], id="above the header"),
        pytest.param(ROWS.format(","), None, [[3, 3]], id="commas are blank"),
        pytest.param(ROWS.format(""), None, [[3, 3]], id="nothing is blank"),
    ],
)
def test_lines_of_spaces_are_told_apart_from_blank_ones(tmp_path: Path, text: str, spaced: Any, blank: Any) -> None:
    [table] = read(tmp_path, "a.csv", text)
    [note] = [note for note in table.notes if note.kind is NoteKind.BLANK_ROWS]

    assert (note.figures.get("spaced_spans"), note.figures["spans"]) == (spaced, blank)
    assert note.figures.get("spaced", 0) == len(spaced or ())
    assert note.figures["count"] == table.account.blank_above + table.counts.blank


def test_rows_of_spaces_in_a_sheet_are_told_apart_from_blank_ones(tmp_path: Path) -> None:
    towns: Rows = [[f"T{number}", number] for number in range(6)]
    rows: Rows = [["Town", "People"], *towns, ["  ", None], [None, None], *towns]
    path = workbook(tmp_path, {"A1": rows})
    path.write_bytes(rewritten(path.read_bytes(), _with_spaces_kept))
    (table,) = read_sheets(path)
    for _ in range(2):  # passes
        found([table])
        [note] = [note for note in table.dialect.notes if note.kind is NoteKind.BLANK_ROWS]
        assert (note.figures["spaced_spans"], note.figures["spans"]) == ([[8, 8]], [[9, 9]])


def _with_spaces_kept(_: str, data: bytes) -> bytes:
    """As Excel writes it: openpyxl says that spaces alone are to be kept only where it writes by lxml."""
    return data.replace(b"<t>  </t>", b'<t xml:space="preserve">  </t>')
