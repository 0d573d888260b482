"""Columns of fixed width below a line of dashes, and neighbours that have such a line but not such columns."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

SQLCMD = """\
id   name       amount
---- ---------- --------
   1 Ann Miller    12.50
   2 Bob            7.00
"""
SPOOL = """\
SQL> select * from emp;

     EMPNO ENAME      HIREDATE
---------- ---------- ---------
      7369 SMITH      17-DEC-80

     EMPNO ENAME      HIREDATE
---------- ---------- ---------
      7499 "AL" | X   20-FEB-81

2 rows selected.
"""
PROCESSES = """\
Handles     PM(K)     Id ProcessName
-------     -----     -- -----------
    450     12345   1234 chrome
     12                9 System Idle
"""


def test_columns_are_cut_where_the_rule_has_its_gaps(tmp_path: Path) -> None:
    found = look(tmp_path, SQLCMD + "\n(2 rows affected)\n")
    assert labels(found) == ["id", "name", "amount"]
    assert rows(found) == [("1", "Ann Miller", "12.50"), ("2", "Bob", "7.00")]
    assert NoteKind.RULED_COLUMNS in kinds(found)
    assert NoteKind.DELIMITER not in kinds(found)
    assert (found.counts.rejected, found.account.footer) == (0, 1)


def test_a_header_and_rule_on_each_page_are_no_rows(tmp_path: Path) -> None:
    found = look(tmp_path, SPOOL)
    assert rows(found) == [("7369", "SMITH", "1980-12-17"), ("7499", '"AL" | X', "1981-02-20")]
    assert NoteKind.HEADER_REPEATED in kinds(found)


def test_values_stand_out_of_a_rule_that_is_only_as_wide_as_the_names(tmp_path: Path) -> None:
    assert rows(look(tmp_path, PROCESSES)) == [("450", "12345", "1234", "chrome"), ("12", None, "9", "System Idle")]


def test_tabs_stand_for_spaces(tmp_path: Path) -> None:
    text = "ID         CITY       N\n---------- ---------- -\n\t 1 Rome       3\n\t 2\t      4\n"
    assert rows(look(tmp_path, text)) == [("1", "Rome", "3"), ("2", None, "4")]


def test_wide_letters_take_two_places_where_rows_are_padded_so(tmp_path: Path) -> None:
    text = "ID  CITY       N\n--- ---------- -\n  1 東京       3\n  2 Rome       4\n"
    assert rows(look(tmp_path, text)) == [("1", "東京", "3"), ("2", "Rome", "4")]


def test_letters_take_one_place_each_where_rows_are_padded_so(tmp_path: Path) -> None:
    text = "ID  CITY       N\n--- ---------- -\n  1 東京         3\n  2 Rome       4\n"
    assert rows(look(tmp_path, text)) == [("1", "東京", "3"), ("2", "Rome", "4")]


def test_a_rule_above_a_sum_is_no_row(tmp_path: Path) -> None:
    text = "DEPT NAME         SAL\n---- -------- -------\n  10 CLARK       2450\n     KING        5000\n"
    found = look(tmp_path, text + "**** -------- -------\nsum               7450\n")
    assert [row[2] for row in rows(found)] == ["2450", "5000"]
    assert NoteKind.LAST_TOTAL in kinds(found)


def test_a_rule_above_sums_of_some_columns_keeps_the_places(tmp_path: Path) -> None:
    text = "ID   NAME       QTY    SUM\n---- -------- ----- ------\n  10 CLARK        2     50\n"
    text += "              ----- ------\nsum               2     50\n  12 ADAMS        1      1\n"
    assert [row[3] for row in rows(look(tmp_path, text))] == ["50", "50", "1"]


@pytest.mark.parametrize("title", ["", "SQL> select * from dept;\n\n"])
def test_another_header_begins_another_table(tmp_path: Path, title: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(
        SQLCMD + "\n(2 rows affected)\n" + title + SQLCMD.replace("name  ", "town  ") + "\n2 rows selected.\n"
    )
    tables = list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=9))
    assert [labels(table)[1] for table in tables] == ["name", "town"]
    assert [(t.counts.loaded, t.counts.rejected, t.account.footer) for t in tables] == [(2, 0, 1), (2, 0, 1)]


def test_a_row_that_does_not_keep_the_places_is_rejected(tmp_path: Path) -> None:
    body = "".join(f"{number:4} Bob            7.00\n" for number in range(60))
    found = look(tmp_path, SQLCMD + body + "   3 Carla Maria 17.00\n" + body)
    assert (found.counts.loaded, found.counts.rejected) == (122, 1)


@pytest.mark.parametrize("padded", [True, False])
def test_a_rule_of_a_delimiter_is_no_row(tmp_path: Path, padded: bool) -> None:
    text = "id,name,n\n--,----,-----\n1,Ann,12.50\n2,Bob,\n"
    wide = "id   ,name      ,n    \n-----,----------,-----\n    1,Ann,      ,12.50\n    2,Bob       ,     \n"
    found = look(tmp_path, wide if padded else text)
    assert labels(found) == ["id", "name", "n"]
    assert [row[::2] for row in rows(found)] == [("1", "12.50"), ("2", None)]


@pytest.mark.parametrize(
    "text",
    [
        "id name city\n-- ---- ----\n1 Ann Miller New York\n2 Bob Boston\n3 Carla Rio\n",
        "My report\n--------- ---\nSome prose that goes on\nand on, and even more so\n",
        "    ID NAME\n------ ------\n   SAL DAY\n------ ---------\n     1 SMITH\n   800 17-DEC-80\n",
        "ITEM  QTY PRICE\nA       1  2.00\nB       3  4.00\n----- --- -----\nTOTAL   4  6.00\n",
        "ACCT DEBIT CREDIT\n1    20.00\n2           20.00\n     ----- ------\nALL  20.00  20.00\n",
        "a;b\n----- -----;--- ---\n1;2\n",
    ],
    ids=[
        "rows that are not padded",
        "prose",
        "a header of two lines",
        "a rule above a sum",
        "a rule above two sums",
        "cells of dashes",
    ],
)
def test_neighbours_are_not_cut(tmp_path: Path, text: str) -> None:
    assert NoteKind.RULED_COLUMNS not in kinds(look(tmp_path, text))


def test_a_delimiter_that_is_given_parts_the_lines_as_they_stand(tmp_path: Path) -> None:
    assert NoteKind.RULED_COLUMNS not in kinds(look(tmp_path, SQLCMD, delimiter=" "))
