"""The first or the last row, whose last cell alone says that it is a total: so Google Analytics exports."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.unit.tabular.layout.texts_opened import opened, rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

HEADER = ["page", "country", "visits", "rate", "totals"]
ROWS = [[f"/{n}", "Fiji", f"{n}", f"0.{n}", ""] for n in range(1, 7)]
TOTAL = ["", "", "12345", "0.5", "Grand total"]
PAGE = ["/0", "Fiji", "12345", "0.5", "Grand total"]
OTHER = ["", "", "12345", "0.5", "closed"]
STARS = ["", "", "12345", "0.5", "***"]
WIDER = ["", "", "", "", "Grand total"]


def of_text(folder: Path, rows: list[list[str]]) -> SourceTable:
    table = opened(folder, "".join(f"{','.join(row)}\n" for row in (HEADER, *rows)), options=ReadOptions())
    assert len(rows_of(list(table.chunks()))) == len(rows)
    return table


def of_sheet(folder: Path, rows: list[list[str]]) -> SourceTable:
    book = Workbook()
    for row in (HEADER, *rows):
        book.worksheets[0].append([float(cell) if cell[:1].isdigit() else cell or None for cell in row])
    book.save(folder / "s.xlsx")
    (table,) = open_sheets(folder / "s.xlsx", name="s.xlsx", options=ReadOptions(), limits=Limits())
    return table


@pytest.mark.parametrize("read", [of_text, of_sheet])
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([TOTAL, *ROWS], [2], id="at the top"),
        pytest.param([*ROWS, TOTAL], [8], id="at the end"),
        pytest.param([TOTAL, *ROWS, ROWS[0]], [2], id="at the top alone"),
        pytest.param([PAGE, *ROWS], None, id="a page as others"),
        pytest.param([OTHER, *ROWS], None, id="another word"),
        pytest.param([WIDER, *ROWS], None, id="no number"),
        pytest.param([*ROWS, STARS], None, id="a value that is not there yet"),
        pytest.param([*ROWS[:3], TOTAL, *ROWS[3:]], None, id="among the rows"),
        pytest.param([TOTAL, ROWS[0]], None, id="one row below it"),
    ],
)
def test_total_by_its_last_cell_is_said(read: object, tmp_path: Path, rows: list[list[str]], said: object) -> None:
    assert callable(read)
    notes = {note.kind: note for note in read(tmp_path, rows).dialect.notes}

    found = notes.get(NoteKind.SUBTOTALS)
    assert (found and found.figures["rows"]) == said
