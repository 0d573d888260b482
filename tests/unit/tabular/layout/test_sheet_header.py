"""The header is found below titles, in several rows, or not at all; a row of values is never taken for one."""

import pytest

from uploads.tabular.layout.sheet_header import Layout, find_header
from uploads.tabular.notes import Why, WhyKind

N = ["", "", ""]


@pytest.mark.parametrize(
    ("rows", "header", "preamble"),
    [
        ([["a", "b", "c"], ["1", "2", "3"]], 0, 0),
        ([["a", "b", "c"], ["x", "y", "z"]], 0, 0),
        ([["Report", "", ""], N, ["a", "b", "c"], ["1", "2", "3"]], 2, 1),
        ([["Report", "", ""], ["of today", "", ""], ["a", "b", "c"], ["1", "2", "3"]], 2, 2),
        ([N, ["a", "b", "c"], ["1", "2", "3"]], 1, 0),
        ([["", "b", ""], ["1", "2", "3"], ["4", "5", "6"]], None, 1),
        ([["", "b", "", "b"], ["1", "2", "3", "4"]], 0, 0),
        ([["1", "2", "3"], ["4", "5", "6"]], None, 0),
        ([["x", "1", "2"], ["y", "3", "4"]], None, 0),
        ([["country", "2019", "2020"], ["NZ", "4", "5"], ["DE", "83", "84"]], 0, 0),
        ([["NZ", "2019", "2020"], ["DE", "2018", "2021"]], None, 0),
        ([["day", "n"], ["2023-01-01", "4"]], 0, 0),
        ([["Table 1", "Sheep"], ["Table 2", "Cattle"], ["Table 3", "Deer"]], None, 0),
        ([["red", "x"], ["red", "y"], ["red", "x"]], None, 0),
        ([["name"], ["Anna"], ["Bert"]], 0, 0),
        ([["1"], ["2"]], None, 0),
        ([["order", "2023"], ["7147", "29e5"], ["5617", "56e0"]], 0, 0),
        ([["Größe 0", "2023"], ["TRUE", ""], ["FALSE", "漢字"], ["TRUE", "Größe"]], 0, 0),
        ([["Menge", "when", "2023"], ["", "11-Jan-2021", "59e1"], ["", "20-Jan-2021", "68e1"]], 0, 0),
        ([["2023", "id"], ["7/6/1991", "1997-08-18"]], 0, 0),
        ([["id", "7"], ["1", "12"], ["2", "15"]], 0, 0),
        ([["id", "7"], ["1", "12"], ["2", "7"]], None, 0),
        ([["id", "7"], ["1", "12"]], None, 0),
        ([["total", "2023"], ["5", "2022"], ["6", "2021"]], None, 0),
        ([["n/a", "2023"], ["5", "17"], ["6", "19"]], None, 0),
        ([["TRUE", "2023"], ["FALSE", "17"], ["FALSE", "19"]], None, 0),
        ([["Ann", "2023"], ["Bo", "17"], ["Cy", "19"]], None, 0),
        ([["Ann", "5", "2023"], ["Bo", "17", "18"], ["Cy", "19", "20"]], None, 0),
    ],
)
def test_header_is_found(rows: list[list[str]], header: int | None, preamble: int) -> None:
    layout = find_header(rows)
    assert (layout.header, len(layout.preamble)) == (header, preamble)


def test_nothing_has_no_layout() -> None:
    assert find_header([]) == Layout(header=None, first=0)
    assert find_header([N, N]) == Layout(header=None, first=0)


def test_no_header_is_said() -> None:
    layout = find_header([["1", "2"], ["3", "4"]])
    assert layout.labels == ("", "")
    assert (layout.header, layout.why) == (None, Why.of(WhyKind.ABOVE_VALUES, cell="1", below="3"))


def test_header_cell_merged_downwards_takes_in_the_row_below_though_it_holds_years() -> None:
    rows = [["Area", "Sales", ""], ["", "2022", "2023"], ["North", "1", "2"], ["South", "3", "4"]]
    layout = find_header(rows, merged=[(0, 0, 1, 0), (0, 1, 0, 2)])
    assert layout.labels == ("Area", "Sales 2022", "Sales 2023")
    assert layout.first == 2


def test_header_with_a_year_among_its_names_is_doubted() -> None:
    layout = find_header([["order", "2023"], ["7147", "29e5"], ["5617", "56e0"]])
    assert (layout.header, layout.why) == (0, Why.of(WhyKind.MAYBE_VALUE, cell="2023"))


def test_merged_heads_are_spread_over_their_columns() -> None:
    rows = [
        ["Sales by region", "", "", "", ""],
        ["Region", "2022", "", "2023", ""],
        ["", "sold", "sent back", "sold", "sent back"],
        ["North", "1", "2", "3", "4"],
        ["South", "5", "6", "7", "8"],
    ]
    merged = [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]
    layout = find_header(rows, merged=merged)
    assert (layout.header, layout.depth, layout.first, layout.preamble) == (1, 2, 3, (0,))
    assert layout.labels == ("Region", "2022 sold", "2022 sent back", "2023 sold", "2023 sent back")


