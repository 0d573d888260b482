"""Cells that the first reader gives otherwise than the sheet shows them, in every format, and their neighbours."""

import struct
import zipfile
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    biff,
    ods_text,
    write_compound,
    write_ods,
    write_xlsx,
    xls_number,
    xls_stream,
    xls_text,
)
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import BadOption
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

CODES = ("General", "00000", "[=0]&quot;&quot;;dd.mm.yyyy", "dd.mm.yyyy", "hh:mm", "0.00\\ [$€-407]", "[$$-409]0.00")
PLAIN, ZIP, HIDDEN_ZERO, DATE, TIME, EURO, DOLLAR = range(len(CODES))


def read(path: Path, **options: str) -> SourceTable:
    (table,) = open_sheets(path, name=path.name, options=ReadOptions(**options), limits=Limits())  # type: ignore[arg-type]
    return table


def column(path: Path, *cells: str, book: str = "") -> SourceTable:
    """The second column below ``b``, of cells in XML."""
    own = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(CODES) if at)
    formats = "".join(f'<xf numFmtId="{164 + at if at else 0}"/>' for at in range(len(CODES)))
    styles = (
        f'{packages.DECLARATION}<styleSheet xmlns="{packages.MAIN}"><numFmts>{own}</numFmts>'
        f"<cellXfs>{formats}</cellXfs></styleSheet>"
    )
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c>{cell.format(r=f"B{at}")}</row>'
        for at, cell in enumerate(cells, start=2)
    )
    parts = {
        "xl/styles.xml": styles,
        "xl/_rels/workbook.xml.rels": packages.links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
        "xl/workbook.xml": packages.BOOK.replace("<sheets>", f"{book}<sheets>"),
    }
    return read(write_xlsx(path / "s.xlsx", packages.HEADER + rows, parts))


def number(value: float, style: int = PLAIN) -> str:
    return f'<c r="{{r}}" s="{style}"><v>{value}</v></c>'


def second(table: SourceTable) -> list[str]:
    return [row[1] for row in rows_of(table)]


def kinds(table: SourceTable) -> set[NoteKind]:
    return {note.kind for note in table.dialect.notes}


def test_zip_codes_keep_their_zeros_and_numbers_beside_them_stay(tmp_path: Path) -> None:
    table = column(tmp_path, number(2108, ZIP), number(2108), number(0.5, ZIP))

    assert second(table) == ["02108", "2108", "0.5"]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.MASKED_NUMBERS]
    assert said.figures == {"columns": ["B"], "number": "2108", "shown": "02108", "names": ["b"]}


def test_nothing_is_said_of_numbers_that_a_mask_shows_as_they_are(tmp_path: Path) -> None:
    assert kinds(column(tmp_path, number(12108, ZIP), number(2108))) == set()


def test_dates_behind_a_condition_are_dates(tmp_path: Path) -> None:
    table = column(tmp_path, number(45352, HIDDEN_ZERO), number(0, HIDDEN_ZERO), number(45353, HIDDEN_ZERO))

    assert second(table) == ["2024-03-01", "", "2024-03-02"]
    assert NoteKind.HIDDEN_TIMES in kinds(table)


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


# .ods


def ods_float(value: str, text: str) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{text}</text:p></table:table-cell>'
    )


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
    }
    rows = (ods_float("1", "1") + ods_float(value, text) for value, text in shown)

    table = read(write_ods(tmp_path / "z.ods", ods_text("a") + ods_text("b"), *rows))

    assert second(table) == list(shown.values())


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


# .xlsb


def rk(column: int, value: int, style: int = 0) -> bytes:
    """A whole number, as Excel stores it."""
    return packages.cell(packages.RK, column, struct.pack("<I", (value << 2) | 2), style)


def real(column: int, value: float, style: int = 0) -> bytes:
    return packages.cell(packages.REAL, column, struct.pack("<d", value), style)


def wide_cell(column: int, text: str) -> bytes:
    return packages.cell(packages.TEXT, column, packages.wide(text))


