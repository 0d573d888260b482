"""Names of groups above names of columns are one header."""

import csv

import pytest

from uploads.tabular.layout.grouped_header import are_years_of_groups, joined_labels, joined_names
from uploads.tabular.layout.text_choice import choose_layout
from uploads.tabular.layout.text_header import find_layout
from uploads.tabular.notes import NoteKind

VALUES = "North,100,120,80,90\nSouth,200,210,150,160\nEast,50,55,40,45\n"
JOINED = ("Region", "Sales 2022", "Sales 2023", "Costs 2022", "Costs 2023")


@pytest.mark.parametrize(
    "heading",
    [
        ",Sales,,Costs,\nRegion,2022,2023,2022,2023\n",
        "Region,Sales,,Costs,\n,2022,2023,2022,2023\n",
        "Quarterly report\n\n,Sales,,Costs,\nRegion,2022,2023,2022,2023\n",
    ],
)
def test_names_of_groups_tell_equal_names_apart(heading: str) -> None:
    layout = find_layout(list(csv.reader((heading + VALUES).splitlines())))
    assert layout.labels == JOINED
    assert layout.first - (layout.header or 0) == 2
    [note] = (note for note in layout.notes if note.kind is NoteKind.HEADER_DEPTH)
    assert note.figures == {
        "depth": 2,
        "blank": 0,
        "joined": ["Sales 2022", "Sales 2023", "Costs 2022"],
        "more": 1,
        "alone": [],
        "is_spread": True,
    }


def test_names_on_several_heights_below_groups_are_one_row_of_names() -> None:
    groups = ["", "Parents", "", "", "Affiliates", "", ""]
    high = ["", "", "Capital", "", "", "Capital", ""]
    low = ["Industry", "Assets", "", "Staff", "Assets", "", "Staff"]
    names = [f"{group} {name}" for group in ("Parents", "Affiliates") for name in ("Assets", "Capital", "Staff")]
    assert joined_labels([groups, high, low]) == ["Industry", *names]

    levels = [["", "A", "", "B", ""], ["", "x", "", "x", ""], ["R", "1", "2", "1", "2"]]
    assert joined_labels(levels) == ["R", "A x 1", "A x 2", "B x 1", "B x 2"]


def test_a_name_in_the_middle_is_not_carried_into_the_next_group_above_it() -> None:
    groups = ["", "Staff", "", "", "", "Total", "", "Comments"]
    levels = ["", "Agency", "", "Contractors", "", "", "", ""]
    names = ["Office", "Heads", "Hours", "Heads", "Hours", "Heads", "Hours", ""]
    labels = [
        "Office",
        "Staff Agency Heads",
        "Staff Agency Hours",
        "Staff Contractors Heads",
        "Staff Contractors Hours",
    ]
    assert joined_labels([groups, levels, names]) == [*labels, "Total Heads", "Total Hours", "Comments"]


def test_a_name_outside_the_groups_stands_for_itself() -> None:
    text = ",Sales,,Costs,,\nRegion,min,max,min,max,Remark\nNorth,1,2,3,4,x\nSouth,5,6,7,8,y\nEast,2,3,4,5,z\n"
    layout = find_layout(list(csv.reader(text.splitlines())))
    assert layout.labels == ("Region", "Sales min", "Sales max", "Costs min", "Costs max", "Remark")


@pytest.mark.parametrize("above", ["Sales,,,,", ",printed,,today,", "by,Anna,,,"])
def test_a_line_above_distinct_names_is_a_note(above: str) -> None:
    rows = list(csv.reader(f"{above}\nRegion,a,b,c,d\n{VALUES}".splitlines()))
    layout = find_layout(rows)
    assert layout.labels == ("Region", "a", "b", "c", "d")
    assert (layout.header, layout.preamble) == (1, 1)


