"""Tables that the workbook itself defines are told apart by that."""

import zipfile
from pathlib import Path

import pytest

from tests.unit.tabular.workbook.tables_beside import (
    CUSTOMERS,
    LEGEND,
    MONTHS,
    PRODUCTS,
    Rows,
    customers,
    found,
    legend,
    months,
    products,
    read,
    workbook,
)
from uploads.tabular.notes import WhyKind
from uploads.tabular.sentences.notes import sentences_of


def test_tables_that_the_workbook_defines_are_told_apart(tmp_path: Path) -> None:
    tables = {"B1": CUSTOMERS[:4], "F1": PRODUCTS, "B7": LEGEND}
    first, right, below = read(workbook(tmp_path, tables, defined="B1:D4 F1:H4 B7:C9"))
    assert found([first, right, below]) == {
        "S": (customers, [2, 3, 4]),
        "S (row 7)": (legend, [8, 9]),
        "S (column F)": (products, [2, 3, 4]),
    }
    assert right.dialect.notes[0].figures["why"] == {"kind": WhyKind.DEFINED}


def test_definition_of_one_of_them_tells_nothing_apart(tmp_path: Path) -> None:
    (table,) = read(workbook(tmp_path, {"A1": CUSTOMERS[:4], "E1": PRODUCTS}, defined="A1:C4"))
    assert found([table]) == {"S": ((*customers, *products), [2, 3, 4])}


def test_a_few_texts_beyond_a_defined_table_are_notes_also_beside_its_header(tmp_path: Path) -> None:
    cells = {"A3": MONTHS, "E3": [["look at this"], ["twice"]]}
    (table,) = read(workbook(tmp_path, cells, defined="A3:B7"))

    assert found([table]) == {"S": (months, [4, 5, 6, 7])}
    (said,) = [note for note in sentences_of(table.dialect.notes) if note.startswith("Beside the table")]
    assert "E3 “look at this”, E4 “twice”" in said


@pytest.mark.parametrize(
    ("cells", "defined"),
    [
        ({"A3": MONTHS, "C3": [["look at this"], ["twice"]]}, "A3:B7"),
        ({"A3": MONTHS, "E3": [["look at this"], [5]]}, "A3:B7"),
        ({"A3": MONTHS, "E3": [["look at this"], ["twice"]]}, ""),
    ],
    ids=["right beside", "a number", "no definition"],
)
def test_what_may_be_a_column_of_it_is_one(tmp_path: Path, cells: dict[str, Rows], defined: str) -> None:
    (table,) = read(workbook(tmp_path, cells, defined=defined))

    assert table.labels[-1] == "look at this"


def test_within_a_table_that_the_workbook_defines_begins_no_other(tmp_path: Path) -> None:
    tables = {"A1": MONTHS, "A7": [["Month", "Costs"], *MONTHS[1:]]}
    assert list(found(read(workbook(tmp_path, tables)))) == ["S", "S (row 7)"]
    path = workbook(tmp_path, tables, defined="A1:B11")
    assert found(read(path)) == {"S": (months, [2, 3, 4, 5, 7, 8, 9, 10, 11])}


def test_definitions_that_are_damaged_are_none_and_hide_nothing_else(tmp_path: Path) -> None:
    cells = {"A1": [*CUSTOMERS[:3], ["#N/A", "Rome", 5]], "E1": PRODUCTS}
    whole = workbook(tmp_path, cells, defined="A1:C4 E1:G4")
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as package:
        for part in source.infolist():
            content = source.read(part)
            package.writestr(part.filename, content[:-20] if part.filename == "xl/tables/table2.xml" else content)
    assert len(read(whole)) == 2
    (table,) = read(damaged)
    assert "1 cell holds an error, read as blank; the first is #N/A in A4." in sentences_of(table.dialect.notes)
