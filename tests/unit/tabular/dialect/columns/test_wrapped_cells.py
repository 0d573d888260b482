"""Cells of printed tables that go on in the next lines, and lines that are rows of their own."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.dialect.columns.wrapped_cells import find_wrapped_cells
from uploads.tabular.notes import NoteKind

GRID = """\
+------+---------+----+
| code | remark  | n  |
+======+=========+====+
| A    | one     | 3  |
+------+---------+----+
| B    | two     | 30 |
|      | lines   |    |
+------+---------+----+
| C    | x       | 5  |
+------+---------+----+
"""
PSQL = """\
 id |   remark    | blood
----+-------------+-------
  1 | first line +| O+
    | second line |
  2 | whole width+| A+
    | and on      |
  3 | Größe      +| B+
    | a          +|
    | b           |
(3 rows)
"""


def test_lines_between_rules_are_one_row(tmp_path: Path) -> None:
    table = look(tmp_path, GRID)

    assert labels(table) == ["code", "remark", "n"]
    assert rows(table) == [("A", "one", "3"), ("B", "two lines", "30"), ("C", "x", "5")]
    assert NoteKind.WRAPPED_CELLS in kinds(table)


def test_plus_at_a_bar_says_that_a_cell_goes_on(tmp_path: Path) -> None:
    table = look(tmp_path, PSQL)

    assert rows(table) == [
        ("1", "first line second line", "O+"),
        ("2", "whole width and on", "A+"),
        ("3", "Größe a b", "B+"),
    ]
    assert (table.account.footer, table.counts.blank) == (1, 5)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GRID.replace("|      | lines   |    |\n", ""), id="a grid of rows of one line"),
        pytest.param(GRID.replace("| lines   |    |", "| lines   | 7  |"), id="a figure in the line below"),
        pytest.param(GRID.replace("|      | lines", "| BB   | lines").replace("|    |", "| -  |"), id="no blank cell"),
        pytest.param(
            "+---+-----+\n| a | b   |\n+---+-----+\n| x | one |\n|   | two |\n| y | six |\n+---+-----+\n",
            id="rules around all rows",
        ),
        pytest.param(" id | blood\n----+-------\n  1 | O+\n  2 | A+\n  3 | B+\n", id="a plus that ends a value"),
    ],
)
def test_other_tables_have_a_row_a_line(text: str) -> None:
    assert find_wrapped_cells(text) is None
