"""Tabs and spaces that part columns together are one delimiter; a tab between texts of several words is another."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

ALIGNED = (
    "    \t  SIZE SUBS \t STAFF\nRules   \t13   2\t25\nBudget\t\t42  \t 0     39\n"
    "Ways_and_Means  39   5 \t23\nTax\t1 2 3\n"
)
PLAIN = "1 \t2.5 3\n4\t\t5.5 \t6\n7 8.5 9\n10\t11.5\t12\n13 14.5\t15\n"


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        (
            ALIGNED,
            ["", "SIZE", "SUBS", "STAFF"],
            [("Rules", 13, 2, 25), ("Budget", 42, 0, 39), ("Ways_and_Means", 39, 5, 23), ("Tax", 1, 2, 3)],
        ),
        (PLAIN, [""] * 3, [(1, "2.5", 3), (4, "5.5", 6), (7, "8.5", 9), (10, "11.5", 12), (13, "14.5", 15)]),
    ],
    ids=["a header one name short", "no header, several tabs"],
)
def test_they_are_one_delimiter(tmp_path: Path, text: str, names: list[str], found: list[tuple[object, ...]]) -> None:
    table = look(tmp_path, text)
    assert NoteKind.MIXED_BLANKS in kinds(table)
    assert labels(table) == names
    assert [tuple(map(str, row)) for row in rows(table)] == [tuple(map(str, row)) for row in found]
    assert table.counts.rejected == 0


@pytest.mark.parametrize(
    "text",
    [
        "name\tcount\nAnn Lee\t1\nBob Ray\t2\nCy Poe\t3\nDi Fox\t4\n",
        "a\tb\tc\n1\t\t2\n3\t4\t5\n6\t7\t8\n9\t\t1\n",
        "a b c\n1 2 3\n4 5 6\n7 8 9\n1 2 3\n",
        "a,b c\n1,\t2 3\n4,5 6\n7,8\t9\n1,2\t3\n",
    ],
    ids=["words within cells", "blank cells", "spaces alone", "another delimiter"],
)
def test_other_texts_are_read_as_before(tmp_path: Path, text: str) -> None:
    assert NoteKind.MIXED_BLANKS not in kinds(look(tmp_path, text))