@pytest.mark.parametrize(
    ("heading", "labels"),
    [
        pytest.param(
            [["", "2024", "", "2025", ""], ["Site", "Nov", "Dec", "Jan", "Feb"]],
            ["Site", "2024 Nov", "2024 Dec", "2025 Jan", "2025 Feb"],
            id="years above months",
        ),
        pytest.param(
            [["", "2024", "2025", ""], ["Site", "Pop.", "Homes", "Change"]],
            ["Site", "2024 Pop.", "2025 Homes", "Change"],
            id="years above other names",
        ),
        pytest.param(
            [["", "2024", "", ""], ["Site", "Nov", "Dec", "Jan"]],
            ["Site", "2024 Nov", "Dec", "Jan"],
            id="one year may be of one month",
        ),
        pytest.param([["Date", "Time"], ["Date", "Time"]], ["Date Date", "Time Time"], id="a row that stands twice"),
        pytest.param([["Date", "Time"], ["Date", "from"]], ["Date", "Time from"], id="a name that goes down"),
    ],
)
def test_year_stands_for_all_months_below_it(heading: list[list[str]], labels: list[str]) -> None:
    assert joined_labels(heading) == labels


@pytest.mark.parametrize(
    ("heading", "labels"),
    [
        pytest.param(
            [
                ["", "", "Men", "", "", "Women", ""],
                ["Item", "", "Part-time", "", "", "Part-time", ""],
                ["", "All", "No.", "%", "All", "No.", "%"],
            ],
            [
                "Item",
                *("Men All", "Men Part-time No.", "Men Part-time %"),
                *("Women All", "Women Part-time No.", "Women Part-time %"),
            ],
            id="above the middle of its columns",
        ),
        pytest.param(
            [["", "Men", "", "", "Women", "", ""], ["Item", "All", "No.", "%", "All", "No.", "%"]],
            ["Item", "Men All", "Men No.", "Men %", "Women All", "Women No.", "Women %"],
            id="above the first of its columns",
        ),
        pytest.param(
            [["Item", "2022", "", "2023", "", "", ""], ["", "Men", "Women", "Men", "Women", "", ""]],
            ["Item", "2022 Men", "2022 Women", "2023 Men", "2023 Women", "", ""],
            id="beside blank columns at the end",
        ),
        pytest.param(
            [["", "", "Men", "", "Women"], ["Item", "All", "No.", "All", "%"]],
            ["Item", "All", "Men No.", "Men All", "Women %"],
            id="names that are no blocks",
        ),
        pytest.param(
            [["", "Both", "Men", "", ""], ["Item", "All", "No.", "All", "No."]],
            ["Item", "Both All", "Men No.", "All", "No."],
            id="groups at several places",
        ),
    ],
)
def test_group_named_above_the_middle_of_its_columns_names_all_of_them(
    heading: list[list[str]], labels: list[str]
) -> None:
    assert joined_labels(heading) == labels


@pytest.mark.parametrize(
    ("heading", "joined", "alone"),
    [
        pytest.param([["", "Travel", ""], ["", "Air", "Rail"]], ["Travel Air"], [["Rail", "Travel"]], id="one cell"),
        pytest.param([["Day", "Travel"], ["", "Air"]], ["Travel Air"], [], id="below a name nothing stands"),
        pytest.param([["", "Travel", "Cost"], ["Day", "Air", "£"]], ["Travel Air", "Cost £"], [], id="a stub"),
        pytest.param([["Day", "a\nb", ""], ["", "c", ""]], ["a b c"], [], id="in one line"),
        pytest.param(
            [["", "2006", ""], ["", "All", "Single"], ["Unit", "(1)", "(1)"]],
            ["2006 All (1)", "Single (1)"],
            [["Single (1)", "2006"]],
            id="joined of the rows below",
        ),
    ],
)
def test_it_is_said_which_names_were_joined_and_which_stand_below_a_blank(
    heading: list[list[str]], joined: list[str], alone: list[list[str]]
) -> None:
    figures = joined_names(heading, joined_labels(heading))
    assert figures == {"joined": joined, "more": 0, "alone": alone, "is_spread": False}


POLL = "Anna,OK,,OK\nBo,,OK,OK\nChi,OK,OK,\n"
DAYS = ("", "March 2024 Mon 25", "March 2024 Tue 26", "April 2024 Mon 1")