def test_row_of_units_belongs_to_the_header() -> None:
    rows = [["Place", "Area", "Height"], ["", "(km²)", "(m)"], ["A", "10", "20"], ["B", "11", "30"]]
    layout = find_header(rows)
    assert layout.depth == 2
    assert layout.labels == ("Place", "Area (km²)", "Height (m)")


@pytest.mark.parametrize(
    ("units", "depth"),
    [
        (["s", "°C", "kPa"], 2),
        (["(s)", "(km/h)", "(%)"], 2),
        (["min", "-", "%"], 2),
        (["blah", "blah", "some words"], 1),
        (["closed", "closed", "open"], 1),
        (["A", "", ""], 1),
        (["x", "5", "7"], 1),
    ],
)
def test_row_of_well_known_units_without_a_blank_belongs_to_the_header(units: list[str], depth: int) -> None:
    rows = [["Time", "Speed", "Load"], units, ["0", "10", "20"], ["1", "11", "30"], ["2", "12", "40"]]
    assert find_header(rows).depth == depth


def test_years_below_a_name_merged_over_them_belong_to_the_header() -> None:
    rows = [["Area", "Sales", ""], ["", "2022", "2023"], ["North", "1", "2"], ["South", "3", "4"]]
    assert find_header(rows, merged=[(0, 1, 0, 2)]).labels == ("Area", "Sales 2022", "Sales 2023")


@pytest.mark.parametrize(
    ("below", "merged"),
    [
        (["North", "2022", "2023"], [(0, 1, 0, 2)]),
        (["", "2022", "2023"], []),
        (["", "2022", "7"], [(0, 1, 0, 2)]),
    ],
)
def test_years_without_a_blank_corner_or_a_merged_name_are_a_row(
    below: list[str], merged: list[tuple[int, int, int, int]]
) -> None:
    rows = [["Area", "Sales", ""], below, ["North", "1", "2"], ["South", "3", "4"]]
    assert find_header(rows, merged=merged).first == 1


def test_what_a_report_says_of_itself_above_a_blank_row_is_no_row() -> None:
    rows = [["Report", "", ""], ["Made on", "2024-01-05", ""], N, ["item", "n", "price"], ["a", "1", "2.5"]]
    layout = find_header(rows)
    assert (layout.header, layout.first, layout.preamble) == (3, 4, (0, 1))


@pytest.mark.parametrize("blank", [[], [N]])
def test_names_with_colons_left_of_their_values_are_no_header(blank: list[list[str]]) -> None:
    pairs = [
        ["Customer:", "Miller", "No.:", "00417", ""],
        ["Town:", "Rome", "", "", ""],
        ["From:", "May", "To:", "", ""],
    ]
    table = [
        ["day", "from", "to", "break", "sum"],
        ["2024-03-04", "8", "16", "1", "7"],
        ["2024-03-05", "8", "16", "1", "7"],
    ]
    layout = find_header([*pairs, *blank, *table])
    assert (layout.header, layout.preamble) == (3 + len(blank), (0, 1, 2))


@pytest.mark.parametrize("width", [4, 3])
def test_names_with_colons_may_be_as_wide_as_the_table_below_a_blank_row(width: int) -> None:
    pairs = [["Customer:", "ACME", "Date:", "2024-01-02"], ["Contact:", "Jo", "Phone:", "555"]]
    table = [["Item", "Qty", "Price", "Sum"], ["bolt", "10", "0.5", "5"], ["nut", "20", "0.25", "5"]]
    layout = find_header([["Order", "", "", ""], *pairs, N, *(row[:width] for row in table)])
    assert (layout.header, layout.preamble) == (4, (0, 1, 2))


def test_names_of_columns_may_end_with_colons() -> None:
    rows = [["Name:", "n", "Town:"], ["Ann", "5", "Rome"], ["Bo", "6", "Oslo"]]
    assert find_header(rows).header == 0


@pytest.mark.parametrize(
    "above",
    [
        [["Ann", "5", ""], ["Bob", "6", ""], ["Cy", "7", ""]],
        [["Ann", "5", "x"], ["Bob", "6", "y"]],
    ],
)
def test_rows_that_are_three_or_as_wide_are_no_notes(above: list[list[str]]) -> None:
    layout = find_header([*above, N, ["item", "n", "price"], ["a", "1", "2.5"], ["b", "2", "3.5"]])
    assert layout.first == 0


def test_row_of_marks_is_data_not_header() -> None:
    rows = [["Place", "2012", "2017"], ["North", "C", "S"], ["South", "10", "20"], ["East", "11", "21"]]
    assert find_header(rows).first == 1
