"""What tables are called on a receipt, and what the way to read them otherwise says."""

from dataclasses import replace

import pytest

from tests.unit.services.test_receipt_page import LOAD
from uploads.services.files.load_receipt import LoadReceipt
from uploads.tabular.names import NameChange
from uploads.tabular.notes import Note, NoteKind
from uploads.web.sentences.tables import (
    cut_place,
    join_label,
    names_heading,
    names_legend,
    no_header_label,
    one_table_label,
    parted_sentence,
    table_title,
    title_above,
)

SHEET = replace(LOAD, format="xlsx", source="S1")
TYPED = ({"name": "a", "type": "text"}, {"name": "n", "type": "bigint"})
FIRST = replace(LOAD, loaded=3, rejected=1, footer=1, notes=(Note.of(NoteKind.OTHER_LINES, first=9, last=12),))
SECOND = replace(LOAD, source="lines 9 to 12", loaded=5, rejected=0, footer=0, preamble=2, header=3, notes=())


def total(place: int, words: tuple[int, ...] = ()) -> Note:
    return Note.of(NoteKind.LAST_TOTAL, unit="row", place=place, text="Total", totals=1, words=list(words))


@pytest.mark.parametrize(
    ("load", "title"),
    [
        (SHEET, "Sheet S1"),
        (replace(SHEET, format="html", source="Sales"), "Sales"),
        (replace(LOAD, source="jan.csv"), "jan.csv"),
        (LOAD, ""),
    ],
)
def test_single_table_is_called_after_its_sheet_or_member(load: LoadReceipt, title: str) -> None:
    assert table_title(load, [load]) == title


@pytest.mark.parametrize(
    ("load", "title"),
    [
        (replace(SHEET, source="Sheet2 (row 5)"), "Sheet2 (row 5)"),
        (replace(SHEET, source="books.xlsx/S1"), "books.xlsx/S1"),
        (LOAD, "lines 1 to 1,000,015"),
        (replace(LOAD, lines=None), "First table"),
    ],
)
def test_table_is_called_so_that_it_is_found_in_its_file(load: LoadReceipt, title: str) -> None:
    assert table_title(load, [load, replace(load, source="another")]) == title


def headed(load: LoadReceipt, *titles: str) -> LoadReceipt:
    return replace(load, notes=(Note.of(NoteKind.PREAMBLE, count=len(titles), headings=list(titles)),))


def test_one_of_several_tables_is_called_by_the_title_above_it() -> None:
    first, second = headed(LOAD, "Travel"), headed(SECOND, "Gifts")
    third = replace(SECOND, source="lines 13 to 20")
    among = [first, second, third]
    titles = [table_title(load, among) for load in among]
    assert titles == ["“Travel”, lines 1 to 1,000,015", "“Gifts”, lines 9 to 12", "lines 13 to 20"]


def test_title_of_a_table_is_the_line_above_it_that_is_its_own() -> None:
    first, second = headed(LOAD, "Department A", "Expenses"), headed(SECOND, "Department B", "Expenses")
    assert [title_above(load, [first, second]) for load in (first, second)] == ["Department A", "Department B"]
    third = headed(SECOND, "Report of May", "Staff")
    assert title_above(third, [first, second, third]) == "Report of May"


def test_lines_that_nobody_knows_to_be_titles_name_no_table() -> None:
    older = replace(SECOND, notes=(Note.of(NoteKind.PREAMBLE, count=1, titles=[[9, "South Rome"]]),))
    assert table_title(older, [FIRST, older]) == "lines 9 to 12"


def test_title_above_a_table_of_a_sheet_stands_before_its_place() -> None:
    note = Note.of(NoteKind.SHEET_HEADER, titles=1, depth=1, places=[7], headings=["Gifts"])
    below = replace(SHEET, source="S1 (row 7)", notes=(note,))
    assert table_title(below, [SHEET, below]) == "“Gifts”, Sheet S1 (row 7)"
    assert table_title(replace(SHEET, notes=(note,)), [replace(SHEET, notes=(note,))]) == "Sheet S1"


def test_tables_of_different_sheets_are_told_apart_by_these_alone() -> None:
    first, second = headed(replace(LOAD, source="a.csv", origin="a.csv"), "Gifts"), replace(LOAD, origin="b.csv")
    assert table_title(first, [first, second]) == "a.csv"


@pytest.mark.parametrize(
    ("notes", "label"),
    [
        ((), ""),
        ((total(10),), "Load row 10 too: read everything as one table"),
        (
            (Note.of(NoteKind.NOTES_BELOW, unit="row", count=2, places=[12, 14]), total(10)),
            "Load rows 10, 12 and 14 too: read everything as one table",
        ),
        (
            (Note.of(NoteKind.HEADER_REPEATED, unit="row", count=9, places=[2, 3, 4, 5, 6]),),
            "Load 9 rows too: read everything as one table",
        ),
        ((Note.of(NoteKind.NOTES_BELOW, unit="row", count=1),), "Load 1 row too: read everything as one table"),
        (
            (Note.of(NoteKind.NOTES_BESIDE, notes=[["E3", "x"]]),),
            "Load what was left out too: read everything as one table",
        ),
    ],
)
def test_way_to_rows_that_were_left_out_names_them(notes: tuple[Note, ...], label: str) -> None:
    load = replace(SHEET, notes=notes)
    assert one_table_label(load, [load]) == label


