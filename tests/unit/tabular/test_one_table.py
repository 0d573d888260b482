"""“This is one table”: what a person says where a total, a note or another table below would be told from the rows."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, ReadOptions, RowCounts

TOTAL = "name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n"
NOTES = "a;b;c\n1;2;3\n4;5;6\n\nSource: the office of figures\n"
OTHER = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nname;age\nAnn;31\nBo;42\nCy;53\n"
OTHER_IN_SHEET = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nplace;elk;moose\nNorth;5;6\nSouth;7;8\n"


def tables_of(path: Path, options: ReadOptions) -> Iterator[SourceTable]:
    yield from open_tables(path, name=path.name, options=options, limits=Limits())


def told_of(path: Path, options: ReadOptions) -> list[tuple[list[int], list[tuple[int, str]], int]]:
    """For each table its rows, its rejects with their codes, and how many records count as footer."""
    found = []
    for table in tables_of(path, options):
        counts, rows, rejects = RowCounts(), list[int](), list[tuple[int, str]]()
        for chunk in table.chunks():
            counts = counted(counts, chunk)
            rows += chunk.rows.to_pylist()
            rejects += [(reject.row, reject.code) for reject in chunk.rejects]
        assert table.account.accounted(counts) == table.account.lines
        found.append((rows, rejects, table.footer))
    return found


def text(folder: Path, content: str) -> Path:
    path = folder / "a.csv"
    path.write_text(content, encoding="utf-8")
    return path


def sheet(folder: Path, content: str) -> Path:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    for line in content.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(";")])
    path = folder / "a.xlsx"
    book.save(path)
    return path


ONE = ReadOptions(one_table=True)

TEXTS = {
    "a total is a row": (TOTAL, ([2, 3, 4], [], 0)),
    "a short total is a rejected row": ("a;b\n1;2\n3;4\nTotal\n", ([2, 3], [(4, "too_few_cells")], 0)),
    "notes are rejected rows": (NOTES, ([2, 3], [(5, "too_few_cells")], 0)),
    "another table is rejected rows": (
        OTHER,
        ([2, 3], [(line, "too_few_cells") for line in (5, 6, 7, 8)], 0),
    ),
    "rows behind another table stay rows": (
        OTHER + "East;5;6\n",
        ([2, 3, 9], [(line, "too_few_cells") for line in (5, 6, 7, 8)], 0),
    ),
    "the header once more is a row": ("a;b\n1;2\na;b\n3;4\n", ([2, 3, 4], [], 0)),
    "another table of the same width is rows": (
        "place;sheep\nNorth;1\nSouth;3\n\nname;age\nAnn;31\nBo;42\nCy;53\n",
        ([2, 3, 5, 6, 7, 8], [], 0),
    ),
    "blank lines at the end stay blank": ("a;b\n1;2\n\n\n", ([2], [], 0)),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_said_to_be_one_table(tmp_path: Path, name: str) -> None:
    content, expected = TEXTS[name]
    assert told_of(text(tmp_path, content), ONE) == [expected]


SHEETS = {
    "a total is a row": (TOTAL, [2, 3, 4]),
    "notes are rows": (NOTES, [2, 3, 5]),
    "another table is rows": (OTHER_IN_SHEET, [2, 3, 5, 6, 7]),
    "another table beside it is columns": (
        "place;sheep;;code;meaning\nNorth;1;;N;north\nSouth;2;;S;south\nEast;3;;;\nWest;4;;;\n",
        [2, 3, 4, 5],
    ),
    "notes far below the rows are rows": ("a;b;c\n1;2;3\n" + "\n" * 300 + "see there\n", [2, 303]),
}


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_said_to_be_one_table(tmp_path: Path, name: str) -> None:
    content, rows = SHEETS[name]
    path = sheet(tmp_path, content)
    assert told_of(path, ONE) == [(rows, [], 0)]


@pytest.mark.parametrize("content", [TOTAL, NOTES, OTHER_IN_SHEET])
def test_same_sheet_is_told_apart_unless_somebody_says_so(tmp_path: Path, content: str) -> None:
    path = sheet(tmp_path, content)
    assert told_of(path, ReadOptions()) != told_of(path, ONE)


def test_header_and_the_titles_above_it_are_found_all_the_same(tmp_path: Path) -> None:
    [table] = tables_of(text(tmp_path, "Sheep and deer\n\n" + OTHER), ONE)
    assert (table.labels, table.dialect.header_row, table.preamble) == (("place", "sheep", "deer"), 3, 1)


def test_total_is_a_row_wherever_chunks_end(tmp_path: Path) -> None:
    path = text(tmp_path, "name;day;n\n" + "Ann;Mon;5\n" * 999 + "Total;;4995\n")
    for chunk_rows in (1, 7, 1_000, 50_000):
        [(rows, rejects, footer)] = told_of(path, ReadOptions(one_table=True, chunk_rows=chunk_rows))
        assert (len(rows), rejects, footer) == (1_000, [], 0)


@pytest.mark.parametrize(
    ("content", "way_out"),
    [
        (TOTAL, "If it is data, load it too: read everything as one table."),
        (NOTES, "Read as a row, it would be rejected: it does not have 3 cells."),
        (NOTES + "Licence: free to use\n", "Read as rows, they would be rejected: they do not have 3 cells."),
        (TOTAL + "Subtotal;;5\n", "If they are data, load them too: read everything as one table."),
        (OTHER, "If they are no table of their own but rows of this one, read everything as one table."),
    ],
)
def test_note_on_what_was_told_from_the_rows_names_the_way_out_once(tmp_path: Path, content: str, way_out: str) -> None:
    path = text(tmp_path, content)
    table = next(tables_of(path, ReadOptions()))
    list(table.chunks())
    assert sum(note.is_on_rows_left_out for note in table.dialect.notes) == 1
    assert " ".join(sentences_of(table.dialect.notes)).count("as one table.") == way_out.count("as one table.")
    assert sentences_of(table.dialect.notes)[-1].endswith(way_out)


@pytest.mark.parametrize("content", [TOTAL, NOTES, OTHER_IN_SHEET])
def test_note_on_a_sheet_names_the_way_out_too(tmp_path: Path, content: str) -> None:
    path = sheet(tmp_path, content)
    assert any(note.is_on_rows_left_out for table in tables_of(path, ReadOptions()) for note in table.dialect.notes)
    assert not any(note.is_on_rows_left_out for table in tables_of(path, ONE) for note in table.dialect.notes)