@pytest.mark.parametrize(
    ("heading", "labels"),
    [
        pytest.param(",March 2024,,April 2024\n,Mon 25,Tue 26,Mon 1\n", DAYS, id="months above days"),
        pytest.param(
            ",Mon 25,Tue 26,Mon 1\n,9 AM,2 PM,1 PM\n", ("", "Mon 25 9 AM", "Tue 26 2 PM", "Mon 1 1 PM"), id="hours"
        ),
        pytest.param(
            ",March 2024,,April 2024\n,Mon 25,Tue 26,Mon 1\n,9 AM,2 PM,1 PM\n",
            ("", *(f"{day} {hour}" for day, hour in zip(DAYS[1:], ("9 AM", "2 PM", "1 PM"), strict=True))),
            id="both",
        ),
    ],
)
def test_the_days_and_hours_of_a_poll_are_one_header(heading: str, labels: tuple[str, ...]) -> None:
    assert choose_layout(list(csv.reader((heading + POLL).splitlines()))).layout.labels == labels


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(",x,y,z\n,1,2,3\nA,4,5,6\nB,7,8,9\nC,1,2,3\n", id="a row of figures without a label"),
        pytest.param(",x,y,z\n,OK,no,OK\nA,OK,OK,no\nB,no,OK,no\nC,OK,OK,OK\n", id="what rows below say too"),
        pytest.param(
            ",x,y,z\n,red,blue,tan\nA,pink,grey,lime\n,rust,jade,mint\nC,plum,teal,gold\n", id="rows without labels"
        ),
    ],
)
def test_a_row_without_a_label_is_still_a_row(text: str) -> None:
    assert choose_layout(list(csv.reader(text.splitlines()))).layout.first == 1


def test_a_name_that_goes_down_over_two_rows_is_said_once() -> None:
    assert joined_labels([["Land", "Day", "Day"], ["Land", "2022", "2023"]]) == ["Land", "Day 2022", "Day 2023"]


CORNER = "Imports by country\n\nCountry,Year,,\n,2002,2003,2004\nNorway,3,4,5\nDenmark,2,1,7\nIceland,9,8,6\n"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param(CORNER, ("Country", "Year 2002", "Year 2003", "Year 2004"), id="years"),
        pytest.param(
            CORNER.replace(",2002,2003,2004", ",Owned,Rented,Other"),
            ("Country", "Year Owned", "Year Rented", "Year Other"),
            id="words",
        ),
        pytest.param(
            CORNER.replace("Year,,", "2004,,").replace(",2002,2003,2004", ",Goods,Services,All"),
            ("Country", "2004 Goods", "2004 Services", "2004 All"),
            id="year above words",
        ),
        pytest.param(
            "Peaks\n\nYear,Load,,Margin,\n,,,,\n,Summer,Winter,Summer,Winter\n1990,3,4,5,1\n1991,2,1,7,2\n1992,9,8,6,3\n",
            ("Year", "Load Summer", "Load Winter", "Margin Summer", "Margin Winter"),
            id="blank row between, below two groups",
        ),
    ],
)
def test_the_name_of_a_blank_corner_stands_in_the_row_above_with_those_of_groups(
    text: str, labels: tuple[str, ...]
) -> None:
    layout = choose_layout(list(csv.reader(text.splitlines()))).layout
    assert (layout.labels, layout.header) == (labels, 2)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CORNER.replace("Country,Year", "Printed:,Year"), id="a name with a colon"),
        pytest.param(CORNER.replace("by country", "").replace("Country,Year", "Country,2024-01-31"), id="a date"),
        pytest.param(CORNER.replace("\n\nCountry", "\nBranch,Oslo,,\nCountry"), id="two names with their values"),
        pytest.param(CORNER.replace("Imports by country\n\n", ""), id="no title but this"),
        pytest.param(CORNER.replace(",2002", "Area,2002"), id="a corner with a name"),
        pytest.param(CORNER.replace("Country,Year,,", "Country,,,Year"), id="nothing above the first column"),
        pytest.param(CORNER.replace("Year,,\n", "Year,,\n,,,\n"), id="blank row below one group"),
    ],
)
def test_a_note_of_two_cells_above_a_blank_corner_is_no_header(text: str) -> None:
    layout = choose_layout(list(csv.reader(text.splitlines()))).layout
    assert layout.labels[1:] == ("2002", "2003", "2004")


