"""What a receipt knows of rows below a table that are taken for notes."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.test_markup import page, read
from uploads.tabular.layout.rows.notes_below import note_on_rows_below
from uploads.tabular.layout.rows.words_among import words_in
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


def test_words_and_signs_are_told_by_their_columns_and_figures_are_not() -> None:
    assert words_in([["*", "1.5", "", "n/a"], ["", "2 %", ""]], range(4)) == [0, 3]
    assert words_in([["Total", "", "7"]], [2, 0]) == [1]


@pytest.mark.parametrize("name", ["a.csv", "a.html"])
def test_totals_are_told_with_the_columns_that_they_have_words_in(tmp_path: Path, name: str) -> None:
    rows = [["day", "n"], ["1.5.2024", "2"], ["2.5.2024", "4"], ["Total", "6"]]
    sheet = page("".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in rows))
    text = sheet if name.endswith("html") else "".join(f"{';'.join(row)}\n" for row in rows)
    [table] = read(tmp_path, name, text)
    [note] = [note for note in table.notes if note.kind is NoteKind.LAST_TOTAL]

    assert (note.figures["text"], note.figures["words"]) == ("Total 6", [0])
