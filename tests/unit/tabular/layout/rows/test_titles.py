"""What stands above a table is quoted as far as it helps to know it by."""

import pytest

from uploads.tabular.layout.rows.titles import comments_in, headings_in, titles_in

LONG = "word " * 30


@pytest.mark.parametrize(
    ("rows", "titles", "headings"),
    [
        pytest.param([["Sales", "", ""]], [[1, "Sales"]], ["Sales"], id="one"),
        pytest.param([["", ""], ["a", "b"]], [[2, "a b"]], [], id="several cells are no title"),
        pytest.param(
            [["a"], ["b"], ["c"], ["d"]], [[1, "a"], [2, "b"], [3, "c"]], ["a", "b", "c"], id="the first three"
        ),
        pytest.param([["By", "Ann"], ["", " Sales "]], [[1, "By Ann"], [2, "Sales"]], ["Sales"], id="one of two"),
        pytest.param(
            [["----"], ["# Visits"], ["----"]], [[2, "# Visits"]], ["# Visits"], id="lines of dashes say nothing"
        ),
        pytest.param([[LONG, "2004"]], [[1, f"{LONG[:54]}… 2004"]], [], id="each cell is shortened by itself"),
        pytest.param([["a" * 70, "b" * 70]], [[1, f"{'a' * 28}… {'b' * 28}…"]], [], id="two long cells"),
        pytest.param([["word"] * 30], [[1, f"{LONG[:59]}…"]], [], id="many cells"),
        pytest.param([[LONG]], [[1, f"{LONG[:59]}…"]], [f"{LONG[:59]}…"], id="shortened"),
    ],
)
def test_titles_are_quoted(rows: list[list[str]], titles: list[list[int | str]], headings: list[str]) -> None:
    placed = list(enumerate(rows, 1))
    assert (titles_in(placed), headings_in(placed)) == (titles, headings)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param([["# a"], ["#"], ["#  b", "c"]], 3, id="whatever stands behind the mark"),
        pytest.param([["Title"], ["% a"], ["% b"], ["% c"]], 3, id="below a title"),
        pytest.param([["#Client"], ["ANN"], ["#Account"], ["12"]], 0, id="names of values, as a bank marks them"),
        pytest.param([["# a"], ["% b"], ["! c"]], 0, id="not one mark"),
        pytest.param([["a"], ["b"], ["c"]], 0, id="no mark"),
        pytest.param([["-1"], ["-2"], ["-3"]], 0, id="negative numbers"),
    ],
)
def test_lines_of_comments_are_counted(rows: list[list[str]], count: int) -> None:
    assert comments_in(enumerate(rows, 1)) == count