def test_each_group_is_among_the_names_that_stand_alone() -> None:
    heading = [["", "A", "", "", "", "", "B", ""], ["k", "1", "2", "3", "4", "5", "6", "7"]]
    figures = joined_names(heading, joined_labels(heading))
    assert figures["alone"] == [["2", "A"], ["7", "B"], ["3", "A"]]
    assert figures["more_alone"] == 2


ALONE = "Prices of goods\n\nCommodity,,,\n,2002,2003,2004\nWheat,3,4,5\nRice,1,2,7\nMaize,9,8,6\n"


def test_a_few_words_apart_from_the_title_name_the_blank_corner_right_below() -> None:
    layout = choose_layout(list(csv.reader(ALONE.splitlines()))).layout
    assert (layout.labels, layout.header) == (("Commodity", "2002", "2003", "2004"), 2)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ALONE.replace("\n\nCommodity", "\nEngland"), id="a second title"),
        pytest.param(ALONE.replace("Prices of goods\n", ""), id="a title alone"),
        pytest.param(ALONE.replace("Commodity", "(in millions)"), id="a unit"),
        pytest.param(ALONE.replace("Commodity", "All figures in thousand tonnes"), id="a sentence"),
        pytest.param(ALONE.replace("Commodity,,,\n", "Commodity,,,\n,,,\n"), id="a blank row between"),
        pytest.param(ALONE.replace("Rice,1", ",1"), id="a row without a label"),
    ],
)
def test_a_title_or_unit_above_a_blank_corner_is_no_name_of_it(text: str) -> None:
    layout = choose_layout(list(csv.reader(text.splitlines()))).layout
    assert layout.labels == ("", "2002", "2003", "2004")


GROUPS, YEARS = ["", "n", "m", "n", "m"], ["", "2019", "2019", "2020", "2020"]
FIGURES = [["a", "1", "2", "3", "4"], ["b", "5", "6", "7", "8"]]


@pytest.mark.parametrize(
    ("groups", "row", "below", "expected"),
    [
        pytest.param(GROUPS, YEARS, FIGURES, True, id="years of groups"),
        pytest.param(GROUPS, YEARS, [], False, id="above nothing"),
        pytest.param(GROUPS[:3], YEARS, FIGURES, False, id="fewer groups"),
        pytest.param([*GROUPS, "n"], YEARS, FIGURES, False, id="more groups"),
        pytest.param(GROUPS, YEARS[:4], FIGURES, False, id="fewer years"),
        pytest.param([], [], [], False, id="empty rows"),
        pytest.param([""], ["2019"], [["1"]], False, id="rows of one cell"),
        pytest.param([""], [""], [[""]], False, id="rows of a blank cell"),
        pytest.param(GROUPS, YEARS, [*FIGURES, []], False, id="above an empty row"),
        pytest.param(GROUPS, YEARS, [*FIGURES, ["c"]], True, id="above a row that ends early"),
    ],
)
def test_rows_of_any_length_are_asked_for_years_of_groups(
    groups: list[str], row: list[str], below: list[list[str]], expected: bool
) -> None:
    assert are_years_of_groups(groups, row, below) is expected


@pytest.mark.parametrize("ragged", ["", "x\n", "x,1\n", ",n,m\n", ",n,m,n,m,n,m\n", ",\n"])
def test_ragged_rows_around_a_header_are_read(ragged: str) -> None:
    for rows in (
        f"{ragged},n,m,n,m\n,2019,2019,2020,2020\n{VALUES}",
        f",n,m,n,m\n{ragged},2019,2019,2020,2020\n{VALUES}",
    ):
        assert find_layout(list(csv.reader(rows.splitlines()))).first > 0
