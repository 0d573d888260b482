"""Workbooks as tables: every real file's expected outcome, and the cases that Excel makes."""

import datetime as dt
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileError,
    LimitExceeded,
    NoDataRows,
    UnknownSheet,
)
from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Column, ColumnType, FileFormat, Limits, ReadOptions, RowCounts
from uploads.tabular.types.table_profile import TableProfile
from uploads.tabular.workbook.open_workbook import open_sheets

T = ColumnType


def sheets(path: Path, limits: Limits | None = None, **options: object) -> list[SourceTable]:
    return list(
        open_sheets(path, name=path.name, options=ReadOptions(**options), limits=limits or Limits())  # type: ignore[arg-type]
    )


def rows_of(table: SourceTable) -> list[list[str]]:
    return [list(row) for chunk in table.chunks() for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)]


def numbers_of(table: SourceTable) -> list[int]:
    return [number for chunk in table.chunks() for number in chunk.rows.to_pylist()]


def columns_of(table: SourceTable) -> tuple[Column, ...]:
    profile = TableProfile(table.labels)
    for chunk in table.chunks():
        profile.observe(chunk)
    return profile.decide()


@dataclass(frozen=True)
class Expected:
    """What one sheet must become."""

    rows: int
    header: int | None
    types: list[ColumnType] = field(default_factory=list)
    blank: int = 0
    preamble: int = 0
    footer: int = 0


DATES = [T.DATE] * 5
GUESS = [T.TEXT, T.BOOLEAN, T.DATE, T.BIGINT, T.TEXT]
TYPES = {
    "guess_me": Expected(4, 1, GUESS, blank=1),
    "guess_max": Expected(3, 1, [T.TEXT]),
    "smorgasbord": Expected(19, 1, [T.TEXT] * 2),
    "logical_coercion": Expected(17, 1, [T.TEXT] * 2),
    "date_coercion": Expected(6, 1, [T.TEXT], blank=1),
    "numeric_coercion": Expected(6, 1, [T.TEXT], blank=1),
    "text_coercion": Expected(8, 1, [T.TEXT] * 2),
}

OUTCOMES: dict[str, dict[str, Expected]] = {
    "AirQualityUCI.xlsx": {"AirQualityUCI": Expected(9357, 1)},
    "big-texty-numbers-xlsx.xlsx": {"Sheet1": Expected(6, 1, [T.TEXT] * 3)},
    "dates-1900.xls": {"Sheet1": Expected(1, None, DATES)},
    "dates-1904.xls": {"Sheet1": Expected(1, None, DATES)},
    "datetime-rounding.xlsx": {"Sheet1": Expected(4, 1, [T.TIMESTAMP] * 2)},
    "df_mangle_dup_col_dtypes.xlsx": {"Sheet1": Expected(1, 1, [T.BIGINT] * 2)},
    "dimension_large.xlsx": {"Sheet1": Expected(3, 3, [T.BIGINT] * 3, preamble=1)},
    "missing-first-column.xls": {"Sheet1": Expected(3, None, [T.BIGINT])},
    "names-need-repair-xlsx.xlsx": {"Sheet1": Expected(2, 1, [T.BIGINT, T.TEXT, T.TEXT, T.NUMERIC])},
    "style-only-cells.xlsx": {"Data": Expected(3, 1, [T.TEXT, T.TEXT, T.TEXT, T.BIGINT])},
    "texty-dates-xls.xls": {"Sheet1": Expected(2, 1, [T.TIMESTAMP])},
    "times_1904.xlsx": {"Sheet1": Expected(11, 1, [T.TEXT])},
    "types.xls": TYPES,
    "types.xlsx": TYPES,
    "unnamed-duplicated-columns.xlsx": {"Sheet1": Expected(2, 1, [T.BIGINT, T.TEXT, T.NUMERIC, T.TEXT])},
    "utf8-sheet-names.xlsx": {"µ": Expected(1, 1, [T.BIGINT]), "∂": Expected(1, 1, [T.BIGINT])},
    "vietnamese-utf8.xls": {"Sheet1": Expected(6, 1, [T.TEXT])},
    "whitespace-xlsx.xlsx": {
        "whitespace": Expected(5, 1, [T.TEXT], blank=1),
        "logical_and_NA": Expected(2, 1, [T.TEXT]),
    },
    "xlsx-corrupted.xlsx": {"Sheet1": Expected(2, 1), "Sheet2": Expected(2, None)},
}

