"""Cells of an .xlsx that the first reader gives otherwise than the sheet shows them, and their neighbours."""

from pathlib import Path

from tests.unit.tabular.workbook.shown.sheets import (
    DATE,
    DOLLAR,
    EURO,
    HIDDEN_ZERO,
    TIME,
    ZIP,
    column,
    kinds,
    number,
    second,
)
from uploads.tabular.notes import NoteKind


def test_zip_codes_keep_their_zeros_and_numbers_beside_them_stay(tmp_path: Path) -> None:
    table = column(tmp_path, number(2108, ZIP), number(2108), number(0.5, ZIP))

    assert second(table) == ["02108", "2108", "0.5"]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.MASKED_NUMBERS]
    assert said.figures == {"count": 1, "columns": ["B"], "number": "2108", "shown": "02108", "names": ["b"]}


def test_nothing_is_said_of_numbers_that_a_mask_shows_as_they_are(tmp_path: Path) -> None:
    assert kinds(column(tmp_path, number(12108, ZIP), number(2108))) == set()


def test_dates_behind_a_condition_are_dates(tmp_path: Path) -> None:
    table = column(tmp_path, number(45352, HIDDEN_ZERO), number(0, HIDDEN_ZERO), number(45353, HIDDEN_ZERO))

    assert second(table) == ["2024-03-01", "", "2024-03-02"]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.HIDDEN_TIMES]
    assert said.figures == {"count": 1, "first": "B3", "places": ["B3"], "held": "0"}


def test_nothing_is_said_to_be_hidden_of_what_such_a_format_shows(tmp_path: Path) -> None:
    assert NoteKind.HIDDEN_TIMES not in kinds(column(tmp_path, number(45352, HIDDEN_ZERO), number(45353, HIDDEN_ZERO)))


def test_0_among_dates_is_blank_and_said(tmp_path: Path) -> None:
    table = column(tmp_path, number(45352, DATE), number(0, DATE))

    assert second(table) == ["2024-03-01", ""]
    assert NoteKind.ZERO_DATES in kinds(table)


def test_0_in_the_system_of_1904_is_its_first_day(tmp_path: Path) -> None:
    table = column(tmp_path, number(43890, DATE), number(0, DATE), book='<workbookPr date1904="1"/>')

    assert second(table) == ["2024-03-01", "1904-01-01"]
    assert NoteKind.ZERO_DATES not in kinds(table)


def test_times_beyond_a_day_are_no_dates_of_1900(tmp_path: Path) -> None:
    table = column(tmp_path, number(1.0625, TIME), number(1.5, TIME))

    assert second(table) == ["01:30:00", "12:00:00"]
    assert NoteKind.TIMES_OVER_A_DAY in kinds(table)


def test_negative_times_are_said(tmp_path: Path) -> None:
    table = column(tmp_path, number(-0.25, TIME), number(0.5, TIME))

    assert second(table) == ["-6:00:00", "12:00:00"]
    assert NoteKind.NEGATIVE_TIMES in kinds(table)


def test_date_below_0_is_its_number_and_no_midnight(tmp_path: Path) -> None:
    table = column(tmp_path, number(-3, DATE), number(45352, DATE))

    assert second(table) == ["-3", "2024-03-01"]
    assert NoteKind.NEGATIVE_TIMES in kinds(table)


def test_plain_dates_and_times_are_left_alone(tmp_path: Path) -> None:
    table = column(tmp_path, number(0.3125, TIME), number(0, TIME), number(-5), number(1.5))

    assert second(table) == ["07:30:00", "00:00:00", "-5", "1.5"]
    assert kinds(table) == set()


def test_two_currencies_in_a_column_are_said_and_one_is_not(tmp_path: Path) -> None:
    mixed = column(tmp_path, number(1, EURO), number(2, DOLLAR), number(3, EURO))
    plain = column(tmp_path, number(1, EURO), number(2, EURO), number(3))

    (said,) = [note for note in mixed.dialect.notes if note.kind is NoteKind.CURRENCIES]
    assert said.figures == {"column": "B", "cells": {"€": 2, "$": 1}}
    assert NoteKind.CURRENCIES not in kinds(plain)


def test_value_before_its_formula_is_read(tmp_path: Path) -> None:
    table = column(tmp_path, '<c r="{r}"><v>5</v><f>A2*5</f></c>', '<c r="{r}" t="str"><v>x</v><f>T(A1)</f></c>')

    assert second(table) == ["5", "x"]


def test_formula_before_its_value_needs_no_second_reader(tmp_path: Path) -> None:
    table = column(tmp_path, '<c r="{r}"><f>A2*5</f><v>5</v></c>', number(7))

    assert second(table) == ["5", "7"]
    assert kinds(table) == {NoteKind.FORMULAS}
