"""Numbers that a sheet shows as words, or not at all, are stored as numbers, and it is said what is shown."""

import struct
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import biff, ods_text, ods_value, write_ods, write_xlsb, xls_text
from tests.unit.tabular.workbook.shown.sheets import read, second, wide_cell, write_xls
from tests.unit.tabular.workbook.test_other_than_shown import said, write
from uploads.tabular.chunks import SourceTable
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.formats.number_format import number_format
from uploads.tabular.workbook.open_workbook import open_sheets

SEX = '[=1]"male";[=2]"female"'
MALE_AND_FEMALE = [["1", "male"], ["2", "female"]]


def words_of(table: SourceTable) -> object:
    """Of the only column that shows some."""
    (note,) = [note for note in table.dialect.notes if note.kind is NoteKind.SHOWN_AS_WORDS]
    assert note.figures["columns"] == ["B"]
    (words,) = note.figures["cells"]
    return words


@pytest.mark.parametrize(
    ("number_format", "values", "words"),
    [
        (SEX, [1, 2, 1], MALE_AND_FEMALE),
        ('"yes";;"no"', [1, 0], [["1", "yes"], ["0", "no"]]),
        ('"Yes";"Yes";"No"', [-1, 0], [["-1", "Yes"], ["0", "No"]]),
        ('[Red]"High";[Blue]"Low";"None"', [5, -5], [["5", "High"], ["-5", "Low"]]),
        ('"✓";;"✗"', [1, 0], [["1", "✓"], ["0", "✗"]]),
        ('#,##0;-#,##0;"(NA)"', [7, 0], [["0", "(NA)"]]),
        ('"Class 10"', [1], [["1", "Class 10"]]),
        (";;;", [11.5], [["11.5", ""]]),
        ("General;;", [7, -3], [["-3", ""]]),
    ],
)
def test_words_in_place_of_numbers_are_said(
    tmp_path: Path, number_format: str, values: list[object], words: list[list[str]]
) -> None:
    path = write(tmp_path, values, number_format)

    (note,) = said(path, NoteKind.SHOWN_AS_WORDS)

    assert note.figures == {"columns": ["B"], "names": ["b"], "cells": [words]}
    assert second(read(path)) == list(map(str, values))


@pytest.mark.parametrize(
    ("number_format", "values"),
    [
        ('_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', [1.5, 0, -2]),
        ('0;-0;"-"', [1, 0]),
        ('0;-0;"…"', [1, 0]),
        ("0;-0;;@", [1, 0]),
        ('#,##0 "kr";-#,##0 "kr";"- kr"', [1, 0]),
        ('[=0]"";0', [1, 0]),
        ('0 "kg"', [1]),
        ('"Q"0', [1]),
        ("[Red]", [1]),
        ('General" items"', [1]),
        (SEX, [3.5]),  # no condition is met: Excel shows ######
    ],
)
def test_a_zero_as_a_dash_or_blank_and_digits_beside_words_are_not_said(
    tmp_path: Path, number_format: str, values: list[object]
) -> None:
    assert said(write(tmp_path, values, number_format), NoteKind.SHOWN_AS_WORDS) == []


def test_a_format_of_dates_has_a_note_of_its_own(tmp_path: Path) -> None:
    assert not number_format('[=0]"none";dd.mm.yyyy').hides
    assert said(write(tmp_path, [0, 45292], '[=0]"none";dd.mm.yyyy'), NoteKind.SHOWN_AS_WORDS) == []


def ods_float(value: str, text: str) -> str:
    return ods_value("float", value).replace("<text:p>x<", f"<text:p>{text}<")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([("1", "male"), ("2", "female")], MALE_AND_FEMALE),
        ([("11", ""), ("12", "12")], [["11", ""]]),
        ([("0", "нет")], [["0", "нет"]]),
    ],
)
def test_words_of_an_ods_are_said(tmp_path: Path, texts: list[tuple[str, str]], words: list[list[str]]) -> None:
    rows = [ods_text("x") + ods_float(*each) for each in texts]

    table = read(write_ods(tmp_path / "w.ods", ods_text("a") + ods_text("b"), *rows))

    assert words_of(table) == words
    assert second(table) == [value for value, _ in texts]