REFUSALS: dict[str, type[FileError]] = {
    "empty-sheets.xlsx": NoDataRows,
    "password-protected-password123.xlsx": EncryptedFile,
    "poc-xmlbomb.xlsx": DamagedFile,
}


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_real_workbook_becomes_its_tables(corpus: Path, name: str) -> None:
    tables = {table.source: table for table in sheets(corpus / "workbooks" / name)}
    assert list(tables) == list(OUTCOMES[name])
    for sheet, expected in OUTCOMES[name].items():
        table = tables[sheet]
        assert len(rows_of(table)) == expected.rows
        assert table.dialect.header_row == expected.header
        assert sum(chunk.blank for chunk in table.chunks()) == expected.blank
        assert (table.preamble, table.footer) == (expected.preamble, expected.footer)
        if expected.types:
            assert [column.type for column in columns_of(table)] == expected.types


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_real_workbook_without_a_table_is_refused(corpus: Path, name: str) -> None:
    with pytest.raises(REFUSALS[name]):
        sheets(corpus / "workbooks" / name)


def test_every_workbook_of_the_corpus_has_an_expected_outcome(corpus: Path) -> None:
    assert {path.name for path in (corpus / "workbooks").iterdir()} == set(OUTCOMES) | set(REFUSALS)


def test_the_second_reader_is_named(corpus: Path) -> None:
    table = sheets(corpus / "workbooks" / "xlsx-corrupted.xlsx")[0]
    said = sentences_of(table.dialect.notes)
    assert any("or the program that wrote it does not keep to the format" in sentence for sentence in said)


def test_workbook_and_csv_of_the_same_data_agree(corpus: Path) -> None:
    (table,) = sheets(corpus / "workbooks" / "AirQualityUCI.xlsx")
    lines = (corpus / "dialects" / "AirQualityUCI.csv").read_text().splitlines()
    hours = [row[1].replace(":", ".") for row in rows_of(table)]
    assert hours == [line.split(";")[1] for line in lines[1:9358]]


def test_publication_workbook_loads_its_tables(corpus: Path) -> None:
    name = "agricultural-production-statistics-jun17-final-tables.xlsx"
    tables = {table.source: table for table in sheets(corpus / "statsnz" / name)}
    further = {"Table 9 (row 36)", "Table 10 (row 36)", "Table 11 (row 36)"}
    assert len(tables) == 16 + len(further)
    assert further < set(tables)
    assert all(len(rows_of(tables[name])) == 20 for name in further)
    first = tables["Table 1"]
    assert first.preamble == 3
    assert first.footer == 8
    assert first.labels[:4] == (
        "Region",
        "At 30 June Total sheep 2012 (000)",
        "At 30 June Total sheep 2017 (000)",
        "At 30 June Total sheep % change",
    )
    rows = rows_of(first)
    assert len(rows) == 20
    assert rows[0][:3] == ["Northland                  ", "441", "328"]
    assert rows[-1][0].strip() == "Total New Zealand"
    assert numbers_of(first)[0] == 10


Fill = Callable[[Worksheet], None]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Fill], Path]:
    def make(fill: Fill) -> Path:
        book = openpyxl.Workbook()
        assert isinstance(book.active, Worksheet)
        fill(book.active)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return make


