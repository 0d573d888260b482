"""A line of dashes below a header is no row; a cell of dashes is one."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look
from uploads.tabular.notes import NoteKind

ALIGNED = "NAME   TOWN   QTY\n-----------------\nann    rome     1\nbo     oslo     2\ncy     bern     3\n"
BELOW_TITLE = "Stock, May\n\nNAME   TOWN   QTY\n=================\nann  rome  1\nbo  oslo  2\ncy  bern  3\n=====\n"
TABS = "name\ttown\tqty\n----------------\nann\trome\t1\nbo\toslo\t2\ncy\tbern\t3\n"


@pytest.mark.parametrize("text", [ALIGNED, BELOW_TITLE, TABS], ids=["by spaces", "below a title", "by tabs"])
def test_a_rule_below_the_header_is_no_row(tmp_path: Path, text: str) -> None:
    table = look(tmp_path, text)
    assert NoteKind.DRAWN_RULES in kinds(table)
    assert [label.lower() for label in labels(table)] == ["name", "town", "qty"]
    assert (table.counts.loaded, table.counts.rejected) == (3, 0)


@pytest.mark.parametrize(
    ("text", "loaded", "rejected"),
    [
        ("note,n\n-----,1\nold,2\nnew,3\n", 3, 0),
        ("names\n-----\nann\nbo\n", 3, 0),
        ("a,b\n1,2\n-----\n3,4\n5,6\n7,8\n", 4, 1),
    ],
    ids=["in a cell", "in a list", "below rows"],
)
def test_dashes_elsewhere_stay(tmp_path: Path, text: str, loaded: int, rejected: int) -> None:
    table = look(tmp_path, text)
    assert NoteKind.DRAWN_RULES not in kinds(table)
    assert (table.counts.loaded, table.counts.rejected) == (loaded, rejected)


TITLES = "   SALES BY AREA\n   OF  MAY  2026\n\n"
SUMS = (
    "AREA      UNITS    AMOUNT\nNorth        12    120.50\nSouth         7     70.00\nEast         30    301.10\n"
    "West          1      2.00\n--------------------------\nTOTAL        50    493.60\n"
)


def test_a_rule_above_sums_is_no_row_and_titles_of_as_many_words_are_none(tmp_path: Path) -> None:
    table = look(tmp_path, TITLES + SUMS)
    assert labels(table) == ["AREA", "UNITS", "AMOUNT"]
    assert [column.type for column in table.columns] == ["text", "bigint", "numeric"]
    assert (table.account.preamble, table.counts.rejected, table.counts.loaded + table.account.footer) == (2, 0, 5)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SUMS.replace("-" * 26 + "\nTOTAL        50    493.60\n", "-" * 26 + "\nend\n"), id="no sum"),
        pytest.param("To be or  not\nto be or  not\nto be or  not\nto be or  not\n-----\nto be or 7\n", id="words"),
        pytest.param(SUMS.replace("West          1      2.00", "West Side     1      2.00"), id="another width"),
    ],
)
def test_other_lines_above_a_rule_are_read_as_before(tmp_path: Path, text: str) -> None:
    assert NoteKind.DRAWN_RULES not in kinds(look(tmp_path, text))