def write_xlsb_rows(path: Path, *rows: tuple[bytes, ...]) -> Path:
    head = (wide_cell(0, "a"), wide_cell(1, "b"))
    return packages.write_xlsb(path, [packages.row_of(at, *row) for at, row in enumerate((head, *rows))])


def test_whole_numbers_of_an_xlsb_in_a_format_of_dates_are_dates(tmp_path: Path) -> None:
    path = write_xlsb_rows(
        tmp_path / "d.xlsb", (rk(0, 45352), rk(1, 45352, style=1)), (rk(0, 7), real(1, 45353.5, style=1))
    )

    assert rows_of(read(path)) == [["45352", "2024-03-01 00:00:00"], ["7", "2024-03-02 12:00:00"]]


def test_whole_numbers_of_an_xlsb_without_such_a_format_stay_numbers(tmp_path: Path) -> None:
    path = write_xlsb_rows(tmp_path / "n.xlsb", (rk(0, 45352), real(1, 0.5)))

    table = read(path)

    assert rows_of(table) == [["45352", "0.5"]]
    assert kinds(table) == set()


def test_hidden_rows_of_an_xlsb_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    rows = [packages.row_of(at, real(0, at + 0.5), real(1, 0.5)) for at in (1, 2)]
    hidden = packages.record(packages.ROW, struct.pack("<IIHBBBI", 3, 0, 300, 0, 0x10, 0, 0)) + real(0, 9) + real(1, 9)
    head = packages.row_of(0, wide_cell(0, "a"), wide_cell(1, "b"))
    path = packages.write_xlsb(tmp_path / "h.xlsb", [head, *rows, hidden])

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert said.figures["rows"] == 1
    assert rows_of(read(path, visible_only=True)) == [["1.5", "0.5"], ["2.5", "0.5"]]  # type: ignore[arg-type]


# .xls

CODE_PAGE, FORMAT, XF = 0x0042, 0x041E, 0x00E0


def code_page(number: int) -> bytes:
    return biff(CODE_PAGE, struct.pack("<H", number))


def own_format(number: int, code: str) -> bytes:
    """Format 0 is General, format 1 the given one."""
    text = struct.pack("<HHB", number, len(code), 0) + code.encode("latin-1")
    return biff(FORMAT, text) + b"".join(biff(XF, struct.pack("<HH", 0, at).ljust(20, b"\0")) for at in (0, number))


def formatted(row: int, column: int, value: float) -> bytes:
    return biff(0x0203, struct.pack("<HHHd", row, column, 1, value))


