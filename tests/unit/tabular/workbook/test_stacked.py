"""Tables below each other in a sheet, and a header that comes again."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.tables_beside import MONTHS, Rows, found, read, workbook
from uploads.tabular.sentences.notes import sentences_of

months = ("Month", "Sales")
MORE: Rows = [["May", 1], ["Jun", 2]]


def test_same_header_below_a_blank_row_begins_a_table_of_the_same_columns(tmp_path: Path) -> None:
    tables = read(workbook(tmp_path, {"A1": MONTHS, "A7": [MONTHS[0], *MORE]}))
    assert found(tables) == {"S": (months, [2, 3, 4, 5]), "S (row 7)": (months, [8, 9])}


def test_header_that_comes_again_on_each_page_is_no_row(tmp_path: Path) -> None:
    pages = {"A1": MONTHS, "A6": [MONTHS[0], *MORE], "A9": [MONTHS[0], *MORE]}
    (table,) = read(workbook(tmp_path, pages), chunk_rows=2)
    assert found([table]) == {"S": (months, [2, 3, 4, 5, 7, 8, 10, 11])}
    assert table.account.header == 3
    assert any(
        "The header stands once more in rows 6, 9 and is not loaded as a row." in note
        for note in sentences_of(table.dialect.notes)
    )


def test_header_that_comes_again_is_a_row_where_somebody_says_that_all_is_one_table(tmp_path: Path) -> None:
    (table,) = read(workbook(tmp_path, {"A1": MONTHS, "A6": [MONTHS[0], *MORE]}), one_table=True)
    assert found([table]) == {"S": (months, [2, 3, 4, 5, 6, 7, 8])}


@pytest.mark.parametrize("rows", [[["x", "y"], ["x", "y"], ["z", "y"]], [["yes"], ["yes"], ["no"]]])
def test_rows_of_words_that_come_again_are_rows(tmp_path: Path, rows: Rows) -> None:
    (table,) = read(workbook(tmp_path, {"A1": rows}))
    assert found([table]) == {"S": (("",) * len(rows[0]), [1, 2, 3])}


SALES: Rows = [["region", "q1", "q2"], ["N", 1, 2], ["S", 3, 4]]
STAFF: Rows = [["Staff"], ["name", "since", "role"], ["Ann", 2020, "x"], ["Bo", 2021, "y"]]


def test_third_table_of_other_names_is_told_from_the_second(tmp_path: Path) -> None:
    first, second, third = read(workbook(tmp_path, {"A1": SALES, "A5": [["Next year"], *SALES], "A10": STAFF}))

    names = tuple(SALES[0])
    assert found([first, second]) == {"S": (names, [2, 3]), "S (row 5)": (names, [7, 8])}
    assert found([third]) == {"S (row 10)": (("name", "since", "role"), [12, 13])}
    assert not any("may be data" in note for note in sentences_of(second.dialect.notes))


def test_rows_of_words_below_the_second_table_stay_with_it(tmp_path: Path) -> None:
    below: Rows = [["N", "n/a", "n/a"], ["S", "n/a", "n/a"]]
    _, second = read(workbook(tmp_path, {"A1": SALES, "A5": [["Next year"], *SALES], "A10": below}))

    assert found([second]) == {"S (row 5)": (tuple(SALES[0]), [7, 8, 10, 11])}


FORM: Rows = [["Project", "Alpha"], ["Manager", "Jo"], ["Status", "open"]]


def test_a_name_above_figures_where_nothing_stands_above_begins_a_table(tmp_path: Path) -> None:
    tasks: Rows = [["Task", "Owner", "Hours"], ["x", "Ann", 3], ["y", "Bo", 4]]
    first, second = read(workbook(tmp_path, {"A1": FORM, "A5": tasks}))
    assert found([first]) == {"S": (("Project", "Alpha"), [2, 3])}
    assert found([second]) == {"S (row 5)": (("Task", "Owner", "Hours"), [6, 7])}


@pytest.mark.parametrize(
    "below",
    [
        pytest.param([["Task", "Owner", "open"], ["x", "Ann", "done"], ["y", "Bo", "late"]], id="words below"),
        pytest.param([["Task", "Owner", 5], ["x", "Ann", 3], ["y", "Bo", 4]], id="a figure above figures"),
    ],
)
def test_a_wider_row_below_a_blank_one_is_no_header_by_itself(tmp_path: Path, below: Rows) -> None:
    assert len(read(workbook(tmp_path, {"A1": FORM, "A5": below}))) == 1
