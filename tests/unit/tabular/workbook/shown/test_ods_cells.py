"""Cells of an .ods that the first reader gives otherwise than the sheet shows them, and their neighbours."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import (
    ods_text,
    ods_value,
    write_ods,
)
from tests.unit.tabular.workbook.shown.sheets import kinds, ods_float, read, second
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.notes import NoteKind

UNTYPED = "<table:table-cell><text:p>{}</text:p></table:table-cell>"


def test_text_without_a_type_is_kept_also_beyond_all_others(tmp_path: Path) -> None:
    path = write_ods(
        tmp_path / "t.ods",
        ods_text("a") + ods_text("b") + UNTYPED.format("c"),
        ods_float("1", "1") + UNTYPED.format("x &amp; y"),
        ods_float("2", "2") + ods_text("z"),
        "<table:table-cell/>" * 2 + UNTYPED.format("last"),
    )

    table = read(path)

    assert table.labels == ("a", "b", "c")
    assert rows_of(table) == [["1", "x & y", ""], ["2", "z", ""], ["", "", "last"]]


def test_sheet_of_texts_without_a_type_is_no_empty_one(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "t.ods", UNTYPED.format("a") + UNTYPED.format("b"), UNTYPED.format("x") * 2)

    assert rows_of(read(path)) == [["x", "x"]]


def test_zip_codes_and_phone_numbers_of_an_ods_are_text_as_shown_and_amounts_stay(tmp_path: Path) -> None:
    shown = {
        ("2108", "02108"): "02108",
        ("5551234567", "(555) 123-4567"): "(555) 123-4567",
        ("5551234", "555-1234"): "555-1234",
        ("612345678", "06 12 34 56 78"): "06 12 34 56 78",
        ("1234567", "1 234 567"): "1234567",
        ("1234", "1,234"): "1234",
        ("-5", "(5)"): "-5",
        ("45352", "2024-03-01"): "45352",
        ("0", "-"): "0",
        ("0", "00000"): "00000",
        ("0", "0.00"): "0",
        ("42", "INV-0042"): "INV-0042",
        ("42", "INV-42"): "42",
        ("5", "$05"): "5",
    }
    rows = (ods_float("1", "1") + ods_float(value, text) for value, text in shown)

    table = read(write_ods(tmp_path / "z.ods", ods_text("a") + ods_text("b"), *rows))

    assert second(table) == list(shown.values())


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("a<text:tab/>b<text:line-break/>c", "a\tb\nc"),
        ('a<text:s text:c="2"/>b<text:tab/>', "a  b\t"),
        ("<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text></text:ruby>", "漢字"),
        # Neighbours: what the first reader reads as it is.
        ('a<text:s text:c="2"/>b', "a  b"),
        ("<text:span>a</text:span>b", "ab"),
    ],
)
def test_white_space_of_a_text_is_kept_and_letters_above_it_are_not(tmp_path: Path, inside: str, text: str) -> None:
    cell = f'<table:table-cell office:value-type="string"><text:p>{inside}</text:p></table:table-cell>'
    for at, own in enumerate((cell, UNTYPED.format(inside))):
        path = write_ods(tmp_path / f"{at}.ods", ods_text("a") + ods_text("b"), ods_float("1", "1") + own)
        assert second(read(path)) == [text]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<table:table-cell table:number-columns-repeated="1"><text:p>x</text:p></table:table-cell>', "x"),
        ("<table:table-cell><text:p><text:span>x</text:span></text:p></table:table-cell>", "x"),
        ('<table:table-cell office:value-type="void"><text:p>x</text:p></table:table-cell>', "x"),
        ("<table:table-cell><text:p></text:p></table:table-cell>", ""),
        ("<table:table-cell><office:annotation><text:p>x</text:p></office:annotation></table:table-cell>", ""),
    ],
)
def test_text_without_a_type_is_found_however_its_cell_is_written(tmp_path: Path, cell: str, text: str) -> None:
    rows = [ods_float("1", "1") + cell, ods_float("2", "2") + ods_text("y")]
    assert second(read(write_ods(tmp_path / "t.ods", ods_text("a") + ods_text("b"), *rows))) == [text, "y"]


def test_numbers_that_are_text_as_shown_are_said(tmp_path: Path) -> None:
    table = read(
        write_ods(tmp_path / "m.ods", ods_text("a") + ods_text("b"), ods_float("1", "1") + ods_float("7", "07"))
    )

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.MASKED_NUMBERS]
    assert said.figures == {"count": 1, "columns": ["B"], "names": ["b"], "number": "7", "shown": "07"}


def test_formula_without_a_value_is_not_the_first_whose_result_is_read(tmp_path: Path) -> None:
    formula = '<table:table-cell table:formula="of:=1"{}/>'
    rows = [
        ods_float("1", "1") + formula.format(value) for value in ("", ' office:value-type="float" office:value="1"')
    ]

    table = read(write_ods(tmp_path / "f.ods", ods_text("a") + ods_text("b"), *rows))

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.FORMULAS]
    assert (said.figures["count"], said.figures["first"]) == (1, "B3")


def test_formulas_of_an_ods_that_nobody_computed_are_said(tmp_path: Path) -> None:
    formula = '<table:table-cell table:formula="of:=[.A2]*2"/>'

    table = read(
        write_ods(tmp_path / "f.ods", ods_text("a") + ods_text("b"), ods_float("1", "1") + formula, ods_float("2", "2"))
    )

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.UNSAVED_FORMULAS]
    assert said.figures == {"count": 1, "first": "B2"}


@pytest.mark.parametrize(
    "neighbour",
    [
        '<table:table-cell table:formula="of:=[.A2]*2" office:value-type="float" office:value="2"/>',
        '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"/>',
        "<table:table-cell/>",
    ],
)
def test_formulas_of_an_ods_with_their_values_and_blank_cells_are_not(tmp_path: Path, neighbour: str) -> None:
    rows = [ods_float("1", "1") + neighbour, ods_float("2", "2") + ods_float("3", "3")]
    table = read(write_ods(tmp_path / "f.ods", ods_text("a") + ods_text("b"), *rows))
    assert NoteKind.UNSAVED_FORMULAS not in kinds(table)


def test_two_currencies_of_an_ods_are_said(tmp_path: Path) -> None:
    money = '<table:table-cell office:value-type="currency" office:currency="{}" office:value="1"/>'
    rows = [ods_float("1", "1") + money.format(code) for code in ("EUR", "USD", "EUR")]

    table = read(write_ods(tmp_path / "c.ods", ods_text("a") + ods_text("b"), *rows))

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.CURRENCIES]
    assert said.figures == {"column": "B", "cells": {"EUR": 2, "USD": 1}}


def test_negative_duration_of_an_ods_is_written_as_one(tmp_path: Path) -> None:
    time = '<table:table-cell office:value-type="time" office:time-value="{}"><text:p>x</text:p></table:table-cell>'
    rows = [ods_float("1", "1") + time.format(text) for text in ("-PT01H30M00S", "PT30H05M00S")]

    assert second(read(write_ods(tmp_path / "d.ods", ods_text("a") + ods_text("b"), *rows))) == ["-1:30:00", "30:05:00"]


def dates(*values: str) -> list[str]:
    return [ods_text("x") + ods_value("date", value) for value in values]


@pytest.mark.parametrize(
    ("values", "cells", "said"),
    [
        (("2024-01-05T00:00:00", "2024-02-06T00:00:00"), ["2024-01-05", "2024-02-06"], set()),
        (("2024-01-05T00:00:00", "2024-02-06"), ["2024-01-05", "2024-02-06"], set()),
        (
            ("2024-01-05T00:00:00", "2024-02-06T10:30:00"),
            ["2024-01-05 00:00:00", "2024-02-06 10:30:00"],
            {NoteKind.DAYS_AMONG_TIMES},
        ),
        (("2024-01-05T08:00:00",), ["2024-01-05 08:00:00"], set()),
    ],
)
def test_dates_that_an_ods_states_with_midnight_are_days(
    tmp_path: Path, values: tuple[str, ...], cells: list[str], said: set[NoteKind]
) -> None:
    table = read(write_ods(tmp_path / "d.ods", ods_text("a") + ods_text("b"), *dates(*values)))

    assert second(table) == cells
    assert kinds(table) & {NoteKind.DAYS_AMONG_TIMES} == said


@pytest.mark.parametrize(
    ("shown", "cells"),
    [
        ([("42", "INV-0042"), ("1234", "INV-1234")], ["INV-0042", "INV-1234"]),
        ([("1234", "INV-1234"), ("42", "INV-0042")], ["INV-1234", "INV-0042"]),
        ([("7", "INV2020-007"), ("1234", "INV2020-1234")], ["INV2020-007", "INV2020-1234"]),
        ([("0", "A00"), ("10", "A10")], ["A00", "A10"]),
        ([("3", "Grade 3"), ("10", "Grade 10"), ("100", "Grade 100")], ["3", "10", "100"]),
        ([("5", "CHF 0.05"), ("7", "x 7")], ["5", "7"]),
        ([("42", "INV-0042"), ("7", "Box 7")], ["INV-0042", "7"]),
    ],
)
def test_ids_with_a_word_before_them_are_shown_throughout_an_ods(
    tmp_path: Path, shown: list[tuple[str, str]], cells: list[str]
) -> None:
    rows = [ods_text("x") + ods_float(*each) for each in shown]

    assert second(read(write_ods(tmp_path / "i.ods", ods_text("a") + ods_text("b"), *rows))) == cells