def below(count: int, *, unfit: int = 0, words: tuple[int, ...] = ()) -> Note:
    places = list(range(12, 12 + count))
    return Note.of(
        NoteKind.NOTES_BELOW, unit="row", count=count, places=places, unfit=unfit, width=2, words=list(words)
    )


@pytest.mark.parametrize(
    ("notes", "label"),
    [
        ((below(2, words=(0,)),), "Load rows 12 and 13 too: read everything as one table"),
        ((below(2, words=(0, 1)),), ""),
        ((below(1, unfit=1),), ""),
        ((below(3, unfit=1),), "Load 2 rows too: read everything as one table"),
        ((below(1, unfit=1), total(10)), "Load row 10 too: read everything as one table"),
        ((total(10, words=(0,)),), "Load row 10 too: read everything as one table"),
        ((total(10, words=(1,)),), ""),
        ((Note.of(NoteKind.HEADER_REPEATED, unit="row", count=1, places=[5]),), ""),
    ],
)
def test_rows_that_do_not_fit_the_columns_are_not_offered_to_be_loaded(notes: tuple[Note, ...], label: str) -> None:
    load = replace(SHEET, columns=TYPED, notes=notes)
    assert one_table_label(load, [load]) == label


def test_way_to_rows_says_that_it_holds_for_other_sheets_too() -> None:
    one, other = replace(SHEET, origin="S1", notes=(total(10),)), replace(SHEET, origin="S2", notes=(total(7),))
    assert (
        one_table_label(one, [one, other]) == "Load what was left out of every table too: read everything as one table"
    )
    assert one_table_label(one, [one, replace(other, notes=())]) == "Load row 10 too: read everything as one table"


def test_joining_counts_the_lines_between_as_rows() -> None:
    deep = replace(SECOND, notes=(Note.of(NoteKind.HEADER_DEPTH, depth=2),))
    apart = replace(SECOND, dataset="others")
    assert join_label([FIRST, apart]) == "Read everything as one table: 2 tables → 1 of 13 rows"
    assert (
        join_label([FIRST, replace(deep, dataset="others")]) == "Read everything as one table: 2 tables → 1 of 14 rows"
    )
    assert one_table_label(FIRST, [FIRST, apart]) == "Read everything as one table: 2 tables → 1 of 13 rows"
    together = [replace(load, dataset="prices") for load in (FIRST, SECOND)]
    assert join_label(together) == "Read everything as one table: 13 rows, 4 of titles, headers or totals"
    assert parted_sentence([FIRST, SECOND]).endswith("4 lines of titles, headers and totals are read as rows too.")


def test_joining_tables_of_a_sheet_promises_no_rows() -> None:
    assert join_label([SHEET, SHEET, SHEET]) == "Read everything as one table: 3 tables → 1"


def test_tables_of_other_widths_are_not_offered_to_be_joined() -> None:
    wide = replace(SECOND, columns=({"name": "a"},))
    assert one_table_label(replace(FIRST, notes=(total(7),)), [FIRST, wide]) == ""


def test_button_for_a_doubted_header_names_its_row_unless_that_is_asked_already() -> None:
    doubt = Note.of(NoteKind.HEADER_DOUBTED, unit="row", place=3, why={})
    asked = Note.of(NoteKind.LAYOUT_RUNNER_UP, ways=[{"options": {"header_row": "none"}}])
    assert no_header_label(replace(SHEET, notes=(doubt,))) == "Row 3 is data: no header"
    assert no_header_label(replace(LOAD, notes=(doubt,))) == "Line 3 is data: no header"
    assert no_header_label(replace(SHEET, notes=(doubt, asked))) == ""
    assert no_header_label(SHEET) == ""


def test_legend_tells_the_rule_of_the_marks_that_are_there() -> None:
    cut = "“cut”: a name in the database has room for 63 letters, and é or ß take the room of two."
    changed = (
        "“changed”: a name in the database has only letters, digits and _, begins with a letter, and stands once in a"
        " table."
    )
    assert names_legend([None, NameChange.CHANGED, NameChange.CUT]) == f"{cut} {changed}"
    assert names_legend([NameChange.CHANGED]) == changed
    assert names_legend([None]) == ""


def test_name_of_a_dataset_that_is_cut_is_told_with_what_it_was() -> None:
    assert cut_place(replace(LOAD, dataset="a_long", place_cut_from="A long name")) == (
        "“A long name” is too long for the name of a dataset, so its end is left off: “a_long”."
    )
    assert cut_place(LOAD) == ""


@pytest.mark.parametrize(
    ("notes", "heading"),
    [
        ((), "Name in the file"),
        ((Note.of(NoteKind.HEADER_DEPTH, depth=3),), "Name, joined from 3 header rows"),
        ((Note.of(NoteKind.SHEET_HEADER, titles=2, depth=2),), "Name, joined from 2 header rows"),
        ((Note.of(NoteKind.SHEET_HEADER, titles=2, depth=1),), "Name in the file"),
        ((Note.of(NoteKind.HEADER_DEPTH, depth=2, joined=["A b"]),), "Name, joined from 2 header rows"),
        ((Note.of(NoteKind.HEADER_DEPTH, depth=2, joined=[]),), "Name in the file"),
        ((Note.of(NoteKind.SURVEY_HEADER, is_joined=True),), "Name, joined from 2 header rows"),
        ((Note.of(NoteKind.SURVEY_HEADER, is_joined=False),), "Name in the file"),
    ],
)
def test_joined_names_are_not_said_to_stand_in_the_file(notes: tuple[Note, ...], heading: str) -> None:
    assert names_heading(replace(LOAD, notes=notes)) == heading
