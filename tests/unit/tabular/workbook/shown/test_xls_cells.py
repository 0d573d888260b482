"""Cells of an .xls that the first reader gives otherwise than the sheet shows them: code pages, formats, formulas."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import (
    biff,
    write_compound,
    xls_number,
    xls_text,
)
from tests.unit.tabular.workbook.shown.sheets import (
    formula,
    kinds,
    read,
    second,
    write_xls,
)
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.errors import BadOption
from uploads.tabular.notes import NoteKind

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


BLANK = b"\3\0\0\0\0\0\xff\xff"


@pytest.mark.parametrize("kind", [0x0206, 0x0406])
def test_formula_in_an_older_record_has_its_value(tmp_path: Path, kind: int) -> None:
    path = write_xls(tmp_path / "f.xls", xls_number(1, 0, 1), formula(1, 1, struct.pack("<d", 50), kind=kind))

    assert rows_of(read(path)) == [["1", "50"]]


@pytest.mark.parametrize(("write", "page"), [(write_xls, 1200), (write_old_xls, 1252)])
@pytest.mark.parametrize("kind", [0x0206, 0x0406])
def test_formula_as_short_as_excel_3_wrote_it_has_its_value(
    tmp_path: Path, kind: int, write: Callable[..., Path], page: int
) -> None:
    """Row, column, format, value, flags and the size of what is computed, here the number 1."""
    body = struct.pack("<HHHdHH", 1, 1, 0, 2.5, 0, 3) + b"\x1e\1\0"
    cells = [xls_number(1, 0, 1), biff(kind, body), xls_number(2, 0, 2)]

    assert rows_of(read(write(tmp_path / "f.xls", *cells, globals_=code_page(page)))) == [["1", "2.5"], ["2", ""]]


@pytest.mark.parametrize("kind", [0x0206, 0x0406])
def test_bytes_of_an_older_formula_within_a_text_are_none(tmp_path: Path, kind: int) -> None:
    text = struct.pack("<HHHHHdHH", kind, 20, 1, 1, 0, 2.5, 0, 3).decode("latin-1") + "abc"

    table = read(write_xls(tmp_path / "f.xls", xls_number(1, 0, 1), xls_text(1, 1, text.replace("\0", "\1"))))

    assert NoteKind.SECOND_READER not in kinds(table)


def test_cells_of_excel_5_are_read(tmp_path: Path) -> None:
    """Whole numbers, dates, a formula that gives a text, and truth."""
    packed = biff(0x027E, struct.pack("<HHHI", 1, 0, 0, 7 << 2 | 2))
    text = biff(0x0006, struct.pack("<HHH", 1, 1, 0) + b"\0\0\0\0\0\0\xff\xff" + struct.pack("<HIH", 0, 0, 0))
    own = biff(FORMAT, struct.pack("<HB", 164, 10) + b"dd.mm.yyyy")
    styles = b"".join(biff(XF, struct.pack("<HH", 0, at).ljust(16, b"\0")) for at in (0, 164))
    cells = [
        *(packed, text, biff(0x0207, struct.pack("<H", 3) + b"foo")),
        *(formatted(2, 0, 45296), biff(0x0205, struct.pack("<HHHBB", 2, 1, 0, 1, 0))),
    ]

    table = read(write_old_xls(tmp_path / "c.xls", *cells, globals_=code_page(1252) + own + styles))

    assert rows_of(table) == [["7", "foo"], ["2024-01-05", "TRUE"]]


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
