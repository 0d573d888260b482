"""Lines that only draw a rule are counted among the blank ones and told as what they are."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.workbook.test_markup import read
from uploads.tabular.notes import NoteKind

PSQL = " id | name\n----+------\n  1 | Ann\n  2 | Bob\n(2 rows)\n\n"
BOXED = "Report\n+----+------+\n| id | name |\n+----+------+\n|  1 | Ann  |\n|  2 | Bob  |\n+----+------+\n"
RULED = " id name\n--- -----\n  1 x\n  2\n\n  3 y\n"
FIXED = "id  name     n\n 1  x   y    3\n 2  z       14\n\n----\n 3  y z      5\n"
SHORT_DASHES = "| a  | b  |\n|----|----|\n| -- | -- |\n| 1  | 2  |\n"


@pytest.mark.parametrize(
    ("text", "rules", "blank"),
    [
        (PSQL, [[2, 2]], [[6, 6]]),
        (PSQL.replace("\n", "\r\n"), [[2, 2]], [[6, 6]]),
        (PSQL.replace("\n", "\r"), [[2, 2]], [[6, 6]]),
        (BOXED, [[2, 2], [4, 4], [7, 7]], []),
        (RULED, [[2, 2]], [[5, 5]]),
        (FIXED, [[5, 5]], [[4, 4]]),
        (SHORT_DASHES, [[2, 2]], []),
        ("a,b\n1,2\n\n3,4\n", None, [[3, 3]]),
    ],
)
def test_rules_are_told_apart_from_blank_lines(tmp_path: Path, text: str, rules: Any, blank: Any) -> None:
    [table] = read(tmp_path, "a.txt", text)
    [note] = [note for note in table.notes if note.kind is NoteKind.BLANK_ROWS]

    assert (note.figures.get("rule_spans"), note.figures["spans"]) == (rules, blank)
    assert note.figures.get("rules", 0) == len(rules or ())
    assert note.figures["count"] == table.account.blank_above + table.counts.blank
