"""What single cells become, in every format: a table of what is stored against what is read."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import (
    HEADER,
    cell,
    ods_text,
    ods_value,
    row_of,
    wide,
    write_ods,
    write_xlsb,
    write_xlsx,
)
from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import DamagedFile, LimitExceeded, NotATable
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets


def tables_of(path: Path, limits: Limits | None = None) -> list[SourceTable]:
    return list(open_sheets(path, name=path.name, options=ReadOptions(), limits=limits or Limits()))


def rows_of(table: SourceTable) -> list[list[str]]:
    return [list(row) for chunk in table.chunks() for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)]


STYLES = (
    f'{packages.DECLARATION}<styleSheet xmlns="{packages.MAIN}"><numFmts count="3">'
    '<numFmt numFmtId="164" formatCode="[h]:mm:ss"/><numFmt numFmtId="165" formatCode="# ?/?"/>'
    '<numFmt numFmtId="166" formatCode="#,##0.00\\ &quot;€&quot;"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9">'
    + "".join(f'<xf numFmtId="{kind}" applyNumberFormat="1"/>' for kind in (0, 14, 22, 21, 164, 9, 165, 166, 11))
    + "</cellXfs></styleSheet>"
)
GENERAL, DATE, MOMENT, TIME, DURATION, PERCENT, FRACTION, CURRENCY, SCIENCE = range(9)

CELLS = {
    "whole number": ("<c {r}><v>12</v></c>", "12"),
    "whole number as Excel may write it": ("<c {r}><v>12.0</v></c>", "12"),
    "noise in the 17th digit is not shown": ("<c {r}><v>0.30000000000000004</v></c>", "0.3"),
    "noise in the 16th digit is not shown": ("<c {r}><v>-1234.5600000000002</v></c>", "-1234.56"),
    "15 digits are shown": ("<c {r}><v>0.123456789012345</v></c>", "0.123456789012345"),
    "largest exact integer": ("<c {r}><v>9007199254740991</v></c>", "9007199254740991"),
    "18 digits": ("<c {r}><v>123456789012345678</v></c>", "123456789012345678"),
    "20 digits": ("<c {r}><v>12345678901234567890</v></c>", "12345678901234567890"),
    "large float": ("<c {r}><v>1.5E+300</v></c>", "1.5e+300"),
    "percentage": (f'<c {{r}} s="{PERCENT}"><v>0.125</v></c>', "0.125"),
    "fraction": (f'<c {{r}} s="{FRACTION}"><v>0.5</v></c>', "0.5"),
    "currency": (f'<c {{r}} s="{CURRENCY}"><v>1234.5</v></c>', "1234.5"),
    "scientific format": (f'<c {{r}} s="{SCIENCE}"><v>120000</v></c>', "120000"),
    "boolean": ('<c {r} t="b"><v>1</v></c>', "TRUE"),
    "boolean of a formula": ('<c {r} t="b"><f>1=2</f><v>0</v></c>', "FALSE"),
    "date": (f'<c {{r}} s="{DATE}"><v>44000</v></c>', "2020-06-18"),
    "day after the 29th of February 1900 that never was": (f'<c {{r}} s="{DATE}"><v>61</v></c>', "1900-03-01"),
    "last day": (f'<c {{r}} s="{DATE}"><v>2958465</v></c>', "9999-12-31"),
    "moment": (f'<c {{r}} s="{MOMENT}"><v>44000.75</v></c>', "2020-06-18 18:00:00"),
    "time": (f'<c {{r}} s="{TIME}"><v>0.25</v></c>', "06:00:00"),
    "duration beyond a day": (f'<c {{r}} s="{DURATION}"><v>1.5</v></c>', "36:00:00"),
    "date in ISO form": ('<c {r} t="d"><v>2020-06-18</v></c>', "2020-06-18"),
    "value of a formula": ("<c {r}><f>1+1</f><v>2</v></c>", "2"),
    "text of a formula": ('<c {r} t="str"><f>A1</f><v>x</v></c>', "x"),
    "number stored as text": ('<c {r} t="inlineStr"><is><t>0012</t></is></c>', "0012"),
    "date stored as text": ('<c {r} t="inlineStr"><is><t>01/02/2020</t></is></c>', "01/02/2020"),
    "rich text": (
        '<c {r} t="inlineStr"><is><r><t>ri</t></r><r><t xml:space="preserve">ch t</t></r></is></c>',
        "rich t",
    ),
    "line break": ('<c {r} t="inlineStr"><is><t>a\nb</t></is></c>', "a\nb"),
    "escaped carriage return": ('<c {r} t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a\rb"),
    "escaped escape": ('<c {r} t="inlineStr"><is><t>_x005F_x000D_</t></is></c>', "_x000D_"),
    "entities": ('<c {r} t="inlineStr"><is><t>&lt;a &amp; b&gt;</t></is></c>', "<a & b>"),
    "text that names an error": ('<c {r} t="inlineStr"><is><t>#N/A</t></is></c>', "#N/A"),
    "error": ('<c {r} t="e"><v>#N/A</v></c>', ""),
}


@pytest.mark.parametrize("what", CELLS)
def test_cell_of_an_xlsx(tmp_path: Path, what: str) -> None:
    xml, expected = CELLS[what]
    row = f'<row r="2">{xml.format(r='r="A2"')}<c r="B2"><v>1</v></c></row>'
    path = write_xlsx(
        tmp_path / "book.xlsx",
        HEADER + row,
        {
            "xl/styles.xml": STYLES,
            "xl/_rels/workbook.xml.rels": packages.links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
        },
    )
    (table,) = tables_of(path)
    assert rows_of(table) == [[expected, "1"]]


def test_phonetic_guides_are_no_part_of_a_text(tmp_path: Path) -> None:
    shared = (
        f'<sst xmlns="{packages.MAIN}" count="1" uniqueCount="1">'
        '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si></sst>'
    )
    row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1</v></c></row>'
    path = write_xlsx(
        tmp_path / "book.xlsx",
        HEADER + row,
        {
            "xl/sharedStrings.xml": shared,
            "xl/_rels/workbook.xml.rels": packages.links(
                worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"
            ),
        },
    )
    (table,) = tables_of(path)
    assert rows_of(table) == [["東京", "1"]]


def test_formulas_without_their_value_are_blank_and_counted(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v></v></c><c r="B3"><v>2</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>""</f><v></v></c><c r="B4"><f>1+1</f><v>3</v></c></row>'
    )
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + rows))
    assert rows_of(table) == [["", "1"], ["", "2"], ["", "3"]]
    solved, note = sentences_of(table.dialect.notes)
    assert solved == "2 cells hold formulas: what is read is their results, as last saved; the first is A2."
    assert note.startswith("2 cells hold a formula whose value was not saved, read as blank; the first is A2.")


def test_numbers_of_more_than_15_digits_are_said_to_need_the_second_reader(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="A2"><v>12345678901234567890</v></c><c r="B2"><v>1</v></c></row>'
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + rows))
    assert sentences_of(table.dialect.notes) == (
        (
            "It holds whole numbers of more than 15 digits, so it was read by a slower program that keeps all of them."
            " You need do nothing."
        ),
    )


@pytest.mark.parametrize("digits", ["123456789012345", "1.5"])
def test_other_numbers_do_not_need_it(tmp_path: Path, digits: str) -> None:
    rows = f'<row r="2"><c r="A2"><v>{digits}</v></c><c r="B2"><v>1</v></c></row>'
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + rows))
    assert not any("read by" in sentence for sentence in sentences_of(table.dialect.notes))


def test_errors_are_found_wherever_blocks_of_the_xml_end(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B{n}"><f>{n}</f></c></row>'
        for n in range(2, 20_002)
    )
    last = '<row r="20002"><c r="A20002"><v>1</v></c></row>'
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + rows + last))
    assert (
        sentences_of(table.dialect.notes)[0] == "20,000 cells hold an error, read as blank; the first is #DIV/0! in A2."
    )
    assert sentences_of(table.dialect.notes)[1].startswith("20,000 cells hold a formula whose value was not saved")


BOOK_OF_THREE = packages.BOOK.replace(
    "</sheets>",
    '<sheet name="Chart" sheetId="2" r:id="rId2"/>'
    '<sheet name="Deep" sheetId="3" state="veryHidden" r:id="rId3"/></sheets>',
)


def test_chart_sheets_are_no_tables_and_very_hidden_sheets_are_named(tmp_path: Path) -> None:
    links = packages.links(
        worksheet="worksheets/sheet1.xml", chartsheet="chartsheets/sheet1.xml", other="worksheets/sheet2.xml"
    ).replace('/other"', '/worksheet"')
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": BOOK_OF_THREE,
        "xl/_rels/workbook.xml.rels": links,
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{packages.MAIN}"/>',
        "xl/worksheets/sheet2.xml": SHEET,
    }
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + DATA, parts))
    assert table.source == "S"
    assert sentences_of(table.dialect.notes) == ('Hidden sheet "Deep" was left out; ask for it by name to load it.',)


def test_phantom_rows_to_the_end_of_the_sheet_are_no_rows(tmp_path: Path) -> None:
    phantom = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in (3, 4, 1_048_576))
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + DATA + phantom))
    chunks = list(table.chunks())
    assert [row for chunk in chunks for row in chunk.rows.to_pylist()] == [2]


DATA = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
SHEET = packages.sheet_xml(HEADER + DATA)
ODD_PACKAGES: dict[str, dict[str, str | bytes]] = {
    "strict": {
        name: str(content)
        .replace("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument")
        .replace("http://schemas.openxmlformats.org/spreadsheetml/2006", "http://purl.oclc.org/ooxml/spreadsheetml")
        for name, content in {**packages.XLSX, "xl/worksheets/sheet1.xml": SHEET}.items()
    },
    "absolute target": {"xl/_rels/workbook.xml.rels": packages.links(worksheet="/xl/worksheets/sheet1.xml")},
    "target with dots": {"xl/_rels/workbook.xml.rels": packages.links(worksheet="../xl/worksheets/sheet1.xml")},
    "part names in capitals": {
        "xl/_rels/workbook.xml.rels": packages.links(worksheet="Worksheets/SHEET1.xml"),
    },
    "no list of content types": {"[Content_Types].xml": ""},
    "UTF-16": {"xl/worksheets/sheet1.xml": SHEET.replace("UTF-8", "UTF-16").encode("utf-16")},
    "byte order mark": {"xl/worksheets/sheet1.xml": SHEET.encode("utf-8-sig")},
    "shared texts that are fewer than stated": {
        "xl/sharedStrings.xml": f'<sst xmlns="{packages.MAIN}" uniqueCount="4000000000"/>',
        "xl/_rels/workbook.xml.rels": packages.links(
            worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"
        ),
    },
}


@pytest.mark.parametrize("what", ODD_PACKAGES)
def test_odd_package_is_read_all_the_same(tmp_path: Path, what: str) -> None:
    (table,) = tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + DATA, ODD_PACKAGES[what]))
    assert (table.labels, rows_of(table)) == (("a", "b"), [["1", "2"]])


def test_sheet_whose_part_is_missing_fails_the_workbook_and_is_named(tmp_path: Path) -> None:
    book = packages.BOOK.replace("</sheets>", '<sheet name="T" sheetId="2" r:id="rId2"/></sheets>')
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": packages.links(
            worksheet="worksheets/sheet1.xml", gone="worksheets/gone.xml"
        ).replace('/gone"', '/worksheet"'),
    }
    with pytest.raises(DamagedFile, match=r'Sheet "T" of book\.xlsx cannot be read'):
        tables_of(write_xlsx(tmp_path / "book.xlsx", HEADER + DATA, parts))


def far_cell(reference: str) -> Callable[[Path], Path]:
    rows = DATA.replace('r="B2"', f'r="{reference}"')
    return lambda folder: write_xlsx(folder / "book.xlsx", HEADER + rows)


@pytest.mark.parametrize("reference", ["XFD1048576", "ZZZZ2000000", "C4294967295", "XFE2"])
def test_cell_far_out_is_refused_with_its_place(tmp_path: Path, reference: str) -> None:
    with pytest.raises(LimitExceeded, match=r"spans .* rows × .* columns"):
        tables_of(far_cell(reference)(tmp_path))


def test_sheet_that_needs_too_much_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 20_000))
    path = write_xlsx(tmp_path / "book.xlsx", HEADER + rows)
    with pytest.raises(LimitExceeded, match=r"has 20,000 cells; to read them takes about \d+ MB of memory, and 1 MB"):
        tables_of(path, Limits(memory_bytes=2**20))


def test_binary_workbook_of_two_million_columns_is_refused_by_its_size(tmp_path: Path) -> None:
    row = row_of(0, cell(packages.REAL, 0, real(1)), cell(packages.REAL, 2_000_000, real(2)))
    with pytest.raises(LimitExceeded, match=r"spans 1 rows × 2,000,001 columns"):
        tables_of(write_xlsb(tmp_path / "book.xlsb", [row]))


def test_open_document_of_endless_repeated_cells_is_refused_by_its_size(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="4000000000" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1048000">{cell}</table:table-row>'
    path = write_ods(tmp_path / "book.ods", ods_text("a"), f"</table:table-row>{row}<table:table-row>")
    with pytest.raises(LimitExceeded, match="spans more cells than can be read"):
        tables_of(path)


def real(number: float) -> bytes:
    return struct.pack("<d", number)


def test_binary_workbook_is_read_with_its_errors_and_merged_headers(tmp_path: Path) -> None:
    path = write_xlsb(
        tmp_path / "book.xlsb",
        [
            row_of(0, cell(packages.TEXT, 0, wide("id")), cell(packages.TEXT, 1, wide("Both"))),
            row_of(1, *(cell(packages.TEXT, i, wide(f"c{i}")) for i in (1, 2))),
            row_of(
                2, cell(packages.REAL, 0, real(1)), cell(packages.ERROR, 1, b"\x2a"), cell(packages.REAL, 2, real(1.5))
            ),
            row_of(
                3,
                cell(packages.RK, 0, struct.pack("<I", 12 << 2 | 2)),
                cell(packages.REAL, 1, real(44000), style=1),
                cell(packages.FORMULA_ERROR, 2, b"\x07\0\0" + struct.pack("<II", 0, 0)),
            ),
            row_of(4, cell(packages.BOOLEAN, 0, b"\x01"), cell(packages.TEXT, 1, wide("007"))),
        ],
        merged=[(0, 1, 0, 0), (0, 0, 1, 2)],
    )
    (table,) = tables_of(path)
    assert (table.dialect.format, table.labels) == (FileFormat.XLSB, ("id", "Both c1", "Both c2"))
    assert rows_of(table) == [["1", "", "1.5"], ["12", "2020-06-18", ""], ["TRUE", "007", ""]]
    assert sentences_of(table.dialect.notes)[0] == "2 cells hold an error, read as blank; the first is #N/A in B3."


BARE_SHEET = b"\x10\0\0\0\0\0"
XLS_NUMBERS = (
    packages.xls_number(0, 0, 7),
    packages.xls_number(0, 1, 8),
    packages.xls_number(1, 0, 1),
    packages.xls_number(2, 1, 2.5),
)
XLS_CELLS = (
    packages.xls_text(0, 0, "a"),
    packages.xls_text(0, 1, "b"),
    packages.xls_number(1, 0, 1.0),
    packages.xls_error(1, 1, 42),
    packages.xls_formula_error(2, 0, 7),
    packages.xls_number(2, 1, 2.5),
)


def test_old_workbook_is_read_with_its_errors(tmp_path: Path) -> None:
    path = packages.write_compound(tmp_path / "book.xls", "Workbook", packages.xls_stream(XLS_CELLS))
    (table,) = tables_of(path)
    assert (table.dialect.format, rows_of(table)) == (FileFormat.XLS, [["1", ""], ["", "2.5"]])
    assert sentences_of(table.dialect.notes) == ("2 cells hold an error, read as blank; the first is #N/A in B2.",)


def test_workbook_without_container_is_read_by_the_second_reader(tmp_path: Path) -> None:
    path = tmp_path / "bare.xls"
    path.write_bytes(packages.xls_stream(XLS_CELLS))
    (table,) = tables_of(path)
    assert rows_of(table) == [["1", ""], ["", "2.5"]]
    assert sentences_of(table.dialect.notes) == (
        "2 cells hold an error, read as blank; the first is #N/A in B2.",
        (
            "It is written in an unusual way, so it was read by another program than most workbooks are. If the first"
            " rows look right, you need do nothing."
        ),
    )


@pytest.mark.parametrize("version", [b"\x00\x05", b"\x00\x06"])
def test_sheet_of_a_later_excel_without_its_workbook_is_named_with_a_way_out(tmp_path: Path, version: bytes) -> None:
    path = tmp_path / "bare.xls"
    path.write_bytes(packages.biff(0x0809, version + BARE_SHEET) + b"".join(XLS_CELLS) + packages.biff(0x000A))
    with pytest.raises(NotATable, match="is a bare sheet of Excel 5 to 97") as caught:
        tables_of(path)
    assert "save it as XLSX" in caught.value.hint


@pytest.mark.parametrize(("kind", "version"), [(0x0809, b"\0\0"), (0x0409, b"\x04\0")])
def test_sheet_of_an_older_excel_without_container_is_read(tmp_path: Path, kind: int, version: bytes) -> None:
    path = tmp_path / "bare.xls"
    path.write_bytes(packages.biff(kind, version + BARE_SHEET) + b"".join(XLS_NUMBERS) + packages.biff(0x000A))
    (table,) = tables_of(path)
    assert rows_of(table) == [["7", "8"], ["1", ""], ["", "2.5"]]


def test_container_that_states_more_sectors_than_it_has_is_left_to_the_second_reader(tmp_path: Path) -> None:
    path = packages.write_compound(tmp_path / "book.xls", "Workbook", packages.xls_stream(XLS_CELLS))
    content = bytearray(path.read_bytes())
    content[44:48] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    (table,) = tables_of(path)
    assert sentences_of(table.dialect.notes) == (
        (
            "It is written in an unusual way, so it was read by another program than most workbooks are. If the first"
            " rows look right, you need do nothing."
        ),
    )


def test_open_document_cells_errors_and_merged_headers(tmp_path: Path) -> None:
    error = ods_text("#DIV/0!", 'table:formula="of:=1/0" office:string-value="" calcext:value-type="error"')
    path = write_ods(
        tmp_path / "book.ods",
        ods_text("id", 'table:number-rows-spanned="2"')
        + ods_text("Both", 'table:number-columns-spanned="2"')
        + "<table:covered-table-cell/>",
        "<table:covered-table-cell/>" + ods_text("c1") + ods_text("c2"),
        ods_value("float", "1") + ods_value("percentage", "0.5") + ods_value("date", "2020-06-18"),
        ods_value("float", "2") + error + ods_value("date", "2020-06-18T18:00:00"),
        ods_value("boolean", "true") + ods_value("time", "PT36H05M00S") + ods_value("time", "PT06H00M00S"),
        ods_text("007") + ods_text("PT boat"),
    )
    (table,) = tables_of(path)
    assert (table.dialect.format, table.labels) == (FileFormat.ODS, ("id", "Both c1", "Both c2"))
    assert rows_of(table) == [
        ["1", "0.5", "2020-06-18"],
        ["2", "", "2020-06-18 18:00:00"],
        ["TRUE", "36:05:00", "06:00:00"],
        ["007", "PT boat", ""],
    ]
    assert sentences_of(table.dialect.notes)[0] == "1 cell holds an error, read as blank; the first is #DIV/0! in B4."
