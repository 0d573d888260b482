"""Names on levels above the name of an index, as pandas writes pivots and groups, in texts and in sheets."""

import pytest

from uploads.tabular.layout.said_rows import find_text_layout
from uploads.tabular.layout.sheet_header import find_header
from uploads.tabular.layout.surveys.index_levels import labels_on_levels
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ReadOptions

PIVOT = [",cost,cost,sales,sales", "year,1,2,1,2", "region,,,,", "E,1,4,1.5,4", "N,3,6,3,6"]


def cells(lines: list[str]) -> list[list[str]]:
    return [line.split(",") for line in lines]


def layout(lines: list[str]) -> TextLayout:
    rows = cells(lines)
    return find_text_layout(rows, range(1, len(rows) + 1), options=ReadOptions(), elsewhere=())[0].layout


def test_levels_of_a_pivot_are_names_even_where_they_are_numbers() -> None:
    found = layout(PIVOT)

    assert (found.header, found.first) == (0, 3)
    assert found.labels == ("region", "cost 1", "cost 2", "sales 1", "sales 2")
    assert found.survey is not None
    assert sentences_of([found.survey.note(unit="line", places=range(1, 5))]) == (
        "The header takes 3 rows; their cells are joined: “cost 1”, “cost 2”, “sales 1” and 1 more.",
    )


def test_index_may_have_several_names_above_words() -> None:
    found = layout([",,sales,sales", ",,mean,sum", "shop,day,,", "A,Mon,1.5,2", "A,Tue,2.5,3"])

    assert (found.first, found.labels) == (3, ("shop", "day", "sales mean", "sales sum"))


def test_levels_of_a_sheet_are_merged_over_their_columns() -> None:
    rows = cells([",cost,,sales,", *PIVOT[1:]])

    assert find_header(rows, merged=[(0, 1, 0, 2), (0, 3, 0, 4)]).labels == (
        *("region", "cost 1", "cost 2", "sales 1", "sales 2"),
    )
    assert find_header(rows).first < 3


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([",cost,,sales,", *PIVOT[1:]], id="groups written once: the lone word may be a group of rows"),
        pytest.param([*PIVOT[:2], "region,,,,", "North,,,,", *PIVOT[3:]], id="groups of rows"),
        pytest.param([",cost,sales,rent,tax", *PIVOT[1:]], id="names that need no second row"),
        pytest.param([",a,a,b,b", ",1,1,2,2", *PIVOT[2:]], id="levels that tell no columns apart"),
        pytest.param(["7,9,9,8,8", "5,1,2,1,2", *PIVOT[2:]], id="rows of figures above the name of a group"),
        pytest.param([",a,b,a,b", *PIVOT[1:]], id="names that are no groups"),
        pytest.param(["a,b", "1,2", "x,", "3,4", "5,6"], id="one column beside the index"),
    ],
)
def test_other_rows_are_no_levels(lines: list[str]) -> None:
    assert labels_on_levels(cells(lines), 0) is None
