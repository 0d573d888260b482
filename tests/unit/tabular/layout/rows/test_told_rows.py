"""Rows of other lengths, small tables between larger ones, and where lines stand that are not loaded."""

from pathlib import Path

import pytest

from tests.unit.tabular.test_one_table import tables_of, text
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ReadOptions

RAGGED = {
    "phones": ("Alice;555-1;555-2\nBob;555-3\nCarol;555-4;555-5;555-6\nDave;555-7\n", None, [2, 4], [1, 3]),
    "lists of words": ("Alice;red;blue\nBob;green\nCarol;red;green;yellow\nDave;blue\n", None, [2, 4], [1, 3]),
    "a header above phones": ("name;phones\nBob;555-3\nCarol;555-4;555-5;555-6\nDave;555-7\n", 1, [2, 4], [3]),
    "a header above words": ("name;colours\nBob;green\nCarol;red;green;yellow\nDave;blue\n", 1, [2, 4], [3]),
    "a pair above rows": ("Station;18700\n2016-01-01;5;6\n2016-01-02;6;7\n2016-01-03;7;8\n", None, [2, 3, 4], []),
}


def read(path: Path, options: ReadOptions) -> list[tuple[int | None, list[int], list[int], tuple[str, ...]]]:
    found = []
    for table in tables_of(path, options):
        chunks = list(table.chunks())
        rows = [row for chunk in chunks for row in chunk.rows.to_pylist()]
        rejects = [reject.row for chunk in chunks for reject in chunk.rejects]
        found.append((table.dialect.header_row, rows, rejects, sentences_of(table.dialect.notes)))
    return found


@pytest.mark.parametrize("name", RAGGED)
def test_first_of_rows_of_many_lengths(tmp_path: Path, name: str) -> None:
    content, header, rows, rejects = RAGGED[name]
    [found] = read(text(tmp_path, content), ReadOptions())
    assert found[:3] == (header, rows, rejects)


@pytest.mark.parametrize("how", ["fill", "collect"])
def test_rows_that_are_fitted_do_not_name_columns_after_the_first(tmp_path: Path, how: str) -> None:
    path = text(tmp_path, RAGGED["phones"][0])
    [found] = read(path, ReadOptions(uneven_rows="fill" if how == "fill" else "collect"))
    assert found[:3] == (None, [1, 2, 3, 4], [])


ROWS = "".join(f"{day}.04.12,Town,Visit {day},,5.{day},,6.{day}\n,,Second,,,,\n" for day in range(10, 18))
BLOCK = (
    "Person {0},,,,,,\nApril to June,,,,,,\n,,,,,,\nDATES,PLACE,PURPOSE,TRAVEL,,OTHER,Total\n,,,,,,\n,,,Air,Rail,,\n"
    + ROWS
    + ",,,,,,\n"
)
SMALL = "Hospitality,,,,,,\n,,,,,,\nDATES,WHO,PURPOSE,,,,\n02.04.12,A Club,Dinner,,,,\n,,,,,,\n"
OTHER = "Hospitality,,,,,,\nNothing was received,,,,,,\n,,,,,,\n"
BLOCKS = {
    "a small table between larger ones": (
        BLOCK.format("A") + SMALL + BLOCK.format("B") + SMALL,
        [(4, 16), (26, 1), (32, 16), (54, 1)],
    ),
    "words between larger ones are notes": (
        BLOCK.format("A") + OTHER + BLOCK.format("B"),
        [(4, 16), (30, 16)],
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_row_below_a_header_of_its_own_is_no_note(tmp_path: Path, name: str) -> None:
    content, expected = BLOCKS[name]
    found = read(text(tmp_path, content), ReadOptions())
    assert [(header, len(rows)) for header, rows, _, _ in found] == expected


def test_blank_lines_are_located(tmp_path: Path) -> None:
    content = "Title\nmore\n\na,b,c\n1,2,3\n\n4,5,6\n\n\n\n7,8,9\n\nNote: seen twice\n"
    [(_, rows, _, said)] = read(text(tmp_path, content), ReadOptions())
    assert rows == [5, 7, 11]
    assert "6 blank lines: 3, 6, 8 to 10 and 12." in said


def test_last_cell_says_that_its_row_is_a_total(tmp_path: Path) -> None:
    [found] = read(text(tmp_path, "a,n,kind\nx,1,p\ny,2,p\nz,4,q\n,7,Grand total\n"), ReadOptions())
    assert any("Line 5 calls itself a total" in sentence for sentence in found[3])
    [found] = read(text(tmp_path, "a,n,kind\nx,1,Total\ny,2,Part\nz,4,Part\nq,7,Total\n"), ReadOptions())
    assert not any("calls itself a total" in sentence for sentence in found[3])


@pytest.mark.parametrize(
    ("word", "is_said"),
    [("Carried forward", True), ("Übertrag:", True), ("Carried by hand", False), ("Forward", False)],
)
def test_sum_carried_to_the_next_page_is_said(tmp_path: Path, word: str, *, is_said: bool) -> None:
    content = f"day,text,n\n2016-01-02,x,1\n2016-01-03,y,2\n,{word},3\n2016-01-04,z,4\n2016-01-05,q,5\n"
    [(_, rows, _, said)] = read(text(tmp_path, content), ReadOptions())
    assert rows == [2, 3, 4, 5, 6]
    assert any("Line 4 calls itself a total" in sentence for sentence in said) is is_said