@pytest.mark.parametrize("text", ["-", " – ", "0", "1,5 kg", "1E+05", "٥"])
def test_digits_and_dashes_of_an_ods_are_no_words(tmp_path: Path, text: str) -> None:
    rows = [ods_text("x") + ods_float("0", text)]

    table = read(write_ods(tmp_path / "w.ods", ods_text("a") + ods_text("b"), *rows))

    assert all(note.kind is not NoteKind.SHOWN_AS_WORDS for note in table.dialect.notes)


def test_an_ods_without_shown_texts_hides_nothing(tmp_path: Path) -> None:
    """Some programs write values alone."""
    cell = '<table:table-cell office:value-type="float" office:value="7"/>'

    table = read(write_ods(tmp_path / "w.ods", ods_text("a") + ods_text("b"), ods_text("x") + cell))

    assert all(note.kind is not NoteKind.SHOWN_AS_WORDS for note in table.dialect.notes)


def test_words_of_an_xls_are_said(tmp_path: Path) -> None:
    own = biff(0x041E, struct.pack("<HHB", 164, len(SEX), 0) + SEX.encode())
    styles = b"".join(biff(0x00E0, struct.pack("<HH", 0, at).ljust(20, b"\0")) for at in (0, 164))
    cells = [
        record
        for row in (1, 2)
        for record in (xls_text(row, 0, "x"), biff(0x0203, struct.pack("<HHHd", row, 1, 1, row)))
    ]

    assert words_of(read(write_xls(tmp_path / "w.xls", *cells, globals_=own + styles))) == MALE_AND_FEMALE


def test_words_of_an_xlsb_are_said(tmp_path: Path) -> None:
    formats = packages.record(615, struct.pack("<I", 1)) + packages.record(
        44, struct.pack("<H", 164) + packages.wide(SEX)
    )
    of_cells = b"".join(packages.record(47, struct.pack("<HHHHHBBH", 0, at, 0, 0, 0, 0, 0, 0)) for at in (0, 164))
    of_cells = packages.record(617, struct.pack("<I", 2)) + of_cells + packages.record(618)
    styles = packages.record(278) + formats + packages.record(616) + of_cells + packages.record(279)
    rows = [packages.row_of(0, wide_cell(0, "a"), wide_cell(1, "b"))]
    for row in (1, 2):
        value = packages.cell(packages.REAL, 1, struct.pack("<d", row), 1)
        rows.append(packages.row_of(row, wide_cell(0, "x"), value))

    assert words_of(read(write_xlsb(tmp_path / "w.xlsb", rows, parts={"xl/styles.bin": styles}))) == MALE_AND_FEMALE


@pytest.mark.parametrize(
    ("own", "words"), [(SEX.replace('"', "&quot;"), MALE_AND_FEMALE), ("Yes/No", [["1", "Yes"], ["2", "Yes"]])]
)
def test_words_of_an_xml_spreadsheet_are_said(tmp_path: Path, own: str, words: list[list[str]]) -> None:
    def row(*cells: str) -> str:
        return f"<Row>{''.join(cells)}</Row>"

    def cell(kind: str, value: str, style: str = "") -> str:
        return f'<Cell{style}><Data ss:Type="{kind}">{value}</Data></Cell>'

    rows = [row(cell("String", "x"), cell("Number", at, ' ss:StyleID="s"')) for at in ("1", "2")]
    (tmp_path / "w.xml").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Styles><Style ss:ID="s"><NumberFormat ss:Format="{own}"/></Style></Styles>'
        f'<Worksheet ss:Name="S"><Table>{row(cell("String", "a"), cell("String", "b"))}{"".join(rows)}</Table>'
        "</Worksheet></Workbook>"
    )
    (table,) = open_sheets(
        tmp_path / "w.xml", name="w.xml", options=ReadOptions(), limits=Limits(), markup=FileFormat.XML
    )

    assert words_of(table) == words
