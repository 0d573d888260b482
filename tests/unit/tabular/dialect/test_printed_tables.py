"""Tables as programs print them for people have neither rules nor padding."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

PSQL = " id | name | n \n----+------+---\n  1 | Ann  | 5\n  2 |      | 7\n(2 rows)\n"


MYSQL = (
    "+----+------+---+\n| id | name | n |\n+----+------+---+\n|  1 | Ann  | 5 |\n|  2 |      | 7 |\n+----+------+---+\n"
)


MARKDOWN = "| id | name | n |\n|---:|------|:-:|\n| 1 | Ann | 5 |\n| 2 |  | 7 |\n"


BOXES = (
    "┌────┬──────┬───┐\n│ id │ name │ n │\n├────┼──────┼───┤\n│  1 │ Ann  │ 5 │\n│  2 │      │ 7 │\n└────┴──────┴───┘\n"
)


SAP = (
    "A list\n"
    "----------------\n"
    "| id | name | n |\n----------------\n|  1 | Ann  | 5 |\n|  2 |      | 7 |\n----------------\n"
)


@pytest.mark.parametrize("text", [PSQL, MYSQL, MARKDOWN, BOXES, SAP], ids=["psql", "mysql", "markdown", "boxes", "sap"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_printed_table_has_neither_rules_nor_padding(tmp_path: Path, text: str, end: str) -> None:
    found = look(tmp_path, text.replace("\n", end))
    assert labels(found) == ["id", "name", "n"]
    assert rows(found) == [("1", "Ann", "5"), ("2", None, "7")]
    assert found.counts.rejected == 0
    assert NoteKind.PRINTED_TABLE in kinds(found)


@pytest.mark.parametrize("end", ["(2 rows)", "(2 Zeilen)", "(2 rows affected)", "2 rows in set (0.00 sec)"])
def test_the_count_of_rows_below_two_columns_is_none_of_them(tmp_path: Path, end: str) -> None:
    found = look(tmp_path, f" id | name\n----+------\n  1 | Ann\n  2 | Bob\n{end}\n")
    assert rows(found) == [("1", "Ann"), ("2", "Bob")]
    assert found.counts.rejected == 0


def test_a_row_that_was_cut_off_is_no_count_of_rows(tmp_path: Path) -> None:
    found = look(tmp_path, "id;name\n1;Ann\n2;Bob\n(3)\n")
    assert (found.counts.loaded, found.counts.rejected) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "a|b\nx | y\n---|---\nz |w\n",
        "a | b\n1 | x\n2 | y\n3 | z\n",
        "a;b\n---;---\n1;| x |\n",
    ],
)
def test_bars_and_dashes_in_cells_draw_no_table(tmp_path: Path, text: str) -> None:
    assert NoteKind.PRINTED_TABLE not in kinds(look(tmp_path, text))


def test_a_printed_table_is_read_as_it_stands_where_the_delimiter_is_given(tmp_path: Path) -> None:
    found = look(tmp_path, MARKDOWN, delimiter="|")
    assert found.counts.loaded + found.counts.rejected == 3
