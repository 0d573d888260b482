"""Printed tables some of whose cells hold a bar, and those of which every bar parts columns."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.dialect.columns.ruled_bars import find_ruled_bars
from uploads.tabular.notes import NoteKind

PSQL = """\
 id |  path  | note
----+--------+-------
  1 | a|b    | x | y
  2 | c      |
  3 | "d"|e  | z
(3 rows)
"""
MYSQL = """\
+----+--------+
| id | path   |
+----+--------+
|  1 | a|b    |
|  2 | 東京   |
|  3 | c      |
+----+--------+
"""


def test_bars_below_the_joints_of_the_rule_part_columns(tmp_path: Path) -> None:
    found = look(tmp_path, PSQL)
    assert labels(found) == ["id", "path", "note"]
    assert rows(found) == [("1", "a|b", "x | y"), ("2", "c", None), ("3", '"d"|e', "z")]
    assert NoteKind.PRINTED_TABLE in kinds(found)
    assert (found.counts.rejected, found.account.footer) == (0, 1)


def test_a_frame_is_no_column_and_wide_letters_take_two_places(tmp_path: Path) -> None:
    found = look(tmp_path, MYSQL)
    assert (labels(found), rows(found)) == (["id", "path"], [("1", "a|b"), ("2", "東京"), ("3", "c")])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PSQL.replace("|b ", "b ").replace("x | y", "x").replace("|e ", "e "), id="no bar in a cell"),
        pytest.param("a|b\n-+-\n1|2\n3|4|5\n6|7\n", id="a rule of single dashes"),
        pytest.param(PSQL.replace("  2 | c      |", "  2 |c|d"), id="rows whose bars stand elsewhere"),
    ],
)
def test_other_bars_are_left_to_the_usual_rules(text: str) -> None:
    assert find_ruled_bars(text) is None
