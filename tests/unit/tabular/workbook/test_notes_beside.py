"""What stands around a sheet's table without being part of it: a note beside the rows, columns that hold nothing."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.tables_beside import Rows, found, read, workbook
from uploads.tabular.sentences.notes import sentences_of

TOWNS: Rows = [["Town", "People"], *([f"T{number}", number] for number in range(12))]
LONG = "word " * 41

NOTES: dict[str, tuple[Rows, str]] = {
    "one": ([["not final"]], "a note, which is not loaded: E3 “not final”. If it is data"),
    "two": ([["not final"], [None], ["see\np. 4"]], "notes, which are not loaded: E3 “not final”, E5 “see p. 4”."),
}
VALUES: dict[str, Rows] = {
    "a single word": [["final"]],
    "a number": [[5]],
    "too long to be shown": [[LONG]],
    "too many for so few rows": [["see p. 1"], ["see p. 2"], ["see p. 3"]],
    "of two columns": [["see p. 1", "see p. 2"]],
}


@pytest.mark.parametrize("case", NOTES)
def test_note_beside_the_rows_is_shown_and_not_loaded(tmp_path: Path, case: str) -> None:
    notes, sentence = NOTES[case]
    (table,) = read(workbook(tmp_path, {"B1": TOWNS, "E3": notes}))
    assert found([table]) == {"S": (("Town", "People"), list(range(2, 14)))}
    assert any(
        f"Beside the table stand{'s' * (case == 'one')} {sentence}" in note
        for note in sentences_of(table.dialect.notes)
    )


@pytest.mark.parametrize("case", VALUES)
def test_what_may_be_a_value_is_loaded(tmp_path: Path, case: str) -> None:
    (table,) = read(workbook(tmp_path, {"A1": TOWNS, "D3": VALUES[case]}))
    assert table.labels[:3] == ("Town", "People", "")
    found([table])


@pytest.mark.parametrize(
    "note", [{"D1": [["Remark"], ["not final"]]}, {"C3": [["not final"]]}, {"D15": [["not final"]], "A16": [["T", 5]]}]
)
def test_words_below_a_name_or_next_to_values_or_in_a_row_of_their_own_are_values(
    tmp_path: Path, note: dict[str, Rows]
) -> None:
    (table,) = read(workbook(tmp_path, {"A1": TOWNS, **note}))
    assert len(table.labels) == 3
    found([table])


def test_note_is_loaded_where_somebody_says_that_all_is_one_table(tmp_path: Path) -> None:
    (table,) = read(workbook(tmp_path, {"A1": TOWNS, "D3": [["not final"]]}), one_table=True)
    assert table.labels == ("Town", "People", "")


@pytest.mark.parametrize(
    ("empty", "sentence"),
    [
        (1, "Column B has no name and no values and is left out."),
        (3, "3 columns have no name and no values and are left out: B, D and F."),
        (6, "6 columns have no name and no values and are left out: B, D, F, H, J and L."),
        (9, "9 columns have no name and no values and are left out: B, D, F, H, J and 4 more."),
    ],
)
def test_columns_that_hold_nothing_are_named(tmp_path: Path, empty: int, sentence: str) -> None:
    header = [cell for number in range(empty + 1) for cell in (f"name {chr(97 + number)}", None)]
    rows = [[cell and line for cell in header] for line in (1, 2)]
    (table,) = read(workbook(tmp_path, {"A1": [header, *rows]}))
    assert len(table.labels) == empty + 1
    assert sentence in sentences_of(table.dialect.notes)