def wide_text(row: int, column: int, text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return biff(0x0204, struct.pack("<HHHH", row, column, 0, len(raw) // 2) + b"\1" + raw)


def old_text(row: int, column: int, raw: bytes) -> bytes:
    """As Excel 5 writes it."""
    return biff(0x0204, struct.pack("<HHHH", row, column, 0, len(raw)) + raw)


def write_xls(path: Path, *cells: bytes, globals_: bytes = b"") -> Path:
    head = [xls_text(0, 0, "a"), xls_text(0, 1, "b")]
    return write_compound(path, "Workbook", xls_stream([*head, *cells], globals_=globals_))


def write_old_xls(path: Path, *cells: bytes, globals_: bytes = b"") -> Path:
    """A workbook of Excel 5 with the columns ``a`` and ``b``."""
    version = struct.pack("<HHHH", 0x0500, 0x0005, 0x0DBB, 0x07CC)
    before = biff(0x0809, version) + globals_
    start = len(before) + 4 + 8 + 4
    book = before + biff(0x0085, struct.pack("<IBB", start, 0, 0) + b"\1S") + biff(0x000A)
    rows = b"".join([old_text(0, 0, b"a"), old_text(0, 1, b"b"), *cells])
    sheet = biff(0x0809, version[:2] + b"\x10\0" + version[4:]) + rows + biff(0x000A)
    return write_compound(path, "Book", book + sheet)


def test_code_page_beside_unicode_texts_garbles_none(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "j.xls", xls_text(1, 0, "Köln"), wide_text(1, 1, "日本"), globals_=code_page(1252))

    assert rows_of(read(path)) == [["Köln", "日本"]]


def test_unicode_workbook_needs_no_second_reader(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "u.xls", xls_number(1, 0, 1), wide_text(1, 1, "日本"), globals_=code_page(1200))

    table = read(path)

    assert rows_of(table) == [["1", "日本"]]
    assert kinds(table) == set()


NAMES = ("Иванов", "Петрова", "Щукин", "Сидоров", "Кузнецов")


def test_texts_without_code_page_are_judged_as_those_of_a_text_file(tmp_path: Path) -> None:
    cells = [
        record
        for row, name in enumerate(NAMES, start=1)
        for record in (xls_number(row, 0, row), old_text(row, 1, name.encode("cp1251")))
    ]

    table = read(write_old_xls(tmp_path / "c.xls", *cells))

    assert second(table) == list(NAMES)
    assert table.dialect.encoding == "cp1251"
    assert NoteKind.LEGACY_ENCODING in kinds(table)


def test_code_page_of_several_bytes_is_read(tmp_path: Path) -> None:
    cells = [xls_number(1, 0, 1), old_text(1, 1, "山田太郎".encode("cp932"))]

    assert rows_of(read(write_old_xls(tmp_path / "j.xls", *cells, globals_=code_page(932)))) == [["1", "山田太郎"]]


def test_encoding_that_a_person_says_applies_to_old_workbooks(tmp_path: Path) -> None:
    cells = [xls_number(1, 0, 1), old_text(1, 1, "Łódź".encode("cp1250"))]
    path = write_old_xls(tmp_path / "p.xls", *cells, globals_=code_page(1252))

    assert rows_of(read(path, encoding="cp1250")) == [["1", "Łódź"]]
    assert rows_of(read(path)) != [["1", "Łódź"]]


def test_encoding_is_refused_where_the_texts_are_unicode_or_cannot_be_it(tmp_path: Path) -> None:
    unicode = write_xls(tmp_path / "u.xls", xls_number(1, 0, 1))
    other = write_old_xls(tmp_path / "o.xls", old_text(1, 1, b"\x81"), globals_=code_page(1252))

    with pytest.raises(BadOption):
        read(unicode, encoding="cp1250")
    with pytest.raises(BadOption):
        read(other, encoding="ascii")


@pytest.mark.parametrize("number", [59, 164])
def test_own_date_format_of_any_number_makes_dates(tmp_path: Path, number: int) -> None:
    path = write_xls(
        tmp_path / "d.xls", xls_number(1, 0, 45292), formatted(1, 1, 45292), globals_=own_format(number, "mmm d, yyyy")
    )

    assert rows_of(read(path)) == [["45292", "2024-01-01"]]


def test_own_format_of_amounts_makes_no_dates(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "d.xls", formatted(1, 1, 45292), globals_=own_format(41, '#,##0 "days"'))

    assert second(read(path)) == ["45292"]


def formula(row: int, column: int, value: bytes, *, kind: int = 0x0006, flags: int = 0) -> bytes:
    return biff(kind, struct.pack("<HHH", row, column, 0) + value + struct.pack("<HIH", flags, 0, 0))


BLANK = b"\3\0\0\0\0\0\xff\xff"


@pytest.mark.parametrize("kind", [0x0206, 0x0406])
def test_formula_in_an_older_record_has_its_value(tmp_path: Path, kind: int) -> None:
    path = write_xls(tmp_path / "f.xls", xls_number(1, 0, 1), formula(1, 1, struct.pack("<d", 50), kind=kind))

    assert rows_of(read(path)) == [["1", "50"]]


@pytest.mark.parametrize(("value", "flags"), [(BLANK, 0), (bytes(8), 2)])
def test_formulas_that_nobody_computed_are_said(tmp_path: Path, value: bytes, flags: int) -> None:
    path = write_xls(
        tmp_path / "f.xls",
        *(xls_number(row, 0, row) for row in (1, 2)),
        *(formula(row, 1, value, flags=flags) for row in (1, 2)),
    )

    table = read(path)

    assert second(table) == ["", ""]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.UNSAVED_FORMULAS]
    assert said.figures == {"count": 2, "first": "B2"}


def test_formula_with_a_blank_result_among_others_is_a_result(tmp_path: Path) -> None:
    path = write_xls(
        tmp_path / "f.xls",
        xls_number(1, 0, 1),
        formula(1, 1, struct.pack("<d", 7)),
        xls_number(2, 0, 2),
        formula(2, 1, BLANK),
    )

    table = read(path)

    assert second(table) == ["7", ""]
    assert kinds(table) == {NoteKind.FORMULAS}


# what the workbook itself says


def with_table(path: Path, *, totals: str) -> SourceTable:
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate(("x", "y", "z"), start=2)
    )
    definition = f'{packages.DECLARATION}<table xmlns="{packages.MAIN}" ref="A1:B5" {totals}/>'
    last = '<row r="5"><c r="B5"><v>3</v></c></row>'
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": packages.links(table="../tables/table1.xml"),
        "xl/tables/table1.xml": definition,
    }
    return read(write_xlsx(path / "t.xlsx", packages.HEADER + rows + last, parts))


