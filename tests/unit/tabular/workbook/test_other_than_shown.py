"""Numbers and days that are stored otherwise than a person sees them in the sheet are said, column by column."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.unit.tabular.workbook.packages import ods_text, write_ods
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

DAY, NOON = dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 3, 12, 30)  # noqa: DTZ001 (cells have no zone)


def write(folder: Path, values: list[object], number_format: str) -> Path:
    """A sheet with numbers in the first column and these below ``b`` in the second."""
    book = Workbook()
    (sheet,) = book.worksheets
    sheet.append(["a", "b"])
    for row, value in enumerate(values, start=2):
        sheet.append([row, value])
        sheet.cell(row, 2).number_format = number_format
    book.save(folder / "s.xlsx")
    return folder / "s.xlsx"


def said(path: Path, kind: NoteKind) -> list[Note]:
    (table,) = tables(path)
    return [note for note in table.dialect.notes if note.kind is kind]


def tables(path: Path) -> list[SourceTable]:
    return list(open_sheets(path, name=path.name, options=ReadOptions(), limits=Limits()))


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "#,##0.0 %;[Red]-0.0 %", "0\\ %"])
def test_percentages_are_said_with_the_first_that_is_not_0(tmp_path: Path, number_format: str) -> None:
    (note,) = said(write(tmp_path, [0, 0.125, 1.5], number_format), NoteKind.PERCENTAGES)

    assert note.figures == {"columns": ["B"], "names": ["b"], "number": "0.125"}


@pytest.mark.parametrize("number_format", ["0.00", "General", '0" %"', "0\\%"])
def test_numbers_and_signs_in_quotes_are_none(tmp_path: Path, number_format: str) -> None:
    """Excel shows a quoted ``%`` beside the number as it is."""
    assert said(write(tmp_path, [0.125, 1.5], number_format), NoteKind.PERCENTAGES) == []


def test_a_column_of_zeros_shown_as_percentages_is_none(tmp_path: Path) -> None:
    assert said(write(tmp_path, [0, 0], "0%"), NoteKind.PERCENTAGES) == []


def test_percentages_of_an_ods_are_said(tmp_path: Path) -> None:
    share = '<table:table-cell office:value-type="percentage" office:value="{}"/>'
    rows = [ods_text("x") + share.format(value) for value in ("0", "0.07")]

    (note,) = said(write_ods(tmp_path / "p.ods", ods_text("a") + ods_text("b"), *rows), NoteKind.PERCENTAGES)

    assert note.figures == {"columns": ["B"], "names": ["b"], "number": "0.07"}


@pytest.mark.parametrize("times", [[DAY, NOON], [NOON, DAY], [*[NOON] * 5_000, DAY], [DAY, *[NOON] * 5_000]])
def test_days_among_times_are_said(tmp_path: Path, times: list[object]) -> None:
    path = write(tmp_path, times, "yyyy-mm-dd hh:mm")

    (note,) = said(path, NoteKind.DAYS_AMONG_TIMES)
    assert note.figures == {"columns": ["B"], "names": ["b"]}
    (table,) = tables(path)
    assert rows_of(table)[times.index(DAY)][1] == "2024-01-02 00:00:00"


@pytest.mark.parametrize("times", [[DAY, DAY], [NOON, NOON], [DAY, "soon", DAY], ["2024-01-02 00:00:00", "2024-01-02"]])
def test_days_alone_times_alone_and_texts_are_not(tmp_path: Path, times: list[object]) -> None:
    assert said(write(tmp_path, times, "yyyy-mm-dd hh:mm"), NoteKind.DAYS_AMONG_TIMES) == []


LONG = dt.datetime(2024, 1, 3, 12, 30, 45)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("values", "number_format", "hidden", "cell"),
    [
        ([1, 1 / 3, 2 / 3], "0.00", "decimals", [2, "B3", "0.333333333333333", "0.33"]),
        ([1_234.56], "#,##0", "decimals", [1, "B2", "1234.56", "1235"]),
        ([12.346], '#,##0.00" kg"', "decimals", [1, "B2", "12.346", "12.35"]),
        ([dt.time(12, 30), dt.time(12, 30, 45)], "hh:mm", "seconds", [1, "B3", "12:30:45", ""]),
        ([dt.timedelta(hours=30, seconds=9)], "[h]:mm", "seconds", [1, "B2", "30:00:09", ""]),
        ([LONG], "yyyy-mm-dd hh:mm", "seconds", [1, "B2", "2024-01-03 12:30:45", ""]),
        ([DAY, NOON], "yyyy-mm-dd", "time", [1, "B3", "2024-01-03 12:30:00", ""]),
    ],
)
def test_part_that_the_sheet_does_not_show_is_said_with_its_first_cell(
    tmp_path: Path, values: list[object], number_format: str, hidden: str, cell: list[object]
) -> None:
    (note,) = said(write(tmp_path, values, number_format), NoteKind.SHOWN_SHORTER)

    assert note.figures == {"hidden": hidden, "columns": ["B"], "names": ["b"], "cells": [cell], "is_all": True}


@pytest.mark.parametrize(
    ("values", "number_format"),
    [
        ([1 / 3], "General"),
        ([1.25, 1.5], "0.00"),
        ([4_111_111_111_111_111, 9_007_199_254_740_993], "0"),
        ([0.125], "0%"),
        ([1_234_567.0, 1_234.5], "0.0,"),
        ([1 / 3], "# ?/?"),
        ([1 / 3], "0.0E+00"),
        ([dt.time(12, 30, 45)], "hh:mm:ss"),
        ([dt.time(12, 30)], "hh:mm"),
        ([dt.timedelta(seconds=45)], "[ss]"),
        ([DAY], "yyyy-mm-dd"),
        (["0.333"], "0.00"),
    ],
)
def test_what_is_shown_in_full_or_in_another_way_is_not(
    tmp_path: Path, values: list[object], number_format: str
) -> None:
    assert said(write(tmp_path, values, number_format), NoteKind.SHOWN_SHORTER) == []


def test_hidden_parts_change_no_cell(tmp_path: Path) -> None:
    (table,) = tables(write(tmp_path, [LONG, NOON], "yyyy-mm-dd"))
    assert [cells[1] for cells in rows_of(table)] == ["2024-01-03 12:30:45", "2024-01-03 12:30:00"]
