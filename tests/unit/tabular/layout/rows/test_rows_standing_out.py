"""A row of one cell that is said to look like a heading or a note, and those of which nothing is said."""

import numpy as np
import pyarrow as pa
import pytest

from uploads.tabular.layout.rows.rows_standing_out import notes_on_rows, rows_standing_out

HEADINGS = {
    "a colon": ("Revenue,10\nCosts,5\nOf which:,\nStaff,3\nRent,2", [(2, "Of which:", "heading")]),
    "months above days": (
        "Jan-2016,\n2016-01-02,3\n2016-01-09,4\nFeb-2016,\n2016-02-02,3\n2016-02-09,4",
        [(0, "Jan-2016", "heading"), (3, "Feb-2016", "heading")],
    ),
    "a year among words": ("2016,\na,1\nb,2\nc,3\nd,4", [(0, "2016", "heading")]),
    "a source": ("a,1\nb,2\nc,3\nd,4\nSource: the office,", [(4, "Source: the office", "note")]),
    "names of groups, one above the first row": (
        "North,\na,1\nb,2\nSouth,\nc,3\nd,4",
        [(0, "North", "heading"), (3, "South", "heading")],
    ),
    "names in order, some without figures": ("Aruba,\nBhutan,1\nChad,2\nDjibouti,\nEgypt,3\nFiji,4", []),
    "names without figures side by side": ("South,\nEast,\na,1\nb,2\nc,3\nd,4", []),
    "a name of whom nothing else is known": ("Ann,1\nBo,2\nCy,\nDi,4\nEd,5", []),
    "colons in all rows": ("Ann:,1\nBo:,2\nCy:,\nDi:,4\nEd:,5", []),
    "a word that stands for no value": ("1,1\n2,2\nn/a,\n4,4\n5,5", []),
    "other rows with gaps": ("2016-01-02,3\n2016-01-09,\nFeb,\n2016-02-02,3\n2016-02-09,\n2016-02-10,1", []),
    "the same heading twice": ("Of which:,\na,1\nb,2\nOf which:,\nc,3\nd,4", "two"),
    "too few rows": ("a,1\nOf which:,\nb,2", []),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_row_that_stands_out(name: str) -> None:
    text, expected = HEADINGS[name]
    rows = [line.split(",") for line in text.split("\n")]
    found = [(row.at, row.text, row.what) for row in rows_standing_out([pa.array(c) for c in zip(*rows, strict=True)])]
    assert found == ([(0, "Of which:", "heading"), (3, "Of which:", "heading")] if expected == "two" else expected)


@pytest.mark.parametrize(
    ("heading", "parts"), [("Of which:", [3]), ("davon:", [3]), ("Dont :", [3]), ("Offices:", None), ("Davos:", None)]
)
def test_rows_below_a_heading_that_says_so_are_parts_of_those_above(heading: str, parts: list[int] | None) -> None:
    rows = [["Revenue", "10"], ["Costs", "5"], [heading, ""], ["Staff", "3"], ["Rent", "2"]]
    [note] = notes_on_rows("line", np.arange(1, 6), [pa.array(column) for column in zip(*rows, strict=True)])
    assert note.figures.get("parts") == parts