def test_row_that_the_workbook_calls_its_totals_is_none_of_the_rows(tmp_path: Path) -> None:
    table = with_table(tmp_path, totals='totalsRowCount="1"')

    assert rows_of(table) == [["x", "2"], ["y", "3"], ["z", "4"]]
    assert NoteKind.LAST_TOTAL in kinds(table)


def test_last_row_of_a_table_without_totals_is_a_row(tmp_path: Path) -> None:
    assert rows_of(with_table(tmp_path, totals=""))[-1] == ["", "3"]


def test_subtotals_within_a_sheet_are_said(tmp_path: Path) -> None:
    names = ("apple", "pear", "Subtotal", "leek", "kale", "Subtotal", "nut", "oat")
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate(names, start=2)
    )

    table = read(write_xlsx(tmp_path / "s.xlsx", packages.HEADER + rows))

    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.SUBTOTALS]
    assert (said.figures["places"], said.figures["count"]) == ([4, 7], 2)
    assert (said.figures["words"], said.figures["is_begun_by"]) == (["Subtotal"], True)


def test_column_of_kinds_of_which_total_is_one_needs_no_word(tmp_path: Path) -> None:
    names = ("Total", "Male", "Female") * 3
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, name in enumerate((*names, "Total", "Male"), start=2)
    )

    assert NoteKind.SUBTOTALS not in kinds(read(write_xlsx(tmp_path / "k.xlsx", packages.HEADER + rows)))


def hiding(path: Path, **options: bool) -> SourceTable:
    """Three rows, the second of which is hidden, and so is the second column."""
    rows = "".join(
        f'<row r="{at}"{' hidden="1"' if at == 3 else ""}><c r="A{at}"><v>{at}</v></c><c r="B{at}"><v>0</v></c></row>'
        for at in (2, 3, 4)
    )
    columns = '<cols><col min="2" max="2" width="9" hidden="1"/><col min="5" max="16384" hidden="1"/></cols>'
    xml = packages.sheet_xml(packages.HEADER + rows).replace("<sheetData>", f"{columns}<sheetData>")
    filtered = '</sheetData><autoFilter ref="A1:B4"><filterColumn colId="0"/></autoFilter>'
    sheet = xml.replace("</sheetData>", filtered)
    return read(write_xlsx(path / "h.xlsx", "", {"xl/worksheets/sheet1.xml": sheet}), **options)  # type: ignore[arg-type]


def test_hidden_rows_and_columns_are_loaded_and_said(tmp_path: Path) -> None:
    table = hiding(tmp_path)

    assert rows_of(table) == [["2", "0"], ["3", "0"], ["4", "0"]]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]
    assert said.figures == {
        "sheet": "S",
        "rows": 1,
        "spans": [[3, 3]],
        "columns": ["B"],
        "names": ["b"],
        "is_filtered": True,
        "left_out": False,
    }


