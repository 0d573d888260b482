"""What HTML, SpreadsheetML 2003 and Flat ODS say of rows that sum others up, and of what they hide."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import ods_text, write_ods
from tests.unit.tabular.workbook.test_markup import cells, page, read, rows, spreadsheet
from uploads.tabular.inspection import Inspection
from uploads.tabular.notes import Note, NoteKind

BODY = "<tbody><tr><td>N<td>3<tr><td>S<td>9</tbody>"
HEAD = "<thead><tr><th>region<th>n</thead>"
OFFICE = 'xmlns="urn:schemas-microsoft-com:office:excel"'


def notes(table: Inspection) -> dict[NoteKind, Note]:
    return {note.kind: note for note in table.notes}


def names(table: Inspection) -> list[str | None]:
    return [row[0] for row in rows(table)]


@pytest.mark.parametrize("order", [(HEAD, "{}", BODY), (HEAD, BODY, "{}")], ids=["before the rows", "behind them"])
@pytest.mark.parametrize("foot", ["<tr><td>Overall<td>12", "<tr><td>Page<td>5<tr><td>Everything<td>12"])
def test_footer_of_a_table_with_figures_is_no_row(tmp_path: Path, order: Sequence[str], foot: str) -> None:
    [table] = read(tmp_path, "a.html", page("".join(order).format(f"<tfoot>{foot}</tfoot>")))

    assert names(table) == ["N", "S"]
    assert NoteKind.LAST_TOTAL in notes(table)


def test_footer_that_is_the_header_once_more_is_no_row_and_no_total(tmp_path: Path) -> None:
    [table] = read(tmp_path, "a.html", page(f"{HEAD}{BODY}<tfoot><tr><th>region<th>n</tfoot>"))

    assert names(table) == ["N", "S"]
    assert NoteKind.HEADER_REPEATED in notes(table)


@pytest.mark.parametrize("order", [(HEAD, "{}", BODY), (HEAD, BODY, "{}")], ids=["before the rows", "behind them"])
@pytest.mark.parametrize("foot", ["<tr><td colspan=2>Source: us", "<tr><td>As of 1 May<tr><td><td>Source: us"])
def test_words_in_the_only_cell_of_a_footer_are_a_note(tmp_path: Path, order: Sequence[str], foot: str) -> None:
    [table] = read(tmp_path, "a.html", page("".join(order).format(f"<tfoot>{foot}</tfoot>")))

    assert names(table) == ["N", "S"]
    assert notes(table)[NoteKind.NOTES_BELOW].figures["count"] == foot.count("<tr>")


def test_note_and_total_in_a_footer_are_no_rows(tmp_path: Path) -> None:
    foot = "<tfoot><tr><td>Overall<td>12<tr><td colspan=2>Source: us</tfoot>"
    [table] = read(tmp_path, "a.html", page(f"{HEAD}{BODY}{foot}"))

    assert names(table) == ["N", "S"]
    assert (NoteKind.LAST_TOTAL in notes(table), notes(table)[NoteKind.NOTES_BELOW].figures["count"]) == (True, 1)


@pytest.mark.parametrize("foot", ["<tfoot><tr><td><td>12</tfoot>", "<tbody><tr><td colspan=2>Source: us"])
def test_a_number_in_a_footer_and_words_in_the_body_are_rows(tmp_path: Path, foot: str) -> None:
    [table] = read(tmp_path, "a.html", page(f"{HEAD}{BODY}{foot}"))

    assert len(names(table)) == 3


@pytest.mark.parametrize("foot", ["<tbody><tr><td>Overall<td>12", "<tfoot><tr><td>Overall<td>-"])
def test_last_row_that_the_page_does_not_say_is_a_sum_is_a_row(tmp_path: Path, foot: str) -> None:
    [table] = read(tmp_path, "a.html", page(f"{HEAD}{BODY}{foot}"))

    assert names(table) == ["N", "S", "Overall"]


def test_hidden_rows_and_columns_of_a_page_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    text = page(
        '<col><col><col style="display:none"><tr><td>region<td>n<td>id<tr style="DISPLAY : none"><td>N<td>3<td>7'
        "<tr><td>S<td>9<td>8<tr hidden><td>W<td>1<td>9<tr><td>E<td>2<td>6"
    )

    [table] = read(tmp_path, "a.xls", text)
    [visible] = read(tmp_path, "a.xls", text, visible_only=True)

    assert names(table) == ["N", "S", "W", "E"]
    assert notes(table)[NoteKind.HIDDEN_CELLS].figures["rows"] == 2
    assert rows(visible) == [("S", "9"), ("E", "2")]


def pivot(lines: str, *, place: str = "R1C1:R5C2") -> str:
    line_items = (
        f"<PTLineItems>{lines}</PTLineItems><PTLineItems><Orientation>Column</Orientation>{lines}</PTLineItems>"
    )
    return f"<PivotTable {OFFICE}><Name>By region</Name><Location>{place}</Location>{line_items}</PivotTable>"


def line(kind: str = "", same: int = 0) -> str:
    said = f"<ItemType>{kind}</ItemType>" if kind else ""
    return f"<PTLineItem>{said}<CountOfSameItems>{same}</CountOfSameItems><Item>0</Item></PTLineItem>"


PIVOT = "".join(
    cells(name, ("Number", number))
    for name, number in [("N", "3"), ("a", "3"), ("S", "9"), ("b", "9"), ("Overall", "12")]
)
OF_ROWS = line() + line(same=1) + line() + line(same=1) + line("Grand")


def xml_pivot(folder: Path, said: str) -> Inspection:
    text = spreadsheet({"S": cells("region", "n") + PIVOT}).replace("</Worksheet>", f"{said}</Worksheet>")
    [table] = read(folder, "p.xls", text)
    return table


def test_pivot_of_spreadsheet_xml_tells_its_subtotals_and_its_grand_total(tmp_path: Path) -> None:
    table = xml_pivot(tmp_path, pivot(OF_ROWS, place="R1C1:R6C2"))

    assert names(table) == ["N", "a", "S", "b"]
    assert notes(table)[NoteKind.PIVOT].figures == {"name": "By region", "first": 1, "last": 6}
    assert notes(table)[NoteKind.SUBTOTALS].figures["rows"] == [2, 4]


def test_a_receipt_names_so_many_pivots_of_spreadsheet_xml(tmp_path: Path) -> None:
    table = xml_pivot(tmp_path, pivot(OF_ROWS, place="R1C1:R6C2") * 150)

    assert sum(note.kind is NoteKind.PIVOT for note in table.notes) == 100


@pytest.mark.parametrize(
    "said", ["", pivot(OF_ROWS, place="somewhere"), pivot(OF_ROWS, place="R1C1:R4C2").replace("PivotTable", "Other")]
)
def test_rows_of_spreadsheet_xml_without_a_pivot_are_rows(tmp_path: Path, said: str) -> None:
    table = xml_pivot(tmp_path, said)

    assert len(names(table)) == 5
    assert NoteKind.PIVOT not in notes(table)


def test_hidden_rows_and_columns_of_spreadsheet_xml_are_said_and_left_out_where_that_is_asked(tmp_path: Path) -> None:
    some = [("Number", "1"), ("Number", "2")]
    hidden = cells("b", *some).replace("<Row>", '<Row ss:Hidden="1">')
    columns = '<Column ss:Index="2" ss:Hidden="1"/><Column ss:Index="4" ss:Span="252" ss:Hidden="1"/>'
    text = spreadsheet({"S": f"{columns}{cells('a', 'x', 'y')}{cells('a', *some)}{hidden}{cells('c', *some)}"})

    [table] = read(tmp_path, "h.xml", text)
    [visible] = read(tmp_path, "h.xml", text, visible_only=True)

    assert names(table) == ["a", "b", "c"]
    assert (notes(table)[NoteKind.HIDDEN_CELLS].figures["rows"], len(table.columns)) == (1, 3)
    assert rows(visible) == [("a", "2"), ("c", "2")]


def flat(package: Path) -> bytes:
    """The content of an .ods as a Flat ODS."""
    with zipfile.ZipFile(package) as parts:
        content = parts.read("content.xml").decode()
    mimetype = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    return (
        content.replace("<office:document-content ", f"<office:document {mimetype} ", 1)
        .replace("</office:document-content>", "</office:document>")
        .encode()
    )


def number(value: int) -> str:
    typed = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {typed}><text:p>{value}</text:p></table:table-cell>"


def row_of(name: str, value: int) -> str:
    return f"<table:table-row>{ods_text(name)}{number(value)}</table:table-row>"


def test_groups_and_pivots_of_a_flat_open_document_tell_its_sums(tmp_path: Path) -> None:
    header = f"<table:table-row>{ods_text('region')}{ods_text('n')}</table:table-row>"
    group = f"<table:table-row-group>{row_of('a', 1)}{row_of('b', 2)}</table:table-row-group>"
    place = 'table:name="P" table:target-range-address="S.A1:S.B5"'
    field = '<table:data-pilot-field table:source-field-name="region" table:orientation="row"/>'
    pilot = f"<table:data-pilot-table {place}>{field}</table:data-pilot-table>"
    behind = f"<table:data-pilot-tables>{pilot}</table:data-pilot-tables>"
    package = write_ods(tmp_path / "a.ods", header + group + row_of("of N", 3) + row_of("Overall", 3), behind=behind)

    [table] = read(tmp_path, "a.fods", flat(package))

    assert names(table) == ["a", "b", "of N"]
    assert {NoteKind.PIVOT, NoteKind.SUBTOTALS} <= set(notes(table))


def test_text_without_a_type_in_a_flat_open_document_is_kept(tmp_path: Path) -> None:
    untyped = "<table:table-cell><text:p>kept</text:p></table:table-cell>"
    package = write_ods(tmp_path / "a.ods", ods_text("x") + ods_text("y"), ods_text("1") + untyped)

    [table] = read(tmp_path, "a.fods", flat(package))

    assert rows(table) == [("1", "kept")]
