"""Notes at the end of a table that a spreadsheet has filled up with blank cells, and last rows that are none."""

import pytest

from uploads.tabular.layout.footers import count_remarks

ROWS = [f"Area {number},1,2" for number in range(4)]


def remarks(*below: str) -> int:
    rows, at = [], 2
    for row in [*ROWS, *below]:
        if row:
            rows.append((at, row.split(",")))
        at += max(1, len(row.splitlines()))
    return count_remarks(rows)


@pytest.mark.parametrize(
    ("below", "count"),
    [
        pytest.param(["Source: Ministry of Health,,"], 1, id="a source"),
        pytest.param(["", "Notes:,,", "1. provisional,,", "without islands,,"], 3, id="a block of notes"),
        pytest.param(["Area 9,,", "Source: Ministry of Health,,"], 1, id="below a row of which nothing is known"),
        pytest.param(["", "Last updated 12 March 2024,,"], 1, id="a sentence below a blank line"),
        pytest.param(["Last updated 12 March 2024,,"], 0, id="the same right below the rows"),
        pytest.param(["", "12 34 56 78,,"], 0, id="figures below a blank line"),
        pytest.param(["Area 8,,", "Area 9,,"], 0, id="names of which nothing is known"),
        pytest.param(["#REF!,,", "-,,"], 0, id="an error of a spreadsheet"),
        pytest.param(["", "Area 9,,"], 0, id="such a name below a blank line"),
        pytest.param(["Group 1,,", "Area 9,1,2", "Source: Ministry,,", "and others,,"], 2, id="where rows name groups"),
        pytest.param(["Group 1,,", "Area 9,1,2", "Group 2:,,"], 0, id="a group without rows"),
        pytest.param(["(1) provisional,,"], 1, id="a footnote by its number"),
        pytest.param(["Source: Ministry of Health,1,2", "Source: nobody,,"], 0, id="where names are written so"),
        pytest.param(["Source: Ministry of Health,,7"], 0, id="beside a figure"),
        pytest.param(
            ["Age: up to 20,1,2", "Source: Ministry,,", "unpublished,,"], 2, id="where one row begins a group"
        ),
        pytest.param(["Age: 20,1,2", "Age: 30,1,2", "Age: 40,,"], 0, id="of which nothing is known"),
        pytest.param(
            ["Age: 20,1,2", "Sex: f,1,2", "Town: Y,1,2", "Source: nobody,,"], 0, id="where many are written so"
        ),
        pytest.param(["Seite 1 von 1,,"], 1, id="the number of a page"),
        pytest.param(["- Page 3 -,,"], 1, id="the same between dashes"),
        pytest.param(["Page 3,7,"], 0, id="the same with a value"),
        pytest.param(["3 of 7,,"], 0, id="a number of others"),
        pytest.param(["Notes,,", "1. rounded,,"], 2, id="what says that notes follow"),
        pytest.param(["Quellen,,", "Statistisches Bundesamt Fachserie 14,,"], 2, id="in German"),
        pytest.param(["", "Quellen,,", "Destatis,,"], 2, id="such a word below a blank line"),
        pytest.param(["Quellen:,,", "Destatis,,"], 2, id="such a word with a colon"),
        pytest.param(["Note,,", "Source,,", "Remark,,"], 0, id="such words as names of rows"),
        pytest.param(["Fonte,,", "Harz,,"], 0, id="such a word above a name"),
        pytest.param(["Nota,,"], 0, id="such a word alone"),
        pytest.param(["Bron,,", "Area 9,,"], 0, id="such a word above a name of two words"),
        pytest.param(['"Area\n9",1,2', "Bron,,"], 0, id="such a word below a row of two lines"),
        pytest.param(['"Area\r9",1,2', "Bron,,"], 0, id="the same where CR breaks it"),
        pytest.param(['"Area\r\n9",1,2', "Last updated 12 March 2024,,"], 0, id="a sentence below such a row"),
        pytest.param(["Notes,1,2", "Notes,,"], 0, id="a name of rows"),
        pytest.param(["Notes,7,"], 0, id="such a name with a value"),
        pytest.param(["Key figures,,"], 0, id="other words"),
        pytest.param(["EOF,,"], 1, id="the end of a file"),
        pytest.param(["End,,"], 0, id="a name"),
        pytest.param(["END,7"], 0, id="a row cut off"),
        pytest.param(["*** END OF REPORT ***,,"], 1, id="the end of a report"),
        pytest.param(["* * *,E N D   O F,R E P O R T"], 1, id="the same over several cells"),
        pytest.param(["End of Season,,"], 0, id="another end"),
        pytest.param(["END OF REPORT,,", "Page 1 of 1,,"], 2, id="the end and the page"),
        pytest.param(
            ["X State has a policy.,,", "— Not available.,,", "(1) provisional,,"], 3, id="sentences above a footnote"
        ),
        pytest.param(["Area 9 North,,", "(1) provisional,,"], 1, id="a name above one"),
        pytest.param(["Saint Kitts a. Nev.,1,2", "Bosnia and Herz.,,", "(1) provisional,,"], 1, id="names cut so"),
        pytest.param(["X State has a policy.,,"], 0, id="a sentence alone"),
    ],
)
def test_last_rows_of_a_single_cell_are_notes_where_they_say_so(below: list[str], count: int) -> None:
    assert remarks(*below) == count


@pytest.mark.parametrize(
    ("below", "count"), [("Page 1 of 1", 1), ("End of list", 1), ("Source: Ministry of Health", 0), ("Area 9", 0)]
)
def test_below_two_columns_only_the_end_of_a_page_or_list_is_a_note(below: str, count: int) -> None:
    assert count_remarks([(2, ["Area 1", "1"]), (3, ["Area 2", "2"]), (4, [below, ""])]) == count
    assert count_remarks([(2, ["Page 1", "1"]), (3, ["End of list", "2"]), (4, [below, ""])]) == 0


def test_note_below_a_single_row_says_so_itself() -> None:
    row = (2, ["Area 1", "1", "2"])
    assert count_remarks([row, (4, ["Source: Ministry of Health", "", ""])]) == 1
    assert count_remarks([row, (4, ["Last updated 12 March 2024", "", ""])]) == 0


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param(["NIL return,,", "", "Notes,,", "Gifts over 140 are listed.,,"], 2, id="below a row of one cell"),
        pytest.param(["NIL return,,", "Notes,,", "Gifts over 140 are listed.,,"], 0, id="without a blank line"),
        pytest.param(["Pen,,", "", "Notes,,", "Rulers,,"], 0, id="above a name"),
        pytest.param(["", "Notes,,", "Gifts over 140 are listed.,,"], 0, id="without any row above"),
    ],
)
def test_where_no_row_has_more_than_one_cell_a_heading_apart_begins_the_notes(rows: list[str], count: int) -> None:
    assert count_remarks([(at, line.split(",")) for at, line in enumerate(rows, 2) if line]) == count
