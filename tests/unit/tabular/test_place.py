"""Where a table stands is a fact; the name that people see is made from it and never read back."""

import pytest

from uploads.services.datasets.matching import dataset_hint, joint_hint
from uploads.tabular.place import TablePlace


@pytest.mark.parametrize(
    ("place", "source", "hint"),
    [
        (TablePlace(), None, "book.xlsx"),
        (TablePlace(lines=(9, 20)), "lines 9 to 20", "book lines 9 to 20"),
        (TablePlace(sheet="Sales"), "Sales", "Sales"),
        (TablePlace(sheet="Sales", row=36), "Sales (row 36)", "Sales (row 36)"),
        (TablePlace(sheet="Sheet1"), "Sheet1", "book"),
        (TablePlace(sheet="Sheet1", row=5), "Sheet1 (row 5)", "book row 5"),
        (TablePlace(sheet="Sheet1", column="E", row=5), "Sheet1 (column E, row 5)", "book column E, row 5"),
        (TablePlace(sheet="Sheet2", column="E"), "Sheet2 (column E)", "book Sheet2 (column E)"),
        (TablePlace(sheet="Sheet2"), "Sheet2", "book Sheet2"),
        (TablePlace(member="d/a.csv"), "d/a.csv", "a.csv"),
        (TablePlace(member="d/a.csv", lines=(9, 20)), "d/a.csv/lines 9 to 20", "a lines 9 to 20"),
        (TablePlace(member="d/x.xlsx", sheet="Sheet1", row=5), "d/x.xlsx/Sheet1 (row 5)", "x row 5"),
        (TablePlace(member="d/x.xlsx", sheet="Sheet1"), "d/x.xlsx/Sheet1", "x"),
    ],
)
def test_table_and_dataset_are_named_by_the_place(place: TablePlace, source: str | None, hint: str) -> None:
    assert (place.source, dataset_hint(file_name="book.xlsx", place=place)) == (source, hint)


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        (TablePlace(sheet="Sheet1 (row 5)"), "Sheet1 (row 5)"),
        (TablePlace(sheet="Sheet1 (row 5)", row=9), "Sheet1 (row 5) (row 9)"),
        (TablePlace(sheet="Sheet2 (column E)"), "Sheet2 (column E)"),
        (TablePlace(member="d/lines 1 to 2"), "lines 1 to 2"),
        (TablePlace(sheet="a/Sheet1"), "a/Sheet1"),
    ],
)
def test_a_name_that_somebody_gave_is_no_place(place: TablePlace, hint: str) -> None:
    assert dataset_hint(file_name="book.xlsx", place=place) == hint


@pytest.mark.parametrize(
    ("places", "hint"),
    [
        ([TablePlace(sheet="Jan"), TablePlace(sheet="Feb")], "book.xlsx"),
        ([TablePlace(member="d/jan.csv"), TablePlace(member="d/feb.csv")], "book.xlsx"),
        ([TablePlace(member="d/y.xlsx", sheet="Jan"), TablePlace(member="d/y.xlsx", sheet="Feb")], "y.xlsx"),
        ([TablePlace(member="a.xlsx", sheet="Jan"), TablePlace(member="b.xlsx", sheet="Jan")], "book.xlsx"),
        ([TablePlace(sheet="Jan")], None),
        ([TablePlace(sheet="Jan"), TablePlace(sheet="Jan", row=36)], None),
        ([TablePlace(), TablePlace(lines=(9, 20))], None),
        ([TablePlace(member="d/jan.csv"), TablePlace(member="d/jan.csv", lines=(9, 20))], None),
    ],
)
def test_what_holds_several_tables_names_them(places: list[TablePlace], hint: str | None) -> None:
    assert joint_hint(file_name="book.xlsx", places=places) == hint