def test_cells_read_as_a_person_sees_them(workbook: Callable[[Fill], Path]) -> None:
    values = [
        (5, "5"),
        (2.5, "2.5"),
        (-0.0, "0"),
        (2 / 3, "0.666666666666667"),
        (1e20, "1e+20"),
        (12345678901, "12345678901"),
        (12345678901.5, "12345678901.5"),
        (True, "TRUE"),
        ("007", "007"),
        (dt.date(2023, 1, 31), "2023-01-31"),
        (dt.datetime(2023, 1, 31, 10, 11, 12), "2023-01-31 10:11:12"),  # noqa: DTZ001
        (dt.time(18, 30), "18:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        ("#N/A", ""),
        ("a\nb", "a\nb"),
    ]

    def fill(sheet: Worksheet) -> None:
        sheet.append(["what", "value"])
        for number, (value, _) in enumerate(values):
            sheet.append([f"row {number}", value])

    (table,) = sheets(workbook(fill))
    assert [row[1] for row in rows_of(table)] == [text for _, text in values]


def test_error_cells_are_blank_and_counted(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["a", "b"], [1, "#N/A"], ["#DIV/0!", 'not t="e"']):
            sheet.append(row)

    (table,) = sheets(workbook(fill))
    assert rows_of(table) == [["1", ""], ["", 'not t="e"']]
    assert sentences_of(table.dialect.notes) == ("2 cells hold an error, read as blank; the first is #N/A in B2.",)


def test_dates_among_moments_are_midnights_in_every_chunk(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["when"])
        for _ in range(4_000):
            sheet.append([dt.date(2023, 1, 1)])
        sheet.append([dt.datetime(2023, 1, 2, 9)])  # noqa: DTZ001

    (table,) = sheets(workbook(fill), chunk_rows=2_000)
    assert max(len(chunk.rows) for chunk in table.chunks()) == 2_000
    assert [row[0] for row in rows_of(table)] == ["2023-01-01 00:00:00"] * 4_000 + ["2023-01-02 09:00:00"]
    assert columns_of(table)[0].type is T.TIMESTAMP


def test_table_that_begins_in_the_middle_keeps_its_row_numbers(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["C5"], sheet["D5"], sheet["C6"], sheet["D6"], sheet["C8"], sheet["D8"] = "a", "b", 1, 2, 3, 4

    (table,) = sheets(workbook(fill))
    assert table.labels == ("a", "b")
    assert table.dialect.header_row == 5
    assert numbers_of(table) == [6, 8]
    assert sum(chunk.blank for chunk in table.chunks()) == 1


def test_total_below_the_rows_is_told_apart_and_said(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["place", "day", "sheep"], ["North", "Mon", 1], ["South", "Tue", 2], [], ["Total", None, 3]):
            sheet.append(row)

    (table,) = sheets(workbook(fill))
    assert (rows_of(table), table.footer) == ([["North", "Mon", "1"], ["South", "Tue", "2"]], 1)
    assert table.account.accounted(RowCounts(loaded=2, blank=1)) == 5
    assert any("itself a total" in note or "notes below" in note for note in sentences_of(table.dialect.notes))


def test_second_table_below_the_first_is_a_table_of_its_own(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["place", "sheep"], ["North", 1], ["South", 2], [], ["place", "deer", "elk"], ["North", 3, 4]):
            sheet.append(row)

    first, second = sheets(workbook(fill))
    assert (first.source, first.labels, rows_of(first)) == (
        "Sheet",
        ("place", "sheep"),
        [["North", "1"], ["South", "2"]],
    )
    assert (second.source, second.labels) == ("Sheet (row 5)", ("place", "deer", "elk"))
    assert (rows_of(second), numbers_of(second)) == ([["North", "3", "4"]], [6])


def test_second_table_with_other_names_is_a_table_of_its_own(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["place", "sheep"], ["North", 1], ["South", 2], [], ["Prices of today"]):
            sheet.append(row)
        for row in (["kind", "price", "day"], ["wool", 3.5, dt.date(2024, 1, 31)], ["milk", 4, dt.date(2024, 2, 1)]):
            sheet.append(row)

    first, second = sheets(workbook(fill))
    assert (first.labels, rows_of(first)) == (("place", "sheep"), [["North", "1"], ["South", "2"]])
    assert (second.source, second.labels) == ("Sheet (row 5)", ("kind", "price", "day"))
    assert (numbers_of(second), second.preamble) == ([7, 8], 1)
    assert sentences_of(second.dialect.notes)[0] == (
        'This table of sheet "Sheet" begins in row 5, below another one: its rows have a header of their own.'
        " If they are no table of their own but rows of the one above, read everything as one table."
    )
    assert first.account.lines + second.account.lines == 8


@pytest.mark.parametrize(
    "rows",
    [
        [["place", "sheep"], ["North", 1], [], ["South", 2], ["East", 3]],
        [["place", "kind"], ["North", "x"], [], ["South", "y"], ["East", "z"], ["West", 7]],
        [["place", "sheep"], ["North", 1], [], ["Islands", "no figures"], ["East", 3], ["West", 4]],
        [["place", "sheep"], ["North", 1], [], ["South Island", None], ["East", 3], ["West", 4]],
        [["place", "sheep"], ["North", 1], [], ["Note", "c"], ["c", "confidential"]],
    ],
)
def test_blank_row_within_a_table_begins_no_other_one(
    workbook: Callable[[Fill], Path], rows: list[list[object]]
) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    assert len(sheets(workbook(fill))) == 1


def test_styled_empty_rows_are_no_rows(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b"])
        sheet.append([1, 2])
        sheet["B1000"].font = openpyxl.styles.Font(bold=True)

    (table,) = sheets(workbook(fill))
    assert numbers_of(table) == [2]


def test_hidden_sheets_are_named_and_left_unless_asked_for(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a"])
        sheet.append([1])
        assert sheet.parent is not None
        secret = sheet.parent.create_sheet("Secret")
        secret.append(["b"])
        secret.append([2])
        secret.sheet_state = "hidden"

    path = workbook(fill)
    (table,) = sheets(path)
    assert table.source == "Sheet"
    assert sentences_of(table.dialect.notes) == ('Hidden sheet "Secret" was left out; ask for it by name to load it.',)
    (secret,) = sheets(path, sheet="Secret")
    assert rows_of(secret) == [["2"]]


def test_unknown_sheet_names_those_there_are(workbook: Callable[[Fill], Path]) -> None:
    path = workbook(lambda sheet: sheet.append(["a"]))
    with pytest.raises(UnknownSheet) as caught:
        sheets(path, sheet="x")
    assert caught.value.hint.startswith('Its sheets are "Sheet".')


def test_empty_workbook_says_so(workbook: Callable[[Fill], Path]) -> None:
    with pytest.raises(EmptyFile):
        sheets(workbook(lambda _: None))


def test_header_row_can_be_told(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["x", "y"], ["a", "b"], ["c", "d"]):
            sheet.append(row)

    path = workbook(fill)
    (table,) = sheets(path, header_row=2)
    assert (table.labels, rows_of(table), table.preamble) == (("a", "b"), [["c", "d"]], 1)
    (table,) = sheets(path, header_row="none")
    assert (table.labels, len(rows_of(table)), table.dialect.header_row) == (("", ""), 3, None)


def test_limits_on_cells_columns_and_cell_length(workbook: Callable[[Fill], Path]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b", "c"])
        sheet.append(["x" * 1000, 2, 3])

    path = workbook(fill)
    for limits in (Limits(sheet_cells=5), Limits(columns=2), Limits(cell_bytes=999), Limits(unpacked_bytes=100)):
        with pytest.raises(LimitExceeded):
            sheets(path, limits)


def test_truncated_workbook_is_damaged(workbook: Callable[[Fill], Path]) -> None:
    path = workbook(lambda sheet: sheet.append(["a"]))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedFile):
        sheets(path)


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Blatt">
<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>when</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2023-01-31"><text:p>31.01.23</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>
"""


def test_open_document_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS.replace("\n<", "<"))
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    (table,) = sheets(path)
    assert (table.source, table.labels, table.dialect.format) == ("Blatt", ("a", "when"), FileFormat.ODS)
    assert rows_of(table) == [["12", "2023-01-31"]]


def test_format_is_told_by_content(workbook: Callable[[Fill], Path], corpus: Path) -> None:
    (table,) = sheets(corpus / "workbooks" / "vietnamese-utf8.xls")
    assert table.dialect.format is FileFormat.XLS


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["item", dt.date(2024, 1, 1), dt.date(2024, 2, 1)], {"count": 2, "first": "2024-01-01"}),
        (["item", "2024", "2025"], None),
    ],
)
def test_dates_among_the_names_of_columns_are_told(
    workbook: Callable[[Fill], Path], names: list[object], told: dict[str, object] | None
) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (names, ["a", 1, 2], ["b", 3, 4]):
            sheet.append(row)

    [table] = sheets(workbook(fill))
    found = [note.figures for note in table.dialect.notes if note.kind is NoteKind.HEADER_DATES]
    assert found == ([] if told is None else [told])
