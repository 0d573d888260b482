"""Where a statistical table's boxhead ends: rows without a label in the stub, rules of dashes, years and units."""

import numpy as np
import pytest

from uploads.tabular.layout.boxhead.boxhead_rows import are_group_names, boxhead_bits
from uploads.tabular.layout.cell_kinds import kinds_of
from uploads.tabular.layout.text_choice import choose_layout
from uploads.tabular.layout.text_header import TextLayout

NAMES = ["North", "South", "East", "West", "Mid", "Top", "Low", "Far", "Near"]
BODY = [f"{name},A{i},{i * 7 % 5 + 3},{i * 3 + 10}" for i, name in enumerate(NAMES)]
TITLE = ["Table 7. Mills,,,", ",,,"]
HEADER = ["State,Code,People,Mills"]


def rows(lines: list[str]) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in lines]


def laid_out(lines: list[str]) -> TextLayout:
    return choose_layout(rows(lines)).layout


def bits(lines: list[str]) -> np.ndarray:
    return boxhead_bits(rows(lines), kinds_of(rows(lines)))


@pytest.mark.parametrize(
    ("lowest", "labels"),
    [
        pytest.param(",,2000,", ("State", "Code", "People 2000", "Mills"), id="a year above one column"),
        pytest.param(",,Total,", ("State", "Code", "People Total", "Mills"), id="a word above one column"),
        pytest.param(",,2000,2005", ("State", "Code", "People 2000", "Mills 2005"), id="two years"),
    ],
)
def test_row_without_a_label_ends_the_header_where_all_rows_below_have_one(
    lowest: str, labels: tuple[str, ...]
) -> None:
    found = laid_out([*TITLE, *HEADER, ",,,", lowest, ",,,", *BODY])

    assert (found.header, found.first, found.labels) == (2, 5, labels)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("North,A1,-,-", id="a row of no values has its label"),
        pytest.param(",,3,4", id="figures without a label are a row"),
        pytest.param(",A1,,closed", id="a row that begins blank, right below its header"),
    ],
)
def test_first_row_of_the_data_stays_one(first: str) -> None:
    found = laid_out([*HEADER, first, *BODY])

    assert (found.header, found.first) == (0, 1)


def test_label_that_stands_for_the_rows_below_it_leaves_these_without_one() -> None:
    groups = [f"{label},{town},{n},{n + 4}" for label in ("North", "South") for n, town in enumerate("ABC", 3)]
    blank = [row if i % 3 == 0 else "," + row.split(",", 1)[1] for i, row in enumerate(groups)]

    assert not bits([*HEADER, ",Total,,new", *blank]).any()


def test_rule_of_dashes_ends_the_header() -> None:
    assert bits([*HEADER, "-,-,-,-", *BODY])[1] > 0
    assert not bits([*HEADER, "North,-,-,-", *BODY]).any()


def test_years_above_figures_are_names_and_in_a_column_of_years_values() -> None:
    figures = [f"{name},{i * 7 + 3},{i * 3 + 10},{i}" for i, name in enumerate(NAMES)]
    years = [f"{name},19{i}1,19{i}4,19{i}9" for i, name in enumerate(NAMES)]

    assert bits(["Item,1990,2000,2005", *figures])[0] > 0
    assert not bits(["Item,1990,2000,2005", *years]).any()
    assert not bits(["Item,1990,2000,12", *figures]).any()


YEARS = [f"{year},," + ",".join(f"{year % (n + 3)}.{n}" for n in range(7)) for year in (1980, 1990, 1995, 2000)]
COUNTRIES = ["Spain:,ES,,,,,,,", *YEARS, "France:,FR,,,,,,,", *YEARS, "Italy:,IT,,,,,,,", *YEARS]


def test_group_beside_its_code_is_the_first_row_and_no_more_names() -> None:
    blank = ",,,,,,,,"
    header = ["Country,Code,Total,Sales,,,Taxes,,", blank, ",,,Men,Women,All,On goods,On land,Other"]
    found = laid_out(["Table 7,,,,,,,,", blank, *header, blank, blank, blank, *COUNTRIES])

    assert (found.header, found.first) == (2, 5)
    assert found.labels[:4] == ("Country", "Code", "Total", "Sales Men")


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("North:,7,,", id="a figure is a row's"),
        pytest.param("North,A7,,", id="a label that introduces nothing"),
        pytest.param("North:,A7,B7,", id="three cells"),
        pytest.param("North:,A7,", id="most of a narrow row"),
    ],
)
def test_row_of_two_cells_is_no_group_by_itself(row: str) -> None:
    lines = rows([row])

    assert not are_group_names(lines, kinds_of(lines)).any()
