"""Blank rows of a sheet are placed as those of a text are."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.tables_beside import Rows, found, read, workbook
from uploads.tabular.notes import NoteKind

NAMES: Rows = [["Town", "People"]]
TOWNS: Rows = [[f"T{number}", number] for number in range(6)]
BLANK: Rows = [[None, None]]


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        pytest.param([*NAMES, *TOWNS[:3], *BLANK, *TOWNS[3:]], [[5, 5]], id="among the rows"),
        pytest.param([["Of 2024"], *BLANK, *NAMES, *TOWNS], [[2, 2]], id="below the title"),
        pytest.param([*NAMES, *TOWNS, *BLANK, *BLANK, ["Source: me"]], [[8, 9]], id="above a note"),
        pytest.param([*NAMES, *TOWNS], None, id="none"),
    ],
)
def test_blank_rows_of_a_sheet_are_placed(tmp_path: Path, rows: Rows, spans: list[list[int]] | None) -> None:
    (table,) = read(workbook(tmp_path, {"A1": rows}))
    for _ in range(2):  # passes
        found([table])
        told = [note.figures["spans"] for note in table.dialect.notes if note.kind is NoteKind.BLANK_ROWS]
        assert told == ([] if spans is None else [spans])


def test_rows_that_somebody_leaves_out_are_no_blank_ones(tmp_path: Path) -> None:
    (table,) = read(workbook(tmp_path, {"A1": [*NAMES, *TOWNS[:3], *BLANK, *TOWNS[3:]]}), skip_rows="3")
    found([table])
    [told] = [note.figures for note in table.dialect.notes if note.kind is NoteKind.BLANK_ROWS]
    assert (told["count"], told["spans"]) == (1, [[5, 5]])
