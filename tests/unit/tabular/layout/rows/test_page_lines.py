"""Titles, page numbers and sums carried over, between the printed pages of one table; and tables that are no pages."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import look, rows
from uploads.tabular.inspection import inspect_file
from uploads.tabular.layout.rows.page_lines import find_page_lines
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

PAGES = """\
Open items;;
Page 1 of 3;;
Customer;Invoice;Amount
Ann;1001;100,00
Bob;1002;50,50
Carried forward;;150,50

Open items;;
Page 2 of 3;;
Customer;Invoice;Amount
Brought forward;;150,50
Cal;1003;10,00
Dee;1004;20,00
Carried forward;;180,50

Open items;;
Page 3 of 3;;
Customer;Invoice;Amount
Brought forward;;180,50
Eve;1005;1,00
Total;;181,50
"""


def page_lines(text: str) -> list[str]:
    """Those that stand between pages; the header is the first line of several cells."""
    rows = [line.split(";") for line in text.splitlines()]
    header = next(i for i, row in enumerate(rows) if len(row) > 1)
    pages = find_page_lines(rows, [header])
    return [";".join(row) for row in rows[header + 1 :] if pages.has(0, row)]


def test_pages_are_one_table(tmp_path: Path) -> None:
    found = look(tmp_path, PAGES)
    assert [row[0] for row in rows(found)] == ["Ann", "Bob", "Cal", "Dee", "Eve"]
    [note] = [note for note in found.notes if note.kind is NoteKind.PAGE_LINES]
    assert note.figures == {"unit": "line", "count": 8, "places": [6, 8, 9, 11, 14, 16, 17, 19]}
    assert NoteKind.LAST_TOTAL in {note.kind for note in found.notes}
    assert found.account.header == 1 + 2 + 8


def test_all_of_it_is_loaded_where_one_table_is_asked_for(tmp_path: Path) -> None:
    found = look(tmp_path, PAGES, one_table=True)
    assert (found.counts.loaded, NoteKind.PAGE_LINES in {note.kind for note in found.notes}) == (16, False)


def test_a_page_number_at_the_foot_is_no_row() -> None:
    text = "List\na;b\nx;1\ny;2\nPage 1\nList\na;b\nz;3\nPage 2\n"
    assert page_lines(text) == ["Page 1", "List", "Page 2"]


@pytest.mark.parametrize("counter", ["Seite {}", "- {} / 9 -", "Pág. {} de 9", "стр. {}", "第 {} 頁"])
def test_pages_are_counted_in_other_languages(counter: str) -> None:
    pages = "".join(f"{counter.format(page)}\na;b\nx;{page}\n" for page in (1, 2, 3))
    assert page_lines(pages) == [counter.format(2), counter.format(3)]


def test_sums_that_differ_from_page_to_page_are_rows() -> None:
    text = "Page 1\na;b\nx;1\nÜbertrag;1\nPage 2\na;b\nÜbertrag;7\ny;2\n"
    assert page_lines(text) == ["Page 2"]


@pytest.mark.parametrize(
    "text",
    [
        "Sales 2023\na;b\nx;1\nSales 2024\na;b\ny;2\n",
        "Customer 17 page 1\na;b\nx;1\nCustomer 18 page 1\na;b\ny;2\n",
        "Page 2\na;b\nx;1\nPage 2\nb;c\ny;2\n",
        "Ann\na;b\nx;1\nBob\na;b\ny;2\n",
        "Ann\nApril\na;b\nx;1\nBob\nApril\na;b\ny;2\n",
        "k;l\na;b\nk;l\na;b\n",
        "a;b\nPage;7\nx;1\na;b\nPage;8\ny;2\n",
    ],
    ids=[
        "years",
        "numbers beside that of the page",
        "other headers",
        "groups",
        "groups of a month",
        "rows twice",
        "rows that are called pages",
    ],
)
def test_neighbours_are_no_pages(text: str) -> None:
    assert page_lines(text) == []


def test_tables_of_two_years_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    year = "Sales {},,\nItem,Qty,Price\nA1,100,0.10\nA2,200,0.05\nA3,300,0.01\n"
    path.write_text(year.format(2023) + "\n" + year.format(2024))
    tables = list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=9))
    assert [table.counts.loaded for table in tables] == [3, 3]


def test_cell_of_a_million_digits_is_no_title() -> None:
    """Each digit would be tried as the first of a number."""
    assert page_lines(f"{'1' * 1_000_000}\nPage 1\na;b\nx;1\nPage 2\na;b\ny;{'2' * 1_000_000}\n") == ["Page 2"]
