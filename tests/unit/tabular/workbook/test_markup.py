"""HTML tables, web archives, SpreadsheetML 2003 and Flat ODS are read as workbooks, within the same limits."""

from collections.abc import Mapping
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from tests.fuzz import markup
from uploads.tabular.errors import DamagedFile, LimitExceeded, NotATable
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions

SMALL = Limits(sheet_cells=100)


def read(
    tmp_path: Path, name: str, data: bytes | str, *, limits: Limits | None = None, **options: object
) -> list[Inspection]:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    given = ReadOptions(**options)  # type: ignore[arg-type]
    return list(inspect_file(path, options=given, limits=limits or Limits(), head_rows=10))


def rows(table: Inspection) -> list[tuple[str | None, ...]]:
    return [tuple(None if cell is None else str(cell) for cell in row[1:]) for row in table.head]


def page(*tables: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{''.join(f'<table>{table}</table>' for table in tables)}</body></html>"


def spreadsheet(sheets: Mapping[str, str], prolog: str = '<?xml version="1.0"?>') -> str:
    office = "urn:schemas-microsoft-com:office"
    written = "".join(f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet>' for name, rows in sheets.items())
    return f'{prolog}<Workbook xmlns="{office}:spreadsheet" xmlns:ss="{office}:spreadsheet">{written}</Workbook>'


def cells(*values: tuple[str, str] | str) -> str:
    typed = (value if isinstance(value, tuple) else ("String", value) for value in values)
    return f"<Row>{''.join(f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for kind, text in typed)}</Row>"


def test_bank_statement_named_xls_is_read_with_its_two_header_rows_and_decimal_commas(tmp_path: Path) -> None:
    [table, other] = read(tmp_path, "statement.xls", markup.PAGES[0])

    assert (table.dialect.format, table.source, other.source) == (FileFormat.HTML, "Sales", "Two")
    assert [(column.label, column.type.value) for column in table.columns] == [
        ("Day", "text"),
        ("Amount & more in", "numeric"),
        ("Amount & more out", "text"),
    ]
    assert rows(table) == [("01.02.2024", "1234.50", None), ("02.02.2024", "2.50", "a\nb")]


def test_page_alone_in_its_file_is_named_after_the_file(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.html", page("<tr><th>id<th>n<tr><td>1<td>2"))

    assert (table.source, rows(table)) == (None, [("1", "2")])


def test_page_in_an_old_code_page_is_decoded_as_it_says(tmp_path: Path) -> None:
    text = page(
        "<tr><td>Größe<td>n<tr><td>ß<td>1", head='<meta http-equiv=x content="text/html; charset=windows-1250">'
    )

    [table] = read(tmp_path, "a.xls", text.encode("cp1250"))

    assert [column.label for column in table.columns] == ["Größe", "n"]


def test_encoding_that_a_person_says_goes_before_what_the_page_says(tmp_path: Path) -> None:
    text = page("<tr><td>имя<td>n<tr><td>Анна<td>1", head="<meta charset=windows-1252>").encode("cp1251")

    [table] = read(tmp_path, "a.xls", text, encoding="cp1251")

    assert (table.dialect.encoding, rows(table)) == ("cp1251", [("Анна", "1")])


def test_table_that_lays_out_the_page_is_none_and_a_box_in_a_cell_is_its_text(tmp_path: Path) -> None:
    boxed = "<table><tr><td>x</td></tr></table>"
    inner = f"<table><tr><td>id<td>n<tr><td>{boxed}<td>2<tr><td>y<td>3</table>"

    [table] = read(tmp_path, "a.xls", page(f"<tr><td>menu<td>{inner}<tr><td>a<td>b"))

    assert rows(table) == [("x", "2"), ("y", "3")]


def test_single_rows_beside_the_table_are_counted(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.xls", page("<tr><td>Report<td>2024", "<tr><td>id<td>n<tr><td>1<td>2"))

    assert NoteKind.SMALL_TABLES_LEFT_OUT in {note.kind for note in table.notes}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("<html><body><form><input type='password'></form></body></html>", "a sign-in page"),
        (page("<tr><td>user<td><input type=PASSWORD><tr><td>a<td>b"), "a sign-in page"),
        (
            "<html><head><title>Bei Ihrem Konto anmelden</title></head><body><script>x()</script></body></html>",
            "a sign-in page",
        ),
        ("<html><body><p>Error 500</p></body></html>", "a web page (HTML) without a table"),
        (page("<tr><td>Home<td>About"), "a web page (HTML) without a table"),
    ],
)
def test_page_without_a_table_of_data_is_named(tmp_path: Path, data: str, what: str) -> None:
    with pytest.raises(NotATable) as caught:
        read(tmp_path, "export.xlsx", data)

    assert caught.value.message.startswith(f"export.xlsx is {what}")


def test_page_with_a_table_and_a_link_to_sign_in_is_read(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.html", page("<tr><td>id<td>n<tr><td>1<td>2", head="<title>Log in or read on</title>"))

    assert table.counts.loaded == 1


def test_text_that_names_the_spaces_of_markup_is_a_text(tmp_path: Path) -> None:
    data = b"space;n\nurn:schemas-microsoft-com:office:spreadsheet;1\n<office:document x>;2\n"

    assert read(tmp_path, "a.csv", data)[0].dialect.format is FileFormat.CSV


def test_text_with_markup_in_its_cells_is_still_a_text(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.csv", b"id;text\n1;<table><tr><td>x</td></tr></table>\n2;<b>y</b>\n")

    assert (table.dialect.format, table.counts.loaded) == (FileFormat.CSV, 2)


def test_spreadsheet_xml_keeps_types_gaps_and_hidden_sheets(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.xls", markup.SPREADSHEETS[0])

    assert (table.dialect.format, table.source, table.account.lines) == (FileFormat.XML, "Sales", 5)
    assert [column.type.value for column in table.columns] == ["text", "numeric", "date"]
    assert {NoteKind.SHEET_HIDDEN, NoteKind.ERROR_CELLS} <= {note.kind for note in table.notes}


def test_dates_beside_moments_in_spreadsheet_xml_are_midnights_and_day_zero_is_a_time(tmp_path: Path) -> None:
    days = ("2024-01-31T00:00:00.000", "2024-01-31T10:30:00.000")
    times = ("1899-12-31T07:30:00.000", "1899-12-31T23:00:00.000")
    body = "".join(cells(("DateTime", day), ("DateTime", time)) for day, time in zip(days, times, strict=True))

    [table] = read(tmp_path, "a.xml", spreadsheet({"S": cells("at", "clock") + body}))

    assert rows(table) == [("2024-01-31 00:00:00", "07:30:00"), ("2024-01-31 10:30:00", "23:00:00")]


def test_ids_in_spreadsheet_xml_keep_the_zeros_that_their_style_shows(tmp_path: Path) -> None:
    styles = (
        '<Styles><Style ss:ID="zip"><NumberFormat ss:Format="00000"/></Style><Style ss:ID="child" ss:Parent="zip"/>'
        '<Style ss:ID="amount"><NumberFormat ss:Format="#,##0.00"/></Style></Styles>'
    )
    body = "".join(
        f'<Row{row}><Cell{own}><Data ss:Type="Number">2139</Data></Cell>'
        '<Cell ss:StyleID="amount"><Data ss:Type="Number">2139</Data></Cell></Row>'
        for row, own in (("", ' ss:StyleID="zip"'), ("", ' ss:StyleID="child"'), (' ss:StyleID="zip"', ""))
    )
    data = spreadsheet({"S": cells("zip", "amount") + body}).replace("<Worksheet", f"{styles}<Worksheet", 1)
    [table] = read(tmp_path, "a.xml", data)
    assert [column.type.value for column in table.columns] == ["text", "bigint"]
    assert rows(table) == [("02139", "2139")] * 3


def styled(code: str, *values: tuple[str, str]) -> str:
    """A spreadsheet whose second column has a style of this format."""
    rows_ = "".join(
        f'<Row><Cell><Data ss:Type="String">x</Data></Cell>'
        f'<Cell ss:StyleID="s"><Data ss:Type="{kind}">{value}</Data></Cell></Row>'
        for kind, value in values
    )
    style = f'<Styles><Style ss:ID="s"><NumberFormat ss:Format="{code}"/></Style></Styles>'
    return spreadsheet({"S": cells("a", "b") + rows_}).replace("<Worksheet", f"{style}<Worksheet", 1)


@pytest.mark.parametrize(
    ("code", "kind", "value", "read_as"),
    [
        ("Short Date", "Number", "45352", "2024-03-01"),
        ("dd.mm.yyyy", "Number", "45352.25", "2024-03-01 06:00:00"),
        ("[h]:mm:ss", "DateTime", "1900-01-01T06:30:00.000", "30:30:00"),
        ("[h]:mm:ss", "DateTime", "1899-12-31T06:30:00.000", "6:30:00"),
        ("Short Time", "DateTime", "1900-01-01T01:30:00.000", "01:30:00"),
        # Neighbours: numbers of other styles, and dates.
        ("Fixed", "Number", "45352", "45352"),
        ("Standard", "Number", "45352.25", "45352.25"),
        ("Short Date", "DateTime", "2024-03-01T00:00:00.000", "2024-03-01"),
        ("Short Time", "DateTime", "1899-12-31T01:30:00.000", "01:30:00"),
    ],
)
def test_dates_and_times_of_spreadsheet_xml_are_as_their_style_shows_them(
    tmp_path: Path, code: str, kind: str, value: str, read_as: str
) -> None:
    [table] = read(tmp_path, "a.xml", styled(code, (kind, value)))

    assert rows(table) == [("x", read_as)]


def test_spreadsheet_xml_says_what_its_formats_show_otherwise(tmp_path: Path) -> None:
    over = styled("hh:mm", ("DateTime", "1900-01-01T01:30:00.000"))
    percent = styled("Percent", ("Number", "0.125"))

    noted = [{note.kind for note in read(tmp_path, "a.xml", text)[0].notes} for text in (over, percent)]

    assert NoteKind.TIMES_OVER_A_DAY in noted[0]
    assert NoteKind.PERCENTAGES in noted[1]


def test_spreadsheet_xml_in_an_old_code_page_is_decoded_as_it_says(tmp_path: Path) -> None:
    text = spreadsheet(
        {"Лист": cells("имя", "n") + cells("Анна", ("Number", "1"))}, '<?xml version="1.0" encoding="windows-1251"?>'
    )

    [table] = read(tmp_path, "a.xls", text.encode("cp1251"))

    assert (table.source, rows(table)) == ("Лист", [("Анна", "1")])


def test_flat_open_document_is_read_as_an_open_document_is(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.fods", markup.FLAT_DOCUMENTS[0])

    assert (table.dialect.format, table.source) == (FileFormat.FODS, "S")
    assert rows(table) == [("1.5", "2024-02-03")] * 2


def test_web_archive_names_its_sheets_as_excel_does(tmp_path: Path) -> None:
    message = MIMEMultipart("related")
    listed = '<x:ExcelWorksheet>\n<x:Name>Umsatz</x:Name>\n<x:WorksheetSource HRef="x_files/sheet001.htm"/>'
    for location, text in (
        ("x.htm", f"<html><xml>{listed}</xml></html>"),
        ("sheet001.htm", page("<tr><td>a<td>b<tr><td>1<td>2")),
    ):
        part = MIMEText(text, "html", "utf-8")
        part["Content-Location"] = f"file:///C:/x_files/{location}"
        message.attach(part)

    [table] = read(tmp_path, "a.xls", b"From: <Saved by x>\nSubject: y\n" + message.as_bytes())

    assert (table.dialect.format, table.source, rows(table)) == (FileFormat.MHT, "Umsatz", [("1", "2")])


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("declared", [BOMB, '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'])
@pytest.mark.parametrize("name", ["a.xml", "a.fods"])
def test_entities_are_refused_before_any_is_expanded(tmp_path: Path, name: str, declared: str) -> None:
    if name == "a.xml":
        data = spreadsheet({"S": cells("a", "&b;") + cells("1", "2")}, f'<?xml version="1.0"?>{declared}')
    else:
        data = markup.FLAT_DOCUMENTS[0].decode().replace("\n\n", declared, 1).replace(">id<", ">&b;<")

    with pytest.raises(DamagedFile, match="document type"):
        read(tmp_path, name, data)


def test_external_entity_of_a_page_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("treasure")
    declared = f'<!DOCTYPE html [<!ENTITY b SYSTEM "{secret.as_uri()}">]>'

    [table] = read(tmp_path, "a.html", declared + page("<tr><td>a<td>b<tr><td>1<td>&b;"))

    assert "treasure" not in str(rows(table))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", page("<tr><td colspan=1000>a<tr><td>1")),
        ("a.html", page("<tr><td>a<td>b" + "<tr><td>1<td>2" * 60)),
        ("a.xml", spreadsheet({"S": cells("a", "b") + '<Row ss:Index="1048577"><Cell><Data>1</Data></Cell></Row>'})),
        ("a.xml", spreadsheet({"S": '<Row><Cell ss:Index="16385"><Data>1</Data></Cell></Row>'})),
        ("a.xml", spreadsheet({"S": '<Row><Cell ss:MergeAcross="999999999"><Data>1</Data></Cell></Row>'})),
    ],
)
def test_spans_and_stated_places_stay_within_the_limits(tmp_path: Path, name: str, data: str) -> None:
    with pytest.raises(LimitExceeded):
        read(tmp_path, name, data, limits=SMALL)


def test_rows_into_which_a_cell_reaches_keep_their_columns(tmp_path: Path) -> None:
    [table] = read(
        tmp_path, "a.html", page("<tr><td>g<td>id<td>n<tr><td rowspan=2>x<td>1<td>2<tr><td>3<td>4<tr><td>y<td>5<td>6")
    )

    assert rows(table) == [("x", "1", "2"), (None, "3", "4"), ("y", "5", "6")]
