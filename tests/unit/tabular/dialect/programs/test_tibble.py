"""What R prints of tibbles and data.tables: types below the names, and a number before each row."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

TIBBLE = (
    "# A tibble: 3 × 3\n  name      n share\n  <chr> <int> <dbl>\n"
    "1 a b       1   0.5\n2 ccc      20 120. \n3 d      3000 NA   \n"
)


def test_types_are_no_row_and_numbers_of_rows_a_column(tmp_path: Path) -> None:
    found = look(tmp_path, TIBBLE)
    assert labels(found) == ["", "name", "n", "share"]
    assert rows(found) == [("1", "a b", "1", "0.5"), ("2", "ccc", "20", "120"), ("3", "d", "3000", "NA")]
    assert (found.account.preamble, NoteKind.HEADER_DEPTH in kinds(found)) == (1, False)


def test_rows_that_are_not_shown_are_told_below(tmp_path: Path) -> None:
    found = look(tmp_path, TIBBLE + "# ℹ 77 more rows\n# ℹ Use `print(n = ...)` to see more rows\n")
    assert (found.counts.loaded, found.counts.rejected, found.account.footer) == (3, 0, 2)


def test_colons_behind_numbers_of_a_data_table_are_left_out(tmp_path: Path) -> None:
    found = look(tmp_path, "      id value\n   <int> <num>\n1:     1  0.12\n2:     2  1.50\n")
    assert (labels(found), rows(found)) == (["", "id", "value"], [("1", "1", "0.12"), ("2", "2", "1.50")])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a;b\n<p>;<i>\n<b>;<u>\n", id="markup in cells"),
        pytest.param("name  n  m\n<chr> <int> <int>\nann   3  4\nbob  12  5\nbo   13  6\n", id="rows without numbers"),
        pytest.param(TIBBLE.replace("  <chr> <int> <dbl>\n", ""), id="no types"),
    ],
)
def test_neighbours_are_no_tibbles(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))