def test_visible_cells_only_keep_the_numbers_of_their_rows(tmp_path: Path) -> None:
    table = hiding(tmp_path, visible_only=True)

    assert table.labels == ("a",)
    assert rows_of(table) == [["2"], ["4"]]
    assert [number for chunk in table.chunks() for number in chunk.rows.to_pylist()] == [2, 4]


def merged_sheet(path: Path, **options: bool) -> SourceTable:
    """``x`` stands for three rows, ``y`` for one."""
    texts = {2: "x", 5: "y"}
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"{f' t="inlineStr"><is><t>{texts[at]}</t></is>' if at in texts else ">"}</c>'
        f'<c r="B{at}"><v>{at}</v></c></row>'
        for at in (2, 3, 4, 5)
    )
    xml = packages.sheet_xml(packages.HEADER + rows)
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    sheet = xml.replace("</sheetData>", merged)
    return read(write_xlsx(path / "m.xlsx", "", {"xl/worksheets/sheet1.xml": sheet}), **options)  # type: ignore[arg-type]


def test_cells_merged_with_the_one_above_are_said(tmp_path: Path) -> None:
    table = merged_sheet(tmp_path)

    assert [row[0] for row in rows_of(table)] == ["x", "", "", "y"]
    (said,) = [note for note in table.dialect.notes if note.kind is NoteKind.MERGED_CELLS]
    assert said.figures == {"count": 2, "first": "A3", "filled": False}


def test_merged_cells_are_filled_down_where_that_is_asked(tmp_path: Path) -> None:
    table = merged_sheet(tmp_path, fill_down=True)

    assert [row[0] for row in rows_of(table)] == ["x", "x", "x", "y"]


def test_hidden_rows_of_an_xls_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    row = biff(0x0208, struct.pack("<HHHHHHBBH", 1, 0, 2, 300, 0, 0, 0x20, 1, 0))
    column = biff(0x007D, struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0))
    path = write_xls(tmp_path / "h.xls", row, column, *(xls_number(at, 0, at) for at in (1, 2, 3)))

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["columns"]) == (1, ["C"])
    visible = read(path, visible_only=True)  # type: ignore[arg-type]
    assert [row[0] for row in rows_of(visible)] == ["2", "3"]
    assert (visible.account.left_out, sum(chunk.blank for chunk in visible.chunks())) == (1, 0)


def test_hidden_column_of_an_xls_is_found_behind_bytes_that_look_like_one(tmp_path: Path) -> None:
    text = xls_text(1, 0, "}\0\x0b\0")
    column = biff(0x007D, struct.pack("<HHHHHH", 2, 2, 1, 0, 1, 0))
    path = write_xls(tmp_path / "c.xls", text, column, xls_number(2, 0, 1))

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["columns"]) == (0, ["C"])


def test_bytes_that_look_like_a_hidden_column_hide_none(tmp_path: Path) -> None:
    likely = xls_text(1, 0, "}\0\x0b\0\1\0\1\0\1\1\1\1\1")
    path = write_xls(tmp_path / "n.xls", likely, xls_number(1, 1, 1))

    assert NoteKind.HIDDEN_CELLS not in {note.kind for note in read(path).dialect.notes}


def test_hidden_rows_of_an_ods_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "h.ods", ods_text("a") + ods_text("b"), *(ods_float(n, n) * 2 for n in "123"))
    parts = {}
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    second_row = (
        '<table:table-row table:visibility="filter"><table:table-cell office:value-type="float" office:value="2">'
    )
    parts["content.xml"] = parts["content.xml"].replace(
        '<table:table-row><table:table-cell office:value-type="float" office:value="2">', second_row
    )
    packages.write_package(path, parts)

    (said,) = [note for note in read(path).dialect.notes if note.kind is NoteKind.HIDDEN_CELLS]

    assert (said.figures["rows"], said.figures["is_filtered"]) == (1, True)
    assert rows_of(read(path, visible_only=True)) == [["1", "1"], ["3", "3"]]  # type: ignore[arg-type]
