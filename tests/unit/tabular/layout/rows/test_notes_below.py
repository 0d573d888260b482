"""What a receipt knows of rows below a table that are taken for notes."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.test_markup import page, read
from uploads.tabular.layout.rows.notes_below import note_on_rows_below
from uploads.tabular.notes import Note, NoteKind

PSQL = " id | name\n----+------\n  1 | Ann\n  2 | Bob\n(2 rows)\n"
SHEET = page("<tr><th>id<th>name<th>n<tr><td>1<td>Ann<td>3<tr><td>2<td>Bob<td>4<tr><tr><td>Source: survey")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.txt", PSQL, ([[5, "(2 rows)"]], 1, [])),
        ("a.html", SHEET, ([[5, "Source: survey"]], 0, [0])),
    ],
)
def test_notes_below_are_quoted_and_it_is_known_whether_they_could_be_rows(
    tmp_path: Path, name: str, text: str, told: tuple[object, ...]
) -> None:
    [table] = read(tmp_path, name, text)
    [note] = [note for note in table.notes if note.kind is NoteKind.NOTES_BELOW]

    assert (note.figures["texts"], note.figures["unfit"], note.figures["words"]) == told


def test_rows_that_are_fitted_are_all_fit_to_be_rows() -> None:
    [note] = note_on_rows_below("line", [(9, ["n/a"])], width=None, columns=range(2))

    assert note == Note.of(
        NoteKind.NOTES_BELOW,
        unit="line",
        count=1,
        places=[9],
        spans=[[9, 9]],
        texts=[[9, "n/a"]],
        unfit=0,
        width=None,
        words=[0],
    )
