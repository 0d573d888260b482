"""Packages of an .xlsx that are whole and unusual: parts of other names, errors that Excel knows since 2018, and parts
beside the cells in which the second reader finds a fault."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import BOOK, DECLARATION, HEADER, MAIN, XLSX, links, sheet_xml, write_package
from tests.unit.tabular.workbook.shown.sheets import kinds, read
from tests.unit.tabular.workbook.test_cells import rows_of
from uploads.tabular.errors import DamagedFile
from uploads.tabular.notes import NoteKind

ROWS = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>45296</v></c></row>'
SPILL = '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="e"><v>#SPILL!</v></c></row>'
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts>'
    '{}<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
CREATED = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">last week</dcterms:created></cp:coreProperties>'
)


def parts(rows: str, *, styles: str = "") -> dict[str, str | bytes]:
    return {
        **XLSX,
        "xl/worksheets/sheet1.xml": sheet_xml(HEADER + rows),
        "xl/styles.xml": STYLES.format(styles),
        "xl/_rels/workbook.xml.rels": links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
    }


@pytest.mark.parametrize(
    ("styles", "more"),
    [
        ("", {}),
        ("<fills><fill/></fills>", {}),
        ('<fonts><font><family val="99"/></font></fonts>', {}),
        ("", {"docProps/core.xml": CREATED}),
    ],
)
def test_error_that_the_first_reader_does_not_know_is_one_whatever_the_other_parts_hold(
    tmp_path: Path, styles: str, more: dict[str, str | bytes]
) -> None:
    table = read(write_package(tmp_path / "e.xlsx", {**parts(ROWS + SPILL, styles=styles), **more}))

    assert rows_of(table) == [["1", "2024-01-05"], ["2", ""]]
    assert kinds(table) >= {NoteKind.SECOND_READER, NoteKind.ERROR_CELLS}


@pytest.mark.parametrize("styles", ["", "<fills><fill/></fills>"])
def test_odd_styles_alone_need_no_second_reader(tmp_path: Path, styles: str) -> None:
    table = read(write_package(tmp_path / "s.xlsx", parts(ROWS, styles=styles)))

    assert rows_of(table) == [["1", "2024-01-05"]]
    assert kinds(table) == set()


@pytest.mark.parametrize("damage", [b"<fills><fill></fills>", b"<fills><fill/>"])
def test_damaged_styles_are_refused_as_nobody_knows_which_cells_are_dates(tmp_path: Path, damage: bytes) -> None:
    path = write_package(tmp_path / "d.xlsx", parts(ROWS + SPILL, styles=damage.decode()))

    with pytest.raises(DamagedFile):
        read(path)


def renamed(whole: dict[str, str | bytes], book: str) -> dict[str, str | bytes]:
    """The package with a workbook part of this name."""
    folder, _, name = book.rpartition("/")
    names = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": f"{folder}/_rels/{name}.rels"}
    types = str(whole["[Content_Types].xml"]).replace("/xl/workbook.xml", f"/{book}")
    moved = {names.get(part, part.replace("xl/", f"{folder}/")): content for part, content in whole.items()}
    return {**moved, "[Content_Types].xml": types, "_rels/.rels": links(officeDocument=book)}


@pytest.mark.parametrize("book", ["xl/workbook22.xml", "sheets/book.xml"])
def test_workbook_part_of_another_name_is_found(tmp_path: Path, book: str) -> None:
    counted_from_1904 = BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    error = '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="e"><v>#N/A</v></c></row>'
    whole = {**parts(ROWS + error), "xl/workbook.xml": counted_from_1904}

    table = read(write_package(tmp_path / "b.xlsx", renamed(whole, book)))

    assert rows_of(table) == [["1", "2028-01-06"], ["2", ""]]
    assert kinds(table) == {NoteKind.SECOND_READER, NoteKind.ERROR_CELLS}


@pytest.mark.parametrize("book", ["xl/workbook.xml", "xl/Workbook.xml"])
def test_capitals_in_its_name_need_no_second_reader(tmp_path: Path, book: str) -> None:
    table = read(write_package(tmp_path / "b.xlsx", renamed(parts(ROWS), book)))

    assert rows_of(table) == [["1", "2024-01-05"]]
    assert kinds(table) == set()
